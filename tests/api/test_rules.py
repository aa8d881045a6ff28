"""The rules of a desk by API: conditions, replies, the checklist, the blindfold, recusals, interests."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from claims.models import Claim, Policy
from claims.operations import reviewing
from claims.roles import Role, Scope
from tests import make
from tests.api.client import Program, only, program_of

pytestmark = pytest.mark.django_db


def policy(claim: Claim, **rules: Any) -> Policy:
    return Policy.objects.create(newsroom=claim.newsroom, severity=claim.severity, **rules)


def reviewer(claim: Claim, *scopes: str) -> Program:
    return program_of(make.member(claim.newsroom, Role.REVIEWER), claim.newsroom, *scopes)


def codes(answer: Any) -> list[str]:
    return [one["code"] for one in answer.json()["errors"]]


def test_a_refused_proposal_names_each_thing_that_is_missing() -> None:
    claim = make.claim_in_review()
    policy(claim, reviews_required=2, reply_required=True, checklist=["Names spelt right"])
    program = reviewer(claim)
    body = {"rating": "false", "headline": "Fewer", "reasons": "900."}
    refused = program.put(f"claims/{claim.pk}/verdict/", body)
    assert refused.status_code == 422
    assert codes(refused) == ["too_few_reviews", "no_reply_asked", "not_ticked"]
    listed = program.get(f"claims/{claim.pk}/conditions/").json()
    assert [one["code"] for one in listed if not one["met"]] == codes(refused)


def test_a_question_is_logged_and_answered() -> None:
    claim = make.claim_in_review()
    program = program_of(make.researcher(claim.newsroom), claim.newsroom)
    at = f"claims/{claim.pk}/replies/"
    until = (timezone.now() + dt.timedelta(days=1)).isoformat()
    asked = program.post(at, {"party": "The mayor", "channel": "mail", "deadline": until})
    assert (asked.status_code, asked.json()["outcome"]) == (201, "waiting")
    assert program.post(f"{at}{asked.json()['id']}/answer/", {"answer": "We counted twice."}).status_code == 201
    assert program.get(at).json()["results"][0]["outcome"] == "answered"
    assert only(program.post(at, {"party": "The union", "channel": "mail"}))["attr"] == "deadline"
    assert program.post(at, {"waived_reason": "A public statistic."}).json()["outcome"] == "waived"
    assert program.post(at, {"waived_reason": "x", "party": "The mayor"}).status_code == 400


def test_the_checklist_is_ticked_off() -> None:
    claim = make.claim_in_review()
    policy(claim, checklist=["Names spelt right"])
    program = program_of(make.researcher(claim.newsroom), claim.newsroom)
    at = f"claims/{claim.pk}/checklist/"
    [line] = program.put(at, {"item": "Names spelt right", "done": True}).json()
    assert line["done"] and line["by"] == make.researcher(claim.newsroom).username
    assert program.put(at, {"item": "Something else", "done": True}).status_code == 400


@pytest.mark.parametrize("scopes", [(), (Scope.READ,)])
def test_no_key_of_a_reviewer_tells_what_the_others_wrote_before_their_own_is_in(scopes: tuple[str, ...]) -> None:
    claim = make.claim_in_review()
    policy(claim, reviews_required=2, blind=True)
    first = make.member(claim.newsroom, Role.REVIEWER)
    reviewing.submit(claim, by=first, rating=make.rating(claim.newsroom, "mixed"), reasons="Zwiebelkuchen")
    person = make.member(claim.newsroom, Role.DESK_LEAD)
    program = program_of(person, claim.newsroom, *scopes)
    about = f"claims/{claim.pk}/"
    for path in (about, f"{about}reviews/", f"{about}history/", "events/", "exports/reviews/"):
        told = program.get(path)
        content = b"".join(told.streaming_content) if told.streaming else told.content
        assert b"Zwiebelkuchen" not in content, path
        assert b'"rating":"mixed"' not in content, path
    reviewing.submit(claim, by=person, rating=make.rating(claim.newsroom), reasons="Mine.")
    assert len(program.get(f"claims/{claim.pk}/reviews/").json()["results"]) == 2


def test_who_stepped_back_is_listed_and_let_back() -> None:
    claim = make.claim_in_review()
    program = reviewer(claim)
    at = f"claims/{claim.pk}/recusals/"
    made = program.post(at, {"reason": "My sister works there."})
    assert made.status_code == 201
    refused = program.post(f"claims/{claim.pk}/reviews/", {"rating": "false", "reasons": "900."})
    assert (refused.status_code, only(refused)["code"]) == (422, "stepped_back")
    assert program.call("DELETE", f"{at}{made.json()['id']}/").status_code == 403
    editor = program_of(make.editor(claim.newsroom), claim.newsroom)
    assert editor.call("DELETE", f"{at}{made.json()['id']}/").json()["lifted_by"]
    assert program.post(f"claims/{claim.pk}/reviews/", {"rating": "false", "reasons": "900."}).status_code == 201


def test_interests_are_ones_own() -> None:
    claim = make.claim_in_review()
    program = reviewer(claim)
    made = program.post("interests/", {"words": "Ada Lindgren"})
    assert made.status_code == 201
    assert reviewer(claim).get("interests/").json()["results"] == []
    ended = program.call("DELETE", f"interests/{made.json()['id']}/")
    assert (ended.status_code, ended.json()["active"]) == (200, False)


def test_the_policy_is_read_by_members() -> None:
    claim = make.claim_in_review()
    policy(claim, reviews_required=2)
    [row] = reviewer(claim).get("policies/").json()["results"]
    assert (row["newsroom"], row["reviews_required"]) == (claim.newsroom.slug, 2)
