"""What the clock found, through the API: listed, compared, answered; how often it looks."""

from __future__ import annotations

import pytest

from claims.models import LateFinding
from claims.roles import Role
from tests import make
from tests.admin.test_changed import published, told
from tests.api.client import program_of

pytestmark = pytest.mark.django_db


def test_a_program_lists_what_waits_compares_and_closes_it():
    recheck = told(published())
    room = recheck.watch.publication.newsroom
    program = program_of(make.editor(room), room)
    assert [one["id"] for one in program.get("rechecks/?open=true").json()["results"]] == [recheck.pk]
    assert len(program.get("rechecks/").json()["results"]) == 2  # the first visit, too
    one = program.get(f"rechecks/{recheck.pk}/").json()
    assert one["outcome"] == "material" and one["claim"] == recheck.watch.publication.claim_id
    changed = next(row for row in one["beside"] if row["kind"] == "changed")
    assert [part["text"] for part in changed["new"] if part["changed"]] == ["2,250"]
    assert program.put(f"rechecks/{recheck.pk}/closing/", {"note": " "}).status_code in (400, 422)
    closed = program.put(f"rechecks/{recheck.pk}/closing/", {"note": "A slip."})
    assert (closed.status_code, closed.json()["closing_note"]) == (200, "A slip.")
    assert program.put(f"rechecks/{recheck.pk}/closing/", {"note": "Again."}).status_code == 409
    assert program.get("rechecks/?open=true").json()["results"] == []


def test_a_program_has_a_changed_check_made_anew():
    recheck = told(published())
    room = recheck.watch.publication.newsroom
    program = program_of(make.editor(room), room)
    made = program.post(f"rechecks/{recheck.pk}/reopenings/", {"reason": "Another number."})
    assert (made.status_code, made.json()["status"], made.json()["cycle"]) == (201, "gathering", 2)


def test_a_program_reads_late_evidence():
    claim = make.claim_published()
    evidence = claim.evidence.first()
    assert evidence is not None
    LateFinding.objects.create(
        claim=claim, cycle=1, source="folder", kind="contradiction", what="1,250 → 640", fingerprint="x",
        document=evidence.document, start=0, end=5, quote="EULEN",
    )  # fmt: skip
    program = program_of(make.editor(claim.newsroom), claim.newsroom)
    found = program.get(f"claims/{claim.pk}/late-evidence/").json()["results"]
    assert [(one["kind"], one["what"]) for one in found] == [("contradiction", "1,250 → 640")]


def test_who_runs_the_newsroom_sets_its_intervals_and_senseless_ones_are_refused():
    room = make.newsroom()
    admin = program_of(make.member(room, Role.ADMIN), room)
    address = f"newsrooms/{room.slug}/intervals/"
    assert admin.get(address).json()["recheck_hours"] == []
    kept = admin.put(address, {"recheck_hours": [2, 24, 720], "search_again_days": []})
    assert (kept.status_code, kept.json()["recheck_hours"]) == (200, [2, 24, 720])
    for senseless in ([0], [5, 2], ["x"], [10**6], [1] * 21):
        assert admin.put(address, {"recheck_hours": senseless}).status_code in (400, 422), senseless
    assert program_of(make.editor(room), room).put(address, {"recheck_hours": [1]}).status_code == 403
    stranger = make.newsroom()
    assert program_of(make.editor(stranger), stranger).get(address).status_code == 404
