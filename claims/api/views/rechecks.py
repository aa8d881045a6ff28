"""What the clock found: changes of cited passages, late evidence, and how often it looks."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from claims.api.idempotency import Idempotent
from claims.api.pagination import OldestFirst
from claims.api.permissions import actor
from claims.api.serializers.rechecks import (
    IntervalsSerializer,
    LateFindingSerializer,
    RecheckClosingSerializer,
    RecheckDetailSerializer,
    RecheckReopeningSerializer,
    RecheckSerializer,
)
from claims.api.views.scope import Made, OfClaim
from claims.models import LateFinding, Newsroom, Recheck
from claims.operations import governing, rechecking

_ID = {"min_value": 1, "max_value": 2**63 - 1, "decimal_places": 0}


class RecheckFilter(filters.FilterSet):  # type: ignore[misc]
    newsroom = filters.CharFilter(field_name="watch__publication__newsroom__slug")
    claim = filters.NumberFilter(field_name="watch__publication__claim_id", **_ID)
    publication = filters.NumberFilter(field_name="watch__publication_id", **_ID)
    outcome = filters.MultipleChoiceFilter(choices=Recheck.Outcome.choices)
    confirmed = filters.BooleanFilter(help_text="Two visits agreed, and the desk was told.")
    open = filters.BooleanFilter(method="unanswered", help_text="Told and not answered.")

    class Meta:
        model = Recheck
        fields: list[str] = []

    def unanswered(self, rechecks: QuerySet[Recheck], name: str, wanted: bool) -> QuerySet[Recheck]:
        return rechecks.filter(confirmed=True, closed_at__isnull=wanted)


def _rows(user: Any) -> QuerySet[Recheck]:
    return (
        Recheck.objects.visible_to(user)
        .select_related("watch__publication__newsroom", "watch__evidence__document", "closed_by")
        .defer("watch__publication__content", "watch__evidence__document__text", "watch__evidence__document__facts")
    )


class RecheckList(ListAPIView[Recheck]):
    """Visits to passages your newsrooms cite, newest first. `open=true`: changes that wait for an answer."""

    serializer_class = RecheckSerializer
    queryset = Recheck.objects.none()
    filterset_class = RecheckFilter

    def get_queryset(self) -> QuerySet[Recheck]:
        return _rows(self.request.user)


class OfRecheck(Idempotent, GenericAPIView[Any]):
    """A view under one visit. One the caller may not see is not there."""

    recheck: Recheck

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        self.recheck = get_object_or_404(_rows(actor(request)), pk=self.kwargs["recheck_id"])


class RecheckDetail(OfRecheck):
    """One visit, with both versions side by side."""

    serializer_class = RecheckDetailSerializer
    queryset = Recheck.objects.none()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.recheck).data)


class RecheckClosing(OfRecheck):
    """The answer that a change does not touch the verdict."""

    serializer_class = RecheckClosingSerializer
    queryset = Recheck.objects.none()

    @extend_schema(request=RecheckClosingSerializer, responses=RecheckSerializer)
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say why the verdict stands. The publication leaves re-review when nothing else is open."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        rechecking.close(self.recheck, by=actor(request), **serializer.validated_data)
        found = _rows(actor(request)).get(pk=self.recheck.pk)
        return Response(RecheckSerializer(found, context=self.get_serializer_context()).data)


class RecheckReopening(OfRecheck, Made):
    """Agree that a change touches the verdict: the claim's next cycle begins."""

    serializer_class = RecheckReopeningSerializer
    queryset = Recheck.objects.none()

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        serializer.instance = rechecking.reopen_for(self.recheck, by=actor(self.request), **serializer.validated_data)


class LateFindingList(OfClaim, ListAPIView[LateFinding]):
    """What came to light after the claim was gathered, oldest first."""

    serializer_class = LateFindingSerializer
    queryset = LateFinding.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[LateFinding]:
        found = LateFinding.objects.filter(claim=self.claim).select_related("document")
        return found.defer("document__text", "document__facts").order_by("pk")


class IntervalsDetail(Idempotent, GenericAPIView[Any]):
    """How often the clock looks, in one of your newsrooms."""

    serializer_class = IntervalsSerializer
    queryset = Newsroom.objects.none()

    def _newsroom(self) -> Newsroom:
        return get_object_or_404(Newsroom.objects.visible_to(actor(self.request)), slug=self.kwargs["newsroom_slug"])

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self._newsroom()).data)

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change it, for the next times. For those who run the newsroom."""
        newsroom = self._newsroom()
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        for name, value in serializer.validated_data.items():
            setattr(newsroom, name, value)
        return Response(self.get_serializer(governing.keep(newsroom, by=actor(request))).data)
