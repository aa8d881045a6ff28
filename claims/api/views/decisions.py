"""What people decide about a claim: reviews, the verdict, the moves around it, and its history."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework.generics import GenericAPIView, ListAPIView, ListCreateAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from claims import blindness, transitions
from claims.api.pagination import AsHappened, OldestFirst
from claims.api.permissions import actor
from claims.api.serializers.decisions import (
    ApprovalSerializer,
    AssignmentSerializer,
    DismissalSerializer,
    DuplicateSerializer,
    LedgerEntrySerializer,
    ReopeningSerializer,
    RestorationSerializer,
    ReturnSerializer,
    ReviewSerializer,
    VerdictSerializer,
)
from claims.api.views.scope import Act, OfClaim
from claims.models import Claim, LedgerEntry, Review, Verdict
from claims.operations import deciding, rechecking, reviewing
from claims.workflow import Permission


class Assignment(OfClaim, GenericAPIView[Any]):
    """Who works on the claim."""

    serializer_class = AssignmentSerializer

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give the claim to a colleague, or back to everybody."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        claim = reviewing.assign(self.claim, by=actor(request), to=serializer.validated_data["assignee"])
        return Response(self.get_serializer(claim).data)


class ReviewList(OfClaim, ListCreateAPIView[Review]):
    """The reviews of the claim, of all cycles; add your own. Where the policy is blind, others' come after yours."""

    serializer_class = ReviewSerializer
    queryset = Review.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Review]:
        return blindness.readable(self.claim, actor(self.request)).select_related("reviewer", "rating")

    def perform_create(self, serializer: BaseSerializer[Review]) -> None:
        serializer.instance = reviewing.submit(self.claim, by=actor(self.request), **serializer.validated_data)


class VerdictDetail(OfClaim, GenericAPIView[Any]):
    """The verdict of the present cycle."""

    serializer_class = VerdictSerializer
    queryset = Verdict.objects.none()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        verdict = get_object_or_404(
            Verdict.objects.select_related("rating", "proposed_by", "approved_by"),
            claim=self.claim,
            cycle=self.claim.cycle,
        )
        return Response(self.get_serializer(verdict).data)

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Propose the verdict. Somebody who did not work on the claim has to approve it."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        verdict = deciding.propose(self.claim, by=actor(request), **serializer.validated_data)
        return Response(self.get_serializer(verdict).data)


class Approval(Act):
    """Approve the proposed verdict, by the hash of what you read. Not for those who worked on the claim."""

    serializer_class = ApprovalSerializer

    def act(self, claim: Claim, **data: Any) -> Verdict:
        return deciding.approve(claim, by=actor(self.request), content=data["content_hash"])


class ReturnList(Act):
    """Send the proposed verdict back to the reviewers."""

    serializer_class = ReturnSerializer

    def act(self, claim: Claim, **data: Any) -> Claim:
        return deciding.send_back(claim, by=actor(self.request), **data)


class Dismissal(Act):
    """Decide not to check the claim."""

    serializer_class = DismissalSerializer

    def act(self, claim: Claim, **data: Any) -> Claim:
        return deciding.dismiss(claim, by=actor(self.request), **data)


class Duplicate(Act):
    """Say that the claim is checked elsewhere already."""

    serializer_class = DuplicateSerializer

    def act(self, claim: Claim, **data: Any) -> Claim:
        return deciding.mark_duplicate(claim, by=actor(self.request), of=data["of"])


class Restoration(Act):
    """Put a dismissed or duplicate claim back into the queue."""

    serializer_class = RestorationSerializer

    def act(self, claim: Claim, **data: Any) -> Claim:
        return deciding.restore(claim, by=actor(self.request))


class ReopeningList(Act):
    """Re-open a decided or published claim. What is published stays so until a new verdict replaces it."""

    serializer_class = ReopeningSerializer

    def act(self, claim: Claim, **data: Any) -> Claim:
        return rechecking.reopen(claim, by=actor(self.request), **data)


class History(OfClaim, ListAPIView[LedgerEntry]):
    """Everything that happened to the claim, as the ledger has it. For those who may read the ledger."""

    serializer_class = LedgerEntrySerializer
    queryset = LedgerEntry.objects.none()
    pagination_class = AsHappened

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        transitions.require(actor(request), Permission.AUDIT, self.claim.newsroom_id)
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[LedgerEntry]:
        entries = LedgerEntry.objects.filter(claim=self.claim).select_related("actor")
        return blindness.without_hidden(entries, actor(self.request))
