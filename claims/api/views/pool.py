"""The pool: what other newsrooms share, taking it over, and co-signing it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, ListCreateAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from claims import pool
from claims.api.idempotency import Idempotent
from claims.api.pagination import OldestFirst
from claims.api.permissions import actor, newsroom_of
from claims.api.serializers.intake import ClaimSummarySerializer
from claims.api.serializers.pool import (
    CoSignatureSerializer,
    PoolCheckSerializer,
    PoolClaimSerializer,
    RevocationSerializer,
    SharingSerializer,
    TakeoverSerializer,
    TakingSerializer,
)
from claims.api.views.intake import accepted
from claims.api.views.scope import Made
from claims.errors import InvalidInput
from claims.models import Claim, CoSignature, Door, Newsroom, Publication, Takeover
from claims.operations import cosigning, governing, sharing


class PoolCheckFilter(filters.FilterSet):  # type: ignore[misc]
    newsroom = filters.CharFilter(field_name="newsroom__slug")
    language = filters.CharFilter(field_name="content__language", max_length=8)
    shared = filters.CharFilter(
        field_name="content__rating__shared", max_length=20, help_text="The shared word of the rating."
    )
    q = filters.CharFilter(method="about", max_length=500, help_text="Words of the headline, the claim or its speaker.")

    class Meta:
        model = Publication
        fields: list[str] = []

    def about(self, found: QuerySet[Publication], name: str, words: str) -> QuerySet[Publication]:
        return pool.checks_about(found, words)


class PoolClaimFilter(filters.FilterSet):  # type: ignore[misc]
    newsroom = filters.CharFilter(field_name="newsroom__slug")
    language = filters.CharFilter(max_length=8)
    topic = filters.CharFilter(max_length=60)
    q = filters.CharFilter(method="about", max_length=500, help_text='Words of the claim; "in quotes" together.')

    class Meta:
        model = Claim
        fields: list[str] = []

    def about(self, found: QuerySet[Claim], name: str, words: str) -> QuerySet[Claim]:
        return pool.claims_about(found, words)


def _with_names(found: QuerySet[Publication]) -> QuerySet[Publication]:
    return found.prefetch_related("corrections", "cosignatures__newsroom")


class PoolCheckList(ListAPIView[Publication]):
    """Checks that other newsrooms have published and share, newest first."""

    serializer_class = PoolCheckSerializer
    queryset = Publication.objects.none()
    filterset_class = PoolCheckFilter

    def get_queryset(self) -> QuerySet[Publication]:
        return _with_names(pool.checks(actor(self.request)))


class PoolCheckDetail(RetrieveAPIView[Publication]):
    """A check of the pool, or one of your own as others get it."""

    serializer_class = PoolCheckSerializer
    queryset = Publication.objects.none()
    lookup_url_kwarg = "check_id"

    def get_queryset(self) -> QuerySet[Publication]:
        return _with_names(pool.readable(actor(self.request)))


class OfCheck(Idempotent, GenericAPIView[Any]):
    """A view under one check of the pool. One that is not shared is not there, whatever else is asked."""

    check: Publication

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        self.check = get_object_or_404(pool.readable(actor(request)), pk=self.kwargs["check_id"])


class CheckTakeover(OfCheck):
    """Take the claim of a check over."""

    serializer_class = TakingSerializer
    takes_in = True

    @extend_schema(
        request=TakingSerializer,
        responses={
            201: OpenApiResponse(ClaimSummarySerializer, description="It is a claim of your own now."),
            200: OpenApiResponse(ClaimSummarySerializer, description="You have this very claim already: here it is."),
        },
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take the claim of this check over as a claim of your own; where it came from is recorded."""
        room = _room(self, request)
        claim, created = sharing.take_over_check(self.check, newsroom=room, by=actor(request), door=Door.API)
        return _taken(self, request, claim, created)


class CoSignatureList(OfCheck, ListCreateAPIView[CoSignature]):
    """Who stands by a check, and who did, your own newsrooms only; co-sign it."""

    serializer_class = CoSignatureSerializer
    queryset = CoSignature.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[CoSignature]:
        return _own(self.request).filter(publication=self.check)

    def perform_create(self, serializer: BaseSerializer[CoSignature]) -> None:
        given = dict(serializer.validated_data)
        room = newsroom_of(self.request, given.pop("newsroom", None))
        rating = room.ratings.filter(slug=given.pop("rating")["slug"], active=True).first()
        if rating is None:
            raise InvalidInput("Choose a rating of your newsroom's scale.", field="rating", code="foreign_rating")
        serializer.instance = cosigning.cosign(
            self.check,
            newsroom=room,
            by=actor(self.request),
            rating=rating,
            content=given["content_hash"],
            note=given.get("note", ""),
        )


class OwnCoSignatureList(ListAPIView[CoSignature]):
    """Every check your newsrooms co-signed, and how it ended where it did, newest first."""

    serializer_class = CoSignatureSerializer
    queryset = CoSignature.objects.none()

    def get_queryset(self) -> QuerySet[CoSignature]:
        return _own(self.request)


def _own(request: Request) -> QuerySet[CoSignature]:
    return CoSignature.objects.visible_to(request.user).select_related(
        "newsroom", "rating", "publication", "signed_by", "ended_by"
    )


class Revocation(Idempotent, Made):
    """Take your newsroom's name back from a check, with the reason."""

    serializer_class = RevocationSerializer

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        self.cosignature = get_object_or_404(_own(request), pk=self.kwargs["cosignature_id"])

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        serializer.instance = cosigning.revoke(
            self.cosignature, by=actor(self.request), reason=serializer.validated_data["end_reason"]
        )


class PoolClaimList(ListAPIView[Claim]):
    """What other newsrooms are checking now and let others know of, newest first."""

    serializer_class = PoolClaimSerializer
    queryset = Claim.objects.none()
    filterset_class = PoolClaimFilter

    def get_queryset(self) -> QuerySet[Claim]:
        return pool.claims(actor(self.request))


class ClaimTakeover(Idempotent, GenericAPIView[Any]):
    """Take over what another newsroom is checking."""

    serializer_class = TakingSerializer
    takes_in = True

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        self.found = get_object_or_404(pool.claims(actor(request)), pk=self.kwargs["shared_claim_id"])

    @extend_schema(
        request=TakingSerializer,
        responses={
            201: OpenApiResponse(ClaimSummarySerializer, description="It is a claim of your own now."),
            200: OpenApiResponse(ClaimSummarySerializer, description="You have this very claim already: here it is."),
        },
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take this open claim over as a claim of your own: its text, language and topic."""
        room = _room(self, request)
        claim, created = sharing.take_over_claim(self.found, newsroom=room, by=actor(request), door=Door.API)
        return _taken(self, request, claim, created)


class TakeoverList(ListAPIView[Takeover]):
    """The claims your newsrooms took over from the pool, and from where, newest first."""

    serializer_class = TakeoverSerializer
    queryset = Takeover.objects.none()

    def get_queryset(self) -> QuerySet[Takeover]:
        return Takeover.objects.visible_to(self.request.user).select_related("taken_by")


class Sharing(Idempotent, GenericAPIView[Newsroom]):
    """What a newsroom of yours shows others in the pool."""

    serializer_class = SharingSerializer
    queryset = Newsroom.objects.none()

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        self.newsroom = get_object_or_404(
            Newsroom.objects.visible_to(actor(request)), slug=self.kwargs["newsroom_slug"]
        )

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What your newsroom shares."""
        return Response(self.get_serializer(self.newsroom).data)

    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say what your newsroom shares. For its admins."""
        serializer = self.get_serializer(self.newsroom, data=request.data)
        serializer.is_valid(raise_exception=True)
        for name, value in serializer.validated_data.items():
            setattr(self.newsroom, name, value)
        governing.keep(self.newsroom, by=actor(request))
        return Response(self.get_serializer(self.newsroom).data)


def _room(view: GenericAPIView[Any], request: Request) -> Newsroom:
    serializer = view.get_serializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    return newsroom_of(request, serializer.validated_data.get("newsroom"))


def _taken(view: GenericAPIView[Any], request: Request, claim: Claim, created: bool) -> Response:
    body = ClaimSummarySerializer(claim, context=view.get_serializer_context()).data
    address = reverse("api:claim", kwargs={"claim_id": claim.pk})
    return accepted(request, body, address, status=201 if created else 200)
