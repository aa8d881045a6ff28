"""What was found about a claim: lookups, documents, evidence, the assessment."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, ListCreateAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from claims.api.pagination import OldestFirst
from claims.api.permissions import actor
from claims.api.serializers.additions import AdditionSerializer, PageSerializer
from claims.api.serializers.decisions import GatheringSerializer
from claims.api.serializers.research import (
    ArchiveSerializer,
    AssessmentSerializer,
    CopySerializer,
    DocumentSerializer,
    DocumentSummarySerializer,
    EvidenceSerializer,
    JudgementSerializer,
    LookupSerializer,
    ProtectionSerializer,
    RetrySerializer,
)
from claims.api.views.additions import page_brought
from claims.api.views.scope import Act, Made, OfClaim
from claims.models import ArchiveJob, Assessment, Claim, Document, Evidence, Lookup
from claims.operations import gathering, preserving, researching


class Gathering(Act):
    """Pick the claim: every source of the newsroom is asked about it."""

    serializer_class = GatheringSerializer

    def act(self, claim: Claim, **data: Any) -> Claim:
        gathering.open_lookups(claim, by=actor(self.request))
        claim.refresh_from_db()
        return claim


class LookupList(OfClaim, ListAPIView[Lookup]):
    """The sources asked about the claim, of all cycles, and what they answered."""

    serializer_class = LookupSerializer
    queryset = Lookup.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Lookup]:
        return Lookup.objects.filter(claim=self.claim)


class LookupDetail(OfClaim, RetrieveAPIView[Lookup]):
    """One source asked about the claim, and what it answered."""

    serializer_class = LookupSerializer
    queryset = Lookup.objects.none()
    lookup_url_kwarg = "lookup_id"

    def get_queryset(self) -> QuerySet[Lookup]:
        return Lookup.objects.filter(claim=self.claim)


class RetryList(OfClaim, Made):
    """Ask a source again that could not be asked."""

    serializer_class = RetrySerializer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.lookup = get_object_or_404(Lookup, pk=kwargs["lookup_id"], claim=self.claim)

    def perform_create(self, serializer: BaseSerializer[Lookup]) -> None:
        gathering.retry(self.lookup, by=actor(self.request))
        self.lookup.refresh_from_db()
        serializer.instance = self.lookup


class DocumentList(OfClaim, ListAPIView[Document]):
    """The texts the sources brought for the claim, in this cycle and earlier ones, without their words."""

    serializer_class = DocumentSummarySerializer
    queryset = Document.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Document]:
        brought = Document.objects.filter(hits__lookup__claim=self.claim).values("pk")
        seen = Document.objects.visible_to(self.request.user).filter(pk__in=brought)
        return seen.select_related("publisher").defer("text", "facts", "links")


class DocumentDetail(RetrieveAPIView[Document]):
    """A fetched text, exactly as it was seen."""

    serializer_class = DocumentSerializer
    queryset = Document.objects.none()
    lookup_url_kwarg = "document_id"

    def get_queryset(self) -> QuerySet[Document]:
        return Document.objects.visible_to(self.request.user).select_related("publisher")


class EvidenceList(OfClaim, ListCreateAPIView[Evidence]):
    """The passages held against the claim in this cycle."""

    serializer_class = EvidenceSerializer
    queryset = Evidence.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Evidence]:
        return _passages(self.claim).filter(cycle=self.claim.cycle)

    @extend_schema(
        request=PolymorphicProxySerializer(
            component_name="EvidenceOrPage",
            serializers=[EvidenceSerializer, PageSerializer],
            resource_type_field_name=None,
        ),
        responses={201: EvidenceSerializer, 202: AdditionSerializer},
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Add a passage by its span in a document; or a page by its `url`, which is fetched in the background (202)."""
        if isinstance(request.data, dict) and "url" in request.data:
            return page_brought(request, self.claim)
        return super().post(request, *args, **kwargs)

    def perform_create(self, serializer: BaseSerializer[Evidence]) -> None:
        serializer.instance = researching.quote(self.claim, by=actor(self.request), **serializer.validated_data)


class EvidenceDetail(OfClaim, RetrieveAPIView[Evidence]):
    """One passage, of this cycle or an earlier one, with how it was judged."""

    serializer_class = EvidenceSerializer
    queryset = Evidence.objects.none()
    lookup_url_kwarg = "evidence_id"

    def get_queryset(self) -> QuerySet[Evidence]:
        return _passages(self.claim)


def _passages(claim: Claim) -> QuerySet[Evidence]:
    """With everything their answer shows."""
    copies = ArchiveJob.objects.filter(newsroom=claim.newsroom_id)
    return (
        Evidence.objects.filter(claim=claim)
        .select_related("claim", "document__publisher", "added_by", "judged_by")
        .prefetch_related(Prefetch("document__archive_jobs", queryset=copies, to_attr="jobs_seen"))
    )


class OfEvidence(OfClaim):
    """A view under one passage of one claim."""

    evidence: Evidence

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.evidence = get_object_or_404(
            Evidence.objects.select_related("claim", "document__publisher"),
            pk=kwargs["evidence_id"],
            claim=self.claim,
        )


class Judgement(OfEvidence, GenericAPIView[Any]):
    """A person's judgement of a passage."""

    serializer_class = JudgementSerializer

    @extend_schema(request=JudgementSerializer, responses=EvidenceSerializer)
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Judge a passage: stance, note, the answer to what contradicts, and whether it is shown."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        evidence = researching.judge(self.evidence, by=actor(request), **serializer.validated_data)
        return Response(EvidenceSerializer(evidence, context=self.get_serializer_context()).data)


class Protection(OfEvidence, GenericAPIView[Any]):
    """Whether the public sees a source."""

    serializer_class = ProtectionSerializer

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Hide a source from the public, with a reason."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        evidence = researching.protect(
            self.evidence, by=actor(request), reason=serializer.validated_data["protected_reason"]
        )
        return Response(self.get_serializer(evidence).data)


class Copy(OfEvidence, GenericAPIView[Any]):
    """The public copy of a cited page."""

    serializer_class = CopySerializer

    @extend_schema(request=CopySerializer, responses={202: ArchiveSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Have the archive asked for a copy of the page, or have one saved there. It is done in the background."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        ask = preserving.save if serializer.validated_data["wanted"] == "save" else preserving.look_again
        job = ask(self.evidence, by=actor(request))
        job.refresh_from_db()
        return Response(ArchiveSerializer(job).data, status=202)


class AssessmentDetail(OfClaim, RetrieveAPIView[Assessment]):
    """What the machine found in the present cycle."""

    serializer_class = AssessmentSerializer
    queryset = Assessment.objects.none()

    def get_object(self) -> Assessment:
        return get_object_or_404(Assessment, claim=self.claim, cycle=self.claim.cycle)
