"""Whose clock the desk's pages show: that of a person's newsroom, where it has one of its own."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from claims.models import Newsroom, User


class DeskZone:
    """Shows and reads times of the desk in the newsroom's zone. Stands after the middleware that knows the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.path.startswith(reverse("admin:index")):
            return self.get_response(request)
        with timezone.override(of(request.user) if isinstance(request.user, User) else None):
            return self.get_response(request)


def of(user: User) -> ZoneInfo | None:
    """The zone all newsrooms of a person live in. None where they differ or name none: the installation's."""
    rooms = Newsroom.objects.filter(memberships__user=user, memberships__active=True)
    zones = set(rooms.values_list("time_zone", flat=True))
    return ZoneInfo(zones.pop() or settings.TIME_ZONE) if len(zones) == 1 else None
