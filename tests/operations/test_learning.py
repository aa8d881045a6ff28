"""Late evidence: told once, kept apart from what was known, never in the way of what was approved."""

from __future__ import annotations

from typing import Any

import pytest

from claims.models import Claim, Errand, Evidence, LateFinding, LedgerEntry, Notice, Renewal, Watch
from claims.operations import deciding, learning, rechecking, renewing
from tests import make

pytestmark = pytest.mark.django_db

OTHER = (
    "EULENBURG (Herald) - The city of Eulenburg planted 640 trees in March 2024, the audit office found after "
    "counting them one by one. The auditors published their lists in full."
)


def renewal_taken(claim: Claim) -> Renewal:
    pk = claim.renewals.order_by("pk").values_list("pk", flat=True)[0]
    Renewal.objects.filter(pk=pk).update(next_attempt_at="2024-01-01T00:00Z")
    held = Renewal.objects.take(pk)
    assert held is not None
    return held


def late(**fields: Any) -> Any:
    given = {"text": OTHER, "url": "https://herald.example/audit", "publisher": "Herald", "domain": "herald.example"}
    return make.draft(**{**given, **fields})


def test_the_sources_of_a_claim_in_review_are_put_on_the_clock():
    claim = make.claim_in_review()
    renewal = claim.renewals.get()
    assert (renewal.source, renewal.state) == ("folder", "open")


def test_a_newsroom_that_wants_no_repeated_searches_has_none():
    claim = make.claim_in_review(make.newsroom(search_again_days=[]))
    assert not claim.renewals.exists()


def test_another_value_is_told_once_with_a_task_and_leaves_the_approved_evidence_alone():
    publication = make.publication()
    claim = publication.claim
    evidence = list(Evidence.objects.filter(claim=claim).values_list("pk", flat=True))
    approved = deciding.content_hash(publication.verdict)

    told = learning.record(renewal_taken(claim), [late()])
    assert "contradiction" in {one.kind for one in told}
    assert any("640" in one.what for one in told)
    assert Errand.objects.filter(claim=claim, subject__startswith="late:").count() == 1
    assert Notice.objects.filter(kind="late_evidence", claim=claim, person=make.editor(claim.newsroom)).count() == 1
    assert LedgerEntry.objects.filter(kind="evidence.learned", claim=claim).count() == 1
    assert list(Evidence.objects.filter(claim=claim).values_list("pk", flat=True)) == evidence
    assert deciding.content_hash(publication.verdict) == approved

    again = learning.record(renewal_taken(claim), [late(), late(url="https://herald.example/copy")])
    assert again == []
    assert Notice.objects.filter(kind="late_evidence").count() == 1
    assert LateFinding.objects.filter(claim=claim).count() == len(told)


def test_what_was_known_already_is_no_news():
    claim = make.claim_published()
    assert learning.record(renewal_taken(claim), [make.draft()]) == []  # the same text at another address
    assert not LateFinding.objects.exists()


def test_a_search_that_was_overtaken_writes_nothing():
    claim = make.claim_published()
    renewal = renewal_taken(claim)
    Renewal.objects.filter(pk=renewal.pk).update(lease_token=None)
    assert learning.record(renewal, [late()]) == []
    assert not LateFinding.objects.exists()


def test_searches_grow_rarer_and_end_with_the_claim():
    claim = make.claim_published(make.newsroom(search_again_days=[2, 10]))
    for days in (10, 10):
        learning.record(renewal_taken(claim), [])
        renewal = claim.renewals.get()
        assert renewal.last_search_at is not None
        assert (renewal.next_attempt_at - renewal.last_search_at).days == days
    claim = make.claim_in_review(claim.newsroom)
    deciding.dismiss(claim, by=make.editor(claim.newsroom), reason="Not for us.")
    assert renewing.move_on(renewal_taken(Claim.objects.get(pk=claim.pk)), searched=False)
    assert claim.renewals.get().state == "done"


def test_a_source_that_is_away_is_asked_later_and_never_given_up():
    claim = make.claim_published()
    for _ in range(8):
        assert renewing.try_later(renewal_taken(claim), seconds=10, reason="Away.")
    assert claim.renewals.get().state == "open"


def test_a_claim_that_begins_anew_has_its_searches_begin_anew():
    publication = make.publication()
    claim = publication.claim
    learning.record(renewal_taken(claim), [])
    rechecking.reopen(claim, by=make.editor(claim.newsroom), reason="New figures.")
    claim.refresh_from_db()
    assert not renewing.is_asked(claim)
    make.gathered_again(claim)
    assert claim.renewals.get().searches_made == 0
    assert Watch.objects.filter(publication=publication, state="open").exists()  # it is live still
