"""Reviews become a verdict, a second person approves what they saw, and every way back is open."""

import pytest

from claims.errors import InvalidInput, MoveNotAllowed, NotPermitted, RuleBroken, StaleClaim
from claims.models import Claim, Evidence, Verdict
from claims.operations import deciding, researching, reviewing
from tests import make

pytestmark = pytest.mark.django_db


def propose(claim: Claim, **fields: object) -> Verdict:
    given = {
        "by": make.reviewer(claim.newsroom),
        "rating": make.rating(claim.newsroom),
        "headline": "Fewer trees",
        "reasons": "The union counted 900.",
        **fields,
    }
    return deciding.propose(claim, **given)  # type: ignore[arg-type]


def content(claim: Claim) -> str:
    return Verdict.objects.get(claim=claim, cycle=claim.cycle).content_hash


def test_a_verdict_needs_as_many_reviews_as_the_newsroom_says():
    claim = make.claim_reviewed(make.newsroom(reviews_required=2))
    with pytest.raises(RuleBroken) as refusal:
        propose(claim)
    assert refusal.value.code == "too_few_reviews"
    reviewing.submit(
        claim,
        by=make.member(claim.newsroom, "reviewer"),
        rating=make.rating(claim.newsroom),
        reasons="I counted too.",
    )
    assert propose(claim).content_hash


def test_a_refused_proposal_leaves_the_claim_in_review():
    claim = make.claim_in_review()
    with pytest.raises(RuleBroken):
        propose(claim)
    claim.refresh_from_db()
    assert claim.status == "in_review" and not claim.verdicts.exists()


def test_a_verdict_needs_as_many_independent_origins_as_the_newsroom_says():
    claim = make.claim_reviewed(make.newsroom(origins_required=9))
    with pytest.raises(RuleBroken) as refusal:
        propose(claim)
    assert refusal.value.code == "too_few_origins"


def test_a_rating_of_another_newsroom_is_refused():
    claim = make.claim_reviewed()
    with pytest.raises(InvalidInput) as refusal:
        propose(claim, rating=make.rating(make.newsroom()))
    assert refusal.value.field == "rating"


@pytest.mark.parametrize("field", ["headline", "reasons"])
def test_a_verdict_says_what_and_why(field: str):
    with pytest.raises(InvalidInput) as refusal:
        propose(make.claim_reviewed(), **{field: "  "})
    assert refusal.value.field == field


def test_nobody_approves_their_own_work():
    claim = make.claim_reviewed()
    editor = make.editor(claim.newsroom)
    propose(claim, by=editor)
    claim.refresh_from_db()
    with pytest.raises(RuleBroken) as refusal:
        deciding.approve(claim, by=editor, content=content(claim))
    assert refusal.value.code == "four_eyes"
    claim.refresh_from_db()
    assert claim.status == "in_approval"


def test_whoever_edited_the_evidence_does_not_approve():
    claim = make.claim_reviewed()
    editor = make.editor(claim.newsroom)
    evidence = Evidence.objects.filter(claim=claim).first()
    assert evidence is not None
    researching.judge(evidence, by=editor, stance="disagrees", answered="It counts streets only.")
    propose(claim)
    claim.refresh_from_db()
    with pytest.raises(RuleBroken):
        deciding.approve(claim, by=editor, content=content(claim))


def test_an_approval_names_what_was_seen():
    claim = make.claim_in_approval()
    with pytest.raises(StaleClaim):
        deciding.approve(claim, by=make.editor(claim.newsroom), content="0" * 64)


def test_evidence_changed_after_the_proposal_makes_the_approval_stale():
    claim = make.claim_in_approval()
    seen = content(claim)
    Evidence.objects.filter(claim=claim).update(stance="disagrees")
    with pytest.raises(StaleClaim):
        deciding.approve(claim, by=make.editor(claim.newsroom), content=seen)


def test_evidence_cannot_be_edited_while_it_waits_for_approval():
    claim = make.claim_in_approval()
    evidence = Evidence.objects.filter(claim=claim).first()
    assert evidence is not None
    with pytest.raises(MoveNotAllowed):
        researching.judge(evidence, by=make.researcher(claim.newsroom), stance="agrees")


def test_a_verdict_sent_back_is_proposed_again_and_approved():
    claim = make.claim_in_approval()
    claim = deciding.send_back(claim, by=make.editor(claim.newsroom), reason="Which union?")
    assert claim.status == "in_review"
    propose(claim, reasons="The forestry union counted 900.")
    claim.refresh_from_db()
    deciding.approve(claim, by=make.editor(claim.newsroom), content=content(claim))
    claim.refresh_from_db()
    assert claim.status == "decided"


def test_sending_back_needs_a_reason():
    claim = make.claim_in_approval()
    with pytest.raises(InvalidInput):
        deciding.send_back(claim, by=make.editor(claim.newsroom), reason=" ")
    claim.refresh_from_db()
    assert claim.status == "in_approval"


def test_an_editor_of_another_newsroom_approves_nothing():
    claim = make.claim_in_approval()
    with pytest.raises(NotPermitted):
        deciding.approve(claim, by=make.editor(make.newsroom()), content=content(claim))


def test_a_dismissed_claim_comes_back_in_a_new_cycle():
    claim = make.claim_submitted()
    researcher = make.researcher(claim.newsroom)
    claim = deciding.dismiss(claim, by=researcher, reason="An opinion.")
    claim = deciding.restore(claim, by=researcher)
    assert (claim.status, claim.cycle) == ("submitted", 2)


def test_a_duplicate_points_at_the_claim_that_is_really_checked():
    room = make.newsroom()
    first, second, third = (make.claim_submitted(room) for _ in range(3))
    second = deciding.mark_duplicate(second, of=first, by=make.researcher(room))
    assert second.duplicate_of == first
    with pytest.raises(RuleBroken):
        deciding.mark_duplicate(third, of=second, by=make.researcher(room))


def test_a_reviewer_reviews_once_and_with_reasons():
    claim = make.claim_reviewed()
    given = {"by": make.reviewer(claim.newsroom), "rating": make.rating(claim.newsroom)}
    with pytest.raises(RuleBroken):
        reviewing.submit(claim, reasons="Again.", **given)
    with pytest.raises(InvalidInput):
        reviewing.submit(claim, by=make.member(claim.newsroom, "reviewer"), rating=given["rating"], reasons="")


def test_who_steps_back_still_does_not_approve():
    claim = make.claim_in_review()
    editor = make.editor(claim.newsroom)
    reviewing.recuse(claim, by=editor, reason="My sister works there.")
    reviewing.submit(claim, by=make.reviewer(claim.newsroom), rating=make.rating(claim.newsroom), reasons="Counted.")
    propose(claim)
    claim.refresh_from_db()
    with pytest.raises(RuleBroken):
        deciding.approve(claim, by=editor, content=content(claim))
