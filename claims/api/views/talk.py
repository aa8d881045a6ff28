"""The talk about a claim, and what one was told."""

from __future__ import annotations

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from rest_framework.generics import ListAPIView, ListCreateAPIView
from rest_framework.serializers import BaseSerializer

from claims.api.pagination import OldestFirst
from claims.api.permissions import actor
from claims.api.serializers.talk import CommentSerializer, NoticeSerializer, TaskSerializer
from claims.api.views.scope import OfClaim
from claims.models import Comment, Errand, Notice
from claims.operations import talking


class CommentList(OfClaim, ListCreateAPIView[Comment]):
    """What was said about the claim, and notes of your own; say something. `@username` tells a colleague."""

    serializer_class = CommentSerializer
    queryset = Comment.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Comment]:
        return Comment.objects.readable_by(actor(self.request)).filter(claim=self.claim).select_related("author")

    def perform_create(self, serializer: BaseSerializer[Comment]) -> None:
        serializer.instance = talking.comment(self.claim, by=actor(self.request), **serializer.validated_data)


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
