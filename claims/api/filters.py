"""What lists can be narrowed by."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django_filters import rest_framework as filters
from django_filters.fields import IsoDateTimeField
from rest_framework.request import Request

from claims.models import Article, Claim, CoSignature, Publication, Rating
from claims.workflow import Status


class Narrowing(filters.DjangoFilterBackend):  # type: ignore[misc]
    """Makes a form of the filters only when something is to be narrowed: most lists are asked without."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        filterset = self.get_filterset_class(view, queryset)
        if filterset is None or not any(name in filterset.base_filters for name in request.query_params):
            return queryset
        narrowed: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return narrowed


class Moment(IsoDateTimeField):  # type: ignore[misc]
    """A moment in UTC: databases know fewer time zones than ISO 8601 can write."""

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        try:
            return found.astimezone(dt.UTC) if found is not None else None
        except OverflowError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class MomentFilter(filters.IsoDateTimeFilter):  # type: ignore[misc]
    field_class = Moment


class ArticleFilter(filters.FilterSet):  # type: ignore[misc]
    newsroom = filters.CharFilter(field_name="newsroom__slug")
    language = filters.CharFilter(max_length=8)
    external_id = filters.CharFilter(max_length=200)
    received_after = MomentFilter(field_name="received_at", lookup_expr="gte")
    received_before = MomentFilter(field_name="received_at", lookup_expr="lt")
    state = filters.ChoiceFilter(choices=Article.State.choices, help_text="`done` once it was read.")
    url = filters.CharFilter(max_length=2000)
    q = filters.CharFilter(
        method="containing",
        max_length=500,
        help_text='Words of title, text, publisher and external id; "in quotes" together.',
    )

    class Meta:
        model = Article
        fields: list[str] = []

    def containing(self, articles: QuerySet[Article], name: str, words: str) -> QuerySet[Article]:
        return articles.filter(search=SearchQuery(words, config="simple", search_type="websearch"))


class ClaimFilter(filters.FilterSet):  # type: ignore[misc]
    newsroom = filters.CharFilter(field_name="newsroom__slug")
    status = filters.MultipleChoiceFilter(choices=Status.choices, help_text="May be given several times.")
    article = filters.NumberFilter(field_name="article_id", min_value=1, max_value=2**63 - 1, decimal_places=0)
    language = filters.CharFilter(max_length=8)
    suggestion = filters.ChoiceFilter(choices=Claim.Suggestion.choices)
    kind = filters.ChoiceFilter(choices=Claim.Kind.choices)
    severity = filters.ChoiceFilter(choices=Claim.Severity.choices)
    topic = filters.CharFilter(max_length=60)
    assignee = filters.CharFilter(field_name="assignee__username", max_length=150)
    external_id = filters.CharFilter(max_length=200)
    min_demand = filters.NumberFilter(
        field_name="demand",
        lookup_expr="gte",
        min_value=1,
        max_value=2**31 - 1,
        decimal_places=0,
        help_text="Came in at least so often.",
    )
    submitted_after = MomentFilter(field_name="submitted_at", lookup_expr="gte")
    submitted_before = MomentFilter(field_name="submitted_at", lookup_expr="lt")
    q = filters.CharFilter(method="containing", max_length=500, help_text='Words of the claim; "in quotes" together.')

    class Meta:
        model = Claim
        fields: list[str] = []

    def containing(self, claims: QuerySet[Claim], name: str, words: str) -> QuerySet[Claim]:
        return claims.filter(search=SearchQuery(words, config="simple", search_type="websearch"))


class PublicationFilter(filters.FilterSet):  # type: ignore[misc]
    newsroom = filters.CharFilter(field_name="newsroom__slug")
    state = filters.MultipleChoiceFilter(choices=Publication.State.choices)
    language = filters.CharFilter(field_name="content__language", max_length=8)
    shared = filters.CharFilter(
        field_name="content__rating__shared", max_length=20, help_text="The shared word of the rating."
    )
    published_after = MomentFilter(field_name="published_at", lookup_expr="gte")
    published_before = MomentFilter(field_name="published_at", lookup_expr="lt")
    cosigned = filters.BooleanFilter(method="standing", help_text="Whether another newsroom stands by it now.")
    q = filters.CharFilter(method="containing", max_length=500, help_text="Words of the checked claim.")

    class Meta:
        model = Publication
        fields: list[str] = []

    def standing(self, published: QuerySet[Publication], name: str, wanted: bool) -> QuerySet[Publication]:
        names = Exists(CoSignature.objects.standing().filter(publication=OuterRef("pk")))
        return published.filter(names if wanted else ~names)

    def containing(self, published: QuerySet[Publication], name: str, words: str) -> QuerySet[Publication]:
        return published.filter(claim__search=SearchQuery(words, config="simple", search_type="websearch"))


class RatingFilter(filters.FilterSet):  # type: ignore[misc]
    newsroom = filters.CharFilter(field_name="newsroom__slug")

    class Meta:
        model = Rating
        fields: list[str] = []
