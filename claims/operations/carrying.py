"""Carrying: what people brought and quoted in one cycle is laid before the reviewers of the next."""

from __future__ import annotations

from django.db.models import Max
from django.db.models.functions import Now

from claims import transitions
from claims.models import Addition, Claim, Contribution, Evidence, Hit, Lookup, Step
from claims.signals import announce_work


def carry(claim: Claim) -> None:
    """Take pages, files and passages that people added along into a cycle that begins. Under the claim's lock.

    Pages and files that were read are not fetched again: the stored copy is compared anew, as it was. What could not
    be read yet is tried again. Answers to contradictions are not taken along, for they spoke to another rating.
    Whoever brought something is one who worked on this cycle, too, and cannot approve it.
    """
    last = claim.lookups.filter(cycle__lt=claim.cycle).aggregate(last=Max("cycle"))["last"]
    if last is None:
        return
    of_last = {"claim": claim, "cycle": last}
    additions = [_bring(one, claim) for one in Addition.objects.filter(**of_last).select_related("lookup")]
    quoted = Evidence.objects.filter(**of_last, added_by__isnull=False, included=True)
    passages = [_quote(one, claim) for one in quoted.order_by("pk")]
    if not additions and not passages:
        return
    added = {one.added_by_id for one in additions} | {
        one.added_by_id for one in passages if one.added_by_id is not None
    }
    for person in added:
        Contribution.objects.get_or_create(
            claim=claim, cycle=claim.cycle, user_id=person, part=Contribution.Part.RESEARCHER
        )
    transitions.record(
        "evidence.carried",
        newsroom=claim.newsroom_id,
        by=None,
        claim=claim,
        cycle=claim.cycle,
        since=last,
        additions=[one.pk for one in additions],
        passages=[one.pk for one in passages],
    )


def _bring(addition: Addition, claim: Claim) -> Addition:
    old = addition.lookup
    read = old.outcome == Lookup.Outcome.HITS
    lookup = Lookup.objects.create(claim=claim, cycle=claim.cycle, source=Lookup.BY_HAND)
    if read:
        Lookup.objects.filter(pk=lookup.pk).update(
            state=Step.State.DONE, outcome=old.outcome, reason=old.reason, answered_at=Now(), settled_at=Now()
        )
        Hit.objects.bulk_create(
            Hit(lookup=lookup, document_id=one.document_id, rank=one.rank, snippet=one.snippet)
            for one in old.hits.order_by("rank")
        )
    made = Addition.objects.create(
        claim=claim,
        cycle=claim.cycle,
        lookup=lookup,
        url=addition.url,
        name=addition.name,
        content=None if read else addition.content,
        size=addition.size,
        fingerprint=addition.fingerprint,
        private=addition.private,
        published_on=addition.published_on,
        note=addition.note,
        protected_reason=addition.protected_reason,
        added_by_id=addition.added_by_id,
    )
    if not read:
        announce_work(Lookup, [lookup.pk])
    return made


def _quote(passage: Evidence, claim: Claim) -> Evidence:
    return Evidence.objects.create(
        claim=claim,
        cycle=claim.cycle,
        document_id=passage.document_id,
        start=passage.start,
        end=passage.end,
        quote=passage.quote,
        score=passage.score,
        rows=passage.rows,
        machine_stance=passage.machine_stance,
        stance=passage.stance,
        note=passage.note,
        protected=passage.protected,
        protected_reason=passage.protected_reason,
        added_by_id=passage.added_by_id,
    )
