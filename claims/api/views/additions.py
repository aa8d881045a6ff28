"""Pages and files brought to a claim: read in the background, then evidence like any other."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.http import QueryDict
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.pagination import OldestFirst
from claims.api.parsers import JSONBody
from claims.api.permissions import actor
from claims.api.serializers.additions import AdditionSerializer, FileSerializer, PageSerializer
from claims.api.views.scope import OfClaim
from claims.models import Addition, Claim
from claims.operations import adding


class AdditionList(OfClaim, ListAPIView[Addition]):
    """What people and programs brought to the claim in this cycle, and how far each is."""

    serializer_class = AdditionSerializer
    queryset = Addition.objects.none()
    pagination_class = OldestFirst
    parser_classes = [JSONBody, MultiPartParser]

    def get_queryset(self) -> QuerySet[Addition]:
        mine = Addition.objects.filter(claim=self.claim, cycle=self.claim.cycle).defer("content")
        return mine.select_related("lookup", "added_by").prefetch_related("lookup__hits")

    @extend_schema(
        request={"application/json": PageSerializer, "multipart/form-data": FileSerializer},
        responses={202: AdditionSerializer},
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Bring a page by its `url`, or a `file` as multipart. It is read in the background."""
        if request.content_type.startswith("multipart/"):
            return file_brought(request, self.claim)
        return page_brought(request, self.claim)


def page_brought(request: Request, claim: Claim) -> Response:
    asked = PageSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    return _taken(adding.add_page(claim, by=actor(request), **asked.validated_data))


def file_brought(request: Request, claim: Claim) -> Response:
    asked = FileSerializer(data=dict(cast("QueryDict", request.data).items()))
    asked.is_valid(raise_exception=True)
    given = dict(asked.validated_data)
    file = given.pop("file")
    if file.size > adding.most_bytes(b"%PDF-"):
        raise ValidationError({"file": ["The file is too large."]}, "too_large")
    return _taken(adding.add_file(claim, by=actor(request), name=file.name or "", content=file.read(), **given))


def _taken(addition: Addition) -> Response:
    return Response(AdditionSerializer(addition).data, status=status.HTTP_202_ACCEPTED)
