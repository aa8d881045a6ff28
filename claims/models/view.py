"""Saved views: a queue as somebody likes to see it, kept under a name."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.newsroom import Newsroom, User
from claims.models.scope import ScopedQuerySet


class SavedView(models.Model):
    """Tab, filters, search and order of the queue under a name: a person's own, or shared with the newsroom."""

    NEWSROOM: ClassVar[str] = "newsroom"

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, related_name="saved_views")
    owner = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=2000, blank=True, help_text=_("The query part of the queue's address."))
    shared = models.BooleanField(default=False)
    preferred = models.BooleanField(default=False, help_text=_("The owner's queue opens with it."))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="view_name_once_per_person",
                violation_error_message=_("You have a view of this name already."),
            ),
            models.UniqueConstraint(fields=["owner"], condition=Q(preferred=True), name="one_preferred_view"),
            models.CheckConstraint(condition=~Q(name=""), name="view_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
