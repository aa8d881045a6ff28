"""Races on the real database, with real threads: of two who want the same, one gets it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from claims.audit import ledger_export
from claims.audit.ledger_proof import verify
from claims.errors import FactcheckError
from claims.models import Article, Claim, Document, Door, LedgerEntry, Lookup, Publication
from claims.operations import gathering, intake, publishing, reviewing
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run all at the same moment; what each returned, or the error that refused it."""
    start = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def run(at: int, work: Callable[[], object]) -> None:
        try:
            start.wait(10)
            results[at] = work()
        except FactcheckError as refusal:
            results[at] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(at, work)) for at, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_of_six_racing_editors_one_publishes():
    claim = make.claim_decided()
    editors = [make.member(claim.newsroom, "editor") for _ in range(6)]
    stale = [Claim.objects.get(pk=claim.pk) for _ in editors]
    results = at_once(
        *(lambda one=one, who=who: publishing.publish(one, by=who) for one, who in zip(stale, editors, strict=True))
    )
    assert sum(isinstance(result, Publication) for result in results) == 1
    assert Publication.objects.filter(claim=claim).count() == 1


def test_lookups_that_all_settle_at_once_and_twice_move_the_claim_once():
    sources = [f"s{number}" for number in range(6)]
    claim = make.claim_gathering(sources=sources)
    held = [make.lookup_taken(claim, source) for source in sources]
    shared = [make.draft(url=f"https://courier.example/{letter}", text=f"Trees {letter}.") for letter in "abc"]
    drafts = [shared, shared[::-1], shared[1:], shared[:2], shared[::-1], shared]
    works = [lambda one=one, found=found: gathering.record(one, found) for one, found in zip(held, drafts, strict=True)]
    at_once(*works, *works)
    moves = [entry.payload["move"] for entry in LedgerEntry.objects.filter(claim=claim, kind="claim.moved")]
    assert moves == ["gather", "assess"]
    assert Document.objects.count() == 3
    assert set(Lookup.objects.values_list("outcome", flat=True)) == {"hits"}


def test_of_ten_workers_one_takes_a_step():
    claim = make.claim_gathering()
    lookup = claim.lookups.get()
    taken = at_once(*(lambda: Lookup.objects.take(lookup.pk) for _ in range(10)))
    assert sum(one is not None for one in taken) == 1


def test_no_two_reviewers_are_given_the_same_claim():
    room = make.newsroom()
    claims = {make.claim_in_review(room).pk for _ in range(4)}
    people = [make.member(room, "reviewer") for _ in range(4)]
    given = at_once(*(lambda who=who: reviewing.take([room.pk], by=who) for who in people))
    assert {claim.pk for claim in given if isinstance(claim, Claim)} <= claims
    taken = [claim.pk for claim in given if isinstance(claim, Claim)]
    assert len(taken) == len(set(taken))


def test_twenty_parallel_submissions_of_one_article_make_one():
    room = make.newsroom()
    made = at_once(
        *(
            lambda: intake.submit_article(room, text="Trees: 1,250.", by=None, door=Door.API, language="en")
            for _ in range(20)
        )
    )
    assert sum(created for _, created in made) == 1  # type: ignore[misc]
    assert Article.objects.count() == 1


def test_the_ledger_has_no_forks_when_many_write_at_once():
    room = make.newsroom()
    at_once(
        *(
            lambda text=f"Trees: {number}.": intake.submit_article(
                room, text=text, by=None, door=Door.API, language="en"
            )
            for number in range(12)
        )
    )
    heads, breach = verify(ledger_export.entries(newsroom=room))
    assert breach is None
    assert heads[room.pk][0] == LedgerEntry.objects.filter(newsroom=room).count()
