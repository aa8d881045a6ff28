"""Exports: claims, and what belongs to them, as a stream without a cap. The filters are those of the claims."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from claims.api.filters import ClaimFilter
from claims.api.permissions import actor
from claims.models import Claim
from claims.operations import exporting
from claims.reports import exports

AS = OpenApiParameter("as", str, enum=list(exports.FORMATS), description="The format; jsonl where it is left out.")
ROWS = {"type": "array", "items": {"type": "object", "additionalProperties": True}}
ANSWER = {
    (200, "application/x-ndjson"): OpenApiTypes.STR,
    (200, "application/json"): ROWS,
    (200, "text/csv"): OpenApiTypes.STR,
}


class Export(GenericAPIView[Any]):
    """Rows that belong to the claims you ask for, all of them, one after the other."""

    queryset = Claim.objects.none()
    filterset_class = ClaimFilter
    pagination_class = None
    streams = True
    kind = ""

    def get_queryset(self) -> QuerySet[Claim]:
        return Claim.objects.visible_to(self.request.user)

    def answer(self, request: Request) -> StreamingHttpResponse:
        format = request.query_params.get("as", "jsonl")
        made = exporting.export(
            self.filter_queryset(self.get_queryset()),
            by=actor(request),
            kind=self.kind,
            format=format,
            asked={key: request.query_params.getlist(key) for key in request.query_params},
        )
        response = StreamingHttpResponse(made, content_type=exports.FORMATS[format])
        response["Content-Disposition"] = f'attachment; filename="{self.kind}.{format}"'
        return response


class ClaimExport(Export):
    kind = "claims"

    @extend_schema(parameters=[AS], responses=ANSWER)
    def get(self, request: Request) -> StreamingHttpResponse:
        """The claims themselves, as a stream."""
        return self.answer(request)


class CheckExport(Export):
    kind = "checks"

    @extend_schema(parameters=[AS], responses=ANSWER)
    def get(self, request: Request) -> StreamingHttpResponse:
        """The publications of these claims, as a stream."""
        return self.answer(request)


class EvidenceExport(Export):
    kind = "evidence"

    @extend_schema(parameters=[AS], responses=ANSWER)
    def get(self, request: Request) -> StreamingHttpResponse:
        """The passages held against these claims, as a stream; protected sources are blank."""
        return self.answer(request)


class ReviewExport(Export):
    kind = "reviews"

    @extend_schema(parameters=[AS], responses=ANSWER)
    def get(self, request: Request) -> StreamingHttpResponse:
        """The reviews of these claims, as a stream, without those that are still blind for you."""
        return self.answer(request)
