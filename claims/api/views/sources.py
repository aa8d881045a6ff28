"""The sources a newsroom asks, and how they answered lately."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.permissions import actor, newsroom_of
from claims.api.serializers.fields import NewsroomField
from claims.models import Claim
from claims.reports.figures import Figures

DAYS = 7


class SourceSerializer(serializers.Serializer[Any]):
    """One source of a newsroom and its last days."""

    slug = serializers.CharField(help_text="As in `lookups/`.")
    chosen = serializers.BooleanField(help_text="Whether the newsroom asks it about new claims.")
    asked = serializers.IntegerField(help_text=f"Lookups of the last {DAYS} days.")
    found = serializers.IntegerField(help_text="Those that brought something.")
    empty = serializers.IntegerField(help_text="Those that found nothing.")
    unavailable = serializers.IntegerField(help_text="Those where it could not be asked.")
    asking = serializers.IntegerField(help_text="Those not answered yet.")
    median_seconds = serializers.FloatField(allow_null=True, help_text="What half of the answers took at most.")


class SourcesSerializer(serializers.Serializer[Any]):
    newsroom = serializers.CharField()
    results = SourceSerializer(many=True)


class _Asked(serializers.Serializer[Any]):
    newsroom = NewsroomField(help_text="Needed only when you belong to several.")


class SourceList(GenericAPIView[Claim]):
    """The sources your newsroom asks about its claims."""

    serializer_class = SourcesSerializer
    queryset = Claim.objects.none()
    pagination_class = None
    filter_backends: list[Any] = []

    @extend_schema(
        parameters=[OpenApiParameter("newsroom", str, description="Needed only when you belong to several.")],
        responses=SourcesSerializer,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The sources in the order they are asked, then those asked before; with how they answered in the last week."""
        asked = _Asked(data=request.query_params, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        newsroom = newsroom_of(request, asked.validated_data.get("newsroom"))
        today = timezone.now().date()
        week = Figures(actor(request), today - dt.timedelta(days=DAYS - 1), today, dt.UTC, newsroom=newsroom)
        known = {row["slug"]: row for row in week.sources()}
        names = [*newsroom.sources, *sorted(set(known) - set(newsroom.sources))]
        rows = [_row(name, known.get(name, {}), chosen=name in newsroom.sources) for name in names]
        return Response(SourcesSerializer({"newsroom": newsroom.slug, "results": rows}).data)


def _row(slug: str, known: dict[str, Any], *, chosen: bool) -> dict[str, Any]:
    counts = {name: known.get(name, 0) for name in ("asked", "found", "empty", "unavailable", "asking")}
    median = known.get("median")
    return {"slug": slug, "chosen": chosen, **counts, "median_seconds": median.total_seconds() if median else None}
