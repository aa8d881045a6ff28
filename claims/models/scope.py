"""Tenant walls: every model knows the way to its newsroom, every query of a person goes through `visible_to`."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q

M = TypeVar("M", bound=models.Model)


class ScopedQuerySet(models.QuerySet[M]):
    """Rows that belong to a newsroom. `NEWSROOM` on the model is the lookup path to it."""

    def visible_to(self, user: Any) -> Self:
        """The rows this person may see: those of the newsrooms they are an active member of. Fails closed."""
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return self.none()
        if user.is_superuser and user.confined_to is None:
            return self
        path: str = self.model.NEWSROOM  # type: ignore[attr-defined]
        within = Q(**{f"{path}__in" if path else "pk__in": user.newsroom_ids()})
        if getattr(self.model, "SHARED", False):  # rows without a newsroom are everybody's
            within |= Q(**{f"{path}__isnull": True})
        return self.filter(within)
