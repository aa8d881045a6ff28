"""Deadlines: told when they come near and when they have passed, to whom it concerns and up the chain, once each."""

from __future__ import annotations

import datetime as dt
import threading
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from claims.models import Claim, Complaint, Escalation, LedgerEntry, Membership, Newsroom, Notice, User
from claims.operations import complaining, escalating, governing, returning, reviewing, talking, triaging
from claims.roles import Role
from tests import make

pytestmark = pytest.mark.django_db
BERLIN = {"time_zone": "Europe/Berlin", "country": "DE", "opens_at": dt.time(9), "closes_at": dt.time(17)}
FRIDAY = dt.datetime(2031, 3, 7, 15, tzinfo=dt.UTC)  # 16:00 at the desk, an hour before it closes
HOUR = dt.timedelta(hours=1)


def held_claim(due_at: dt.datetime = FRIDAY, room: Newsroom | None = None) -> tuple[Claim, User]:
    """A claim in review that a reviewer holds, due at a time."""
    claim = make.claim_in_review(room or make.newsroom(**BERLIN))
    reviewer = make.reviewer(claim.newsroom)
    reviewing.assign(claim, to=reviewer, by=reviewer)
    triaging.schedule(claim, by=reviewer, due_at=due_at)
    return Claim.objects.get(pk=claim.pk), reviewer


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(person=user).order_by("pk").values_list("kind", flat=True))


def alarm(claim: Claim) -> dt.datetime | None:
    return Claim.objects.get(pk=claim.pk).alarm_at


def test_whoever_holds_a_claim_is_told_office_hours_before_it_is_due_and_when_it_is_overdue():
    claim, reviewer = held_claim()
    assert escalating.look_at_claims() == 1
    assert told(reviewer) == []
    assert alarm(claim) == FRIDAY - 4 * HOUR
    assert escalating.look_at_claims(now=FRIDAY - 5 * HOUR) == 0
    escalating.look_at_claims(now=FRIDAY - 4 * HOUR)
    assert told(reviewer) == ["due_soon"]
    assert alarm(claim) == FRIDAY
    escalating.look_at_claims(now=FRIDAY)
    assert told(reviewer) == ["due_soon", "overdue"]
    assert alarm(claim) is None


def test_due_soon_is_counted_over_the_weekend():
    monday = dt.datetime(2031, 3, 10, 10, tzinfo=dt.UTC)  # two hours after the desk opened
    claim, _ = held_claim(monday)
    escalating.look_at_claims()
    assert alarm(claim) == dt.datetime(2031, 3, 7, 14, tzinfo=dt.UTC)  # two hours before it closed on Friday


def test_a_late_verdict_goes_up_the_chain_in_office_hours():
    claim, reviewer = held_claim()
    room = claim.newsroom
    lead, admin = make.person(room, Role.DESK_LEAD), make.person(room, Role.ADMIN)
    for role, hours in (("admin", 10), ("desk_lead", 3)):
        governing.keep(Escalation(newsroom=room, role=role, after_hours=hours), by=admin)
    escalating.look_at_claims(now=FRIDAY)
    assert (told(lead), told(admin)) == ([], [])
    monday = dt.datetime(2031, 3, 10, 10, tzinfo=dt.UTC)  # one office hour on Friday, two on Monday
    assert alarm(claim) == monday
    escalating.look_at_claims(now=monday)
    assert (told(lead), told(admin)) == (["escalated"], [])
    escalating.look_at_claims(now=monday + dt.timedelta(days=3))
    assert (told(lead), told(admin), told(reviewer)) == (["escalated"], ["escalated"], ["overdue"])
    kinds = LedgerEntry.objects.filter(claim=claim).values_list("kind", flat=True)
    assert list(kinds).count("claim.escalated") == 2
    assert list(kinds).count("claim.overdue") == 1


def test_a_clock_that_stood_still_for_days_tells_everything_once_and_nothing_that_is_past():
    claim, reviewer = held_claim()
    admin = make.person(claim.newsroom, Role.ADMIN)
    governing.keep(Escalation(newsroom=claim.newsroom, role="admin", after_hours=1), by=admin)
    for _ in range(3):
        Claim.objects.filter(pk=claim.pk).update(alarm_at=FRIDAY)
        escalating.look_at_claims(now=FRIDAY + dt.timedelta(days=7))
    assert (told(reviewer), told(admin)) == (["overdue"], ["escalated"])


def test_a_new_deadline_is_told_of_anew():
    claim, reviewer = held_claim()
    escalating.look_at_claims(now=FRIDAY)
    triaging.schedule(claim, by=reviewer, due_at=FRIDAY + dt.timedelta(days=7))
    escalating.look_at_claims(now=FRIDAY + dt.timedelta(days=8))
    assert told(reviewer) == ["overdue", "overdue"]


def test_a_claim_nobody_holds_is_told_to_the_desk_lead():
    claim = make.claim_in_review(make.newsroom(**BERLIN))
    lead = make.person(claim.newsroom, Role.DESK_LEAD)
    triaging.schedule(claim, by=make.researcher(claim.newsroom), due_at=FRIDAY)
    escalating.look_at_claims(now=FRIDAY)
    assert told(lead) == ["overdue"]


def test_a_verdict_that_waits_for_approval_is_told_to_those_who_approve():
    claim = make.claim_in_approval(make.newsroom(**BERLIN))
    editor = make.editor(claim.newsroom)
    triaging.schedule(claim, by=editor, due_at=FRIDAY)
    escalating.look_at_claims(now=FRIDAY)
    assert told(editor) == ["overdue"]


def test_a_step_nobody_holds_falls_to_those_who_run_the_newsroom():
    claim, _ = held_claim()
    admin = make.person(claim.newsroom, Role.ADMIN)
    governing.keep(Escalation(newsroom=claim.newsroom, role="desk_lead", after_hours=0), by=admin)
    escalating.look_at_claims(now=FRIDAY)
    assert told(admin) == ["escalated"]


def test_a_changed_chain_holds_for_what_is_late_already():
    claim, _ = held_claim()
    admin = make.person(claim.newsroom, Role.ADMIN)
    escalating.look_at_claims(now=FRIDAY)
    assert alarm(claim) is None
    governing.keep(Escalation(newsroom=claim.newsroom, role="admin", after_hours=2), by=admin)
    escalating.look_at_claims(now=FRIDAY + dt.timedelta(days=7))
    assert told(admin) == ["escalated"]


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_tell_nobody_twice():
    room = make.newsroom(**BERLIN)
    claims = [held_claim(room=room)[0] for _ in range(6)]
    reviewer = make.reviewer(room)
    gate = threading.Barrier(4)

    def tick() -> None:
        gate.wait()
        try:
            while escalating.look_at_claims(now=FRIDAY):
                pass
        finally:
            connection.close()

    clocks = [threading.Thread(target=tick) for _ in range(4)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()
    assert told(reviewer) == ["overdue"] * len(claims)
    assert LedgerEntry.objects.filter(kind="claim.overdue").count() == len(claims)


def complaint() -> tuple[Complaint, User]:
    publication = make.claim_published(make.newsroom(**BERLIN)).publications.get()
    editor = make.editor(publication.newsroom)
    made = complaining.receive(publication, by=None, text="This is wrong.", door="page")
    Notice.objects.all().delete()
    Complaint.objects.filter(pk=made.pk).update(due_at=FRIDAY)
    return made, editor


def test_a_complaint_warns_two_working_days_before_its_clock_runs_out_and_once_when_it_has():
    made, editor = complaint()
    admin = make.person(made.newsroom, Role.ADMIN)
    escalating.look_at_complaints()
    wednesday = dt.datetime(2031, 3, 5, 8, tzinfo=dt.UTC)
    assert Complaint.objects.get(pk=made.pk).alarm_at == wednesday
    assert told(editor) == []
    escalating.look_at_complaints(now=wednesday)
    assert (told(editor), told(admin)) == (["complaint_due"], [])
    for _ in range(2):
        escalating.look_at_complaints(now=FRIDAY + HOUR)
    assert (told(editor), told(admin)) == (["complaint_due", "complaint_late"], ["complaint_late"])


def test_an_answered_complaint_warns_nobody():
    made, editor = complaint()
    complaining.take(made, by=editor)
    complaining.answer(made, by=editor, outcome="rejected", answer="It is right.")
    assert escalating.look_at_complaints(now=FRIDAY + HOUR) == 0


def test_a_task_is_told_once_when_the_desk_opens_on_its_day():
    claim, reviewer = held_claim()
    day = timezone.now().date() + dt.timedelta(days=1)
    talking.give(claim, by=make.editor(claim.newsroom), text="Call them.", to=reviewer, due_on=day)
    opening = dt.datetime.combine(day, dt.time(9), ZoneInfo("Europe/Berlin"))
    assert escalating.look_at_errands(now=opening - HOUR) == 0
    assert escalating.look_at_errands(now=opening) == 1
    assert escalating.look_at_errands(now=opening) == 0
    assert told(reviewer) == ["errand", "errand_due"]


def away(user: User, room: Newsroom, *, first: int = 0, last: int = 3) -> Membership:
    today = timezone.now().date()
    membership = Membership.objects.get(newsroom=room, user=user)
    membership.away_from, membership.away_until = today + dt.timedelta(days=first), today + dt.timedelta(days=last)
    membership.save()
    return membership


def tick_absences() -> int:
    return sum(returning.hand_back(pk) is not None for pk in returning.begun())


def test_claims_of_whoever_is_away_go_back_to_the_queue_when_the_absence_begins():
    claim, reviewer = held_claim(room=make.newsroom())
    lead = make.person(claim.newsroom, Role.DESK_LEAD)
    away(reviewer, claim.newsroom, first=1)
    assert tick_absences() == 0
    away(reviewer, claim.newsroom)
    assert (tick_absences(), tick_absences()) == (1, 0)
    assert Claim.objects.get(pk=claim.pk).assignee is None
    assert told(lead) == told(reviewer) == ["given_back"]
    assert LedgerEntry.objects.filter(claim=claim, kind="claim.assigned", actor=None).count() == 1


def test_the_return_is_undone_for_claims_nobody_went_on_with():
    claim, reviewer = held_claim(room=make.newsroom())
    room = claim.newsroom
    other, _ = held_claim(room=room)
    away(reviewer, room)
    tick_absences()
    lead = make.person(room, Role.DESK_LEAD)
    reviewing.assign(other, to=lead, by=lead)
    [handback] = returning.recent([room])
    assert returning.undo(handback, by=reviewer) == 1
    assert Claim.objects.get(pk=claim.pk).assignee == reviewer
    assert Claim.objects.get(pk=other.pk).assignee == lead
    assert tick_absences() == 0  # not taken away again for the same absence
    assert list(returning.recent([room])) == []


def test_what_waits_for_approval_stays_with_its_reviewer():
    claim = make.claim_in_approval()
    reviewer = make.reviewer(claim.newsroom)
    Claim.objects.filter(pk=claim.pk).update(assignee=reviewer)
    away(reviewer, claim.newsroom)
    tick_absences()
    assert Claim.objects.get(pk=claim.pk).assignee == reviewer


def test_a_newsroom_can_keep_claims_with_whoever_is_away():
    claim, reviewer = held_claim(room=make.newsroom(return_when_away=False))
    away(reviewer, claim.newsroom)
    assert tick_absences() == 0
    assert Claim.objects.get(pk=claim.pk).assignee == reviewer
