"""Researching: people add, judge and protect evidence. Every edit voids an approval given for other content."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from claims import transitions
from claims.errors import InvalidInput, MoveNotAllowed, RuleBroken, StaleClaim
from claims.models import Claim, Contribution, Document, Evidence, User
from claims.operations import preserving, protecting
from claims.workflow import Permission, Status

OPEN_FOR_EVIDENCE = (Status.GATHERING, Status.ASSESSING, Status.IN_REVIEW)


@transaction.atomic
def quote(
    claim: Claim, *, document: Document, start: int, end: int, by: User, stance: str = "", note: str = ""
) -> Evidence:
    """Hold a passage of a stored document against the claim, by its exact span."""
    claim = locked(claim, by)
    if not 0 <= start < end <= len(document.text):
        raise InvalidInput("The passage does not stand in the document.", field="end", code="outside")
    if not document.text[start:end].strip():
        raise InvalidInput("The passage is empty.", field="start", code="blank")
    evidence, created = Evidence.objects.get_or_create(
        claim=claim,
        cycle=claim.cycle,
        document=document,
        start=start,
        end=end,
        defaults={"quote": document.text[start:end], "stance": stance, "note": note, "added_by": by},
    )
    if not created:
        raise RuleBroken("This passage is evidence already.", code="already_evidence")
    protecting.inherit(evidence)
    contributed(claim, by)
    transitions.record(
        "evidence.added",
        newsroom=claim.newsroom_id,
        by=by,
        claim=claim,
        evidence=evidence.pk,
        document=document.pk,
        sha256=document.sha256,
        start=start,
        end=end,
    )
    preserving.begin(claim, by_people=True)
    return evidence


@transaction.atomic
def judge(
    evidence: Evidence,
    *,
    by: User,
    stance: str,
    note: str = "",
    answered: str = "",
    included: bool = True,
    version: int | None = None,
) -> Evidence:
    """Set a person's judgement of a passage. `version` is the claim's as the person saw it; a later one refuses."""
    claim = locked(evidence.claim, by, version=version)
    if stance and stance not in Evidence.Stance.values:
        raise InvalidInput("Choose agrees, disagrees, mixed or related.", field="stance", code="unknown")
    before = {
        "stance": evidence.stance,
        "note": evidence.note,
        "answered": evidence.answered,
        "included": evidence.included,
    }
    evidence.stance, evidence.note, evidence.answered, evidence.included = stance, note, answered, included
    evidence.judged_by, evidence.judged_at = by, timezone.now()
    evidence.save(update_fields=["stance", "note", "answered", "included", "judged_by", "judged_at"])
    contributed(claim, by)
    after = {"stance": stance, "note": note, "answered": answered, "included": included}
    transitions.record(
        "evidence.judged",
        newsroom=claim.newsroom_id,
        by=by,
        claim=claim,
        evidence=evidence.pk,
        before=before,
        after=after,
    )
    preserving.begin(claim, by_people=True)
    return evidence


@transaction.atomic
def answer(evidence: Evidence, *, by: User, answered: str, version: int | None = None) -> Evidence:
    """Say why a passage that speaks against the rating does not change the verdict. Readers see the answer."""
    claim = locked(evidence.claim, by, version=version)
    if not answered.strip():
        raise InvalidInput("Say why this passage does not change the verdict.", field="answered", code="blank")
    before, evidence.answered = evidence.answered, answered.strip()
    evidence.save(update_fields=["answered"])
    contributed(claim, by)
    transitions.record(
        "evidence.answered",
        newsroom=claim.newsroom_id,
        by=by,
        claim=claim,
        evidence=evidence.pk,
        before=before,
        after=evidence.answered,
    )
    return evidence


@transaction.atomic
def protect(evidence: Evidence, *, by: User, reason: str) -> Evidence:
    """Hide a source from the public, with all its passages; it stays in the ledger and in the desk."""
    if not reason.strip():
        raise InvalidInput("Say why this source is protected.", field="reason", code="blank")
    claim = locked(evidence.claim, by)
    hidden = protecting.passages_of(evidence)
    hidden.update(protected=True, protected_reason=reason.strip())
    evidence.refresh_from_db(fields=["protected", "protected_reason"])
    contributed(claim, by)
    transitions.record(
        "evidence.protected",
        newsroom=claim.newsroom_id,
        by=by,
        claim=claim,
        evidence=evidence.pk,
        document=evidence.document_id,
        passages=sorted(hidden.values_list("pk", flat=True)),
        reason=reason.strip(),
    )
    return evidence


def locked(claim: Claim, by: User, *, version: int | None = None) -> Claim:
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    transitions.require(by, Permission.RESEARCH, claim.newsroom_id)
    if claim.status not in OPEN_FOR_EVIDENCE:
        raise MoveNotAllowed(
            f"Evidence cannot be edited while the claim is {claim.get_status_display().lower()}. Send it back first.",
            allowed=[move.name for move in claim.allowed_moves()],
        )
    if version is not None and version != claim.version:
        raise StaleClaim("Someone else has saved meanwhile. Reload the page; your text is still in the form.")
    return claim


def contributed(claim: Claim, by: User) -> None:
    Contribution.objects.get_or_create(claim=claim, cycle=claim.cycle, user=by, part=Contribution.Part.RESEARCHER)
    claim.version += 1
    claim.save(update_fields=["version"])
