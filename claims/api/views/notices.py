"""What you want by mail, who is told of late verdicts, and the chats of a newsroom."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListCreateAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from claims import transitions
from claims.api.idempotency import Idempotent
from claims.api.pagination import OldestFirst
from claims.api.permissions import actor, newsroom_of
from claims.api.serializers.notices import (
    ChatSerializer,
    EscalationSerializer,
    PostSerializer,
    PreferencesSerializer,
)
from claims.api.serializers.webhooks import DisabledSerializer
from claims.api.views.scope import Made
from claims.errors import NotPermitted
from claims.models import Chat, ChatPost, Escalation, NoticePreference, RefusedAddress, User
from claims.operations import chatting, governing, noticing
from claims.workflow import Permission


class Preferences(Idempotent, GenericAPIView[Any]):
    """How often you, the person behind the key, are mailed of each kind of notice."""

    serializer_class = PreferencesSerializer
    queryset = NoticePreference.objects.none()
    pagination_class = None

    @extend_schema(responses=PreferencesSerializer)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(_preferences(actor(request))).data)

    @extend_schema(responses=PreferencesSerializer)
    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change some of them. A key that only reads may not."""
        user = actor(request)
        if user.lent is not None and Permission.SUBMIT not in user.lent:
            raise NotPermitted(_("This key only reads."))
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        noticing.prefer(user, serializer.validated_data["kinds"], by=user)
        return Response(self.get_serializer(_preferences(user)).data)


def _preferences(user: User) -> dict[str, Any]:
    refused = RefusedAddress.objects.filter(person=user, address=user.email).first()
    return {
        "kinds": noticing.preferences_of(user),
        "mail_is_on": noticing.mail_is_on(),
        "address": user.email,
        "refused": refused.reason if refused else "",
    }


class EscalationList(Idempotent, ListCreateAPIView[Escalation]):
    """Who else is told of a late verdict, and after how many office hours; add a step."""

    serializer_class = EscalationSerializer
    queryset = Escalation.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Escalation]:
        return Escalation.objects.visible_to(self.request.user).select_related("newsroom")

    def perform_create(self, serializer: BaseSerializer[Escalation]) -> None:
        given, by = dict(serializer.validated_data), actor(self.request)
        newsroom = newsroom_of(self.request, given.pop("newsroom", None))
        serializer.instance = governing.keep(Escalation(newsroom=newsroom, **given), by=by)

    def get_success_headers(self, data: Any) -> dict[str, str]:
        return {}


class EscalationDetail(Idempotent, GenericAPIView[Any]):
    """One step of a newsroom's chain."""

    serializer_class = EscalationSerializer
    rung: Escalation

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        found = Escalation.objects.visible_to(actor(request)).select_related("newsroom")
        self.rung = get_object_or_404(found, pk=self.kwargs["escalation_id"])

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.rung).data)

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change whom it tells and when."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        self.rung.role, self.rung.after_hours = (serializer.validated_data[name] for name in ("role", "after_hours"))
        return Response(self.get_serializer(governing.keep(self.rung, by=actor(request))).data)

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take it out of the chain."""
        governing.drop(self.rung, by=actor(request))
        return Response(status=204)


class ChatList(Idempotent, ListCreateAPIView[Chat]):
    """The chats that are told what happens at the desk; add one."""

    serializer_class = ChatSerializer
    queryset = Chat.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Chat]:
        user = actor(self.request)
        mine = [pk for pk in user.newsroom_ids() if user.may(Permission.ADMINISTER, pk)]
        return Chat.objects.visible_to(user).filter(newsroom__in=mine).select_related("newsroom")

    def perform_create(self, serializer: BaseSerializer[Chat]) -> None:
        given = {"url": "", **serializer.validated_data}
        newsroom = newsroom_of(self.request, given.pop("newsroom", None))
        serializer.instance = chatting.register(newsroom, by=actor(self.request), **given)

    def get_success_headers(self, data: Any) -> dict[str, str]:
        return {}


class OfChat(Idempotent, GenericAPIView[Any]):
    """A view under one chat of a newsroom the caller administers."""

    chat: Chat

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        found = Chat.objects.visible_to(actor(request)).select_related("newsroom")
        self.chat = get_object_or_404(found, pk=self.kwargs["chat_id"])
        transitions.require(actor(request), Permission.ADMINISTER, self.chat.newsroom)


class ChatDetail(OfChat):
    """One chat."""

    serializer_class = ChatSerializer

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.chat).data)

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change where it is and what it is told."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = dict(serializer.validated_data)
        given.pop("newsroom", None)
        return Response(self.get_serializer(chatting.change(self.chat, by=actor(request), **given)).data)


class ChatDisabled(OfChat):
    """Whether a chat is told anything at present."""

    serializer_class = DisabledSerializer

    @extend_schema(responses=ChatSerializer)
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Stop telling it, with a reason. What happens meanwhile is not told later."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        chat = chatting.disable(self.chat, by=actor(request), reason=serializer.validated_data["reason"])
        return Response(ChatSerializer(chat, context=self.get_serializer_context()).data)

    @extend_schema(responses={200: ChatSerializer})
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Tell it again, of what happens from now on."""
        chat = chatting.enable(self.chat, by=actor(request))
        return Response(ChatSerializer(chat, context=self.get_serializer_context()).data)


class ChatPostList(OfChat, Made, ListCreateAPIView[ChatPost]):
    """The last messages to a chat, newest first; send one that means nothing, to see whether it arrives."""

    serializer_class = PostSerializer
    queryset = ChatPost.objects.none()

    def get_queryset(self) -> QuerySet[ChatPost]:
        return ChatPost.objects.filter(chat=self.chat)

    def perform_create(self, serializer: BaseSerializer[ChatPost]) -> None:
        made = chatting.test(self.chat, by=actor(self.request))
        serializer.instance = ChatPost.objects.get(pk=made.pk)
