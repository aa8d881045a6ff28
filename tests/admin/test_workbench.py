"""The workbench: what it shows, what it offers to whom, and how refusals come back."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, Publication, Review, Verdict
from claims.operations import gathering, reviewing
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import bench, buttons, do, words

pytestmark = pytest.mark.django_db


def test_it_shows_both_values_of_a_fact_where_they_stand_and_when_they_were_fetched(signed_in: SignIn):
    claim = make.claim_in_review()
    page = signed_in(make.reviewer(claim.newsroom)).get(bench(claim))
    text = words(page)
    assert "1,250" in text
    assert "Facts against the sources" in text
    assert "Courier" in text
    assert 'class="d-value' in page.content.decode()


def test_it_says_how_many_documents_come_from_how_many_origins(signed_in: SignIn):
    claim = make.claim_in_review()
    assert "1 document, 1 independent origin" in words(signed_in(make.reviewer(claim.newsroom)).get(bench(claim)))


def test_the_article_is_shown_with_its_claims_underlined_and_explained(signed_in: SignIn):
    article = make.article_read()
    claim = Claim.objects.filter(article=article).first()
    assert claim is not None
    html = signed_in(make.reviewer(article.newsroom)).get(bench(claim)).content.decode()
    assert re.search(r'<a class="d-claim [^"]*d-current', html)
    assert claim.reasons[0]["feature"] in html


@pytest.mark.parametrize(
    ("state", "role", "offered", "not_offered"),
    [
        ("claim_submitted", Role.RESEARCHER, {"gather", "dismiss", "mark_duplicate"}, {"review", "approve", "publish"}),
        (
            "claim_in_review",
            Role.REVIEWER,
            {"review", "propose", "judge", "recuse"},
            {"approve", "publish", "withdraw"},
        ),
        ("claim_in_review", Role.RESEARCHER, {"judge", "dismiss"}, {"review", "propose"}),
        ("claim_in_approval", Role.EDITOR, {"approve", "send_back"}, {"publish", "judge", "review"}),
        ("claim_in_approval", Role.REVIEWER, set(), {"approve", "send_back"}),
        ("claim_decided", Role.EDITOR, {"publish", "reopen"}, {"approve", "withdraw"}),
        ("claim_published", Role.EDITOR, {"withdraw", "correct", "reopen"}, {"publish"}),
        ("claim_published", Role.AUDITOR, set(), {"withdraw", "correct", "reopen", "assign", "retry"}),
    ],
)
def test_it_offers_just_what_is_possible_now_and_allowed_to_this_person(
    signed_in: SignIn, state: str, role: str, offered: set[str], not_offered: set[str]
):
    claim = getattr(make, state)()
    found = buttons(signed_in(make.member(claim.newsroom, role)).get(bench(claim)))
    assert offered <= found
    assert not found & not_offered


def test_a_claim_is_walked_from_the_queue_to_the_public_with_buttons_only(signed_in: SignIn):
    claim = make.claim_in_review()
    room = claim.newsroom
    reviewer, editor = signed_in(make.reviewer(room)), signed_in(make.editor(room))
    rating = make.rating(room)

    do(reviewer, claim, "review", rating=rating.pk, reasons="The union counted 900.")
    do(reviewer, claim, "propose", rating=rating.pk, headline="Fewer trees", reasons="900, not 1,250.", language="en")
    verdict = Verdict.objects.get(claim=claim)
    do(editor, claim, "approve", content=verdict.content_hash)
    do(editor, claim, "publish")

    assert Publication.objects.live().get(claim=claim).content["headline"] == "Fewer trees"


def test_a_refused_review_comes_back_with_its_reason_and_what_was_typed(signed_in: SignIn):
    claim = make.claim_in_review()
    page = do(signed_in(make.reviewer(claim.newsroom)), claim, "review", reasons="Typed with care.")
    assert page.status_code == 400
    assert "Typed with care." in page.content.decode()
    assert not Review.objects.exists()


def test_what_was_typed_is_kept_when_somebody_else_moved_the_claim_meanwhile(signed_in: SignIn):
    claim = make.claim_in_review()
    step = claim.step
    late = signed_in(make.member(claim.newsroom, Role.REVIEWER))
    reviewing.submit(claim, by=make.reviewer(claim.newsroom), rating=make.rating(claim.newsroom), reasons="First.")
    do(
        signed_in(make.reviewer(claim.newsroom)),
        claim,
        "propose",
        rating=make.rating(claim.newsroom).pk,
        headline="First",
        reasons="First.",
    )

    page = do(
        late,
        claim,
        "propose",
        step=step,
        rating=make.rating(claim.newsroom).pk,
        headline="My headline",
        reasons="My long reasons.",
    )

    assert page.status_code == 409
    assert "moved this claim meanwhile" in words(page)
    assert "My long reasons." in page.content.decode()
    assert Verdict.objects.get(claim=claim).headline == "First"


def test_whoever_worked_on_a_claim_is_told_that_somebody_else_has_to_approve(signed_in: SignIn):
    room = make.newsroom()
    both = make.member(room, Role.EDITOR)
    claim = make.claim_in_review(room)
    reviewing.submit(claim, by=both, rating=make.rating(room), reasons="Mine.")
    client = signed_in(both)
    do(client, claim, "propose", rating=make.rating(room).pk, headline="Mine", reasons="Mine.")

    page = client.get(bench(claim))
    assert "Four eyes" in words(page)
    assert "approve" not in buttons(page)

    verdict = Verdict.objects.get(claim=claim)
    refused = do(client, claim, "approve", content=verdict.content_hash)
    assert refused.status_code == 422
    assert "somebody else has to approve" in words(refused)


def test_approval_of_content_that_changed_meanwhile_is_refused(signed_in: SignIn):
    claim = make.claim_in_approval()
    page = do(signed_in(make.editor(claim.newsroom)), claim, "approve", content="0" * 64)
    assert page.status_code == 409
    assert "changed since you opened it" in words(page)


def test_a_passage_is_judged_and_the_judgement_shown(signed_in: SignIn):
    claim = make.claim_in_review()
    passage = claim.evidence.all()[0]
    client = signed_in(make.researcher(claim.newsroom))
    given = {
        "evidence": passage.pk,
        "stance": "mixed",
        "note": "Two counts",
        "included": "on",
        "version": claim.version,
    }

    assert do(client, claim, "judge", **given).status_code == 302

    passage.refresh_from_db()
    assert (passage.stance, passage.note) == ("mixed", "Two counts")
    assert "Two counts" in words(client.get(bench(claim)))


def test_of_two_who_judge_at_once_the_later_is_told_and_keeps_the_note(signed_in: SignIn):
    claim = make.claim_in_review()
    passage = claim.evidence.all()[0]
    client = signed_in(make.researcher(claim.newsroom))
    given = {"evidence": passage.pk, "stance": "mixed", "included": "on", "version": claim.version}
    do(client, claim, "judge", note="first", **given)

    page = do(client, claim, "judge", note="second", **given)

    assert page.status_code == 409
    assert "saved meanwhile" in words(page)
    assert "second" in page.content.decode()


def test_a_source_that_could_not_be_asked_says_why_and_can_be_asked_again(signed_in: SignIn):
    claim = make.claim_gathering(sources=["folder"])
    gathering.abandon(make.lookup_taken(claim), reason="It did not answer within 25 seconds.")
    client = signed_in(make.researcher(claim.newsroom))
    page = client.get(bench(claim))
    assert "could not be asked" in words(page)
    assert "It did not answer within 25 seconds." in words(page)

    do(client, claim, "retry", lookup=claim.lookups.get().pk)
    assert claim.lookups.get().state == "open"


def test_the_page_takes_a_fixed_number_of_queries(signed_in: SignIn):
    few = make.claim_in_review(drafts=[make.draft()])
    many = make.claim_in_review(
        few.newsroom, drafts=[make.draft(text=make.SOURCE + f" Report {n} says so too.") for n in range(12)]
    )
    client = signed_in(make.reviewer(few.newsroom))
    assert _queries(client, many) == _queries(client, few)


def _queries(client: Client, claim: Claim) -> int:
    client.get(bench(claim))
    with CaptureQueriesContext(connection) as captured:
        client.get(bench(claim))
    return len(captured)


def test_a_passage_of_a_stored_document_becomes_evidence_by_its_words(signed_in: SignIn):
    claim = make.claim_in_review()
    document = claim.evidence.all()[0].document
    client = signed_in(make.researcher(claim.newsroom))
    page = client.get(f"/admin/claims/document/{document.pk}/change/", {"claim": claim.pk})
    assert "quote" in buttons(page)

    do(client, claim, "quote", document=document.pk, passage="counted 900 trees", stance="disagrees")

    made = claim.evidence.get(added_by__isnull=False)
    assert (made.quote, made.stance) == ("counted 900 trees", "disagrees")


@pytest.mark.parametrize(
    ("passage", "said"),
    [
        ("counted 901 trees", "does not stand word for word"),
        ("trees", "more than once"),
        (" ", "This field is required"),
    ],
)
def test_what_does_not_stand_in_the_document_does_not_become_evidence(signed_in: SignIn, passage: str, said: str):
    claim = make.claim_in_review()
    document = claim.evidence.all()[0].document
    before = claim.evidence.count()
    page = do(signed_in(make.researcher(claim.newsroom)), claim, "quote", document=document.pk, passage=passage)
    assert said in words(page)
    assert claim.evidence.count() == before
