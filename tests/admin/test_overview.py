"""The overview's figures: of a period, of one's own newsrooms, with links to the rows behind them."""

from __future__ import annotations

import datetime as dt
import json
import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import Claim, Lookup, Verdict
from claims.operations import gathering, triaging
from claims.reports.figures import Figures
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import words

pytestmark = pytest.mark.django_db


def chart(page: Any) -> dict[str, Any]:
    found = re.search(r'data-value="([^"]+)"', page.content.decode())
    assert found
    drawn: dict[str, Any] = json.loads(unescape(found[1]))
    return drawn


def days_ago(claim: Claim, days: float, took: dt.timedelta | None = None) -> None:
    """Let a claim have come in then, and its verdict, if any, be approved so much later."""
    at = timezone.now() - dt.timedelta(days=days)
    Claim.objects.filter(pk=claim.pk).update(submitted_at=at)
    if took is not None:
        Verdict.objects.filter(claim=claim).update(approved_at=at + took)


def test_the_figures_are_those_of_the_chosen_days(signed_in: SignIn) -> None:
    room = make.newsroom()
    for days in (1, 3, 40):
        days_ago(make.claim_submitted(room), days)
    client = signed_in(make.editor(room))

    month, week = client.get("/admin/"), client.get("/admin/", {"days": "7"})
    quarter = client.get("/admin/", {"days": "91"})

    came_in = [sum(chart(page)["datasets"][0]["data"]) for page in (month, week, quarter)]
    assert came_in == [2, 2, 3]
    assert [len(chart(page)["labels"]) for page in (month, week, quarter)] in ([28, 7, 13], [28, 7, 14])
    assert "Volume per week" in words(quarter)
    first = (timezone.localdate() - dt.timedelta(days=41)).isoformat()
    last = (timezone.localdate() - dt.timedelta(days=39)).isoformat()
    assert sum(chart(client.get("/admin/", {"first": first, "last": last}))["datasets"][0]["data"]) == 1


@pytest.mark.parametrize("asked", [{"days": "5000"}, {"days": "x"}, {"first": "2026-02-30", "last": "x"}])
def test_a_period_that_is_none_shows_four_weeks(signed_in: SignIn, asked: dict[str, str]) -> None:
    page = signed_in(make.editor(make.newsroom())).get("/admin/", asked)
    assert page.status_code == 200
    assert len(chart(page)["labels"]) == 28


def test_times_are_told_by_their_median_and_by_what_nine_of_ten_kept_within() -> None:
    room = make.newsroom()
    for hours in (2, 4, 6):
        days_ago(make.claim_decided(room), 2, dt.timedelta(hours=hours))
    today = timezone.localdate()
    figures = Figures(make.editor(room), today - dt.timedelta(days=6), today, dt.UTC)

    times = figures.times()

    assert times["many"] == 3
    assert times["median"] == dt.timedelta(hours=4)
    assert times["slowest"] == dt.timedelta(hours=5.6)


def test_topics_lead_to_the_queue_and_sources_tell_how_they_fare(signed_in: SignIn) -> None:
    room = make.newsroom()
    claim = make.claim_submitted(room)
    triaging.classify(claim, by=make.researcher(room), topic="energy & climate")
    gathering.open_lookups(Claim.objects.get(pk=claim.pk), by=make.researcher(room), sources=["folder"])
    lookup = Lookup.objects.get(claim=claim)
    gathering.abandon(make.lookup_taken(Claim.objects.get(pk=claim.pk)), reason="Away.")
    assert lookup.claim_id == claim.pk
    answered = make.claim_assessing(room)
    opened = Lookup.objects.get(claim=answered)
    Lookup.objects.filter(pk=opened.pk).update(answered_at=opened.opened_at + dt.timedelta(seconds=30))

    page = signed_in(make.editor(room)).get("/admin/")

    assert "?tab=all&amp;topic=energy%20%26%20climate" in page.content.decode()
    assert "1 (50 %)" in words(page)
    assert "30.0 s" in words(page)


def test_the_overview_shows_nothing_of_another_newsroom(signed_in: SignIn) -> None:
    make.claim_published()
    page = signed_in(make.member(make.newsroom(), Role.DESK_LEAD)).get("/admin/")
    assert [sum(one["data"]) for one in chart(page)["datasets"]] == [0, 0, 0]
    assert "No source was asked in this period." in words(page)


def test_the_overview_asks_the_same_questions_however_much_there_is(signed_in: SignIn) -> None:
    room = make.newsroom()
    make.claim_published(room)
    client = signed_in(make.editor(room))
    client.get("/admin/")
    with CaptureQueriesContext(connection) as few:
        client.get("/admin/")
    for _ in range(3):
        make.claim_published(room)
    with CaptureQueriesContext(connection) as many:
        client.get("/admin/")
    assert len(many) == len(few)


def test_the_overview_is_german_for_germans(signed_in: SignIn) -> None:
    room = make.publication().newsroom
    client = signed_in(make.editor(room))
    client.cookies["django_language"] = "de"
    text = words(client.get("/admin/"))
    for word in ("Aufkommen je Tag", "Zustand der Quellen", "Nach Thema", "4 Wochen"):
        assert word in text
