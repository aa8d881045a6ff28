"""Gathering: every source is asked about a claim; what it brings is kept; the last first answer moves the claim on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from claims import transitions, workflow
from claims.errors import RuleBroken
from claims.models import Addition, Assessment, Claim, Document, Hit, Lookup, Publisher, Step, User
from claims.operations import carrying, triaging
from claims.operations.registering import domains_above
from claims.signals import announce_work
from claims.workflow import Permission, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDraft:
    """A text as a worker fetched it, ready to be kept."""

    url: str
    text: str
    sha256: str
    fetched_at: dt.datetime
    source: str
    private: bool = False  # from the newsroom's own archive: never shared
    canonical_url: str = ""
    domain: str = ""
    title: str = ""
    language: str = ""
    publisher: str = ""
    byline: str = ""
    credit: str = ""
    links: Sequence[str] = ()
    published_at: dt.datetime | None = None
    modified_at: dt.datetime | None = None
    content_type: str = ""
    http_status: int | None = None
    etag: str = ""
    last_modified: str = ""
    warc_file: str = ""
    warc_offset: int | None = None
    warc_length: int | None = None
    payload_digest: str = ""
    licence: str = ""
    snippet: str = ""


@transaction.atomic
def open_lookups(claim: Claim, *, by: User | None, sources: Sequence[str] | None = None) -> list[Lookup]:
    """Begin to check a claim: one lookup per source of the newsroom. The desk's pick, or the newsroom's policy.

    `by=None` is the policy `gather_automatically`.
    """
    transitions.advance(claim, workflow.GATHER, by=by)
    return begin(claim, sources)


def begin(claim: Claim, sources: Sequence[str] | None = None) -> list[Lookup]:
    """Open the lookups of a claim's cycle, for a claim that has just come to gathering."""
    slugs = list(dict.fromkeys(sources if sources is not None else claim.newsroom.sources))
    if not slugs:
        raise RuleBroken("This newsroom asks no sources. Choose some in its settings.", code="no_sources")
    lookups = Lookup.objects.bulk_create(Lookup(claim=claim, cycle=claim.cycle, source=slug) for slug in slugs)
    announce_work(Lookup, [lookup.pk for lookup in lookups])
    carrying.carry(claim)
    triaging.start_clock(claim)
    return lookups


@transaction.atomic
def record(
    lookup: Lookup, drafts: Sequence[DocumentDraft], *, queries: Sequence[str] = (), note: str = ""
) -> list[Document]:
    """Keep what a source brought (nothing is an answer too) and settle its lookup. Safe to call twice or late.

    `lookup` is a step we hold. When the lease was lost, somebody else answers for it and nothing is written.
    """
    claim = Claim.objects.select_for_update().get(pk=lookup.claim_id)
    if not Lookup.objects.settle(lookup):
        return []
    kept = keep_all(drafts, claim)
    documents = list(kept)
    Hit.objects.bulk_create(
        (
            Hit(lookup=lookup, document=document, rank=rank, snippet=draft.snippet[:2000])
            for rank, (document, draft) in enumerate(kept.items(), start=1)
        ),
        ignore_conflicts=True,
    )
    if lookup.source == Lookup.BY_HAND:
        Addition.objects.filter(lookup=lookup).update(content=None)  # the snapshot holds them now
    outcome = Lookup.Outcome.HITS if documents else Lookup.Outcome.EMPTY
    Lookup.objects.filter(pk=lookup.pk).update(
        outcome=outcome, reason=note[:2000], queries=list(queries), answered_at=Now()
    )
    transitions.record(
        "lookup.answered",
        newsroom=claim.newsroom_id,
        by=None,
        claim=claim,
        source=lookup.source,
        cycle=lookup.cycle,
        outcome=outcome.value,
        documents=[{"id": document.pk, "sha256": document.sha256} for document in documents],
    )
    _go_on(claim, lookup, fresh=bool(documents))
    return documents


@transaction.atomic
def abandon(lookup: Lookup, *, reason: str, retry_in: float | None = None) -> None:
    """Note that a source could not be asked, which is not the same as having nothing.

    With `retry_in` seconds the step stays open for another try in the background while the claim goes on;
    without, or after the last try, the lookup is closed and a person may retry it.
    """
    claim = Claim.objects.select_for_update().get(pk=lookup.claim_id)
    if retry_in is None or lookup.attempts >= settings.STEP_MAX_ATTEMPTS:
        held = Lookup.objects.bury(lookup, error=reason)
    else:
        held = Lookup.objects.postpone(lookup, error=reason, seconds=retry_in)
    if not held:
        return
    first = not lookup.outcome
    Lookup.objects.filter(pk=lookup.pk).update(
        outcome=Lookup.Outcome.UNAVAILABLE, reason=reason[:2000], answered_at=Now()
    )
    if first:
        transitions.record(
            "lookup.unavailable",
            newsroom=claim.newsroom_id,
            by=None,
            claim=claim,
            source=lookup.source,
            cycle=lookup.cycle,
            reason=reason[:500],
        )
    _go_on(claim, lookup, fresh=False)


@transaction.atomic
def retry(lookup: Lookup, *, by: User) -> None:
    """Ask a source again, at once, on a person's wish."""
    claim = Claim.objects.select_for_update().get(pk=lookup.claim_id)
    transitions.require(by, Permission.PICK, claim.newsroom_id)
    if lookup.cycle != claim.cycle:
        raise RuleBroken("This lookup belongs to an earlier cycle.", code="earlier_cycle")
    if lookup.outcome == Lookup.Outcome.HITS and lookup.state == Step.State.DONE:
        raise RuleBroken("This source has answered already.", code="answered")
    Lookup.objects.revive(lookup.pk)
    transitions.record("lookup.retried", newsroom=claim.newsroom_id, by=by, claim=claim, source=lookup.source)
    announce_work(Lookup, [lookup.pk])


def _go_on(claim: Claim, lookup: Lookup, *, fresh: bool) -> None:
    """Under the claim's lock: the last first answer moves the claim; a late answer is assessed anew."""
    if lookup.cycle != claim.cycle:
        return
    if claim.status == Status.GATHERING:
        if claim.lookups.filter(cycle=claim.cycle).unanswered().exists():
            return
        transitions.advance(claim, workflow.ASSESS, by=None)
    elif not (fresh and claim.status in (Status.ASSESSING, Status.IN_REVIEW, Status.IN_APPROVAL)):
        return
    request_assessment(claim)


def request_assessment(claim: Claim) -> Assessment:
    """Open (or re-open) this cycle's assessment as a step for the workers."""
    assessment, created = Assessment.objects.get_or_create(claim=claim, cycle=claim.cycle)
    if not created:
        Assessment.objects.revive(assessment.pk)
    announce_work(Assessment, [assessment.pk])
    return assessment


def keep_all(drafts: Sequence[DocumentDraft], claim: Claim) -> dict[Document, DocumentDraft]:
    """Keep each draft once per address and text, and give them back in the source's order.

    Shared between newsrooms unless private. All transactions write in one order: two lookups with the same findings
    never wait for each other in a ring. Three statements however many there are: what is there, what is new, and
    the keys of what is new, which somebody else may have written meanwhile.
    """
    by_key = {_key(draft, claim): draft for draft in drafts}
    there = _there(by_key)
    missing = sorted((key for key in by_key if key not in there), key=lambda key: key[1:])
    if missing:
        publishers = _publishers_of({by_key[key].domain for key in missing}, claim)
        Document.objects.bulk_create(
            (_row(by_key[key], key[0], publishers.get(by_key[key].domain)) for key in missing), ignore_conflicts=True
        )
        there |= _there(missing)
    return {there[key]: draft for key, draft in by_key.items()}


def keep(draft: DocumentDraft, claim: Claim) -> Document:
    """Keep a fetched text, once per address and text; shared between newsrooms unless it is private."""
    with transaction.atomic():
        return next(iter(keep_all([draft], claim)))


_Key = tuple[int | None, str, str]  # newsroom, address, hash of the text: what makes a document one document


def _key(draft: DocumentDraft, claim: Claim) -> _Key:
    return claim.newsroom_id if draft.private else None, draft.url[:2000], draft.sha256


def _there(keys: Collection[_Key]) -> dict[_Key, Document]:
    """Which of them are documents already. Their texts, which may be long, are loaded when asked for."""
    found: dict[_Key, Document] = {}
    for newsroom in {newsroom for newsroom, _, _ in keys}:
        alike = Document.objects.filter(
            newsroom=newsroom,
            url__in={url for of, url, _ in keys if of == newsroom},
            sha256__in={digest for of, _, digest in keys if of == newsroom},
        )
        found |= {(newsroom, one.url, one.sha256): one for one in alike.defer("text", "facts").order_by()}
    return found


def _row(draft: DocumentDraft, newsroom: int | None, publisher: Publisher | None) -> Document:
    return Document(
        newsroom_id=newsroom,
        url=draft.url[:2000],
        sha256=draft.sha256,
        text=draft.text,
        canonical_url=draft.canonical_url[:2000],
        domain=draft.domain[:253],
        title=draft.title[:500],
        language=draft.language[:8],
        publisher=publisher,
        publisher_name=draft.publisher[:200],
        byline=draft.byline[:300],
        credit=draft.credit[:200],
        links=list(draft.links)[:500],
        published_at=draft.published_at,
        modified_at=draft.modified_at,
        fetched_at=draft.fetched_at,
        source=draft.source,
        content_type=draft.content_type[:120],
        http_status=draft.http_status,
        etag=draft.etag[:300],
        last_modified=draft.last_modified[:100],
        warc_file=draft.warc_file,
        warc_offset=draft.warc_offset,
        warc_length=draft.warc_length,
        payload_digest=draft.payload_digest,
        licence=draft.licence[:80],
    )


def _publishers_of(domains: Collection[str], claim: Claim) -> dict[str, Publisher]:
    """Who is registered for each domain or the nearest one it lies in; what all newsrooms share comes first."""
    above = {domain: domains_above(domain) for domain in domains}
    found = Publisher.objects.filter(domain__in=set().union(*above.values())).filter(
        Q(newsroom__isnull=True) | Q(newsroom=claim.newsroom_id)
    )
    ranked = sorted(found.order_by(), key=lambda one: (one.newsroom_id is None, len(one.domain)))
    return {domain: one for one in ranked for domain, names in above.items() if one.domain in names}
