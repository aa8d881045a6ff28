"""Who may see and touch what in the admin: decided by memberships, never by Django's model permissions."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.paginator import InfinitePaginator

from claims.models import User
from claims.models.scope import ScopedQuerySet
from claims.workflow import Permission


def person(request: HttpRequest) -> User:
    """The signed-in person. Admin views let nobody else in."""
    return cast(User, request.user)


def newsroom_id_of(row: Model) -> int | None:
    """The newsroom a row belongs to, by the path its model names; None for what every newsroom shares."""
    path: str = row.NEWSROOM  # type: ignore[attr-defined]
    if not path:
        return cast(int, row.pk)
    found: Any = row
    *steps, last = path.split("__")
    for step in steps:
        found = getattr(found, step)
    return cast("int | None", getattr(found, f"{last}_id"))


def anywhere(user: Any, permission: Permission) -> bool:
    """Whether a person holds a permission in at least one newsroom."""
    return isinstance(user, User) and any(user.may(permission, newsroom) for newsroom in user.newsroom_ids())


class DeskAdmin(ModelAdmin):
    """Rows of a newsroom, seen and changed by its members only. A superuser sees everything and changes nothing.

    `reads` and `writes` name the permission in the row's newsroom that opens the page and its form; without
    `writes` nobody edits. What every newsroom shares (no newsroom on the row) can be seen, not edited.
    """

    reads: ClassVar[Permission] = Permission.READ
    writes: ClassVar[Permission | None] = None
    adds: ClassVar[bool] = False
    nothing_yet: ClassVar[Any] = ""  # what an empty list says: what would stand here, and how it comes
    removes: ClassVar[bool] = False
    list_per_page = 50
    list_before_template = "admin/claims/parts/nothing_yet.html"
    paginator = InfinitePaginator
    show_full_result_count = False
    actions = None
    list_filter_sheet = False
    compressed_fields = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = cast("ScopedQuerySet[Any]", super().get_queryset(request))
        return rows.visible_to(request.user)

    def _may(self, request: HttpRequest, permission: Permission | None, row: Model | None) -> bool:
        user = person(request)
        if permission is None:
            return False
        if user.is_superuser and permission in (Permission.READ, Permission.AUDIT):
            return True
        if row is None:
            return anywhere(user, permission)
        newsroom = newsroom_id_of(row)
        if newsroom is None:
            return permission == Permission.READ and anywhere(user, permission)
        return user.may(permission, newsroom)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, self.reads, None)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, self.reads, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, self.writes, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.adds and self._may(request, self.writes, None)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.removes and self._may(request, self.writes, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only rows this person may see can be chosen, and newsrooms only where they may write."""
        chosen = db_field.remote_field.model
        if "queryset" not in kwargs and hasattr(chosen, "NEWSROOM"):
            rows = chosen.objects.visible_to(request.user)
            if chosen._meta.model_name == "newsroom" and self.writes:
                rows = rows.filter(pk__in=newsrooms_where(request, self.writes))
            kwargs["queryset"] = rows
        elif "queryset" not in kwargs and chosen is User:
            kwargs["queryset"] = colleagues(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def newsrooms_where(request: HttpRequest, permission: Permission) -> list[int]:
    """Ids of the newsrooms in which this person holds a permission."""
    user = person(request)
    return [newsroom for newsroom in user.newsroom_ids() if user.may(permission, newsroom)]


def colleagues(request: HttpRequest) -> QuerySet[User]:
    """The people who share a newsroom with this person."""
    user = person(request)
    if user.is_superuser:
        return User.objects.all()
    return User.objects.filter(memberships__newsroom__in=user.newsroom_ids(), memberships__active=True).distinct()
