"""A claim walks its whole road by API, and is refused where it must be."""

from __future__ import annotations

from typing import Any

import pytest

from claims.models import Claim, Publication, Verdict
from claims.operations import gathering
from claims.roles import PERMISSIONS, Role
from claims.workflow import Permission
from tests import make
from tests.api.client import Program, only, program_of

pytestmark = pytest.mark.django_db

DISMISS = {"reason": "An opinion."}
VERDICT = {"rating": "false", "headline": "Fewer trees", "reasons": "The union counted 900."}
REVIEW = {"rating": "false", "reasons": "The union counted 900."}


@pytest.fixture
def room() -> Any:
    return make.newsroom()


def by(claim: Claim, role: str = Role.EDITOR) -> Program:
    return program_of(make.person(claim.newsroom, role), claim.newsroom)


def test_a_claim_goes_from_the_queue_to_the_public_by_api(room: Any) -> None:
    researcher, reviewer, editor = (
        program_of(make.person(room, role), room) for role in (Role.RESEARCHER, Role.REVIEWER, Role.EDITOR)
    )
    made = researcher.post("claims/", {"text": "Eulenburg planted 1,250 trees in March 2024.", "language": "en"})
    at = f"claims/{made.json()['id']}/"

    picked = researcher.post(at + "gathering/")
    assert (picked.status_code, picked.json()["status"]) == (201, "gathering")
    [lookup] = researcher.get(at + "lookups/").json()["results"]
    assert (lookup["source"], lookup["outcome"]) == ("folder", "")

    claim = Claim.objects.get(pk=made.json()["id"])
    gathering.record(make.lookup_taken(claim), [make.draft()])
    make.assess(claim)
    found = reviewer.get(at).json()
    assert found["status"] == "in_review"
    assert found["assessment"]["documents_count"] == 1
    passage = found["evidence"][0]
    document = reviewer.get(f"documents/{passage['document']}/").json()
    assert document["text"][passage["start"] : passage["end"]] == passage["quote"]

    judged = reviewer.put(
        f"{at}evidence/{passage['id']}/judgement/",
        {"stance": "disagrees", "answered": "It says so.", "version": found["version"]},
    )
    assert (judged.status_code, judged.json()["effective_stance"]) == (200, "disagrees")
    assert reviewer.post(at + "reviews/", REVIEW).status_code == 201
    proposed = reviewer.put(at + "verdict/", VERDICT)
    assert proposed.status_code == 200
    content_hash = proposed.json()["content_hash"]
    approved = editor.post(at + "verdict/approval/", {"content_hash": content_hash})
    assert (approved.status_code, approved.json()["content_hash"]) == (201, content_hash)
    published = editor.post(at + "publication/")
    assert published.status_code == 201
    assert published.json()["url"].endswith(f"/checks/{published.json()['slug']}/")
    corrected = editor.post(
        at + "publication/corrections/",
        {"kind": "correction", "notice": "A number was wrong.", "field": "reasons", "after": "Better reasons."},
    )
    assert (corrected.status_code, corrected.json()["before"]) == (201, VERDICT["reasons"])
    withdrawn = editor.post(at + "publication/withdrawal/", {"reason": "The source was a hoax."})
    assert (withdrawn.status_code, withdrawn.json()["state"]) == (201, "withdrawn")
    reopened = editor.post(at + "reopenings/", {"reason": "A new source."})
    assert (reopened.json()["status"], reopened.json()["cycle"]) == ("gathering", 2)
    kinds = [one["kind"] for one in by(claim, Role.AUDITOR).get(at + "history/").json()["results"]]
    assert kinds[0] == "claim.submitted"
    assert {"verdict.approved", "publication.corrected", "publication.withdrawn"} <= set(kinds)


def test_an_approval_with_a_stale_hash_is_a_conflict_and_approves_nothing() -> None:
    claim = make.claim_in_approval()

    answer = by(claim).post(f"claims/{claim.pk}/verdict/approval/", {"content_hash": "0" * 64})

    assert answer.status_code == 409
    assert only(answer)["code"] == "stale"
    assert only(answer)["allowed_moves"] == ["send_back", "approve"]
    assert Verdict.objects.get().approved_by is None


def test_nobody_approves_what_they_worked_on() -> None:
    claim = make.claim_in_review()
    editor = by(claim)
    at = f"claims/{claim.pk}/"
    editor.post(at + "reviews/", REVIEW)
    content_hash = editor.put(at + "verdict/", VERDICT).json()["content_hash"]

    answer = editor.post(at + "verdict/approval/", {"content_hash": content_hash})

    assert (answer.status_code, only(answer)["code"]) == (422, "four_eyes")
    assert Verdict.objects.get().approved_by is None


def test_a_move_that_is_not_allowed_tells_which_are() -> None:
    claim = make.claim_submitted()

    answer = by(claim).post(f"claims/{claim.pk}/publication/")

    assert answer.status_code == 409
    assert only(answer)["code"] == "move_not_allowed"
    assert only(answer)["allowed_moves"] == ["gather", "dismiss", "mark_duplicate"]


def test_a_verdict_without_a_review_breaks_the_rule_of_the_desk() -> None:
    claim = make.claim_in_review()

    answer = by(claim).put(f"claims/{claim.pk}/verdict/", VERDICT)

    assert (answer.status_code, only(answer)["code"]) == (422, "too_few_reviews")


def test_a_verdict_sent_back_can_be_proposed_anew() -> None:
    claim = make.claim_in_approval()

    answer = by(claim).post(f"claims/{claim.pk}/verdict/returns/", {"reason": "Ask the ministry."})

    assert (answer.status_code, answer.json()["status"]) == (201, "in_review")
    assert by(claim, Role.REVIEWER).put(f"claims/{claim.pk}/verdict/", VERDICT).status_code == 200


def test_a_claim_is_dismissed_restored_and_marked_as_a_duplicate(room: Any) -> None:
    claim, other = make.claim_submitted(room), make.claim_submitted(room)
    desk = by(claim)
    at = f"claims/{claim.pk}/"

    assert desk.post(at + "dismissal/", DISMISS).json()["status"] == "dismissed"
    assert desk.post(at + "restoration/").json()["status"] == "submitted"
    assert desk.post(at + "duplicate/", {"of": other.pk}).json()["duplicate_of"] == other.pk


@pytest.mark.parametrize("of", [0, -1, "x", None, 10**30, "foreign", "itself"])
def test_a_duplicate_points_at_a_claim_of_the_same_newsroom(room: Any, of: Any) -> None:
    claim = make.claim_submitted(room)
    of = {"foreign": make.claim_submitted().pk, "itself": claim.pk}.get(of, of)

    answer = by(claim).post(f"claims/{claim.pk}/duplicate/", {"of": of})

    assert answer.status_code == (422 if of == claim.pk else 400)
    assert only(answer)["attr"] == "of"


def test_a_source_that_could_not_be_asked_is_asked_again() -> None:
    claim = make.claim_gathering()
    lookup = make.lookup_taken(claim)
    gathering.abandon(lookup, reason="503 from the archive")
    at = f"claims/{claim.pk}/lookups/"
    assert by(claim).get(at).json()["results"][0]["outcome"] == "unavailable"

    answer = by(claim).post(f"{at}{lookup.pk}/retries/")

    assert (answer.status_code, answer.json()["state"]) == (201, "open")


@pytest.mark.parametrize(
    ("span", "field"),
    [({"start": 0, "end": 10**9}, "end"), ({"start": 5, "end": 5}, "end"), ({"start": -1, "end": 5}, "start")],
)
def test_evidence_is_words_that_stand_in_the_document(span: dict[str, int], field: str) -> None:
    claim = make.claim_in_review()
    document = claim.evidence.first().document  # type: ignore[union-attr]

    refused = by(claim).post(f"claims/{claim.pk}/evidence/", {"document": document.pk, **span})
    taken = by(claim).post(f"claims/{claim.pk}/evidence/", {"document": document.pk, "start": 0, "end": 9})

    assert (refused.status_code, only(refused)["attr"]) == (400, field)
    assert (taken.status_code, taken.json()["quote"]) == (201, document.text[:9])
    assert (
        by(claim).post(f"claims/{claim.pk}/evidence/", {"document": document.pk, "start": 0, "end": 9}).status_code
        == 422
    )


def test_a_judgement_on_what_somebody_else_changed_meanwhile_is_a_conflict() -> None:
    claim = make.claim_in_review()
    at = f"claims/{claim.pk}/evidence/{claim.evidence.first().pk}/judgement/"  # type: ignore[union-attr]
    first = by(claim, Role.REVIEWER).put(at, {"stance": "agrees", "version": claim.version})

    second = by(claim, Role.RESEARCHER).put(at, {"stance": "mixed", "version": claim.version})

    assert (first.status_code, second.status_code) == (200, 409)
    assert only(second)["code"] == "stale"


@pytest.mark.parametrize(
    ("make_claim", "method", "path", "body", "needs"),
    [
        (make.claim_submitted, "POST", "gathering/", {}, Permission.PICK),
        (make.claim_submitted, "POST", "dismissal/", DISMISS, Permission.PICK),
        (make.claim_in_review, "POST", "reviews/", REVIEW, Permission.REVIEW),
        (make.claim_in_review, "PUT", "assignment/", {"assignee": None}, Permission.REVIEW),
        (make.claim_reviewed, "PUT", "verdict/", VERDICT, Permission.DECIDE),
        (make.claim_in_approval, "POST", "verdict/approval/", {"content_hash": ""}, Permission.APPROVE),
        (make.claim_in_approval, "POST", "verdict/returns/", {"reason": "Ask again."}, Permission.APPROVE),
        (make.claim_decided, "POST", "publication/", {}, Permission.PUBLISH),
        (make.claim_decided, "POST", "reopenings/", {"reason": "New."}, Permission.REOPEN),
        (make.claim_published, "POST", "publication/withdrawal/", {"reason": "Wrong."}, Permission.PUBLISH),
        (
            make.claim_published,
            "POST",
            "publication/corrections/",
            {"kind": "update", "notice": "New."},
            Permission.PUBLISH,
        ),
        (make.claim_published, "GET", "history/", None, Permission.AUDIT),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_role_does_what_it_may_and_nothing_else(
    make_claim: Any, method: str, path: str, body: Any, needs: Permission
) -> None:
    for role in Role:
        claim = make_claim()
        if "content_hash" in (body or {}):
            body = {"content_hash": Verdict.objects.get(claim=claim).content_hash}
        person = make.member(claim.newsroom, role)

        answer = program_of(person, claim.newsroom).call(method, f"claims/{claim.pk}/{path}", body)

        if needs in PERMISSIONS[role]:
            assert answer.status_code in (200, 201), (role, answer.content)
        else:
            assert (answer.status_code, only(answer)["code"]) == (403, "not_permitted"), role


def test_the_role_matrix_covers_evidence_lookups_and_intake_too(room: Any) -> None:
    for role in Role:
        may = PERMISSIONS[role]
        claim = make.claim_gathering(room, sources=["folder", "wikipedia"])
        lookup = make.lookup_taken(claim, "wikipedia")
        gathering.abandon(lookup, reason="away")
        gathering.record(make.lookup_taken(claim, "folder"), [make.draft()])
        make.assess(claim)
        passage = claim.evidence.first()
        assert passage is not None
        program = program_of(make.member(room, role), room)
        at = f"claims/{claim.pk}/"
        tries = [
            (Permission.PICK, program.post(f"{at}lookups/{lookup.pk}/retries/")),
            (Permission.RESEARCH, program.put(f"{at}evidence/{passage.pk}/judgement/", {"stance": "mixed"})),
            (
                Permission.RESEARCH,
                program.put(f"{at}evidence/{passage.pk}/protection/", {"reason": "A whistle-blower."}),
            ),
            (
                Permission.RESEARCH,
                program.post(f"{at}evidence/", {"document": passage.document_id, "start": 1, "end": 4}),
            ),
            (Permission.SUBMIT, program.post("claims/", {"text": f"Claim of {role}."})),
            (Permission.SUBMIT, program.post("articles/", {"text": f"Article of {role}."})),
            (Permission.READ, program.get(at)),
        ]
        for needs, answer in tries:
            assert answer.status_code in ((200, 201, 202) if needs in may else (403,)), (role, needs, answer.content)
    assert not Publication.objects.exists()
