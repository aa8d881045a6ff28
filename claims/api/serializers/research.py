"""Shapes of what was found: lookups, documents, evidence, assessments."""

from __future__ import annotations

import datetime as dt
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims import answers, timing
from claims.api.serializers.fields import Line, Objects, Person, Strict, Thing
from claims.models import ArchiveJob, Assessment, Document, Evidence, Lookup, Step


class LookupSerializer(serializers.ModelSerializer[Lookup]):
    """One source asked about a claim. `outcome` is empty while it is being asked; `unavailable` is not `empty`."""

    documents_found = serializers.IntegerField(source="hits.count", read_only=True)
    queries = serializers.ListField(child=serializers.JSONField(), read_only=True)

    class Meta:
        model = Lookup
        fields = [
            "id",
            "source",
            "cycle",
            "outcome",
            "reason",
            "queries",
            "state",
            "attempts",
            "documents_found",
            "opened_at",
            "answered_at",
            "next_attempt_at",
        ]
        read_only_fields = fields


class RetrySerializer(Strict, LookupSerializer):
    """A wish to ask a source again; the body is an empty object."""


class ArchiveSerializer(serializers.ModelSerializer[ArchiveJob]):
    """The public copy of a cited page at the Wayback Machine. `state` is `waiting` until the first answer."""

    state = serializers.ChoiceField(choices=["waiting", "given_up", *ArchiveJob.Outcome.values], read_only=True)
    url = serializers.CharField(source="address", read_only=True)
    tries = serializers.IntegerField(source="attempts", read_only=True)
    next_try = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = ArchiveJob
        fields = ["state", "url", "captured_at", "quotes_stand", "reason", "tries", "next_try"]
        read_only_fields = fields

    def to_representation(self, instance: ArchiveJob) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        dead = instance.state == Step.State.DEAD
        return {**shown, "state": "given_up" if dead else instance.outcome or "waiting"}


class CopySerializer(Strict, serializers.Serializer[ArchiveJob]):
    """A wish for a public copy of a cited page: that one is looked for, or saved now if the settings allow that."""

    wanted = serializers.ChoiceField(choices=["look", "save"])


class DocumentSummarySerializer(serializers.ModelSerializer[Document]):
    publisher = serializers.SerializerMethodField()
    archive = serializers.SerializerMethodField()

    class Meta:
        model = Document
        fields = [
            "id",
            "url",
            "domain",
            "title",
            "publisher",
            "credit",
            "language",
            "published_at",
            "fetched_at",
            "source",
            "sha256",
            "archived_url",
            "archive",
            "licence",
        ]
        read_only_fields = fields

    @extend_schema_field(ArchiveSerializer(allow_null=True))
    def get_archive(self, document: Document) -> dict[str, Any] | None:
        """What became of the newsroom's wish for a public copy; null where there was none."""
        jobs = getattr(document, "jobs_seen", None)
        if jobs is None:
            jobs = ArchiveJob.objects.visible_to(self.context["request"].user).filter(document=document)[:1]
        return next((ArchiveSerializer(job).data for job in jobs), None)

    def get_publisher(self, document: Document) -> str:
        return document.publisher.name if document.publisher else document.publisher_name


class DocumentSerializer(DocumentSummarySerializer):
    """A fetched text as it was seen. Spans of evidence count the characters of `text`."""

    class Meta(DocumentSummarySerializer.Meta):
        fields = [*DocumentSummarySerializer.Meta.fields, "text"]
        read_only_fields = fields


class VisibleDocument(serializers.PrimaryKeyRelatedField[Document]):
    def get_queryset(self) -> Any:
        return Document.objects.visible_to(self.context["request"].user)


class EvidenceSerializer(Strict, serializers.ModelSerializer[Evidence]):
    """A passage of a document held against the claim: its exact words, by their span in the document."""

    document = VisibleDocument(queryset=Document.objects.all())
    source = DocumentSummarySerializer(source="document", read_only=True)  # type: ignore[assignment]
    start = serializers.IntegerField(min_value=0, max_value=2_147_483_647)
    end = serializers.IntegerField(min_value=1, max_value=2_147_483_647)
    stance = serializers.ChoiceField(
        choices=Evidence.Stance.choices, required=False, allow_blank=True, help_text="As a person judged it."
    )
    note = Line(max_length=10_000)
    rows = Objects(help_text="Alignment, fact by fact.")
    needs_answer = serializers.SerializerMethodField(
        help_text="A person holds that it speaks against the rating: `answered` must say why that stands."
    )
    known = serializers.SerializerMethodField(
        help_text="Whether its document was out when the claim was made: by its day of publication."
    )
    added_by = Person(allow_null=True)
    judged_by = Person(allow_null=True)

    class Meta:
        model = Evidence
        fields = [
            "id",
            "cycle",
            "document",
            "source",
            "start",
            "end",
            "quote",
            "score",
            "machine_stance",
            "stance",
            "effective_stance",
            "note",
            "answered",
            "included",
            "protected",
            "protected_reason",
            "needs_answer",
            "known",
            "rows",
            "added_by",
            "added_at",
            "judged_by",
            "judged_at",
        ]
        read_only_fields = [
            "id",
            "cycle",
            "quote",
            "score",
            "machine_stance",
            "effective_stance",
            "answered",
            "included",
            "protected",
            "protected_reason",
            "added_at",
            "judged_at",
        ]
        validators: list[Any] = []

    @extend_schema_field(serializers.BooleanField())
    def get_needs_answer(self, evidence: Evidence) -> bool:
        return evidence.included and evidence.stance in self._claim(evidence)[1]

    @extend_schema_field(serializers.ChoiceField(choices=[one.value for one in timing.Known]))
    def get_known(self, evidence: Evidence) -> str:
        return timing.known(self._claim(evidence)[0], evidence.document).value

    def _claim(self, evidence: Evidence) -> tuple[dt.date | None, frozenset[str]]:
        """When the claim was made and which stances speak against its rating: read once per answer."""
        read: dict[int, tuple[dt.date | None, frozenset[str]]] = self.root.__dict__.setdefault("_claims_read", {})
        if evidence.claim_id not in read:
            claim = evidence.claim
            read[evidence.claim_id] = (timing.said_on(claim), answers.stances_against(claim))
        return read[evidence.claim_id]


class JudgementSerializer(Strict, serializers.ModelSerializer[Evidence]):
    """A person's judgement of a passage; it replaces the one before."""

    stance = serializers.ChoiceField(choices=Evidence.Stance.choices, allow_blank=True)
    note = Line(max_length=10_000)
    answered = Line(max_length=10_000, help_text="Why contradicting evidence does not change the verdict.")
    included = serializers.BooleanField(default=True)
    version = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2_147_483_647,
        write_only=True,
        help_text="The claim's `version` as you saw it; a later one is a conflict.",
    )
    judged_by = Person(allow_null=True)

    class Meta:
        model = Evidence
        fields = ["id", "stance", "note", "answered", "included", "version", "judged_by", "judged_at"]
        read_only_fields = ["id", "judged_at"]


class ProtectionSerializer(Strict, serializers.ModelSerializer[Evidence]):
    """Hides a source from the public, with a reason for the desk."""

    reason = serializers.CharField(source="protected_reason", max_length=10_000, allow_blank=True)

    class Meta:
        model = Evidence
        fields = ["id", "reason", "protected"]
        read_only_fields = ["id", "protected"]


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    """What the machine found in one cycle: facts side by side, documents by origin. Never a verdict."""

    table = Objects(
        help_text="One row per fact: the best agreeing and the best disagreeing passage, and under `origins` how many"
        " independent origins agree and disagree."
    )
    origins = Thing(
        help_text="Documents grouped by where their information comes from; every edge with its reason and its kind,"
        " `human` for those of people."
    )
    notes = serializers.ListField(child=serializers.JSONField(), read_only=True)

    class Meta:
        model = Assessment
        fields = [
            "id",
            "cycle",
            "state",
            "table",
            "origins",
            "documents_count",
            "origins_count",
            "notes",
            "made_at",
            "runs",
        ]
        read_only_fields = fields
