"""Where information comes from, as people see it: edges cut and added, and taken back."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListCreateAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from claims.api.pagination import OldestFirst
from claims.api.permissions import actor
from claims.api.serializers.origins import OriginEdgeSerializer
from claims.api.views.scope import OfClaim
from claims.models import OriginEdge
from claims.operations import overriding


class EdgeList(OfClaim, ListCreateAPIView[OriginEdge]):
    """What people cut and added about the claim's origins, taken back or not; cut or add one, with a reason."""

    serializer_class = OriginEdgeSerializer
    queryset = OriginEdge.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[OriginEdge]:
        return OriginEdge.objects.filter(claim=self.claim).select_related("made_by", "withdrawn_by")

    def perform_create(self, serializer: BaseSerializer[OriginEdge]) -> None:
        given = dict(serializer.validated_data)
        common = {
            "document": given["document"],
            "target": given.get("other") or given.get("origin") or None,
            "reason": given["reason"],
            "version": given.get("version"),
            "by": actor(self.request),
        }
        if given["action"] == OriginEdge.Action.CUT:
            serializer.instance = overriding.cut_edge(self.claim, **common)
        else:
            serializer.instance = overriding.add_edge(self.claim, name=given.get("origin_name", ""), **common)


class EdgeDetail(OfClaim, GenericAPIView[Any]):
    """One connection a person cut or added."""

    serializer_class = OriginEdgeSerializer
    queryset = OriginEdge.objects.none()

    def get_object(self) -> OriginEdge:
        return get_object_or_404(
            OriginEdge.objects.select_related("claim", "made_by", "withdrawn_by"),
            pk=self.kwargs["edge_id"],
            claim=self.claim,
        )

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(responses={200: OriginEdgeSerializer})
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take it back: the machine's reading counts again. The row stays, with who took it back and when."""
        edge = overriding.restore_edge(self.get_object(), by=actor(request))
        return Response(self.get_serializer(edge).data)
