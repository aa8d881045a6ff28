"""Complaints through the API."""

from __future__ import annotations

import pytest

from claims.models import Complaint
from claims.operations import publishing
from claims.roles import Role
from tests import make
from tests.api.client import only, program_of

pytestmark = pytest.mark.django_db


def test_a_program_passes_a_complaint_on_and_it_is_answered():
    publication = make.publication()
    room = publication.newsroom
    program = program_of(make.editor(room), room)
    given = {"publication": publication.pk, "text": "It was 901.", "complainant": "Petra", "contact": "p@x.example"}
    made = program.post("complaints/", given)
    assert made.status_code == 201, made.content
    number = made.json()["id"]
    assert (made.json()["state"], made.json()["door"], made.json()["overdue"]) == ("received", "api", False)
    assert [one["id"] for one in program.get("complaints/?state=received").json()["results"]] == [number]
    assert program.get("complaints/?overdue=true").json()["results"] == []

    early = program.put(f"complaints/{number}/answer/", {"outcome": "rejected", "answer": "No."})
    assert early.status_code == 409
    assert program.put(f"complaints/{number}/review/").json()["state"] == "in_review"
    bare = program.put(f"complaints/{number}/answer/", {"outcome": "upheld", "answer": "Yes."})
    assert (bare.status_code, only(bare)["code"]) == (422, "no_correction")
    correction = publishing.correct(publication, by=make.editor(room), kind="correction", notice="901.")
    done = program.put(
        f"complaints/{number}/answer/", {"outcome": "upheld", "answer": "Yes.", "correction": correction.pk}
    )
    assert (done.json()["state"], done.json()["correction"]) == ("upheld", correction.pk)
    assert program.get(f"complaints/{number}/").json() == done.json()


def test_a_repeat_with_the_same_key_makes_one_complaint():
    publication = make.publication()
    program = program_of(make.editor(publication.newsroom), publication.newsroom)
    for _ in range(2):
        program.post("complaints/", {"publication": publication.pk, "text": "Wrong."}, Idempotency_Key="one")
    assert Complaint.objects.count() == 1


def test_a_reader_of_the_register_does_not_see_the_contact():
    publication = make.publication()
    room = publication.newsroom
    program_of(make.editor(room), room).post(
        "complaints/", {"publication": publication.pk, "text": "Wrong.", "contact": "p@x.example"}
    )
    auditor = program_of(make.member(room, Role.AUDITOR), room)
    assert auditor.get("complaints/").json()["results"][0]["contact"] == ""
    assert b"p@x.example" not in auditor.get("events/").content


def test_nobody_complains_about_another_newsrooms_check_through_their_own_key():
    publication = make.publication()
    elsewhere = make.newsroom()
    program = program_of(make.editor(elsewhere), elsewhere)
    refused = program.post("complaints/", {"publication": publication.pk, "text": "Wrong."})
    assert (refused.status_code, only(refused)["attr"]) == (400, "publication")
