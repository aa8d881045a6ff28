"""What the public sees of a claim: publication, corrections, withdrawal."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework.generics import ListAPIView, ListCreateAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from claims.api import expansions
from claims.api.filters import PublicationFilter
from claims.api.pagination import OldestFirst
from claims.api.permissions import actor
from claims.api.serializers.decisions import CorrectionSerializer, PublicationSerializer, WithdrawalSerializer
from claims.api.sparse import Sparse
from claims.api.views.scope import Act, OfClaim
from claims.models import Claim, Correction, Publication
from claims.operations import publishing


class PublicationList(Sparse, ListAPIView[Publication]):
    """Everything your newsrooms have published, newest first."""

    serializer_class = PublicationSerializer
    queryset = Publication.objects.none()
    filterset_class = PublicationFilter
    expandable = {"claim": expansions.CLAIM}

    def get_queryset(self) -> QuerySet[Publication]:
        return _told(Publication.objects.visible_to(self.request.user))


class PublicationById(Sparse, RetrieveAPIView[Publication]):
    """One publication, live, replaced or withdrawn: what a correction, a complaint or an event names."""

    serializer_class = PublicationSerializer
    queryset = Publication.objects.none()
    lookup_url_kwarg = "publication_id"
    expandable = {"claim": expansions.CLAIM}

    def get_queryset(self) -> QuerySet[Publication]:
        return _told(Publication.objects.visible_to(self.request.user))


class PublicationDetail(Act):
    """The latest publication of the claim; POST publishes the approved verdict."""

    serializer_class = PublicationSerializer
    queryset = Publication.objects.none()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(latest_of(self.claim)).data)

    def act(self, claim: Claim, **data: Any) -> Publication:
        return publishing.publish(claim, by=actor(self.request))


class CorrectionList(OfClaim, ListCreateAPIView[Correction]):
    """The corrections of the latest publication; add one, in the open."""

    serializer_class = CorrectionSerializer
    queryset = Correction.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Correction]:
        return latest_of(self.claim).corrections.select_related("by")

    def perform_create(self, serializer: BaseSerializer[Correction]) -> None:
        serializer.instance = publishing.correct(
            latest_of(self.claim), by=actor(self.request), **serializer.validated_data
        )


class Withdrawal(Act):
    """Take the publication offline, with the reason readers are told."""

    serializer_class = WithdrawalSerializer

    def act(self, claim: Claim, **data: Any) -> Publication:
        return publishing.withdraw(claim, by=actor(self.request), reason=data["withdrawn_reason"])


def _told(found: QuerySet[Publication]) -> QuerySet[Publication]:
    """With everything their answer shows."""
    return found.select_related("published_by").prefetch_related("corrections__by", "cosignatures__newsroom")


def latest_of(claim: Claim) -> Publication:
    """The publication that stands for the claim now: live or withdrawn."""
    return get_object_or_404(
        _told(Publication.objects.filter(claim=claim))
        .exclude(state=Publication.State.REPLACED)
        .order_by("-pk")[:1]  # one that was withdrawn stays when the next cycle is published
    )
