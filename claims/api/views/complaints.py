"""The complaint register."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListCreateAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from claims.api.idempotency import Idempotent
from claims.api.permissions import actor
from claims.api.serializers.complaints import STATES, ComplaintAnswerSerializer, ComplaintSerializer
from claims.models import Complaint
from claims.operations import complaining


class ComplaintFilter(filters.FilterSet):  # type: ignore[misc]
    newsroom = filters.CharFilter(field_name="newsroom__slug")
    publication = filters.NumberFilter(field_name="publication_id", min_value=1, max_value=2**63 - 1, decimal_places=0)
    state = filters.ChoiceFilter(choices=STATES, method="standing")
    overdue = filters.BooleanFilter(method="late")

    class Meta:
        model = Complaint
        fields: list[str] = []

    def standing(self, complaints: QuerySet[Complaint], name: str, state: str) -> QuerySet[Complaint]:
        if state in ("received", "in_review"):
            return complaints.filter(outcome="", taken_at__isnull=state == "received")
        return complaints.filter(outcome=state)

    def late(self, complaints: QuerySet[Complaint], name: str, wanted: bool) -> QuerySet[Complaint]:
        late = Q(outcome="", due_at__lt=Now())
        return complaints.filter(late) if wanted else complaints.exclude(late)


def _rows(user: Any) -> QuerySet[Complaint]:
    related = ("newsroom", "publication", "taken_by", "closed_by")
    return Complaint.objects.visible_to(user).select_related(*related)


class ComplaintList(Idempotent, ListCreateAPIView[Complaint]):
    """Complaints about what your newsrooms published, newest first; pass on another."""

    serializer_class = ComplaintSerializer
    queryset = Complaint.objects.none()
    filterset_class = ComplaintFilter

    def get_queryset(self) -> QuerySet[Complaint]:
        return _rows(self.request.user)

    def perform_create(self, serializer: BaseSerializer[Complaint]) -> None:
        given = serializer.validated_data
        serializer.instance = complaining.receive(by=actor(self.request), door=Complaint.Door.API, **given)

    def get_success_headers(self, data: Any) -> dict[str, str]:
        return {}


class OfComplaint(Idempotent, GenericAPIView[Any]):
    """A view under one complaint. One the caller may not see is not there."""

    serializer_class: Any = ComplaintSerializer
    complaint: Complaint

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        self.complaint = get_object_or_404(_rows(actor(request)), pk=self.kwargs["complaint_id"])

    def told(self, complaint: Complaint) -> Response:
        return Response(ComplaintSerializer(complaint, context=self.get_serializer_context()).data)


class ComplaintDetail(OfComplaint):
    """One complaint."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.told(self.complaint)


class ComplaintReview(OfComplaint):
    """Looking into a complaint."""

    @extend_schema(request=None, responses=ComplaintSerializer)
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take the complaint; over from a colleague, if need be."""
        return self.told(complaining.take(self.complaint, by=actor(request)))


class ComplaintAnswer(OfComplaint):
    """The answer to a complaint."""

    serializer_class = ComplaintAnswerSerializer

    @extend_schema(request=ComplaintAnswerSerializer, responses=ComplaintSerializer)
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Close a complaint that you took, with reasons the complainant is told."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return self.told(complaining.answer(self.complaint, by=actor(request), **serializer.validated_data))
