"""People bring pages and files to a claim; workers read them; their passages are evidence."""

import pytest
from django.db import transaction

from claims.errors import InvalidInput, MoveNotAllowed, NotPermitted, RuleBroken
from claims.models import Addition, Contribution, Document, Evidence, Lookup
from claims.operations import adding, gathering, rechecking, researching
from tests import make

pytestmark = pytest.mark.django_db

URL = "https://union.example/report"


def added(claim, **fields):
    return adding.add_page(claim, by=make.researcher(claim.newsroom), **{"url": URL, **fields})


def read(addition, **fields):
    """What a worker brings of an addition."""
    lookup = Lookup.objects.take(addition.lookup_id)
    given = {"url": addition.url or "file:///0/x.txt", "source": Lookup.BY_HAND, "private": addition.private}
    (document,) = gathering.record(lookup, [make.draft(**{**given, **fields})])
    return document


def test_a_page_a_person_brings_becomes_evidence_of_a_claim_in_review():
    claim = make.claim_in_review()
    before = set(Evidence.objects.filter(claim=claim).values_list("pk", flat=True))

    document = read(added(claim), text="The union of foresters counted 900 new trees in Eulenburg in March 2024.")
    make.assess(claim)

    (evidence,) = Evidence.objects.filter(claim=claim).exclude(pk__in=before)
    assert evidence.document == document
    assert evidence.quote.startswith("The union of foresters")
    assert evidence.rows
    claim.refresh_from_db()
    assert claim.status == "in_review"


def test_the_best_passage_of_what_a_person_brings_is_shown_though_it_says_nothing_of_the_facts():
    claim = make.claim_in_review(drafts=[make.draft() for _ in range(15)])

    document = read(added(claim), text="The town hall of Eulenburg has a new roof.")
    make.assess(claim)

    assert Evidence.objects.filter(claim=claim, document=document).exists()


def test_bringing_is_in_the_ledger_and_makes_the_person_one_who_worked_on_the_claim():
    claim = make.claim_in_review()
    addition = added(claim, note="Sent by a reader")

    entry = claim.history.get(kind="evidence.brought")
    assert entry.payload["url"] == URL
    assert entry.payload["note"] == "Sent by a reader"
    assert entry.actor == addition.added_by
    assert Contribution.objects.filter(claim=claim, user=addition.added_by, part="researcher").exists()


@pytest.mark.parametrize("again", [URL, f"{URL}#page=3", "https://UNION.example/report"])
def test_the_same_address_is_recognised(again):
    claim = make.claim_in_review()
    added(claim)

    with pytest.raises(RuleBroken, match="added to the claim already"):
        added(claim, url=again)


def test_a_page_that_a_source_found_is_recognised():
    claim = make.claim_in_review(drafts=[make.draft(url=URL)])

    with pytest.raises(RuleBroken, match=r"found for the claim already \(document \d+\)"):
        added(claim, url=f"{URL}#top")


def test_several_pages_may_be_brought_and_none_holds_up_a_claim_in_review():
    claim = make.claim_in_review()
    added(claim)
    added(claim, url="https://forest.example/2")

    claim.refresh_from_db()
    assert claim.status == "in_review"
    assert Lookup.objects.filter(claim=claim, source="by-hand", outcome="").count() == 2


def test_what_is_brought_while_the_sources_are_asked_is_waited_for():
    claim = make.claim_gathering()
    addition = added(claim)
    gathering.record(make.lookup_taken(claim, "folder"), [make.draft()])
    claim.refresh_from_db()
    assert claim.status == "gathering"

    read(addition)

    claim.refresh_from_db()
    assert claim.status == "assessing"


@pytest.mark.parametrize("url", ["", "union.example", "ftp://union.example/", "javascript:alert(1)", "https://a\nb/"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(InvalidInput) as refusal:
        added(make.claim_in_review(), url=url)
    assert refusal.value.field == "url"


def test_strangers_readers_and_decided_claims_are_refused():
    claim = make.claim_in_review()
    with pytest.raises(NotPermitted):
        adding.add_page(claim, by=make.researcher(make.newsroom()), url=URL)
    with pytest.raises(NotPermitted):
        adding.add_page(claim, by=make.person(claim.newsroom, "auditor"), url=URL)
    with pytest.raises(MoveNotAllowed):
        added(make.claim_decided())


def test_a_page_may_be_kept_for_the_newsroom_only():
    claim = make.claim_in_review()

    assert read(added(claim, private=True)).newsroom == claim.newsroom
    assert read(added(claim, url="https://open.example/")).newsroom is None


def test_a_file_stays_in_the_newsroom_and_its_bytes_go_once_they_are_read():
    claim = make.claim_in_review()
    addition = adding.add_file(
        claim,
        by=make.researcher(claim.newsroom),
        name="C:\\scans\\contract.txt",
        content=b"Eulenburg bought 900 trees.",
    )
    assert (addition.name, bytes(addition.content)) == ("contract.txt", b"Eulenburg bought 900 trees.")

    document = read(addition, text="Eulenburg bought 900 trees.")

    assert document.newsroom == claim.newsroom
    assert Addition.objects.get().content is None
    assert not Document.objects.visible_to(make.researcher(make.newsroom())).filter(pk=document.pk).exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "blank"),
        (b" \n", "blank"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "unreadable"),
        (b"PK\x03\x04\x00", "unreadable"),
    ],
)
def test_files_that_hold_no_text_are_refused(content, code):
    claim = make.claim_in_review()
    with pytest.raises(InvalidInput) as refusal:
        adding.add_file(claim, by=make.researcher(claim.newsroom), name="x", content=content)
    assert (refusal.value.field, refusal.value.code) == ("file", code)


def test_files_are_capped_as_fetched_pages_are(settings):
    settings.FETCH_MAX_BYTES = 1000
    claim = make.claim_in_review()
    with pytest.raises(InvalidInput, match="larger than 1,000 bytes"):
        adding.add_file(claim, by=make.researcher(claim.newsroom), name="x", content=b"a" * 1001)
    adding.add_file(claim, by=make.researcher(claim.newsroom), name="x", content=b"%PDF-" + b"a" * 1001)


def test_the_same_file_is_recognised_under_another_name():
    claim = make.claim_in_review()
    by = make.researcher(claim.newsroom)
    adding.add_file(claim, by=by, name="one.txt", content=b"Eulenburg")
    with pytest.raises(RuleBroken, match="already"):
        adding.add_file(claim, by=by, name="two.txt", content=b"Eulenburg")


def test_what_is_brought_protected_is_protected_from_its_first_passage_on():
    claim = make.claim_in_review()
    document = read(added(claim, protected_reason="Named sources in it"))
    make.assess(claim)

    passages = Evidence.objects.filter(claim=claim, document=document)
    assert passages
    assert {(one.protected, one.protected_reason) for one in passages} == {(True, "Named sources in it")}
    assert document.newsroom == claim.newsroom  # nor do other newsrooms see the copy


def test_a_source_that_cannot_be_read_is_said_and_can_be_asked_again():
    claim = make.claim_in_review()
    addition = added(claim)
    gathering.abandon(Lookup.objects.take(addition.lookup_id), reason="The server answered with status 404.")
    addition.lookup.refresh_from_db()
    assert (addition.lookup.outcome, addition.lookup.state) == ("unavailable", "dead")

    gathering.retry(addition.lookup, by=make.researcher(claim.newsroom))
    read(addition)

    addition.lookup.refresh_from_db()
    assert addition.lookup.outcome == "hits"


def test_two_people_who_bring_the_same_page_at_once_bring_it_once():
    claim = make.claim_in_review()
    added(claim)
    with pytest.raises(RuleBroken), transaction.atomic():
        added(claim)
    assert Addition.objects.count() == 1


def test_protecting_hides_every_passage_of_the_source_and_those_that_come_later():
    claim = make.claim_in_review()
    document = read(added(claim))
    make.assess(claim)
    first = Evidence.objects.filter(claim=claim, document=document).first()
    by = make.researcher(claim.newsroom)
    other = researching.quote(claim, document=document, start=0, end=9, by=by)

    researching.protect(first, by=by, reason="In danger")
    later = researching.quote(claim, document=document, start=0, end=12, by=by)

    other.refresh_from_db()
    assert other.protected
    assert later.protected
    assert later.protected_reason == "In danger"
    assert not Evidence.objects.filter(claim=claim).exclude(document=document).filter(protected=True).exists()


def test_what_people_added_comes_along_when_the_claim_is_opened_again():
    claim = make.claim_in_review()
    addition = added(claim, note="Sent by a reader")
    document = read(addition, text="The union of foresters counted 900 new trees in Eulenburg in March 2024.")
    waiting = adding.add_file(
        claim, by=make.member(claim.newsroom, "researcher"), name="minutes.txt", content=b"900 trees"
    )
    passage = researching.quote(claim, document=document, start=0, end=22, by=make.reviewer(claim.newsroom), note="Who")
    make.walk_to_publication(claim, from_review=True)
    claim = rechecking.reopen(claim, by=make.editor(claim.newsroom), reason="New figures.")

    kept, file = Addition.objects.filter(claim=claim, cycle=2)
    assert (kept.url, kept.note, kept.lookup.outcome) == (URL, "Sent by a reader", "hits")
    assert (file.name, bytes(file.content), file.lookup.state) == ("minutes.txt", b"900 trees", "open")
    brought = Evidence.objects.get(claim=claim, cycle=2)
    assert (brought.quote, brought.note, brought.added_by) == (passage.quote, "Who", passage.added_by)
    worked = Contribution.objects.filter(claim=claim, cycle=2, part="researcher")
    assert {one.user for one in worked} == {addition.added_by, waiting.added_by, passage.added_by}
    assert claim.history.get(kind="evidence.carried").payload["passages"] == [brought.pk]

    for waits in claim.lookups.filter(cycle=2, state="open"):
        gathering.record(Lookup.objects.take(waits.pk), [make.draft(url=f"https://again.example/{waits.pk}")])
    make.assess(claim)

    found = Evidence.objects.filter(claim=claim, cycle=2, document=document, added_by=None)
    assert found.exists()  # the machine compared the stored copy with the claim anew


def test_an_answer_to_a_contradiction_is_given_anew_in_the_next_cycle():
    claim = make.claim_in_review()
    document = claim.evidence.first().document
    passage = researching.quote(claim, document=document, start=1, end=9, by=make.researcher(claim.newsroom))
    researching.judge(passage, by=make.researcher(claim.newsroom), stance="agrees", answered="Another year.")
    make.walk_to_publication(claim, from_review=True)
    claim = rechecking.reopen(claim, by=make.editor(claim.newsroom), reason="New figures.")

    brought = Evidence.objects.get(claim=claim, cycle=2)
    assert (brought.stance, brought.answered) == ("agrees", "")


def test_passages_left_out_by_people_stay_behind():
    claim = make.claim_in_review()
    document = claim.evidence.first().document
    passage = researching.quote(claim, document=document, start=1, end=9, by=make.researcher(claim.newsroom))
    researching.judge(passage, by=make.researcher(claim.newsroom), stance="", included=False)
    make.walk_to_publication(claim, from_review=True)
    claim = rechecking.reopen(claim, by=make.editor(claim.newsroom), reason="New figures.")

    assert not Evidence.objects.filter(claim=claim, cycle=2).exists()
