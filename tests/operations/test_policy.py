"""The rules of a desk: what a verdict needs by severity, right of reply, blind reviews, recusal, the checklist."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone

from claims import blindness, conditions
from claims.errors import FactcheckError, InvalidInput, MoveNotAllowed, NotPermitted, RuleBroken, StaleClaim
from claims.models import Claim, LedgerEntry, Policy, Recusal, Reply, User, Verdict
from claims.operations import conflicts, deciding, publishing, replying, reviewing, ticking
from claims.roles import Role
from tests import make

pytestmark = pytest.mark.django_db


def policy(claim: Claim, **rules: Any) -> Policy:
    return Policy.objects.create(newsroom=claim.newsroom, severity=claim.severity, **rules)


def review(claim: Claim, slug: str = "false", by: User | None = None) -> User:
    by = by or make.member(claim.newsroom, Role.REVIEWER)
    reviewing.submit(claim, by=by, rating=make.rating(claim.newsroom, slug), reasons="I counted.")
    return by


def propose(claim: Claim, slug: str = "false", by: User | None = None) -> Verdict:
    return deciding.propose(
        claim,
        by=by or make.member(claim.newsroom, Role.REVIEWER),
        rating=make.rating(claim.newsroom, slug),
        headline="Fewer trees",
        reasons="900.",
    )


def approve(claim: Claim, by: User) -> Verdict:
    claim.refresh_from_db()
    return deciding.approve(claim, by=by, content=claim.verdicts.get(cycle=claim.cycle).content_hash)


def refused(claim: Claim, **given: Any) -> str:
    with pytest.raises(RuleBroken) as refusal:
        propose(claim, **given)
    claim.refresh_from_db()
    assert claim.status == "in_review"
    return refusal.value.code


def ask(claim: Claim, **given: Any) -> Reply:
    deadline = timezone.now() + dt.timedelta(days=2)
    given = {
        "by": make.researcher(claim.newsroom),
        "party": "The mayor",
        "channel": "mail",
        "deadline": deadline,
        **given,
    }
    return replying.ask(claim, **given)


def test_two_of_three_reviews_have_to_agree_with_the_proposed_rating():
    claim = make.claim_in_review()
    policy(claim, reviews_required=3, agreeing_required=2)
    review(claim, "false")
    review(claim, "true")
    assert refused(claim) == "too_few_reviews"
    review(claim, "mixed")
    assert refused(claim) == "too_few_agree"
    review(claim, "false")
    assert propose(claim, "false").rating.slug == "false"


def test_a_refusal_names_everything_that_is_missing():
    claim = make.claim_in_review()
    policy(claim, reviews_required=2, reply_required=True, checklist=["Names spelt right"])
    with pytest.raises(conditions.Unmet) as refusal:
        propose(claim)
    assert [part.code for part in refusal.value.parts] == ["too_few_reviews", "no_reply_asked", "not_ticked"]
    assert "Names spelt right" in refusal.value.message


def test_the_rules_are_those_of_the_claims_severity():
    claim = make.claim_reviewed()
    Policy.objects.create(newsroom=claim.newsroom, severity=Claim.Severity.HIGH, reviews_required=3)
    assert propose(claim).content_hash


def test_without_a_policy_the_newsrooms_settings_hold():
    claim = make.claim_in_review(make.newsroom(reviews_required=2, origins_required=1))
    rules = Policy.in_force(claim)
    assert (rules.reviews_required, rules.origins_required, rules.approver) == (2, 1, "editor")


def test_a_stricter_policy_made_meanwhile_stops_the_approval():
    claim = make.claim_in_approval()
    policy(claim, reviews_required=2)
    with pytest.raises(RuleBroken) as refusal:
        approve(claim, make.editor(claim.newsroom))
    assert refusal.value.code == "too_few_reviews"


def test_the_desk_leads_approval_can_be_asked_for():
    claim = make.claim_in_review()
    policy(claim, approver=Policy.Approver.LEAD)
    review(claim)
    propose(claim)
    with pytest.raises(RuleBroken) as refusal:
        approve(claim, make.editor(claim.newsroom))
    assert refusal.value.code == "desk_lead_needed"
    assert approve(claim, make.member(claim.newsroom, Role.DESK_LEAD)).approved_by


def test_a_colleague_may_approve_where_the_policy_says_so_but_never_their_own_work():
    claim = make.claim_in_review()
    policy(claim, approver=Policy.Approver.COLLEAGUE)
    worker = review(claim)
    propose(claim, by=worker)
    with pytest.raises(RuleBroken):
        approve(claim, worker)
    with pytest.raises(NotPermitted):
        approve(claim, make.researcher(claim.newsroom))
    assert approve(claim, make.member(claim.newsroom, Role.REVIEWER)).approved_by


def test_the_database_approves_no_verdict_with_too_few_reviews():
    claim = make.claim_in_approval()
    policy(claim, reviews_required=2)
    change = "UPDATE claims_verdict SET approved_by_id = %s, approved_at = now() WHERE claim_id = %s"
    with pytest.raises(Error, match="fewer reviews"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change, [make.editor(claim.newsroom).pk, claim.pk])


def test_the_ledger_keeps_the_rules_a_verdict_was_proposed_under():
    claim = make.claim_in_approval()
    entry = LedgerEntry.objects.get(claim=claim, kind="verdict.proposed")
    assert entry.payload["policy"]["reviews"] == 1


def test_a_verdict_waits_for_the_reply_or_its_deadline():
    claim = make.claim_in_review()
    policy(claim, reply_required=True)
    review(claim)
    assert refused(claim) == "no_reply_asked"
    reply = ask(claim)
    assert refused(claim) == "reply_awaited"
    replying.answer(reply, by=make.researcher(claim.newsroom), answer="We counted them twice.")
    assert propose(claim).content_hash


def test_silence_until_the_deadline_counts_as_asked():
    claim = make.claim_in_review()
    policy(claim, reply_required=True)
    review(claim)
    now = timezone.now()
    reply = ask(claim, asked_at=now - dt.timedelta(days=3), deadline=now - dt.timedelta(hours=1))
    assert reply.outcome() == "none"
    assert propose(claim).content_hash


def test_a_waived_reply_says_why():
    claim = make.claim_in_review()
    policy(claim, reply_required=True)
    review(claim)
    with pytest.raises(InvalidInput):
        replying.waive(claim, by=make.researcher(claim.newsroom), reason=" ")
    replying.waive(claim, by=make.researcher(claim.newsroom), reason="A public statistic; nobody is accused.")
    assert propose(claim).content_hash


def test_an_answer_that_comes_in_meanwhile_voids_the_proposal():
    claim = make.claim_in_review()
    review(claim)
    reply = ask(claim)
    propose(claim)
    replying.answer(reply, by=make.researcher(claim.newsroom), answer="Here is the list.")
    with pytest.raises(StaleClaim):
        approve(claim, make.editor(claim.newsroom))


def test_a_logged_question_is_history():
    claim = make.claim_in_review()
    reply = ask(claim)
    for change in ("UPDATE claims_reply SET party = 'x' WHERE id = %s", "DELETE FROM claims_reply WHERE id = %s"):
        with pytest.raises(Error, match="history"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change, [reply.pk])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"party": " "}, "party"),
        ({"channel": "owl"}, "channel"),
        ({"deadline": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, "deadline"),
        ({"asked_at": dt.datetime(2999, 1, 1, tzinfo=dt.UTC)}, "asked_at"),
    ],
)
def test_a_question_is_logged_in_full(given: dict[str, Any], field: str):
    with pytest.raises(InvalidInput) as refusal:
        ask(make.claim_in_review(), **given)
    assert refusal.value.field == field


def test_reviews_are_hidden_until_ones_own_is_in_and_open_when_enough_are():
    claim = make.claim_in_review()
    policy(claim, reviews_required=2, blind=True)
    first, second, third = (make.member(claim.newsroom, Role.REVIEWER) for _ in range(3))
    review(claim, by=first)
    assert blindness.readable(claim, first).count() == 1
    assert blindness.readable(claim, second).count() == 0
    review(claim, "true", by=second)
    assert blindness.readable(claim, second).count() == 2
    assert blindness.readable(claim, third).count() == 2


def test_a_key_that_only_reads_does_not_lift_the_blindfold():
    claim = make.claim_in_review()
    policy(claim, reviews_required=2, blind=True)
    review(claim)
    person = make.member(claim.newsroom, Role.REVIEWER)
    person.confine(claim.newsroom_id, frozenset())
    assert blindness.is_blind(claim, person)


def test_an_auditor_reads_everything():
    claim = make.claim_in_review()
    policy(claim, reviews_required=2, blind=True)
    review(claim)
    assert not blindness.is_blind(claim, make.member(claim.newsroom, Role.AUDITOR))


def test_who_stepped_back_is_neither_given_the_claim_again_nor_reviews_it():
    claim = make.claim_in_review()
    person = review(claim)
    reviewing.recuse(claim, by=person, reason="My sister works there.")
    assert not claim.reviews.exists()
    assert reviewing.take([claim.newsroom_id], by=person) is None
    with pytest.raises(RuleBroken):
        reviewing.assign(claim, to=person, by=make.editor(claim.newsroom))
    with pytest.raises(RuleBroken):
        review(claim, by=person)
    assert reviewing.take([claim.newsroom_id], by=make.member(claim.newsroom, Role.REVIEWER)) == claim


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE claims_claim SET assignee_id = {user} WHERE id = {claim}",
        "INSERT INTO claims_review (claim_id, cycle, reviewer_id, rating_id, reasons, submitted_at) "
        "VALUES ({claim}, 1, {user}, {rating}, 'x', now())",
    ],
)
def test_the_database_keeps_who_stepped_back_away(change: str):
    claim = make.claim_in_review()
    person = make.member(claim.newsroom, Role.REVIEWER)
    reviewing.recuse(claim, by=person, reason="My sister works there.")
    values = {"user": person.pk, "claim": claim.pk, "rating": make.rating(claim.newsroom).pk}
    with pytest.raises(Error, match="stepped back"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(**values))


def test_somebody_else_lets_one_back():
    claim = make.claim_in_review()
    editor = make.editor(claim.newsroom)
    recusal = reviewing.recuse(claim, by=editor, reason="Wrong claim.")
    with pytest.raises(RuleBroken):
        conflicts.readmit(recusal, by=editor)
    conflicts.readmit(recusal, by=make.member(claim.newsroom, Role.EDITOR))
    assert reviewing.assign(claim, to=editor, by=editor).assignee == editor
    assert Recusal.objects.get().lifted_by is not None


def test_a_declared_interest_warns_or_blocks_as_the_policy_says():
    claim = make.claim_in_review(text="Eulenburg planted 1,250 trees in 2024.", claimant="Ada Lindgren")
    person = make.member(claim.newsroom, Role.REVIEWER)
    conflicts.declare(claim.newsroom, user=person, words="ada lindgren", by=person)
    assert [one.words for one in conflicts.of(claim, person)] == ["ada lindgren"]
    assert reviewing.assign(claim, to=person, by=person)
    reviewing.assign(claim, to=None, by=person)
    policy(claim, conflicts=Policy.Conflicts.BLOCK)
    assert reviewing.take([claim.newsroom_id], by=person) is None
    with pytest.raises(RuleBroken) as refusal:
        review(claim, by=person)
    assert refusal.value.code == "conflict_of_interest"


def test_an_interest_meets_whole_words_only():
    claim = make.claim_in_review(text="Canada planted 1,250 trees in 2024.")
    person = make.member(claim.newsroom, Role.REVIEWER)
    conflicts.declare(claim.newsroom, user=person, words="Ada", by=person)
    assert conflicts.of(claim, person) == []


def test_nobody_declares_the_interests_of_others_but_the_admin():
    room = make.newsroom()
    person, other = make.reviewer(room), make.editor(room)
    with pytest.raises(NotPermitted):
        conflicts.declare(room, user=person, words="trees", by=other)
    assert conflicts.declare(room, user=person, words="trees", by=make.person(room, Role.ADMIN)).active
    with pytest.raises(InvalidInput):
        conflicts.declare(room, user=make.editor(make.newsroom()), words="trees", by=make.person(room, Role.ADMIN))


def test_the_checklist_is_ticked_by_somebody_at_some_time_and_begins_anew_in_the_next_cycle():
    claim = make.claim_in_review()
    policy(claim, checklist=["Names spelt right"])
    review(claim)
    assert refused(claim) == "not_ticked"
    by = make.researcher(claim.newsroom)
    tick = ticking.tick(claim, by=by, item="Names spelt right")
    assert tick is not None and tick.by == by and tick.at
    assert ticking.tick(claim, by=by, item="Names spelt right") == tick
    dismissed = deciding.dismiss(claim, by=by, reason="Not now.")
    claim = deciding.restore(dismissed, by=by)
    assert [one.met for one in conditions.of(claim) if one.code == "not_ticked"] == [False]


def test_a_tick_can_be_taken_back_until_the_verdict_is_proposed():
    claim = make.claim_in_review()
    policy(claim, checklist=["Names spelt right"])
    review(claim)
    by = make.researcher(claim.newsroom)
    ticking.tick(claim, by=by, item="Names spelt right")
    ticking.tick(claim, by=by, item="Names spelt right", done=False)
    assert refused(claim) == "not_ticked"
    ticking.tick(claim, by=by, item="Names spelt right")
    propose(claim)
    with pytest.raises(MoveNotAllowed):
        ticking.tick(claim, by=by, item="Names spelt right", done=False)
    with pytest.raises(FactcheckError):
        ticking.tick(make.claim_in_review(claim.newsroom), by=by, item="Something else")


def test_readers_learn_who_was_asked_where_the_newsroom_wants_it():
    claim = make.claim_in_review()
    policy(claim, reply_public=True)
    reply = ask(claim)
    replying.answer(reply, by=make.researcher(claim.newsroom), answer="We counted twice.")
    review(claim)
    propose(claim)
    approve(claim, make.editor(claim.newsroom))
    claim.refresh_from_db()
    public = publishing.publish(claim, by=make.editor(claim.newsroom))
    [told] = public.content["replies"]
    assert (told["party"], told["answer"]) == ("The mayor", "We counted twice.")
    page = Client().get(public.get_absolute_url()).content.decode()
    assert "Asked for a reply" in page and "We counted twice." in page


def test_readers_are_told_nothing_of_it_otherwise():
    claim = make.claim_published()
    assert claim.publications.get().content["replies"] == []


def test_a_merge_takes_the_followers_along_and_an_unmerge_brings_them_back():
    room = make.newsroom()
    follower, middle, target, last = (make.claim_submitted(room) for _ in range(4))
    by = make.researcher(room)
    deciding.mark_duplicate(follower, of=middle, by=by)
    deciding.mark_duplicate(middle, of=target, by=by)
    follower.refresh_from_db()
    assert follower.duplicate_of == target
    deciding.mark_duplicate(target, of=last, by=by)
    middle.refresh_from_db()
    assert middle.duplicate_of == last
    middle = deciding.restore(middle, by=by)
    follower.refresh_from_db()
    assert (middle.status, middle.duplicate_of, follower.duplicate_of) == ("submitted", None, middle)
    deciding.restore(target, by=by)
    follower.refresh_from_db()
    assert follower.duplicate_of == middle


def test_a_follower_that_was_restored_meanwhile_stays_where_it_is():
    room = make.newsroom()
    follower, middle, target = (make.claim_submitted(room) for _ in range(3))
    by = make.researcher(room)
    deciding.mark_duplicate(follower, of=middle, by=by)
    deciding.mark_duplicate(middle, of=target, by=by)
    deciding.restore(follower, by=by)
    deciding.restore(middle, by=by)
    follower.refresh_from_db()
    assert (follower.status, follower.duplicate_of) == ("submitted", None)
