"""Each refusal of the decision road, once, by its code: what is asked, by whom, and what is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone

from claims.errors import FactcheckError
from claims.models import Policy
from claims.operations import (
    complaining,
    conflicts,
    deciding,
    publishing,
    rechecking,
    replying,
    researching,
    reviewing,
    ticking,
)
from claims.roles import Role
from tests import make

pytestmark = pytest.mark.django_db


def code(do: Callable[[], object]) -> str:
    """How it was refused; nothing is left of it."""
    try:
        with transaction.atomic():
            do()
    except FactcheckError as refusal:
        return refusal.code
    return "done"


def test_who_is_too_near_or_stepped_back_is_kept_from_every_deed_of_the_decision():
    claim = make.claim_in_review()
    room = claim.newsroom
    Policy.objects.create(
        newsroom=room, severity=claim.severity, conflicts=Policy.Conflicts.BLOCK, checklist=["Dates checked"]
    )
    near, gone = (make.member(room, Role.EDITOR, Role.RESEARCHER) for _ in range(2))
    conflicts.declare(room, user=near, words="Eulenburg", by=near)
    reviewing.recuse(claim, by=gone, reason="My sister.")
    lead, rating, later = make.member(room, Role.DESK_LEAD), make.rating(room), timezone.now() + dt.timedelta(days=1)

    deeds = {
        "review": lambda by: reviewing.submit(claim, by=by, rating=rating, reasons="900."),
        "propose": lambda by: deciding.propose(claim, by=by, rating=rating, headline="Fewer", reasons="900."),
        "tick": lambda by: ticking.tick(claim, by=by, item="Dates checked"),
        "ask": lambda by: replying.ask(claim, by=by, party="The mayor", channel="mail", deadline=later),
        "be given": lambda by: reviewing.assign(claim, to=by, by=lead),
    }

    assert {name: code(lambda do=do: do(near)) for name, do in deeds.items()} == dict.fromkeys(
        deeds, "conflict_of_interest"
    )
    assert {name: code(lambda do=do: do(gone)) for name, do in deeds.items()} == dict.fromkeys(deeds, "stepped_back")
    assert reviewing.take([room.pk], by=near) is None
    assert reviewing.take([room.pk], by=gone) is None


def test_who_is_too_near_does_not_approve():
    claim = make.claim_in_approval()
    Policy.objects.create(newsroom=claim.newsroom, severity=claim.severity, conflicts=Policy.Conflicts.BLOCK)
    near = make.member(claim.newsroom, Role.EDITOR)
    conflicts.declare(claim.newsroom, user=near, words="Eulenburg", by=near)
    content = claim.verdicts.get().content_hash

    assert code(lambda: deciding.approve(claim, by=near, content=content)) == "conflict_of_interest"
    assert code(lambda: deciding.approve(claim, by=make.member(claim.newsroom, Role.EDITOR), content=content)) == "done"


def test_stepping_back_has_a_reason_a_time_and_happens_once():
    claim = make.claim_in_review()
    reviewer, researcher = make.reviewer(claim.newsroom), make.researcher(claim.newsroom)
    assert code(lambda: reviewing.recuse(claim, by=reviewer, reason=" ")) == "blank"
    assert code(lambda: reviewing.recuse(claim, by=researcher, reason="My sister.")) == "not_permitted"
    reviewing.recuse(claim, by=reviewer, reason="My sister.")
    assert code(lambda: reviewing.recuse(claim, by=reviewer, reason="My sister.")) == "stepped_back"

    proposed = make.claim_in_approval()
    worked = proposed.verdicts.get().proposed_by
    assert code(lambda: reviewing.recuse(proposed, by=worked, reason="My sister.")) == "send_back_first"
    decided = make.claim_decided()
    late = make.member(decided.newsroom, Role.REVIEWER)
    assert code(lambda: reviewing.recuse(decided, by=late, reason="My sister.")) == "move_not_allowed"


def test_reviews_are_of_a_claim_in_review_on_its_own_scale_by_reviewers():
    claim, waiting, foreign = make.claim_in_review(), make.claim_submitted(), make.newsroom()
    reviewer, researcher = make.reviewer(claim.newsroom), make.researcher(claim.newsroom)
    own, others = make.rating(claim.newsroom), make.rating(foreign)
    outdated = make.rating(claim.newsroom, "mixed")
    outdated.active = False
    outdated.save()

    assert code(lambda: reviewing.submit(claim, by=reviewer, rating=others, reasons="900.")) == "foreign_rating"
    assert code(lambda: reviewing.submit(claim, by=reviewer, rating=outdated, reasons="900.")) == "foreign_rating"
    assert code(lambda: reviewing.submit(claim, by=reviewer, rating=own, reasons=" ")) == "blank"
    assert code(lambda: reviewing.submit(claim, by=researcher, rating=own, reasons="900.")) == "not_permitted"
    by = make.reviewer(waiting.newsroom)
    given = make.rating(waiting.newsroom)
    assert code(lambda: reviewing.submit(waiting, by=by, rating=given, reasons="900.")) == "move_not_allowed"
    assert code(lambda: reviewing.assign(claim, to=researcher, by=reviewer)) == "not_a_reviewer"
    assert code(lambda: reviewing.take([claim.newsroom_id], by=researcher)) == "not_permitted"


def test_an_answer_is_to_a_question_of_this_cycle_once_and_after_it():
    claim = make.claim_in_review()
    by, auditor = make.researcher(claim.newsroom), make.member(claim.newsroom, Role.AUDITOR)
    now = timezone.now()
    asked = replying.ask(claim, by=by, party="The mayor", channel="mail", deadline=now + dt.timedelta(days=1))
    waived = replying.waive(claim, by=by, reason="A public statistic.")

    assert code(lambda: replying.answer(asked, by=auditor, answer="No.")) == "not_permitted"
    assert code(lambda: replying.answer(asked, by=by, answer=" ")) == "blank"
    assert code(lambda: replying.answer(waived, by=by, answer="No.")) == "waived"
    early = now - dt.timedelta(days=9)
    assert code(lambda: replying.answer(asked, by=by, answer="No.", answered_at=early)) != "done"
    replying.answer(asked, by=by, answer="No.")
    assert code(lambda: replying.answer(asked, by=by, answer="Yes.")) == "answered"

    make.walk_to_publication(claim, from_review=True)
    assert code(lambda: replying.waive(claim, by=by, reason="Late.")) == "move_not_allowed"
    make.gathered_again(rechecking.reopen(claim, by=make.editor(claim.newsroom), reason="New figures."))
    assert code(lambda: replying.answer(asked, by=by, answer="Yes.")) == "earlier_cycle"


def test_evidence_publications_and_duplicates_refuse_what_says_nothing_or_points_nowhere():
    claim = make.claim_in_review(
        drafts=[make.draft(text="Eulenburg planted 900 trees in March 2024.   \n  None fell.")]
    )
    by, passage = make.researcher(claim.newsroom), claim.evidence.all()[0]
    gap = passage.document.text.index("   ")
    blank = {"document": passage.document, "start": gap, "end": gap + 3}
    foreign = make.claim_submitted()

    assert code(lambda: researching.quote(claim, by=by, **blank)) == "blank"
    assert code(lambda: researching.judge(passage, by=by, stance="likes")) == "unknown"
    assert code(lambda: researching.protect(passage, by=by, reason=" ")) == "blank"
    assert code(lambda: deciding.mark_duplicate(claim, of=foreign, by=by)) == "foreign"
    make.walk_to_publication(claim, from_review=True)
    assert code(lambda: publishing.withdraw(claim, by=make.editor(claim.newsroom), reason=" ")) == "blank"


def test_interests_are_words_declared_once_by_oneself_or_the_admin():
    room = make.newsroom()
    mine, other = make.member(room, Role.REVIEWER), make.member(room, Role.REVIEWER)
    assert code(lambda: conflicts.declare(room, user=mine, words="a", by=mine)) == "too_short"
    declared = conflicts.declare(room, user=mine, words="trees", by=mine)
    assert code(lambda: conflicts.declare(room, user=mine, words=" trees ", by=mine)) == "declared"
    assert code(lambda: conflicts.declare(room, user=mine, words="moss", by=other)) == "not_permitted"
    assert code(lambda: conflicts.end(declared, by=other)) == "not_permitted"


def test_complaints_are_taken_once_answered_with_an_outcome_and_resumed_with_a_reason():
    publication = make.publication()
    editor, auditor = make.editor(publication.newsroom), make.member(publication.newsroom, Role.AUDITOR)
    assert code(lambda: complaining.receive(publication, by=auditor, text="Wrong.", door="api")) == "not_permitted"
    made = complaining.receive(publication, by=None, text="Wrong.", door="page")
    assert code(lambda: complaining.resume(made, by=editor, reason="New facts.")) == "move_not_allowed"
    complaining.take(made, by=editor)
    assert code(lambda: complaining.take(made, by=editor)) == "move_not_allowed"
    assert code(lambda: complaining.answer(made, by=editor, outcome="maybe", answer="We looked.")) == "unknown"
    complaining.answer(made, by=editor, outcome="rejected", answer="We looked.")
    assert code(lambda: complaining.resume(made, by=editor, reason=" ")) == "blank"
