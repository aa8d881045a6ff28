"""The desk's own order, through the API: triage, views, taking words back, tasks, notices, suggestions of models."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from claims.models import Consultation, Job, LedgerEntry
from claims.operations import talking
from claims.roles import Role
from tests import make
from tests.api.client import only, program_of

pytestmark = pytest.mark.django_db


def test_a_program_changes_only_the_part_of_the_triage_it_names():
    claim = make.claim_submitted()
    program = program_of(make.researcher(claim.newsroom), claim.newsroom)
    address = f"claims/{claim.pk}/triage/"
    due = (timezone.now() + dt.timedelta(days=2)).replace(microsecond=0)

    assert program.put(address, {"topic": "trees"}).json() == {"topic": "trees", "severity": 2, "due_at": None}
    answer = program.put(address, {"severity": 3, "due_at": due.isoformat()})

    assert (answer.status_code, answer.json()["topic"], answer.json()["severity"]) == (200, "trees", 3)
    assert program.get(address).json() == answer.json()
    assert program.put(address, {"due_at": None}).json()["due_at"] is None
    assert LedgerEntry.objects.filter(claim=claim, kind="claim.triaged").count() == 3


def test_a_severity_is_not_changed_under_a_proposed_verdict():
    claim = make.claim_in_approval()
    program = program_of(make.editor(claim.newsroom), claim.newsroom)

    refused = program.put(f"claims/{claim.pk}/triage/", {"severity": 3})

    assert refused.status_code == 409


def test_who_may_not_pick_does_not_triage():
    claim = make.claim_submitted()
    program = program_of(make.member(claim.newsroom, "auditor"), claim.newsroom)

    assert program.put(f"claims/{claim.pk}/triage/", {"topic": "x"}).status_code == 403


def test_a_view_is_kept_shared_changed_by_its_owner_alone_and_deleted():
    room = make.newsroom()
    mine, theirs = (program_of(make.member(room, Role.RESEARCHER), room) for _ in range(2))
    given = {"name": "Late trees", "address": "?topic=trees&evil=1", "shared": True}

    made = mine.post("views/", given).json()

    assert (made["address"], made["newsroom"]) == ("topic=trees", room.slug)
    assert [one["name"] for one in theirs.get("views/").json()["results"]] == ["Late trees"]
    assert theirs.put(f"views/{made['id']}/", {**given, "name": "Mine"}).status_code == 403
    assert theirs.call("DELETE", f"views/{made['id']}/").status_code == 403
    assert mine.put(f"views/{made['id']}/", {**given, "shared": False}).json()["shared"] is False
    assert theirs.get(f"views/{made['id']}/").status_code == 404
    assert only(mine.post("views/", given))["code"] == "taken"
    assert mine.call("DELETE", f"views/{made['id']}/").status_code == 204
    assert mine.get("views/").json()["results"] == []


def test_a_key_that_only_reads_changes_nothing_of_its_person():
    room = make.newsroom()
    reader = program_of(make.researcher(room), room, "read")

    for answer in (reader.post("views/", {"name": "x", "address": ""}), reader.put("notices/read/")):
        assert answer.status_code == 403


def test_words_are_taken_back_by_who_said_them():
    claim = make.claim_in_review()
    mine, theirs = (program_of(make.member(claim.newsroom, Role.RESEARCHER), claim.newsroom) for _ in range(2))
    made = mine.post(f"claims/{claim.pk}/comments/", {"text": "The mayor lies."}).json()
    address = f"claims/{claim.pk}/comments/{made['id']}/"

    assert theirs.call("DELETE", address).status_code == 403
    taken = mine.call("DELETE", address)

    assert (taken.status_code, taken.json()["text"]) == (200, "")
    assert mine.call("DELETE", address).status_code == 409
    assert "lies" not in theirs.get(f"claims/{claim.pk}/comments/").content.decode()


def test_somebody_elses_private_note_is_not_there_to_be_taken_back():
    claim = make.claim_in_review()
    note = talking.comment(claim, by=make.researcher(claim.newsroom), text="Odd.", private=True)
    program = program_of(make.editor(claim.newsroom), claim.newsroom)

    assert program.call("DELETE", f"claims/{claim.pk}/comments/{note.pk}/").status_code == 404


def test_a_task_is_finished_and_opened_again():
    claim = make.claim_in_review()
    program = program_of(make.researcher(claim.newsroom), claim.newsroom)
    made = program.post(f"claims/{claim.pk}/tasks/", {"text": "Call the forester."}).json()
    address = f"claims/{claim.pk}/tasks/{made['id']}/done/"

    assert program.put(address).json()["done_at"]
    assert program.put(address).status_code == 409
    assert program.call("DELETE", address).json()["done_at"] is None
    other = make.claim_in_review(claim.newsroom)
    assert program.put(f"claims/{other.pk}/tasks/{made['id']}/done/").status_code == 404


def test_notices_are_marked_as_read_one_by_one_or_all_and_only_ones_own():
    claim = make.claim_in_review()
    told, author = (make.member(claim.newsroom, Role.RESEARCHER) for _ in range(2))
    for text in ("one", "two", "three"):
        talking.comment(claim, by=author, text=f"@{told.username} {text}")
    program, other = program_of(told, claim.newsroom), program_of(author, claim.newsroom)
    first = program.get("notices/?unread=true").json()["results"][0]

    assert other.put(f"notices/{first['id']}/read/").status_code == 404
    assert program.put(f"notices/{first['id']}/read/").json()["read_at"]
    assert len(program.get("notices/?unread=true").json()["results"]) == 2
    assert other.put("notices/read/").json() == {"read": 0}
    assert program.put("notices/read/").json() == {"read": 2}
    assert program.get("notices/?unread=true").json()["results"] == []


def test_suggestions_of_models_are_read_with_the_models_name():
    claim = make.claim_in_review()
    passage = claim.evidence.all()[0]
    said = [{"evidence": passage.pk, "stance": "agrees", "quote": passage.quote[:20]}]
    Consultation.objects.create(
        newsroom=claim.newsroom, claim=claim, cycle=claim.cycle, job=Job.STANCE, model="small-1", suggestions=said
    )
    article = make.article(claim.newsroom)
    Consultation.objects.create(newsroom=claim.newsroom, article=article, job=Job.CLAIMS, note="Nothing found.")
    program = program_of(make.researcher(claim.newsroom), claim.newsroom)

    [one] = program.get(f"claims/{claim.pk}/suggestions/").json()["results"]
    [two] = program.get(f"articles/{article.pk}/suggestions/").json()["results"]

    assert (one["model"], one["job"], one["suggestions"]) == ("small-1", "stance", said)
    assert (two["job"], two["state"], two["note"]) == ("claims", "open", "Nothing found.")
