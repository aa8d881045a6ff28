"""Shapes of what people decide: reviews, verdicts, moves, publications, corrections, and the ledger."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.api.serializers.cosigners import StandingSerializer
from claims.api.serializers.fields import Line, Named, Person, RatingField, Strict, Thing
from claims.api.serializers.intake import (
    CallbackSerializer,
    ClaimSummarySerializer,
    MovedClaimSerializer,
    ReasonSerializer,
)
from claims.api.serializers.research import AssessmentSerializer, EvidenceSerializer, LookupSerializer
from claims.models import Claim, Correction, LedgerEntry, Publication, Review, User, Verdict
from claims.protection import protected_urls, without_protected

LONG = 50_000


def public_url(publication: Publication) -> str:
    return f"{settings.PUBLIC_URL}{publication.get_absolute_url()}"


class ReviewSerializer(Strict, serializers.ModelSerializer[Review]):
    """One reviewer's rating with reasons."""

    rating = RatingField()
    reasons = serializers.CharField(max_length=LONG, allow_blank=True)
    reviewer = Person()

    class Meta:
        model = Review
        fields = ["id", "cycle", "reviewer", "rating", "reasons", "submitted_at"]
        read_only_fields = ["id", "cycle", "submitted_at"]
        validators: list[Any] = []


class VerdictSerializer(Strict, serializers.ModelSerializer[Verdict]):
    """The desk's decision in this cycle. `content_hash` is what an approval has to name."""

    rating = RatingField()
    headline = serializers.CharField(max_length=300, allow_blank=True)
    reasons = serializers.CharField(max_length=LONG, allow_blank=True)
    language = Line(max_length=8, help_text="Left out: the claim's.")
    media = serializers.ChoiceField(
        choices=Verdict.Media.choices,
        required=False,
        allow_blank=True,
        help_text="If the claim is about a picture or a recording: which kind. Then `authenticity` is needed too.",
    )
    authenticity = serializers.ChoiceField(
        choices=Verdict.Authenticity.choices,
        required=False,
        allow_blank=True,
        help_text="What was found about it: a value of schema.org's MediaReview.",
    )
    original_url = Line(max_length=2000, help_text="Where the original stands, if it was found.")
    original_context = Line(max_length=LONG, help_text="What the original really shows.")
    proposed_by = Person()
    approved_by = Person(allow_null=True)

    class Meta:
        model = Verdict
        fields = [
            "id",
            "cycle",
            "rating",
            "headline",
            "reasons",
            "language",
            "media",
            "authenticity",
            "original_url",
            "original_context",
            "content_hash",
            "proposed_by",
            "proposed_at",
            "approved_by",
            "approved_at",
        ]
        read_only_fields = ["id", "cycle", "content_hash", "proposed_at", "approved_at"]
        validators: list[Any] = []


class ApprovalSerializer(Strict, serializers.ModelSerializer[Verdict]):
    """Approves exactly what you read: name its `content_hash`."""

    content_hash = serializers.CharField(max_length=64)
    approved_by = Person(allow_null=True)

    class Meta:
        model = Verdict
        fields = ["id", "cycle", "content_hash", "approved_by", "approved_at"]
        read_only_fields = ["id", "cycle", "approved_at"]


class Reasoned(MovedClaimSerializer):
    reason = serializers.CharField(write_only=True, max_length=LONG, allow_blank=True)

    class Meta(MovedClaimSerializer.Meta):
        fields = [*MovedClaimSerializer.Meta.fields, "reason"]
        read_only_fields = MovedClaimSerializer.Meta.fields


class ReturnSerializer(Reasoned):
    """Sends a proposed verdict back to the reviewers."""


class DismissalSerializer(Reasoned):
    """Decides not to check a claim."""


class ReopeningSerializer(Reasoned):
    """Begins the next cycle of a decided or published claim."""


class RestorationSerializer(MovedClaimSerializer):
    """Puts a dismissed or duplicate claim back into the queue."""


class GatheringSerializer(MovedClaimSerializer):
    """Picks a claim to be checked: every source is asked about it."""


class VisibleClaim(serializers.PrimaryKeyRelatedField[Claim]):
    def get_queryset(self) -> QuerySet[Claim]:
        return Claim.objects.visible_to(self.context["request"].user)


class DuplicateSerializer(MovedClaimSerializer):
    """Points a claim at the one that is really checked."""

    of = VisibleClaim(queryset=Claim.objects.all(), write_only=True)

    class Meta(MovedClaimSerializer.Meta):
        fields = [*MovedClaimSerializer.Meta.fields, "duplicate_of", "of"]
        read_only_fields = [*MovedClaimSerializer.Meta.fields, "duplicate_of"]


class Colleague(Named):
    def get_queryset(self) -> QuerySet[User]:
        newsroom = self.context["view"].claim.newsroom_id
        return User.objects.filter(memberships__newsroom=newsroom, memberships__active=True, is_active=True)


class AssignmentSerializer(Strict, serializers.ModelSerializer[Claim]):
    """Gives a claim to a colleague, or back to everybody (null)."""

    assignee = Colleague(slug_field="username", queryset=User.objects.all(), allow_null=True)

    class Meta:
        model = Claim
        fields = ["id", "assignee"]
        read_only_fields = ["id"]


class CorrectionSerializer(Strict, serializers.ModelSerializer[Correction]):
    """A public change. With `field` and `after` the text changes too; what it said before stays readable."""

    kind = serializers.ChoiceField(choices=Correction.Kind.choices)
    notice = serializers.CharField(max_length=LONG, allow_blank=True, help_text="What readers are told.")
    field = Line(max_length=40, help_text="headline or reasons; empty for a notice alone.")
    after = Line(max_length=LONG)
    by = Person()

    class Meta:
        model = Correction
        fields = ["id", "kind", "notice", "field", "before", "after", "at", "by"]
        read_only_fields = ["id", "before", "at"]


class PublicationSerializer(Strict, serializers.ModelSerializer[Publication]):
    """What the public sees. To publish, send an empty object: the approved verdict is published as it is."""

    url = serializers.SerializerMethodField()
    content = serializers.SerializerMethodField()
    published_by = Person()
    corrections = CorrectionSerializer(many=True, read_only=True)
    cosignatures = StandingSerializer(
        many=True, read_only=True, help_text="Other newsrooms that stand by it now, each on its own scale."
    )

    class Meta:
        model = Publication
        fields = [
            "id",
            "claim",
            "slug",
            "url",
            "state",
            "content",
            "published_at",
            "published_by",
            "changed_at",
            "withdrawn_at",
            "withdrawn_reason",
            "corrections",
            "cosignatures",
        ]
        read_only_fields = fields

    def get_url(self, publication: Publication) -> str:
        return public_url(publication)

    @extend_schema_field(Thing(help_text="Claim, verdict and evidence as published, without protected sources."))
    def get_content(self, publication: Publication) -> dict[str, Any]:
        hidden: dict[int, frozenset[str]] = self.root.__dict__.setdefault("_protected", {})
        if publication.newsroom_id not in hidden:
            hidden[publication.newsroom_id] = protected_urls(publication.newsroom_id)
        return without_protected(publication.content, hidden[publication.newsroom_id])


class WithdrawalSerializer(Strict, serializers.ModelSerializer[Publication]):
    """Takes a publication offline, with the reason readers are told."""

    reason = serializers.CharField(source="withdrawn_reason", max_length=LONG, allow_blank=True)

    class Meta:
        model = Publication
        fields = ["id", "slug", "state", "reason", "withdrawn_at"]
        read_only_fields = ["id", "slug", "state", "withdrawn_at"]


class ClaimSerializer(ClaimSummarySerializer, MovedClaimSerializer):
    """A claim with everything found and decided in its present cycle."""

    facts = serializers.ListField(child=serializers.DictField(), read_only=True)
    reasons = serializers.ListField(child=serializers.DictField(), read_only=True)
    priority_reasons = ReasonSerializer(many=True, read_only=True, source="priority_parts")
    lookups = LookupSerializer(many=True, source="lookups_now", read_only=True)
    assessment = AssessmentSerializer(source="assessment_now", read_only=True, allow_null=True)
    evidence = EvidenceSerializer(many=True, source="evidence_now", read_only=True)
    reviews = ReviewSerializer(many=True, source="reviews_now", read_only=True)
    verdict = VerdictSerializer(source="verdict_now", read_only=True, allow_null=True)
    publication = serializers.SerializerMethodField(help_text="Address of the public page, if there is one.")
    callbacks = CallbackSerializer(many=True, read_only=True)

    class Meta:
        model = Claim
        fields = [
            *ClaimSummarySerializer.Meta.fields,
            "facts",
            "reasons",
            "priority_reasons",
            "lookups",
            "assessment",
            "evidence",
            "reviews",
            "verdict",
            "publication",
            "callbacks",
            "allowed_moves",
        ]
        read_only_fields = fields

    def get_publication(self, claim: Any) -> str | None:
        found: Publication | None = claim.publication_now
        return public_url(found) if found else None


class TakenClaimSerializer(ClaimSerializer):
    """A claim as it was just handed in, with the secret that signs its callback, if one was made."""

    callback_secret = serializers.CharField(read_only=True, default="")

    class Meta(ClaimSerializer.Meta):
        fields = [*ClaimSerializer.Meta.fields, "callback_secret"]
        read_only_fields = fields


class LedgerEntrySerializer(serializers.ModelSerializer[LedgerEntry]):
    """One thing that happened."""

    actor = Person(allow_null=True)
    payload = Thing()

    class Meta:
        model = LedgerEntry
        fields = ["sequence", "at", "kind", "actor", "claim", "payload", "previous_hash", "hash"]
        read_only_fields = fields
