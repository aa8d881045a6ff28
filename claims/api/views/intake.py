"""Articles and claims come in and are listed; newsrooms and their scales are looked up."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView, ListCreateAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from claims import blindness, priority
from claims.analysis import language
from claims.api import expansions
from claims.api.filters import ArticleFilter, ClaimFilter, RatingFilter
from claims.api.idempotency import Idempotent
from claims.api.pagination import AsAsked, OldestFirst
from claims.api.permissions import actor, newsroom_of
from claims.api.rows import Column, Rows
from claims.api.serializers.decisions import ClaimSerializer, TakenClaimSerializer
from claims.api.serializers.intake import (
    ArticleSerializer,
    ArticleSummarySerializer,
    ClaimSubmissionSerializer,
    ClaimSummarySerializer,
    NewsroomSerializer,
    RatingSerializer,
)
from claims.api.serializers.standing import checked, shown
from claims.api.sparse import Sparse
from claims.errors import InvalidInput
from claims.models import Article, Assessment, Claim, Door, Newsroom, Publication, Rating, User, Verdict
from claims.models.claim import PRIORITY
from claims.operations import calling_back, fetching, intake

EXISTING = "Factcheck-Existing"  # `true` when what was sent had been handed in before


class NewsroomList(ListAPIView[Newsroom]):
    """The newsrooms you belong to, and what you may do in each."""

    serializer_class = NewsroomSerializer
    queryset = Newsroom.objects.none()
    pagination_class = OldestFirst

    def get_queryset(self) -> QuerySet[Newsroom]:
        return Newsroom.objects.visible_to(self.request.user)


class RatingList(ListAPIView[Rating]):
    """The rating scales of your newsrooms."""

    serializer_class = RatingSerializer
    queryset = Rating.objects.none()
    pagination_class = OldestFirst
    filterset_class = RatingFilter

    def get_queryset(self) -> QuerySet[Rating]:
        return Rating.objects.visible_to(self.request.user).select_related("newsroom")


class ArticleList(Idempotent, Rows, ListCreateAPIView[Article]):
    """Articles, newest first; hand in another."""

    queryset = Article.objects.none()
    filterset_class = ArticleFilter
    derived = {"language_covered": Column("language", language.covered)}
    takes_in = True
    expandable = {"claims": expansions.CLAIMS, "same_as": expansions.SAME_AS}

    def get_queryset(self) -> QuerySet[Article]:
        return Article.objects.visible_to(self.request.user).select_related("newsroom").defer("text", "search")

    def get_serializer_class(self) -> Any:
        return ArticleSerializer if self.request.method == "POST" else ArticleSummarySerializer

    @extend_schema(
        request=ArticleSerializer,
        responses={
            202: OpenApiResponse(ArticleSerializer, description="Taken. It is read in the background."),
            200: OpenApiResponse(
                ArticleSerializer,
                description="This very text was handed in before: here it is. `Factcheck-Existing: true` says so.",
            ),
        },
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Hand in an article. The same text twice in a newsroom is one article."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        data = dict(serializer.validated_data)
        newsroom = newsroom_of(request, data.pop("newsroom", None))
        asked = _callback_in(data)
        with transaction.atomic():
            article, created = _take_article(newsroom, by=actor(request), **data)
            _call_back(article, asked, by=actor(request))
        serializer.instance = article
        address = reverse("api:article", kwargs={"article_id": article.pk})
        return accepted(request, serializer.data, address, status=202 if created else 200)


def _take_article(newsroom: Newsroom, *, by: User, text: str = "", **data: Any) -> tuple[Article, bool]:
    if text or not data.get("url"):
        return intake.submit_article(newsroom, by=by, door=Door.API, text=text, **data)
    return fetching.submit_address(newsroom, by=by, door=Door.API, **data)


def _callback_in(data: dict[str, Any]) -> tuple[str, str]:
    return data.pop("callback", ""), data.pop("callback_secret", "")


def _call_back(about: Article | Claim, asked: tuple[str, str], *, by: User) -> None:
    url, secret = asked
    if secret and not url:
        raise InvalidInput("A secret signs a callback: give its address.", field="callback", code="required")
    if url:
        _callback, made = calling_back.ask(about, by=by, url=url, secret=secret)
        if not secret:
            about.callback_secret = made  # type: ignore[union-attr]  # shown in this answer only


def accepted(request: Request, data: Any, address: str, *, status: int) -> Response:
    return Response(
        data,
        status=status,
        headers={"Location": request.build_absolute_uri(address), EXISTING: "true" if status == 200 else "false"},
    )


class ArticleDetail(Sparse, RetrieveAPIView[Article]):
    """One article. `state` is `done` once it was read; its claims are at `claims/?article=ID`."""

    serializer_class = ArticleSerializer
    queryset = Article.objects.none()
    lookup_url_kwarg = "article_id"
    expandable = {"claims": expansions.CLAIMS, "same_as": expansions.SAME_AS}

    def get_queryset(self) -> QuerySet[Article]:
        return Article.objects.visible_to(self.request.user).select_related("newsroom")


class ClaimList(Idempotent, Rows, ListCreateAPIView[Claim]):
    """Claims, newest first; hand in a single one."""

    queryset = Claim.objects.none()
    filterset_class = ClaimFilter
    pagination_class = AsAsked
    derived = {"language_covered": Column("language", language.covered)}
    takes_in = True
    expandable = {
        "article": expansions.ARTICLE,
        "duplicate_of": expansions.DUPLICATE_OF,
        "verdict": expansions.VERDICT,
        "publication": expansions.PUBLICATION,
    }

    def get_queryset(self) -> QuerySet[Claim]:
        return (
            Claim.objects.visible_to(self.request.user)
            .select_related("newsroom", "assignee")
            .annotate(priority=PRIORITY)
            .defer("search", "facts", "reasons", "match_keys")
        )

    def get_serializer_class(self) -> Any:
        return ClaimSubmissionSerializer if self.request.method == "POST" else ClaimSummarySerializer

    @extend_schema(
        request=ClaimSubmissionSerializer,
        responses={
            201: OpenApiResponse(TakenClaimSerializer, description="Taken; it waits to be picked."),
            200: OpenApiResponse(
                TakenClaimSerializer,
                description="This very claim was handed in before: here it is. `Factcheck-Existing: true` says so.",
            ),
        },
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Hand in a single claim. The same text twice in a newsroom is one claim."""
        context = self.get_serializer_context()
        data = checked(ClaimSubmissionSerializer, request.data, context)
        newsroom = newsroom_of(request, data.pop("newsroom", None))
        asked = _callback_in(data)
        alone = self.kept is None  # else a refusal undoes the whole transaction of the key, and no savepoint is needed
        with transaction.atomic(savepoint=alone):
            claim, created = intake.submit_claim(newsroom, by=actor(request), door=Door.API, savepoint=alone, **data)
            _call_back(claim, asked, by=actor(request))
        known = created and not any(asked) and not intake.gathered_by_policy(claim)
        body = shown(TakenClaimSerializer, _new(claim) if known else with_cycle(claim, request.user), context)
        address = reverse("api:claim", kwargs={"claim_id": claim.pk})
        return accepted(request, body, address, status=201 if created else 200)


class ClaimDetail(Sparse, RetrieveAPIView[Claim]):
    """One claim with its lookups, assessment, evidence, reviews and verdict of the present cycle."""

    serializer_class = ClaimSerializer
    queryset = Claim.objects.none()
    lookup_url_kwarg = "claim_id"
    expandable = {
        "article": expansions.ARTICLE,
        "duplicate_of": expansions.DUPLICATE_OF,
        "publication": expansions.PUBLICATION,
    }

    def get_queryset(self) -> QuerySet[Claim]:
        return Claim.objects.visible_to(self.request.user).select_related("newsroom", "assignee")

    def get_object(self) -> Any:
        return with_cycle(super().get_object(), self.request.user)


def _new(claim: Claim) -> Any:
    """A claim that was made in this very request: there cannot be anything beside it yet."""
    found: Any = claim
    found.priority_parts = priority.parts(claim)
    found.lookups_now = found.evidence_now = found.reviews_now = ()
    found.assessment_now = found.verdict_now = found.publication_now = None
    found._prefetched_objects_cache = {"callbacks": ()}
    return found


def with_cycle(claim: Claim, user: Any) -> Any:
    """The claim with everything of its present cycle that this person may read loaded beside it."""
    cycle = {"cycle": claim.cycle}
    found: Any = claim
    found.priority_parts = priority.parts(claim)
    found.lookups_now = claim.lookups.filter(**cycle)
    found.assessment_now = Assessment.objects.filter(claim=claim, **cycle).first()
    found.evidence_now = claim.evidence.filter(**cycle).select_related("document__publisher", "added_by", "judged_by")
    found.reviews_now = blindness.readable(claim, user).filter(**cycle).select_related("reviewer", "rating")
    found.verdict_now = (
        Verdict.objects.filter(claim=claim, **cycle).select_related("rating", "proposed_by", "approved_by").first()
    )
    found.publication_now = Publication.objects.filter(claim=claim).first()
    return found
