"""Overriding: people cut and add connections between documents and origins. Each one keeps its reason for good."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from claims import transitions
from claims.analysis import terms
from claims.errors import InvalidInput, RuleBroken
from claims.models import Assessment, Claim, Document, OriginEdge, User
from claims.operations import assessing
from claims.operations.researching import contributed, locked

LONGEST_NAME = 200
NOBODY = ("unnamed:", "circular:", "document:")  # ids of origins that are no source one could name

Target = Document | str  # another document, or the id of a named origin


@transaction.atomic
def cut_edge(
    claim: Claim, *, document: Document, target: Target | None, reason: str, by: User, version: int | None = None
) -> OriginEdge:
    """Keep two documents apart, or a document off an origin, whatever the machine reads, now and later."""
    claim = locked(claim, by, version=version)
    if target is None:
        raise InvalidInput("Choose a second document or name the origin.", field="target", code="blank")
    return _made(claim, OriginEdge.Action.CUT, document, target, reason=reason, by=by)


@transaction.atomic
def add_edge(
    claim: Claim,
    *,
    document: Document,
    target: Target | None = None,
    name: str = "",
    reason: str,
    by: User,
    version: int | None = None,
) -> OriginEdge:
    """Say that two documents are one origin, or that a document goes back to a source, by its id or by its name."""
    claim = locked(claim, by, version=version)
    if target is None:
        name = " ".join(name.split())
        if not name:
            raise InvalidInput("Choose a second document or name the origin.", field="target", code="blank")
        if len(name) > LONGEST_NAME:
            raise InvalidInput(f"At most {LONGEST_NAME} characters.", field="name", code="too_long")
        target = _id_of(claim, name)
    else:
        name = ""
    if isinstance(target, str) and target.startswith(NOBODY):
        raise InvalidInput("Choose an origin that has a name.", field="target", code="unnamed")
    return _made(claim, OriginEdge.Action.ADD, document, target, reason=reason, by=by, name=name)


@transaction.atomic
def restore_edge(edge: OriginEdge, *, by: User, version: int | None = None) -> OriginEdge:
    """Take back what a person cut or added; the machine's reading counts again."""
    claim = locked(edge.claim, by, version=version)
    edge = OriginEdge.objects.select_for_update().get(pk=edge.pk)
    if edge.withdrawn_at is not None:
        raise RuleBroken("This was taken back already.", code="already_restored")
    edge.withdrawn_by, edge.withdrawn_at = by, timezone.now()
    edge.save(update_fields=["withdrawn_by", "withdrawn_at"])
    _traced(claim, "origins.restored", edge, by)
    return edge


def _made(
    claim: Claim,
    action: OriginEdge.Action,
    document: Document,
    target: Target,
    *,
    reason: str,
    by: User,
    name: str = "",
) -> OriginEdge:
    if not reason.strip():
        raise InvalidInput("Give a reason.", field="reason", code="blank")
    known = assessing.documents_of(claim)
    ids = {one.pk for one in known}
    other = target if isinstance(target, Document) else None
    if document.pk not in ids or (other is not None and other.pk not in ids):
        raise InvalidInput("This document was not found for this claim.", field="document", code="foreign")
    if other is not None and other.pk == document.pk:
        raise InvalidInput("Choose two different documents.", field="target", code="same")
    origin = target if isinstance(target, str) else ""
    if origin and not name:
        name = _names(claim).get(origin, "")
        if not name:
            raise InvalidInput("This origin was not found for this claim.", field="target", code="unknown")
    first, second = document, other
    if other is not None and other.pk < document.pk:  # one pair, one row, whichever end was named first
        first, second = other, document
    if OriginEdge.objects.in_force().filter(claim=claim, document=first, other=second, origin=origin).exists():
        raise RuleBroken(
            "A person has decided on this connection already. Take that back first.", code="already_decided"
        )
    edge = OriginEdge.objects.create(
        claim=claim,
        action=action,
        document=first,
        other=second,
        origin=origin,
        origin_name=name,
        reason=reason.strip(),
        made_by=by,
        made_at=timezone.now(),
    )
    _traced(claim, "origins.cut" if action == OriginEdge.Action.CUT else "origins.added", edge, by)
    return edge


def _names(claim: Claim) -> dict[str, str]:
    """The origins the present assessment speaks of, by id: those it counts and those its edges point to."""
    kept = Assessment.objects.filter(claim=claim, cycle=claim.cycle).values_list("origins", flat=True).first() or {}
    found = {edge["target"]: edge.get("name", "") for edge in kept.get("edges", []) if ":" in edge["target"]}
    found.update({origin["id"]: origin["name"] for origin in kept.get("origins", [])})
    return {id_: name or id_ for id_, name in found.items()}


def _id_of(claim: Claim, name: str) -> str:
    """The id of the origin of this name, so that a name typed by hand meets the one the machine found."""
    same = (id_ for id_, known in _names(claim).items() if terms.fold(known) == terms.fold(name))
    return next((id_ for id_ in same if not id_.startswith(NOBODY)), f"name:{terms.fold(name)}")


def _traced(claim: Claim, kind: str, edge: OriginEdge, by: User) -> None:
    """Trace anew, count the person among those who worked on the claim, and write it down."""
    contributed(claim, by)
    assessment = Assessment.objects.select_related("claim").filter(claim=claim, cycle=claim.cycle).first()
    before = assessment.origins_count if assessment else 0
    if assessment is not None and assessment.made_at is not None:
        assessing.retrace(assessment)
    transitions.record(
        kind,
        newsroom=claim.newsroom_id,
        by=by,
        claim=claim,
        edge=edge.pk,
        action=edge.action,
        document=edge.document_id,
        target=edge.target,
        reason=edge.reason,
        before=before,
        origins=assessment.origins_count if assessment else 0,
    )
