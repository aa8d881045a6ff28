"""Keys, by API: for those who administer the newsroom."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView, ListCreateAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from claims import transitions
from claims.api.idempotency import Idempotent
from claims.api.permissions import actor, newsroom_of
from claims.api.serializers.webhooks import KeySerializer
from claims.models import ApiKey, User
from claims.operations import keying
from claims.workflow import Permission


class KeyList(Idempotent, ListCreateAPIView[ApiKey]):
    """The keys of your newsroom, with when each was last used; make one."""

    serializer_class = KeySerializer
    queryset = ApiKey.objects.none()
    pagination_class = None

    def get_queryset(self) -> Any:  # knox's manager is untyped
        user = actor(self.request)
        mine = [pk for pk in user.newsroom_ids() if user.may(Permission.ADMINISTER, pk)]
        return (
            ApiKey.objects.visible_to(user).filter(newsroom__in=mine).select_related("newsroom", "user", "created_by")
        )

    def perform_create(self, serializer: BaseSerializer[ApiKey]) -> None:
        by, data = actor(self.request), dict(serializer.validated_data)
        newsroom = newsroom_of(self.request, None)
        transitions.require(by, Permission.ADMINISTER, newsroom)
        member = User.objects.filter(
            username=data.pop("user"), memberships__newsroom=newsroom, memberships__active=True
        ).first()
        if member is None:
            raise ValidationError({"user": [_("There is no such member in this newsroom.")]}, "does_not_exist")
        expires_at: dt.datetime | None = data.pop("expiry", None)
        key, secret = keying.issue(newsroom, user=member, by=by, expires_at=expires_at, **data)
        key.secret = secret  # shown in this answer only
        serializer.instance = key

    def get_success_headers(self, data: Any) -> dict[str, str]:
        return {}


class OfKey(Idempotent, GenericAPIView[Any]):
    """A view under one key of a newsroom the caller administers."""

    serializer_class = KeySerializer
    key: ApiKey

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        found = ApiKey.objects.visible_to(actor(request)).select_related("newsroom", "user", "created_by")
        self.key = get_object_or_404(found, token_key=self.kwargs["key_id"])
        transitions.require(actor(request), Permission.ADMINISTER, self.key.newsroom)


class KeyDetail(OfKey):
    """One key."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.key).data)

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Revoke the key, at once and for good."""
        keying.revoke(self.key, by=actor(request))
        return Response(status=204)
