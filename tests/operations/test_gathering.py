"""Lookups: asked once, answered once, three outcomes kept apart, the last first answer moves the claim."""

import pytest

from claims.errors import RuleBroken
from claims.models import Assessment, Claim, Document, Hit, LedgerEntry, Lookup, Publisher, Step
from claims.operations import gathering
from tests import make

pytestmark = pytest.mark.django_db


def status(claim: Claim) -> str:
    return Claim.objects.get(pk=claim.pk).status


def test_a_claim_goes_on_when_every_source_has_had_a_first_answer():
    claim = make.claim_gathering(sources=["folder", "wikipedia", "gdelt"])
    gathering.record(make.lookup_taken(claim, "folder"), [make.draft()])
    gathering.record(make.lookup_taken(claim, "wikipedia"), [])
    assert status(claim) == "gathering"
    gathering.abandon(make.lookup_taken(claim, "gdelt"), reason="It asks for a pause.", retry_in=60)
    assert status(claim) == "assessing"
    outcomes = dict(claim.lookups.values_list("source", "outcome"))
    assert outcomes == {"folder": "hits", "wikipedia": "empty", "gdelt": "unavailable"}


def test_a_source_that_could_not_be_asked_stays_open_for_another_try_with_its_reason():
    claim = make.claim_gathering(sources=["folder", "gdelt"])
    gathering.abandon(make.lookup_taken(claim, "gdelt"), reason="It asks for a pause.", retry_in=60)
    lookup = claim.lookups.get(source="gdelt")
    assert (lookup.outcome, lookup.state, lookup.reason) == ("unavailable", "open", "It asks for a pause.")
    assert Lookup.objects.take(lookup.pk) is None, "not before its time"


def test_a_source_that_never_will_answer_is_settled_and_can_be_retried_by_a_person():
    claim = make.claim_gathering(sources=["folder", "gdelt"])
    gathering.abandon(make.lookup_taken(claim, "gdelt"), reason="No key is set.")
    lookup = claim.lookups.get(source="gdelt")
    assert lookup.state == Step.State.DEAD
    gathering.retry(lookup, by=make.researcher(claim.newsroom))
    assert Lookup.objects.take(lookup.pk) is not None


def test_a_source_that_has_answered_is_not_asked_again():
    claim = make.claim_assessing()
    with pytest.raises(RuleBroken):
        gathering.retry(claim.lookups.get(), by=make.researcher(claim.newsroom))


def test_a_late_answer_is_assessed_anew_while_the_claim_is_in_review():
    claim = make.claim_gathering(sources=["folder", "gdelt"])
    gathering.abandon(make.lookup_taken(claim, "gdelt"), reason="It asks for a pause.", retry_in=0)
    gathering.record(make.lookup_taken(claim, "folder"), [make.draft()])
    make.assess(claim)
    assert status(claim) == "in_review"

    gathering.record(make.lookup_taken(claim, "gdelt"), [make.draft()])

    assert claim.lookups.get(source="gdelt").outcome == "hits"
    make.assess(claim)
    assessment = Assessment.objects.get(claim=claim)
    assert (assessment.runs, assessment.documents_count, assessment.origins_count) == (2, 2, 1)
    assert status(claim) == "in_review"


def test_an_answer_delivered_twice_counts_once():
    claim = make.claim_gathering()
    held = make.lookup_taken(claim)
    draft = make.draft()
    gathering.record(held, [draft, draft])
    gathering.record(held, [draft])
    assert (Document.objects.count(), Hit.objects.count()) == (1, 1)
    assert LedgerEntry.objects.filter(kind="lookup.answered").count() == 1


def test_a_worker_that_lost_its_lease_writes_nothing():
    claim = make.claim_gathering()
    slow = make.lookup_taken(claim)
    Lookup.objects.filter(pk=slow.pk).update(leased_until=None)
    quick = make.lookup_taken(claim)
    gathering.record(quick, [])
    assert gathering.record(slow, [make.draft()]) == []
    gathering.abandon(slow, reason="late")
    assert claim.lookups.get().outcome == "empty"
    assert not Document.objects.exists()


def test_one_page_is_one_document_for_every_newsroom_but_an_own_archive_is_not_shared():
    public, private = make.draft(), make.draft(private=True)
    for _ in range(2):
        gathering.record(make.lookup_taken(make.claim_gathering()), [public, private])
    assert Document.objects.filter(newsroom__isnull=True).count() == 1
    assert Document.objects.filter(newsroom__isnull=False).count() == 2


def test_many_pages_are_kept_in_the_order_of_the_source_with_as_many_statements_as_a_few(django_assert_num_queries):
    claim = make.claim_gathering()
    there = gathering.keep(make.draft(url="https://b.example/1"), claim)
    drafts = [make.draft(url=f"https://{name}.example/1") for name in "cbaed"]
    with django_assert_num_queries(4):
        kept = gathering.keep_all([*drafts, drafts[0]], claim)
    assert [document.url for document in kept] == [draft.url for draft in drafts]
    assert there in kept
    assert all(document.text == draft.text for document, draft in kept.items())


def test_each_page_of_many_is_put_down_to_its_own_publisher():
    claim = make.claim_gathering()
    Publisher.objects.create(domain="paper.example", name="Paper")
    Publisher.objects.create(domain="local.paper.example", name="Local", newsroom=claim.newsroom)
    Publisher.objects.create(domain="own.example", name="Own", newsroom=claim.newsroom)
    Publisher.objects.create(domain="own.example", name="Foreign", newsroom=make.newsroom())
    domains = ("local.paper.example", "www.own.example", "nobody.example", "")
    drafts = [make.draft(url=f"https://{number}.example/", domain=name) for number, name in enumerate(domains)]
    kept = gathering.keep_all(drafts, claim)
    assert [document.publisher and document.publisher.name for document in kept] == ["Paper", "Own", None, None]


def test_a_newsroom_without_sources_says_so_and_the_claim_stays_where_it_was():
    claim = make.claim_submitted(make.newsroom(sources=[]))
    with pytest.raises(RuleBroken) as refusal:
        gathering.open_lookups(claim, by=make.researcher(claim.newsroom))
    assert refusal.value.code == "no_sources"
    assert status(claim) == "submitted"


def test_an_answer_for_an_earlier_cycle_does_not_move_the_next_one():
    claim = make.claim_gathering(sources=["folder", "gdelt"])
    gathering.abandon(make.lookup_taken(claim, "gdelt"), reason="pause", retry_in=0)
    gathering.record(make.lookup_taken(claim, "folder"), [])
    late = make.lookup_taken(claim, "gdelt")
    Claim.objects.filter(pk=claim.pk).update(cycle=2)
    gathering.record(late, [make.draft()])
    assert not Assessment.objects.filter(claim=claim, cycle=2).exists()
