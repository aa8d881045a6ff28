"""Additions: pages and files that people bring to a claim themselves, beside what the sources find."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.evidence import Lookup
from claims.models.newsroom import User
from claims.models.scope import ScopedQuerySet


class Addition(models.Model):
    """An address or a file that a person gives as evidence. Its lookup is the step that fetches and reads it.

    `content` are the bytes of a file until they were read; then the snapshot holds them.
    """

    NEWSROOM: ClassVar[str] = "claim__newsroom"

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="additions")
    cycle = models.PositiveSmallIntegerField()
    lookup = models.OneToOneField(Lookup, models.CASCADE, related_name="addition")
    url = models.CharField(max_length=2000, blank=True)
    name = models.CharField(max_length=200, blank=True, help_text=_("Of the file."))
    content = models.BinaryField(null=True, editable=False)
    size = models.PositiveIntegerField(null=True, editable=False)
    fingerprint = models.CharField(max_length=64, editable=False, help_text=_("Of the address or of the file's bytes."))
    private = models.BooleanField(default=False, help_text=_("Kept for this newsroom only."))
    published_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    protected_reason = models.TextField(blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["claim", "cycle", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "cycle", "fingerprint"], name="added_once_per_cycle"),
            models.CheckConstraint(condition=Q(url="") ^ Q(name=""), name="addition_is_an_address_or_a_file"),
            models.CheckConstraint(condition=Q(name="") | Q(private=True), name="added_file_is_private"),
        ]

    def __str__(self) -> str:
        return self.name or self.url
