"""What articles, claims and publications can carry in full when `?expand=` asks for it."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Prefetch

from claims.api.serializers.decisions import PublicationSerializer, VerdictSerializer
from claims.api.serializers.intake import ArticleSummarySerializer, ClaimSummarySerializer
from claims.api.sparse import Expansion
from claims.models import Article, Claim, Publication, Verdict

UNREAD = ("search", "facts", "reasons", "match_keys")


def _claims() -> Any:
    return Claim.objects.select_related("newsroom", "assignee").defer(*UNREAD).order_by("start", "pk")


def _articles() -> Any:
    return Article.objects.select_related("newsroom").defer("text", "flags", "search")


class CurrentVerdict(VerdictSerializer):
    """The verdict of the claim's present cycle, proposed or approved."""

    def get_attribute(self, instance: Any) -> Any:
        return next(iter(instance.verdicts_of_cycle), None)


class LatestPublication(PublicationSerializer):
    """What the public sees of the claim, or saw until it was withdrawn."""

    def get_attribute(self, instance: Any) -> Any:
        return next(iter(instance.publications_standing), None)


_verdicts = (
    Verdict.objects.filter(cycle=F("claim__cycle"))
    .select_related("rating", "proposed_by", "approved_by")
    .order_by("pk")
)
_publications = (
    Publication.objects.exclude(state=Publication.State.REPLACED)
    .select_related("published_by")
    .prefetch_related("corrections__by", "cosignatures__newsroom")
    .order_by("-pk")
)

ARTICLE = Expansion(
    lambda: ArticleSummarySerializer(read_only=True, allow_null=True),
    lambda found: found.prefetch_related(Prefetch("article", _articles())),
)
DUPLICATE_OF = Expansion(
    lambda: ClaimSummarySerializer(read_only=True, allow_null=True),
    lambda found: found.prefetch_related(Prefetch("duplicate_of", _claims())),
)
VERDICT = Expansion(
    lambda: CurrentVerdict(read_only=True, allow_null=True),
    lambda found: found.prefetch_related(Prefetch("verdicts", _verdicts, to_attr="verdicts_of_cycle")),
)
PUBLICATION = Expansion(
    lambda: LatestPublication(read_only=True, allow_null=True),
    lambda found: found.prefetch_related(Prefetch("publications", _publications, to_attr="publications_standing")),
)
CLAIMS = Expansion(
    lambda: ClaimSummarySerializer(many=True, read_only=True),
    lambda found: found.prefetch_related(Prefetch("claims", _claims())),
)
CLAIM = Expansion(
    lambda: ClaimSummarySerializer(read_only=True),
    lambda found: found.prefetch_related(Prefetch("claim", _claims())),
)
SAME_AS = Expansion(
    lambda: ArticleSummarySerializer(read_only=True, allow_null=True),
    lambda found: found.prefetch_related(Prefetch("same_as", _articles())),
)
