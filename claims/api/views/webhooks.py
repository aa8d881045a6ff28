"""The newsroom's own programs: webhooks and their deliveries. For those who administer the newsroom."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, ListCreateAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from claims import transitions
from claims.api.idempotency import Idempotent
from claims.api.permissions import actor, newsroom_of
from claims.api.serializers.webhooks import (
    DeliverySerializer,
    DisabledSerializer,
    ReplaySerializer,
    RotationSerializer,
    TestEventSerializer,
    WebhookSerializer,
)
from claims.api.views.scope import Made
from claims.models import Delivery, Webhook
from claims.operations import telling
from claims.workflow import Permission


class WebhookList(Idempotent, ListCreateAPIView[Webhook]):
    """The addresses that are told what happens; add one. Callbacks of single submissions are not among them."""

    serializer_class = WebhookSerializer
    queryset = Webhook.objects.none()

    def get_queryset(self) -> QuerySet[Webhook]:
        user = actor(self.request)
        mine = [pk for pk in user.newsroom_ids() if user.may(Permission.ADMINISTER, pk)]
        return Webhook.objects.visible_to(user).whole().filter(newsroom__in=mine).select_related("newsroom")

    def perform_create(self, serializer: BaseSerializer[Webhook]) -> None:
        data = dict(serializer.validated_data)
        newsroom = newsroom_of(self.request, data.pop("newsroom", None))
        webhook, secret = telling.register(newsroom, by=actor(self.request), **data)
        webhook.secret = secret  # type: ignore[attr-defined]  # shown in this answer only
        serializer.instance = webhook

    def get_success_headers(self, data: Any) -> dict[str, str]:
        return {}


class OfWebhook(Idempotent, GenericAPIView[Any]):
    """A view under one webhook of a newsroom the caller administers."""

    webhook: Webhook

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        found = Webhook.objects.visible_to(actor(request)).select_related("newsroom")
        self.webhook = get_object_or_404(found, pk=self.kwargs["webhook_id"])
        transitions.require(actor(request), Permission.ADMINISTER, self.webhook.newsroom)


class WebhookDetail(OfWebhook):
    """One webhook."""

    serializer_class = WebhookSerializer

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.webhook).data)

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change where it leads and what it is told."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = {"label": "", "types": (), **serializer.validated_data}
        given.pop("newsroom", None)
        return Response(self.get_serializer(telling.change(self.webhook, by=actor(request), **given)).data)


class Disabled(OfWebhook):
    """Whether a webhook is told anything at present."""

    serializer_class = DisabledSerializer

    @extend_schema(responses=WebhookSerializer)
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Stop telling it, with a reason."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        webhook = telling.disable(self.webhook, by=actor(request), reason=serializer.validated_data["reason"])
        return Response(WebhookSerializer(webhook, context=self.get_serializer_context()).data)

    @extend_schema(responses={200: WebhookSerializer})
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Tell it again, beginning with what it missed."""
        webhook = telling.enable(self.webhook, by=actor(request))
        return Response(WebhookSerializer(webhook, context=self.get_serializer_context()).data)


class DeliveryList(OfWebhook, ListAPIView[Delivery]):
    """Every event on its way to the webhook, or there already, newest first, with every try."""

    serializer_class = DeliverySerializer
    queryset = Delivery.objects.none()

    def get_queryset(self) -> QuerySet[Delivery]:
        return Delivery.objects.filter(webhook=self.webhook).select_related("entry")


class TestEventList(OfWebhook, Made):
    """Send an event that means nothing, to see whether it arrives."""

    serializer_class = TestEventSerializer

    def perform_create(self, serializer: BaseSerializer[Delivery]) -> None:
        made = telling.test(self.webhook, by=actor(self.request))
        serializer.instance = Delivery.objects.select_related("entry").get(pk=made.pk)


class RotationList(OfWebhook, Made):
    """Change the secret that signs."""

    serializer_class = RotationSerializer

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        serializer.instance = {"secret": telling.rotate_secret(self.webhook, by=actor(self.request))}


class ReplayList(OfWebhook, Made):
    """Tell the events of a range once more, with the ids they had."""

    serializer_class = ReplaySerializer

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        count = telling.replay(self.webhook, by=actor(self.request), **serializer.validated_data)
        serializer.instance = {"events": count}
