"""What people hold to speak against the rating is answered before a verdict; the answer is approved and published."""

import pytest

from claims.errors import InvalidInput, MoveNotAllowed, NotPermitted, RuleBroken
from claims.models import Evidence, Publication, Verdict
from claims.operations import deciding, publishing, researching, reviewing
from tests import make

pytestmark = pytest.mark.django_db


def judged(claim, stance, **fields):
    evidence = Evidence.objects.filter(claim=claim, cycle=claim.cycle).first()
    return researching.judge(evidence, by=make.researcher(claim.newsroom), stance=stance, **fields)


def propose(claim, slug):
    room = claim.newsroom
    reviewing.submit(claim, by=make.reviewer(room), rating=make.rating(room, slug), reasons="Counted.")
    claim.refresh_from_db()
    rating = make.rating(room, slug)
    return deciding.propose(claim, by=make.reviewer(room), rating=rating, headline="Counted", reasons="Counted.")


@pytest.mark.parametrize(
    ("slug", "stance"),
    [("true", "disagrees"), ("mostly-true", "disagrees"), ("false", "agrees"), ("mostly-false", "agrees")],
)
def test_a_verdict_against_a_marked_passage_needs_an_answer_and_the_refusal_names_it(slug, stance):
    claim = make.claim_in_review()
    evidence = judged(claim, stance)

    with pytest.raises(RuleBroken, match=rf"not answered yet: #{evidence.pk}\.") as refusal:
        propose(claim, slug)
    assert refusal.value.code == "unanswered_evidence"


@pytest.mark.parametrize(
    ("slug", "stance"),
    [("true", "agrees"), ("false", "disagrees"), ("mixed", "agrees"), ("mixed", "disagrees"), ("unproven", "agrees"),
     ("false", "mixed"), ("true", "related")],
)  # fmt: skip
def test_what_does_not_speak_against_the_rating_needs_no_answer(slug, stance):
    claim = make.claim_in_review()
    judged(claim, stance)
    propose(claim, slug)


def test_what_only_the_machine_holds_to_contradict_needs_no_answer():
    claim = make.claim_in_review()
    assert Evidence.objects.filter(claim=claim, machine_stance="agrees", stance="").exists()
    propose(claim, "false")


def test_what_does_not_count_needs_no_answer():
    claim = make.claim_in_review()
    judged(claim, "agrees", included=False)
    propose(claim, "false")


def test_the_answer_is_approved_with_the_verdict_and_readers_see_it():
    claim = make.claim_in_review()
    evidence = judged(claim, "agrees")
    researching.answer(evidence, by=make.researcher(claim.newsroom), answered=" The office counted bushes too. ")
    verdict = propose(claim, "false")

    assert [one["answered"] for one in deciding.content_of(verdict)["evidence"] if one["id"] == evidence.pk] == [
        "The office counted bushes too."
    ]
    Evidence.objects.filter(pk=evidence.pk).update(answered="Changed behind the approver's back")
    assert deciding.content_hash(verdict) != verdict.content_hash
    Evidence.objects.filter(pk=evidence.pk).update(answered="The office counted bushes too.")
    claim.refresh_from_db()
    deciding.approve(claim, by=make.editor(claim.newsroom), content=Verdict.objects.get(claim=claim).content_hash)
    claim.refresh_from_db()
    publishing.publish(claim, by=make.editor(claim.newsroom))
    shown = Publication.objects.get(claim=claim).content["evidence"]
    assert [one["answered"] for one in shown if one["id"] == evidence.pk] == ["The office counted bushes too."]


def test_an_answer_is_in_the_ledger_and_says_something():
    claim = make.claim_in_review()
    evidence = judged(claim, "agrees")
    by = make.researcher(claim.newsroom)
    with pytest.raises(InvalidInput):
        researching.answer(evidence, by=by, answered="  ")
    with pytest.raises(NotPermitted):
        researching.answer(evidence, by=make.person(claim.newsroom, "auditor"), answered="No.")

    researching.answer(evidence, by=by, answered="Bushes.")

    assert claim.history.get(kind="evidence.answered").payload["after"] == "Bushes."


def test_no_answer_is_changed_once_the_verdict_waits_for_approval():
    claim = make.claim_in_approval()
    with pytest.raises(MoveNotAllowed):
        researching.answer(claim.evidence.first(), by=make.researcher(claim.newsroom), answered="Late.")
