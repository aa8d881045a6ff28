"""Learning: what a repeated search brought that was not known, held against the claim, and told once.

What was published or approved rests on what was known then; late findings stand beside it until a person brings them
in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from claims import transitions
from claims.analysis.types import Alignment, Date, Entity, Fact, Outcome, Quantity, Row, Speaker, to_json
from claims.models import Claim, Document, Errand, LateFinding, Notice, Renewal
from claims.operations import assessing, gathering, noticing, renewing, talking
from claims.workflow import Permission


def record(renewal: Renewal, drafts: Sequence[gathering.DocumentDraft]) -> list[LateFinding]:
    """Keep what a repeated search brought and tell the desk what is new in it. Safe to call twice or late.

    `renewal` is a step we hold. New is an independent origin that no document of the claim had, and a value that
    contradicts the claim and that no document had.
    """
    claim = renewal.claim
    with transaction.atomic():
        documents = gathering.keep_all(drafts, claim) if drafts else {}
    new = _unknown(claim, [document for document in documents if document.text.strip()])
    news: list[LateFinding] = []
    if new:
        assessing.read_documents(new, claim.language)
        news = list(_news(claim, renewal.source, new))
    with transaction.atomic():
        claim = Claim.objects.select_for_update().select_related("newsroom").get(pk=claim.pk)
        if not renewing.move_on(renewal, searched=True):
            return []
        told = [one for one in news if _keep(one)]
        if told:
            _tell(claim, renewal.source, told)
    return told


def _unknown(claim: Claim, documents: Sequence[Document]) -> list[Document]:
    """Documents that no lookup of the claim brought, in whatever cycle, and no text of which it has already."""
    texts = set(Document.objects.filter(hits__lookup__claim=claim).values_list("sha256", flat=True))
    return [document for document in documents if document.sha256 not in texts]


def _news(claim: Claim, source: str, new: Sequence[Document]) -> Iterator[LateFinding]:
    """What the new documents say that the others do not."""
    old = assessing.documents_of(claim)
    found = assessing.hold(claim, [*old, *new], assessing.agencies_of(claim.newsroom_id), assessing.edges_of(claim))
    keys = {str(document.pk) for document in new}
    best = {one.passage.document: one for one in sorted(found.alignments, key=lambda one: one.score)}
    for origin in found.origins.origins:
        told_by = [key for key in origin.documents if key in best]
        if origin.counts and keys.issuperset(origin.documents) and told_by:
            kind = LateFinding.Kind.ORIGIN
            yield _finding(claim, source, kind, best[told_by[0]], origin.name, origin.kind, origin.name.casefold())
    known = {
        _value(held.found) for one in found.alignments if one.passage.document not in keys for held in _against(one)
    }
    for one in found.alignments:
        if one.passage.document not in keys or not assessing.bears_on(one):
            continue
        for held in _against(one):
            value = _value(held.found)
            if value not in known:
                known.add(value)
                words = f"{held.fact.text} → {held.found.text if held.found else ''}"
                yield _finding(claim, source, LateFinding.Kind.CONTRADICTION, one, words, held.fact.kind, value)


def _against(one: Alignment) -> list[Row]:
    return [row for row in one.rows if row.outcome is Outcome.MISMATCH and row.found is not None]


def _value(fact: Fact | None) -> str:
    """What a fact says, however it is written."""
    if isinstance(fact, Quantity):
        said: object = (fact.lo, fact.hi, fact.unit, fact.dimension)
    elif isinstance(fact, Date):
        said = (fact.first, fact.last, fact.time, fact.timex if fact.first is None else "")
    elif isinstance(fact, Entity | Speaker):
        said = fact.id
    else:
        said = fact.text.casefold() if fact else ""
    return json.dumps(to_json(said), default=str)


def _finding(claim: Claim, source: str, kind: LateFinding.Kind, one: Alignment, what: str, *mark: str) -> LateFinding:
    span = one.passage.span
    return LateFinding(
        claim=claim,
        cycle=claim.cycle,
        source=source,
        kind=kind,
        what=what[:200],
        fingerprint=hashlib.sha256("\n".join(mark).encode()).hexdigest(),
        document_id=int(one.passage.document),
        start=span.start,
        end=span.end,
        quote=one.passage.text,
    )


def _keep(one: LateFinding) -> bool:
    """Whether it is new: the same is kept, and told, once per claim."""
    given = {name: getattr(one, name) for name in ("cycle", "source", "what", "document_id", "start", "end", "quote")}
    kept, created = LateFinding.objects.get_or_create(
        claim=one.claim, kind=one.kind, fingerprint=one.fingerprint, defaults=given
    )
    one.pk = kept.pk
    return created


def _tell(claim: Claim, source: str, told: Sequence[LateFinding]) -> None:
    """A task, where none of the kind waits already; a notice; an entry in the ledger."""
    subject = f"late:{told[0].pk}"
    transitions.record(
        "evidence.learned",
        newsroom=claim.newsroom_id,
        by=None,
        claim=claim,
        source=source,
        findings=[one.pk for one in told],
        cycle=claim.cycle,
    )
    if not Errand.objects.filter(claim=claim, subject__startswith="late:", done_at__isnull=True).exists():
        languages = claim.newsroom.languages
        with override(languages[0] if languages else "en"):
            words = _("New since the sources were asked: %(what)s") % {
                "what": "; ".join(f"{one.get_kind_display()}: {one.what}" for one in told)
            }
        talking.call_for(claim, subject=subject, text=Truncator(words).chars(500))
    people = {*noticing.holders(Permission.PUBLISH, claim.newsroom_id)}
    if claim.assignee_id is not None:
        people.add(claim.assignee_id)
    noticing.tell(people, Notice.Kind.LATE_EVIDENCE, subject=subject, newsroom=claim.newsroom_id, claim=claim)
