"""Complaints: in by three doors, on a clock, answered with reasons."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from claims.errors import InvalidInput, MoveNotAllowed, NotPermitted, RuleBroken
from claims.models import Complaint, Notice, Publication
from claims.operations import complaining, publishing
from claims.roles import Role
from tests import make

pytestmark = pytest.mark.django_db
SECRET = "Petra Petze"


def complaint(publication: Publication | None = None, **fields: object) -> Complaint:
    given: dict[str, object] = {"text": "It was 901 trees.", "complainant": SECRET, "contact": "p@x.example"}
    publication = publication or make.publication()
    return complaining.receive(publication, by=None, door="page", **{**given, **fields})  # type: ignore[arg-type]


def test_a_complaint_is_due_after_the_newsrooms_working_days():
    room = make.newsroom(country="DE", region="BE", time_zone="Europe/Berlin")
    came = dt.datetime(2025, 12, 19, 12, tzinfo=dt.UTC)
    made = complaint(make.publication(room), received_at=came)
    assert made.due_at.isoformat() == "2026-01-02T23:59:59+01:00"  # Christmas and New Year are free
    assert made.overdue
    assert list(Complaint.objects.overdue()) == [made]


def test_who_objects_is_never_in_the_ledger_and_the_editors_are_told_once():
    publication = make.publication()
    editor, reviewer = make.editor(publication.newsroom), make.reviewer(publication.newsroom)
    made = complaint(publication)
    entry = publication.newsroom.ledger.get(kind="complaint.received")
    for private in (SECRET, "p@x.example", "901"):
        assert private not in entry.body
    assert entry.payload["complaint"] == made.pk
    assert [one.kind for one in Notice.objects.of(editor)] == ["complaint"]
    assert not Notice.objects.of(reviewer)


def test_a_complaint_walks_from_received_to_rejected_with_reasons():
    made = complaint()
    editor = make.editor(made.newsroom)
    assert made.state == "received"
    with pytest.raises(MoveNotAllowed):
        complaining.answer(made, by=editor, outcome="rejected", answer="No.")
    assert complaining.take(made, by=editor).state == "in_review"
    with pytest.raises(InvalidInput):
        complaining.answer(made, by=editor, outcome="rejected", answer=" ")
    done = complaining.answer(made, by=editor, outcome="rejected", answer="The union counted 900.")
    assert done.state == "rejected"
    with pytest.raises(MoveNotAllowed):
        complaining.answer(made, by=editor, outcome="upheld", answer="Yes.")


def test_what_is_upheld_names_the_correction_or_the_check_is_withdrawn():
    made = complaint()
    editor = make.editor(made.newsroom)
    complaining.take(made, by=editor)
    with pytest.raises(RuleBroken) as refused:
        complaining.answer(made, by=editor, outcome="upheld", answer="You are right.")
    assert refused.value.code == "no_correction"
    foreign = publishing.correct(
        make.publication(made.newsroom), by=editor, kind="correction", notice="Other.", field="", after=""
    )
    with pytest.raises(InvalidInput):
        complaining.answer(made, by=editor, outcome="upheld", answer="You are right.", correction=foreign)
    own = publishing.correct(made.publication, by=editor, kind="correction", notice="901.", field="", after="")
    done = complaining.answer(made, by=editor, outcome="upheld", answer="You are right.", correction=own)
    assert (done.state, done.correction) == ("upheld", own)

    other = complaint()
    editor = make.editor(other.newsroom)
    complaining.take(other, by=editor)
    publishing.withdraw(other.publication.claim, by=editor, reason="Wrong.")
    assert complaining.answer(other, by=editor, outcome="partly", answer="Withdrawn.").state == "partly"


def test_an_answered_complaint_can_be_looked_into_again():
    made = complaint()
    editor = make.editor(made.newsroom)
    complaining.take(made, by=editor)
    complaining.answer(made, by=editor, outcome="rejected", answer="No.")
    assert complaining.resume(made, by=editor, reason="New figures.").state == "in_review"
    kinds = made.newsroom.ledger.filter(kind__startswith="complaint.").values_list("kind", flat=True)
    assert sorted(kinds) == ["complaint.answered", "complaint.received", "complaint.resumed", "complaint.taken"]


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.REVIEWER, Role.AUDITOR, Role.ADMIN])
def test_only_those_who_publish_handle_complaints(role: str):
    made = complaint()
    with pytest.raises(NotPermitted):
        complaining.take(made, by=make.member(made.newsroom, role))


def test_a_complaint_by_hand_is_acknowledged_by_a_person():
    publication = make.publication()
    editor = make.editor(publication.newsroom)
    made = complaining.receive(publication, by=editor, door="desk", text="By letter.")
    assert made.acknowledged_at is None
    assert complaining.acknowledge(made, by=editor).acknowledged_at is not None
    with pytest.raises(MoveNotAllowed):
        complaining.acknowledge(made, by=editor)


def test_the_future_and_nonsense_are_refused():
    publication = make.publication()
    tomorrow = timezone.now() + dt.timedelta(days=1)
    for wrong in ({"text": " "}, {"text": "x" * 10_001}, {"contact": "x" * 201}, {"received_at": tomorrow}):
        with pytest.raises(InvalidInput):
            complaint(publication, **wrong)


def test_the_list_has_the_overdue_first_and_the_answered_last():
    room = make.newsroom()
    publication, editor = make.publication(room), make.editor(room)
    long_ago = timezone.now() - dt.timedelta(days=90)
    closed = complaint(publication, received_at=long_ago)
    fresh = complaint(publication)
    late = complaint(publication, received_at=long_ago)
    complaining.take(closed, by=editor)
    complaining.answer(closed, by=editor, outcome="rejected", answer="No.")
    assert list(Complaint.objects.pressing()) == [late, fresh, closed]
