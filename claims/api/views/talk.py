"""The talk about a claim, and what one was told."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, ListCreateAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from claims.api.pagination import OldestFirst
from claims.api.permissions import actor, owner
from claims.api.serializers.talk import CommentSerializer, NoticeSerializer, ReadSerializer, TaskSerializer
from claims.api.views.scope import OfClaim
from claims.models import Comment, Errand, Notice
from claims.operations import noticing, talking


class CommentList(OfClaim, ListCreateAPIView[Comment]):
    """What was said about the claim, and notes of your own; say something. `@username` tells a colleague."""

    serializer_class = CommentSerializer
    queryset = Comment.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Comment]:
        return Comment.objects.readable_by(actor(self.request)).filter(claim=self.claim).select_related("author")

    def perform_create(self, serializer: BaseSerializer[Comment]) -> None:
        serializer.instance = talking.comment(self.claim, by=actor(self.request), **serializer.validated_data)


class CommentDetail(OfClaim, GenericAPIView[Any]):
    """One thing that was said."""

    serializer_class = CommentSerializer
    queryset = Comment.objects.none()

    @extend_schema(responses={200: CommentSerializer})
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take your own words back. The row stays, without the text."""
        readable = Comment.objects.readable_by(actor(request)).filter(claim=self.claim)
        found = get_object_or_404(readable, pk=self.kwargs["comment_id"])
        return Response(self.get_serializer(talking.withdraw(found, by=actor(request))).data)


class TaskList(OfClaim, ListCreateAPIView[Errand]):
    """What is to be done about the claim; add something."""

    serializer_class = TaskSerializer
    queryset = Errand.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Errand]:
        return Errand.objects.filter(claim=self.claim).select_related("assignee", "made_by", "done_by")

    def perform_create(self, serializer: BaseSerializer[Errand]) -> None:
        given = dict(serializer.validated_data)
        to = given.pop("assignee", None)
        serializer.instance = talking.give(self.claim, by=actor(self.request), to=to, **given)


class TaskDone(OfClaim, GenericAPIView[Any]):
    """Whether a task is done."""

    serializer_class = TaskSerializer
    queryset = Errand.objects.none()

    def task(self) -> Errand:
        return get_object_or_404(Errand, pk=self.kwargs["task_id"], claim=self.claim)

    @extend_schema(request=None, responses=TaskSerializer)
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say that it is done."""
        return Response(self.get_serializer(talking.finish(self.task(), by=actor(request))).data)

    @extend_schema(responses={200: TaskSerializer})
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say that it is not done after all."""
        return Response(self.get_serializer(talking.undo(self.task(), by=actor(request))).data)


class NoticeFilter(filters.FilterSet):  # type: ignore[misc]
    unread = filters.BooleanFilter(field_name="read_at", lookup_expr="isnull")

    class Meta:
        model = Notice
        fields: list[str] = []


class NoticeList(ListAPIView[Notice]):
    """What you, the person behind the key, were told, newest first."""

    serializer_class = NoticeSerializer
    queryset = Notice.objects.none()
    filterset_class = NoticeFilter

    def get_queryset(self) -> QuerySet[Notice]:
        return Notice.objects.of(actor(self.request)).select_related("newsroom", "actor")


class NoticesRead(GenericAPIView[Any]):
    """What you have read of what you were told."""

    serializer_class = ReadSerializer
    queryset = Notice.objects.none()

    @extend_schema(operation_id="notices_read_all", request=None, responses=ReadSerializer)
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Mark everything as read."""
        by = owner(request)
        return Response({"read": noticing.read(Notice.objects.of(by), by=by)})


class NoticeRead(GenericAPIView[Any]):
    """Whether you have read one notice."""

    serializer_class = NoticeSerializer
    queryset = Notice.objects.none()

    @extend_schema(request=None, responses=NoticeSerializer)
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Mark it as read."""
        own = Notice.objects.of(actor(request)).filter(pk=self.kwargs["notice_id"])
        get_object_or_404(own)
        noticing.read(own, by=owner(request))
        return Response(self.get_serializer(own.select_related("newsroom", "actor").get()).data)
