"""What a desk follows, and where a claim was said again."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, ListCreateAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from claims.api.idempotency import Idempotent
from claims.api.permissions import actor, newsroom_of
from claims.api.serializers.following import (
    FollowedItemSerializer,
    FollowedSourceSerializer,
    OccurrenceSerializer,
    VisitSerializer,
)
from claims.api.views.scope import Made, OfClaim
from claims.models import FollowedItem, FollowedSource, Occurrence
from claims.operations import following, occurring


def _followed(request: Request) -> QuerySet[FollowedSource]:
    rows: QuerySet[FollowedSource] = FollowedSource.objects.visible_to(actor(request))
    return rows.filter(removed_at__isnull=True).select_related("newsroom", "added_by")


class FollowedSourceList(Idempotent, ListCreateAPIView[FollowedSource]):
    """The feeds, sitemaps and pages your newsrooms follow; follow another one."""

    serializer_class = FollowedSourceSerializer
    queryset = FollowedSource.objects.none()

    def get_queryset(self) -> QuerySet[FollowedSource]:
        return _followed(self.request)

    def perform_create(self, serializer: BaseSerializer[FollowedSource]) -> None:
        given = dict(serializer.validated_data)
        newsroom = newsroom_of(self.request, given.pop("newsroom", None))
        made = following.follow(newsroom, by=actor(self.request), **given)
        serializer.instance = _followed(self.request).get(pk=made.pk)

    def get_success_headers(self, data: Any) -> dict[str, str]:
        return {}


class OfSource(Idempotent, GenericAPIView[Any]):
    """A view under one followed source of the caller's newsrooms."""

    source: FollowedSource

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        self.source = get_object_or_404(_followed(request), pk=self.kwargs["source_id"])

    def answer(self) -> Response:
        fresh = _followed(self.request).get(pk=self.source.pk)
        return Response(FollowedSourceSerializer(fresh, context=self.get_serializer_context()).data)


class FollowedSourceDetail(OfSource):
    """One followed source."""

    serializer_class = FollowedSourceSerializer

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer()

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is followed, or how often. What is left out is set back to what a new one begins with."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = {"name": "", "language": "", "topic": "", **serializer.validated_data}
        given.pop("newsroom", None)
        following.change(self.source, by=actor(request), **given)
        return self.answer()

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Follow it no more. What came from it stays, and says so."""
        following.unfollow(self.source, by=actor(request))
        return Response(status=204)


class FollowedPause(OfSource):
    """Whether a followed source is visited at present."""

    serializer_class = VisitSerializer

    @extend_schema(responses=FollowedSourceSerializer)
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Visit it no more until further notice."""
        self.get_serializer(data=request.data).is_valid(raise_exception=True)
        following.pause(self.source, by=actor(request))
        return self.answer()

    @extend_schema(responses={200: FollowedSourceSerializer})
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Visit it again, beginning at once."""
        following.visit_now(self.source, by=actor(request))
        return self.answer()


class FollowedVisitList(OfSource, Made):
    """Visit a followed source at once instead of at its time."""

    serializer_class = VisitSerializer

    def perform_create(self, serializer: BaseSerializer[FollowedSource]) -> None:
        following.visit_now(self.source, by=actor(self.request))
        serializer.instance = _followed(self.request).get(pk=self.source.pk)


class FollowedItemList(OfSource, ListAPIView[FollowedItem]):
    """What was seen at a followed source, newest first: what was read, and what was only noted."""

    serializer_class = FollowedItemSerializer
    queryset = FollowedItem.objects.none()

    def get_queryset(self) -> QuerySet[FollowedItem]:
        return FollowedItem.objects.filter(source=self.source)


class OccurrenceList(OfClaim, ListAPIView[Occurrence]):
    """Where a claim, or a duplicate of it, was said again and who handed it in once more, newest first."""

    serializer_class = OccurrenceSerializer
    queryset = Occurrence.objects.none()

    def get_queryset(self) -> QuerySet[Occurrence]:
        rows = Occurrence.objects.filter(Q(claim=self.claim) | Q(claim__duplicate_of=self.claim))
        return rows.select_related("article", "found_by", "asked_by", "undone_by").defer(
            "article__text", "article__search", "kept"
        )


class OccurrenceDetail(OfClaim, GenericAPIView[Any]):
    """One occurrence of a claim."""

    serializer_class = OccurrenceSerializer
    queryset = Occurrence.objects.none()

    def get_object(self) -> Occurrence:
        rows = Occurrence.objects.filter(Q(claim=self.claim) | Q(claim__duplicate_of=self.claim))
        return get_object_or_404(
            rows.select_related("article", "found_by", "asked_by", "undone_by"), pk=self.kwargs["occurrence_id"]
        )

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(responses={200: OccurrenceSerializer})
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """It is another claim after all: it counts no more and `became` names the claim it is now."""
        occurring.part(self.get_object(), by=actor(request))
        return Response(self.get_serializer(self.get_object()).data)
