"""A request repeated with its key has its effect once."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from claims.api import idempotency
from claims.models import Article, Claim, KeptAnswer, LedgerEntry, Newsroom, User
from claims.models.kept_answer import KEPT_FOR
from tests import make
from tests.api.client import Program, only, program_of

BODY = {"text": "Eulenburg planted 1,250 trees.", "language": "en"}


def new_cms() -> Program:
    room = make.newsroom()
    return program_of(make.researcher(room), room)


@pytest.mark.django_db
def test_the_same_request_gets_the_same_answer_to_the_byte() -> None:
    cms = new_cms()

    first = cms.post("claims/", BODY, Idempotency_Key="k-1")
    again = cms.post("claims/", BODY, Idempotency_Key="k-1")

    assert (first.status_code, first.content, first["Location"]) == (201, again.content, again["Location"])
    assert again.status_code == 201
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert LedgerEntry.objects.filter(kind="claim.submitted").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["body", "address", "person"])
def test_a_key_used_for_another_request_is_a_conflict(change: str) -> None:
    room = make.newsroom()
    cms = program_of(make.researcher(room), room)
    cms.post("claims/", BODY, Idempotency_Key="k-1")
    other = program_of(make.editor(room), room) if change == "person" else cms

    answer = other.post(
        "articles/" if change == "address" else "claims/",
        {**BODY, "text": "Another."} if change == "body" else BODY,
        Idempotency_Key="k-1",
    )

    assert (answer.status_code, only(answer)["code"]) == (409, "idempotency_key_reused")


@pytest.mark.django_db
def test_another_newsroom_s_key_of_the_same_name_is_another_key() -> None:
    one, other = new_cms(), new_cms()

    assert one.post("claims/", BODY, Idempotency_Key="k-1").status_code == 201
    assert other.post("claims/", BODY, Idempotency_Key="k-1").status_code == 201


@pytest.mark.django_db
def test_what_was_refused_saves_nothing_and_may_be_tried_again() -> None:
    cms = new_cms()

    refused = cms.post("claims/", {**BODY, "text": " "}, Idempotency_Key="k-1")
    taken = cms.post("claims/", BODY, Idempotency_Key="k-1")

    assert (refused.status_code, taken.status_code) == (400, 201)


@pytest.mark.django_db
def test_a_move_repeated_with_its_key_is_one_move() -> None:
    claim = make.claim_decided()
    editor = program_of(make.editor(claim.newsroom), claim.newsroom)

    first = editor.post(f"claims/{claim.pk}/publication/", Idempotency_Key="k-1")
    again = editor.post(f"claims/{claim.pk}/publication/", Idempotency_Key="k-1")
    without = editor.post(f"claims/{claim.pk}/publication/")

    assert (first.status_code, again.status_code, without.status_code) == (201, 201, 409)
    assert first.content == again.content


@pytest.mark.django_db
def test_a_key_is_forgotten_after_a_day() -> None:
    cms = new_cms()
    cms.post("claims/", BODY, Idempotency_Key="k-1")
    KeptAnswer.objects.update(at=timezone.now() - KEPT_FOR * 1.01)

    answer = cms.post("claims/", {**BODY, "text": "Another claim."}, Idempotency_Key="k-1")

    assert answer.status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256])
def test_a_key_is_visible_ascii(key: str) -> None:
    answer = new_cms().post("claims/", BODY, Idempotency_Key=key)

    assert (answer.status_code, only(answer)["attr"]) == (400, "Idempotency-Key")


def at_once(number: int, call: Any) -> list[Any]:
    """Call from so many threads, all let go together."""
    gate = threading.Barrier(number)

    def run(index: int) -> Any:
        try:
            gate.wait(30)
            return call(index)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


@pytest.mark.django_db(transaction=True)
def test_fifty_repeats_at_once_are_one_and_all_get_its_answer() -> None:
    cms = new_cms()

    answers = at_once(50, lambda _: Program.post(_copy(cms), "claims/", BODY, Idempotency_Key="k-1"))

    assert Counter(answer.status_code for answer in answers) == {201: 50}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer for answer in answers) == 1
    assert Claim.objects.count() == LedgerEntry.objects.filter(kind="claim.submitted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_comes_while_the_first_is_still_at_work_is_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "WAIT_SECONDS", 1)
    cms = new_cms()
    room, person = Newsroom.objects.get(), User.objects.get()
    first = connections["default"].copy()
    with closing(first):
        first.set_autocommit(False)
        with first.cursor() as cursor:
            cursor.execute(
                "INSERT INTO claims_keptanswer (newsroom_id, key, request, user_id, headers)"
                " VALUES (%s, 'k-1', '', %s, '{}')",
                [room.pk, person.pk],
            )
        refused = cms.post("claims/", BODY, Idempotency_Key="k-1")
        first.rollback()

    assert (refused.status_code, only(refused)["code"], refused["Retry-After"]) == (409, "in_progress", "5")
    assert not Claim.objects.exists()
    assert cms.post("claims/", BODY, Idempotency_Key="k-1").status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, {"Idempotency_Key": "k-1"}])
def test_a_refusal_late_in_the_request_leaves_nothing(headers: dict[str, str]) -> None:
    cms = new_cms()
    assert cms.post("claims/", {**BODY, "external_id": "tip-1"}).status_code == 201
    other = {"text": "Eulenburg felled 1,250 trees.", "external_id": "tip-1"}

    refused = [cms.post("claims/", other, **headers), cms.post("claims/", {**other, "callback_secret": "x"}, **headers)]

    assert [only(answer)["attr"] for answer in refused] == ["external_id", "external_id"]
    assert Claim.objects.count() == LedgerEntry.objects.filter(kind="claim.submitted").count() == 1
    assert not KeptAnswer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_fifty_submissions_of_one_article_at_once_make_one() -> None:
    cms = new_cms()

    answers = at_once(50, lambda _: _copy(cms).post("articles/", {"text": make.ARTICLE, "language": "de"}))

    assert Counter(answer.status_code for answer in answers) == {202: 1, 200: 49}
    assert Article.objects.count() == 1


def _copy(program: Program) -> Program:
    fresh = Program()
    fresh.headers = program.headers
    return fresh
