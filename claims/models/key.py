"""Keys: what a newsroom's programs sign in with. Only the hash is kept; the secret is shown once."""

from __future__ import annotations

import functools
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import connections, models
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

    def opening(self, digest: str) -> ApiKey | None:
        """The usable key with this digest, with its newsroom, its person and what they are in their newsrooms.

        Asked with every request of a program, so it is one question, written once.
        """
        with connections[self.db].cursor() as cursor:
            cursor.execute(_opening(), [digest, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            return None
        key: ApiKey
        key, user, newsroom = (model.from_db(self.db, names, row[start:end]) for model, names, start, end in _opened())
        user.know_roles(row[-1])
        key.user, key.newsroom = user, newsroom
        return key


@functools.cache
def _opened() -> list[tuple[Any, list[str], int, int]]:
    """The models in a row of `_opening` with their attributes, and where their columns begin and end."""
    found: list[tuple[Any, list[str], int, int]] = []
    end = 0
    for model in (ApiKey, User, Newsroom):
        names = [field.attname for field in model._meta.concrete_fields]
        start, end = end, end + len(names)
        found.append((model, names, start, end))
    return found


@functools.cache
def _opening() -> str:
    """What `usable` says, in SQL."""
    columns = [
        f'{alias}."{field.column}"'
        for alias, (model, *_rest) in zip("kun", _opened(), strict=True)
        for field in model._meta.concrete_fields
    ]
    return f"""
        SELECT {", ".join(columns)}, (
            SELECT json_agg(json_build_array(m.newsroom_id, m.roles, o.second_factor))
            FROM claims_membership m JOIN claims_newsroom o ON o.id = m.newsroom_id
            WHERE m.user_id = u.id AND m.active
        )
        FROM claims_apikey k JOIN claims_user u ON u.id = k.user_id JOIN claims_newsroom n ON n.id = k.newsroom_id
        WHERE k.digest = %s AND k.revoked_at IS NULL AND u.is_active AND (k.expiry IS NULL OR k.expiry > %s)
    """  # noqa: S608 the columns are the models' own


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
