"""The rules of a desk: its policy, what a verdict still needs, replies, the checklist, interests and recusals."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, ListCreateAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from claims import conditions
from claims.api.idempotency import Idempotent
from claims.api.pagination import OldestFirst
from claims.api.permissions import actor, newsroom_of
from claims.api.serializers.rules import (
    AnswerSerializer,
    ChecklistLineSerializer,
    ConditionSerializer,
    InterestSerializer,
    PolicySerializer,
    RecusalSerializer,
    ReplySerializer,
)
from claims.api.views.scope import Act, OfClaim
from claims.errors import InvalidInput
from claims.models import Claim, Interest, Policy, Recusal, Reply, Tick
from claims.operations import conflicts, replying, reviewing, ticking


class PolicyList(ListAPIView[Policy]):
    """What your newsrooms ask for before a verdict stands, by severity. Without a row, the newsroom's settings hold."""

    serializer_class = PolicySerializer
    queryset = Policy.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Policy]:
        return Policy.objects.visible_to(self.request.user).select_related("newsroom")


class ConditionList(OfClaim, GenericAPIView[Any]):
    """What the verdict of the present cycle still needs, as the operations hold it against the claim."""

    serializer_class = ConditionSerializer
    queryset = Claim.objects.none()
    pagination_class = None

    @extend_schema(responses=ConditionSerializer(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(conditions.of(self.claim), many=True).data)


class ReplyList(OfClaim, ListCreateAPIView[Reply]):
    """Whom the desk asked for a reply, in all cycles; log another question, or say why nobody is asked."""

    serializer_class = ReplySerializer
    queryset = Reply.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Reply]:
        return Reply.objects.filter(claim=self.claim).select_related("made_by")

    def perform_create(self, serializer: BaseSerializer[Reply]) -> None:
        given, by = dict(serializer.validated_data), actor(self.request)
        if "waived_reason" in given:
            if len(given) > 1:
                raise InvalidInput("Either somebody was asked, or nobody.", field="waived_reason", code="both")
            serializer.instance = replying.waive(self.claim, by=by, reason=given["waived_reason"])
            return
        if "deadline" not in given:
            raise InvalidInput("Say until when an answer is awaited.", field="deadline", code="required")
        serializer.instance = replying.ask(self.claim, by=by, **{"party": "", "channel": "", **given})


class ReplyAnswer(Act):
    """Log the answer to a question. It voids a proposed verdict that did not know it."""

    serializer_class = AnswerSerializer

    def act(self, claim: Claim, **data: Any) -> Reply:
        reply = get_object_or_404(Reply, pk=self.kwargs["reply_id"], claim=claim)
        return replying.answer(reply, by=actor(self.request), **data)


class Checklist(OfClaim, GenericAPIView[Any]):
    """The newsroom's checklist for this claim, with who ticked what off in the present cycle."""

    serializer_class = ChecklistLineSerializer
    queryset = Tick.objects.none()
    pagination_class = None

    @extend_schema(responses=ChecklistLineSerializer(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self._lines(), many=True).data)

    @extend_schema(responses=ChecklistLineSerializer(many=True))
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Tick one line off, or take the tick back."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        ticking.tick(self.claim, by=actor(request), **serializer.validated_data)
        return Response(self.get_serializer(self._lines(), many=True).data)

    def _lines(self) -> list[dict[str, Any]]:
        ticks = {one.item: one for one in self.claim.ticks.filter(cycle=self.claim.cycle).select_related("by")}
        return [
            {
                "item": item,
                "done": item in ticks,
                "by": ticks[item].by.get_username() if item in ticks else None,
                "at": ticks[item].at if item in ticks else None,
            }
            for item in Policy.in_force(self.claim).checklist
        ]


class RecusalList(OfClaim, ListCreateAPIView[Recusal]):
    """Who stepped back from the claim; step back yourself."""

    serializer_class = RecusalSerializer
    queryset = Recusal.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Recusal]:
        return Recusal.objects.filter(claim=self.claim).select_related("user", "lifted_by")

    def perform_create(self, serializer: BaseSerializer[Recusal]) -> None:
        serializer.instance = reviewing.recuse(self.claim, by=actor(self.request), **serializer.validated_data)


class RecusalDetail(OfClaim, GenericAPIView[Any]):
    """One person's stepping back."""

    serializer_class = RecusalSerializer
    queryset = Recusal.objects.none()

    @extend_schema(responses={200: RecusalSerializer})
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Let somebody else back. The row stays, with who let them back and when."""
        found = get_object_or_404(Recusal, pk=self.kwargs["recusal_id"], claim=self.claim)
        return Response(self.get_serializer(conflicts.readmit(found, by=actor(request))).data)


class InterestList(Idempotent, ListCreateAPIView[Interest]):
    """The interests you declared; declare another."""

    serializer_class = InterestSerializer
    queryset = Interest.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Interest]:
        user = actor(self.request)
        return Interest.objects.visible_to(user).filter(user=user).select_related("newsroom", "user")

    def perform_create(self, serializer: BaseSerializer[Interest]) -> None:
        given, user = dict(serializer.validated_data), actor(self.request)
        newsroom = newsroom_of(self.request, given.pop("newsroom", None))
        serializer.instance = conflicts.declare(newsroom, user=user, by=user, **given)

    def get_success_headers(self, data: Any) -> dict[str, str]:
        return {}


class InterestDetail(Idempotent, GenericAPIView[Any]):
    """One interest you declared."""

    serializer_class = InterestSerializer
    queryset = Interest.objects.none()

    @extend_schema(responses={200: InterestSerializer})
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """It is one no longer. The row stays, inactive."""
        user = actor(request)
        found = get_object_or_404(Interest.objects.visible_to(user).filter(user=user), pk=self.kwargs["interest_id"])
        return Response(self.get_serializer(conflicts.end(found, by=user)).data)
