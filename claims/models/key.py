"""Keys: what a newsroom's programs sign in with. Only the hash is kept; the secret is shown once."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, AuthTokenManager

from claims.models.newsroom import Newsroom, User
from claims.models.scope import ScopedQuerySet
from claims.roles import Scope


def default_scopes() -> list[str]:
    return [Scope.READ.value]


class ApiKeyQuerySet(ScopedQuerySet["ApiKey"]):
    def usable(self) -> ApiKeyQuerySet:
        """Keys that open the door now: not revoked, not expired, of an active person."""
        return self.filter(
            Q(expiry__isnull=True) | Q(expiry__gt=timezone.now()), revoked_at__isnull=True, user__is_active=True
        )


class ApiKey(AbstractAuthToken):  # type: ignore[misc]
    """A key lends its person's permissions, in one newsroom only and no further than its scopes.

    `token_key` is the visible beginning of the secret, to tell keys apart; `digest` is the SHA-512 of all of it.
    """

    NEWSROOM: ClassVar[str] = "newsroom"

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, related_name="keys")
    label = models.CharField(max_length=80, help_text=_("Which program uses it, such as: CMS, staging."))
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope.choices), default=default_scopes)
    allowed_networks = ArrayField(
        models.CharField(max_length=50),
        default=list,
        blank=True,
        help_text=_("Networks the key may be used from, such as 203.0.113.0/24. Empty: from anywhere."),
    )
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    replaced_by: models.ForeignKey[Any, Any] = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="replaces"
    )

    objects = AuthTokenManager.from_queryset(ApiKeyQuerySet)()

    class Meta:
        verbose_name = _("API key")
        ordering = ["-created"]
        constraints = [
            models.CheckConstraint(condition=Q(scopes__contained_by=Scope.values), name="key_has_known_scopes")
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.token_key}…)"
