"""Moving: all of a newsroom, as the stream that another house takes in."""

from __future__ import annotations

from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.permissions import actor, newsroom_of
from claims.api.serializers.fields import NewsroomField
from claims.operations import moving
from claims.reports import exports

MEDIA = "application/x-ndjson"


class Wanted(serializers.Serializer[Any]):
    newsroom = NewsroomField(help_text="Needed only when you belong to several.")
    snapshots = serializers.BooleanField(default=False, help_text="The bytes of all fetched pages, too.")


class NewsroomExport(GenericAPIView[Any]):
    """Everything of a newsroom: for its admins, with protected sources and private notes in clear."""

    serializer_class = Wanted
    pagination_class = None
    streams = True

    @extend_schema(
        parameters=[
            OpenApiParameter("newsroom", str, description="Needed only when you belong to several."),
            OpenApiParameter("snapshots", bool, description="The bytes of all fetched pages, too."),
        ],
        responses={(200, MEDIA): OpenApiTypes.STR},
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """The whole newsroom as JSON lines, as it stands at one moment."""
        asked = Wanted(data=request.query_params, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        newsroom = newsroom_of(request, asked.validated_data.get("newsroom"))
        made = moving.pack(newsroom, by=actor(request), with_snapshots=asked.validated_data["snapshots"])
        response = StreamingHttpResponse(made, content_type=exports.FORMATS["jsonl"])
        response["Content-Disposition"] = f'attachment; filename="{newsroom.slug}.jsonl"'
        return response
