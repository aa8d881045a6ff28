"""A program that asks too much is told so, and when to come back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests import make
from tests.api.client import Program, only, program_of

pytestmark = pytest.mark.django_db


def test_every_answer_tells_how_much_is_left(settings: Any) -> None:
    room = make.newsroom()
    program = program_of(make.editor(room), room)

    first, second = program.get("claims/"), program.get("claims/nothing/")

    assert int(first["RateLimit-Limit"]) == settings.API_REQUESTS_PER_KEY
    assert int(first["RateLimit-Remaining"]) == settings.API_REQUESTS_PER_KEY - 1
    assert 0 < int(first["RateLimit-Reset"]) <= 60
    assert "RateLimit-Limit" not in second  # nobody home: not counted


def test_a_key_over_its_limit_waits_and_others_do_not(settings: Any) -> None:
    settings.API_REQUESTS_PER_KEY = 2
    room = make.newsroom()
    busy, other = program_of(make.editor(room), room), program_of(make.editor(room), room)

    answers = [busy.get("claims/") for _ in range(8)]  # more than two in any minute they may fall into

    assert [answer.status_code for answer in answers[:2]] == [200, 200]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) >= 4
    assert only(refused[0])["code"] == "throttled"
    assert 0 < int(refused[0]["Retry-After"]) <= 60
    assert other.get("claims/").status_code == 200


def test_all_keys_of_a_newsroom_share_its_limit(settings: Any) -> None:
    settings.API_REQUESTS_PER_NEWSROOM = 3
    room, elsewhere = make.newsroom(), make.newsroom()
    programs = [program_of(make.editor(room), room) for _ in range(8)]

    answers = [program.get("claims/").status_code for program in programs]

    assert answers.count(429) >= 2
    assert program_of(make.editor(elsewhere), elsewhere).get("claims/").status_code == 200


def test_without_redis_everybody_passes(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    room = make.newsroom()

    assert program_of(make.editor(room), room).get("claims/").status_code == 200


def test_an_address_without_a_key_is_limited_and_told_how_much_is_left(settings: Any) -> None:
    settings.API_REQUESTS_ANONYMOUS = 3
    for path in ("/api/v1/nothing/", "/checks/feed.json", "/api/v1/claims/", "/checks/none/claimreview.json"):
        client = Client(REMOTE_ADDR="198.51.100.7")

        answers = [client.get(path) for _ in range(9)]

        assert answers[0]["RateLimit-Limit"] == "3"
        refused = [one for one in answers if one.status_code == 429]
        assert len(refused) >= 3, path
        assert only(refused[0])["code"] == "throttled" and 0 < int(refused[0]["Retry-After"]) <= 60
    assert Client(REMOTE_ADDR="198.51.100.8").get("/checks/feed.json").status_code == 200
    assert Client(REMOTE_ADDR="198.51.100.7").get("/checks/").status_code == 200  # readers are not counted


def test_keys_that_do_not_hold_are_limited_and_one_that_holds_is_not(settings: Any) -> None:
    settings.API_FAILED_KEYS = 3
    room = make.newsroom()
    good = program_of(make.editor(room), room)
    bad = Program("fck_" + "0" * 60)
    for one in (good, bad):
        one.client = Client(REMOTE_ADDR="198.51.100.9")

    answers = [bad.get("claims/").status_code for _ in range(9)]

    assert answers[:3] == [401] * 3 and answers.count(429) >= 3
    assert good.get("claims/").status_code == 200
