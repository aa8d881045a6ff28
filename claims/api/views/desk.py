"""The desk's own order: triage, views of the queue, and what machine models suggested."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, ListCreateAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from claims.admin.views import address_of, seen_by
from claims.api.idempotency import Idempotent
from claims.api.pagination import OldestFirst
from claims.api.permissions import actor, newsroom_of, owner
from claims.api.serializers.desk import SuggestionSerializer, TriageSerializer, ViewSerializer
from claims.api.views.scope import OfClaim
from claims.models import Article, Consultation, SavedView
from claims.operations import arranging, triaging


class Triage(OfClaim, GenericAPIView[Any]):
    """What the claim is about, how much hangs on it, and by when its verdict should be there."""

    serializer_class = TriageSerializer

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.claim).data)

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change topic, severity or deadline; what is left out stays as it is."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        claim = triaging.amend(self.claim, by=actor(request), **serializer.validated_data)
        return Response(self.get_serializer(claim).data)


class ViewList(Idempotent, ListCreateAPIView[SavedView]):
    """Your views of the queue, and those your newsrooms share; keep another."""

    serializer_class = ViewSerializer
    queryset = SavedView.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[SavedView]:
        return seen_by(actor(self.request)).select_related("newsroom", "owner")

    def perform_create(self, serializer: BaseSerializer[SavedView]) -> None:
        serializer.instance = _kept(self.request, None, dict(serializer.validated_data))

    def get_success_headers(self, data: Any) -> dict[str, str]:
        return {}


class ViewDetail(Idempotent, GenericAPIView[Any]):
    """One view of the queue."""

    serializer_class = ViewSerializer
    queryset = SavedView.objects.none()
    view: SavedView

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        found = seen_by(actor(request)).select_related("newsroom", "owner")
        self.view = get_object_or_404(found, pk=self.kwargs["view_id"])

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.view).data)

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change your own view."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response(self.get_serializer(_kept(request, self.view, dict(serializer.validated_data))).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Delete your own view, or as the newsroom's admin a shared one."""
        arranging.remove(self.view, by=owner(request))
        return Response(status=204)


def _kept(request: Request, view: SavedView | None, given: dict[str, Any]) -> SavedView:
    by = owner(request)
    newsroom = given.pop("newsroom", None) or (view.newsroom if view else newsroom_of(request, None))
    given["address"] = address_of(QueryDict(given["address"].lstrip("?")))
    return arranging.keep(newsroom, by=by, view=view, **given)


class ClaimSuggestionList(OfClaim, ListAPIView[Consultation]):
    """What machine models suggested for the claim, of all cycles. Nothing of it counts until a person judges it."""

    serializer_class = SuggestionSerializer
    queryset = Consultation.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Consultation]:
        return Consultation.objects.filter(claim=self.claim)


class ArticleSuggestionList(ListAPIView[Consultation]):
    """The claims a machine model pointed at in the article and the rules had not found, by their ids."""

    serializer_class = SuggestionSerializer
    queryset = Consultation.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Consultation]:
        visible = Article.objects.visible_to(actor(self.request)).only("pk")
        return Consultation.objects.filter(article=get_object_or_404(visible, pk=self.kwargs["article_id"]))
