"""What the door checks before anything else. Who may do what is decided in the domain, never here."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request

from claims.errors import NotPermitted
from claims.models import ApiKey, Newsroom, User
from claims.workflow import Permission


def actor(request: Request) -> User:
    """The person who is calling, for `by=`. Refuses the anonymous."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def owner(request: Request) -> User:
    """The person who is calling, to change what is theirs alone. Refuses keys that only read."""
    user = actor(request)
    if user.lent is not None and user.lent <= {Permission.READ}:
        raise NotPermitted(_("This key only reads."))
    return user


class MayRead(IsAuthenticated):
    """Signed in; and a key that reads has the scope `read`."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        lent = actor(request).lent
        return lent is None or request.method not in SAFE_METHODS or Permission.READ in lent


def newsroom_of(request: Request, chosen: Newsroom | None) -> Newsroom:
    """The newsroom meant: the one named, else the caller's only one."""
    if chosen is not None:
        return chosen
    user = actor(request)
    if isinstance(request.auth, ApiKey) and user.newsroom_ids() == [request.auth.newsroom_id]:
        room: Newsroom = request.auth.newsroom  # read with the key
        return room
    mine = list(Newsroom.objects.visible_to(user)[:2])
    if not mine:
        raise NotPermitted(_("You do not belong to a newsroom."))
    if len(mine) > 1:
        raise ValidationError(
            {"newsroom": [_("You belong to several newsrooms: name the one you mean.")]}, code="required"
        )
    return mine[0]
