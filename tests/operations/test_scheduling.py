"""Publishing at a time: at the minute, only what is still approved, and nowhere before."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from claims.errors import InvalidInput, MoveNotAllowed, NotPermitted, RuleBroken
from claims.models import Claim, Evidence, Membership, Notice, Schedule, Verdict
from claims.operations import publishing, rechecking, scheduling
from claims.roles import Role
from tests import make
from workers.tasks.publishing import publish_due, publish_scheduled

pytestmark = pytest.mark.django_db
SOON = dt.timedelta(hours=2)


def planned(claim: Claim, **fields: Any) -> Schedule:
    return scheduling.plan(claim, by=make.editor(claim.newsroom), publish_at=timezone.now() + SOON, **fields)


def come_due(schedule: Schedule) -> None:
    """Let the time come: the row is what it would be two hours later."""
    past = timezone.now() - dt.timedelta(seconds=1)
    Schedule.objects.filter(pk=schedule.pk).update(next_attempt_at=past, publish_at=past)


def outcome(schedule: Schedule) -> str:
    schedule.refresh_from_db()
    return schedule.outcome


def test_it_goes_out_when_its_time_has_come_and_once_however_often_it_is_hinted():
    claim = make.claim_decided()
    schedule = planned(claim)
    publish_scheduled(schedule.pk)
    claim.refresh_from_db()
    assert claim.status == "decided"
    come_due(schedule)
    assert list(Schedule.objects.due()) == [schedule]
    for _ in range(2):
        publish_scheduled(schedule.pk)
    claim.refresh_from_db()
    assert claim.status == "published"
    assert outcome(schedule) == "published"
    assert claim.publications.get().published_by == make.editor(claim.newsroom)
    assert [one.kind for one in Notice.objects.of(make.editor(claim.newsroom))] == ["published"]


def test_the_beat_finds_what_is_due_and_nothing_else(monkeypatch: pytest.MonkeyPatch):
    early, late = make.claim_decided(), make.claim_decided()
    planned(early)
    due = planned(late)
    come_due(due)
    monkeypatch.setattr(publish_scheduled, "delay", publish_scheduled)
    assert publish_due() == 1


def test_a_verdict_whose_evidence_changed_is_held_and_people_are_told():
    claim = make.claim_decided()
    schedule = planned(claim)
    Evidence.objects.filter(claim=claim).update(answered="Changed behind everybody's back.")
    come_due(schedule)
    publish_scheduled(schedule.pk)
    assert outcome(schedule) == "held"
    assert "changed after the approval" in schedule.reason
    assert not claim.publications.exists()
    claim.refresh_from_db()
    assert claim.status == "decided"
    assert claim.newsroom.ledger.filter(kind="publication.held").count() == 1
    assert Notice.objects.of(make.editor(claim.newsroom)).get().kind == "held"


def test_a_claim_that_was_reopened_meanwhile_is_held():
    claim = make.claim_decided()
    schedule = planned(claim)
    rechecking.reopen(claim, by=make.editor(claim.newsroom), reason="New figures.")
    come_due(schedule)
    publish_scheduled(schedule.pk)
    assert outcome(schedule) == "held"


def test_who_may_not_publish_any_more_publishes_nothing():
    claim = make.claim_decided()
    schedule = planned(claim)
    Membership.objects.filter(user=schedule.set_by).update(active=False)
    come_due(schedule)
    publish_scheduled(schedule.pk)
    assert outcome(schedule) == "held"
    assert not claim.publications.exists()


def test_the_time_is_changed_and_taken_back():
    claim = make.claim_decided()
    first, second = planned(claim), planned(claim)
    assert (outcome(first), outcome(second)) == ("cancelled", "")
    scheduling.cancel(claim, by=make.editor(claim.newsroom))
    assert outcome(second) == "cancelled"
    come_due(second)
    publish_scheduled(second.pk)
    assert not claim.publications.exists()
    with pytest.raises(MoveNotAllowed):
        scheduling.cancel(claim, by=make.editor(claim.newsroom))


def test_under_an_embargo_nobody_publishes_earlier_and_without_one_they_may():
    claim = make.claim_decided()
    planned(claim, embargo=True)
    with pytest.raises(RuleBroken) as refused:
        publishing.publish(claim, by=make.editor(claim.newsroom))
    assert refused.value.code == "embargo"
    open_one = make.claim_decided()
    schedule = planned(open_one)
    publishing.publish(open_one, by=make.editor(open_one.newsroom))
    assert outcome(schedule) == "cancelled"


def test_only_an_approved_verdict_gets_a_time_to_come_by_somebody_who_publishes():
    claim = make.claim_decided()
    with pytest.raises(NotPermitted):
        scheduling.plan(claim, by=make.member(claim.newsroom, Role.REVIEWER), publish_at=timezone.now() + SOON)
    for wrong in (timezone.now() - SOON, timezone.now() + dt.timedelta(days=400)):
        with pytest.raises(InvalidInput):
            scheduling.plan(claim, by=make.editor(claim.newsroom), publish_at=wrong)
    with pytest.raises(MoveNotAllowed):
        planned(make.claim_in_approval())


def test_what_is_planned_is_nowhere_in_public_before():
    claim = make.claim_decided(text="Zwiebelkuchen planted 1,250 trees in March 2024.")
    schedule = planned(claim, embargo=True)
    verdict = Verdict.objects.get(claim=claim)
    places = ("/checks/", "/checks/feed.rss", "/checks/feed.atom", "/checks/feed.json", "/sitemap.xml",
              "/checks/corrections/", "/checks/corrections.json")  # fmt: skip

    def shown() -> list[str]:
        pages = {place: Client().get(place).content.decode() for place in places}
        return [place for place, page in pages.items() if "Zwiebelkuchen" in page or verdict.headline in page]

    assert shown() == []
    come_due(schedule)
    publish_scheduled(schedule.pk)
    assert "/checks/feed.json" in shown()
    entry = claim.newsroom.ledger.get(kind="publication.scheduled")
    assert verdict.headline not in entry.body
