"""The sweep: what stalled is hinted again, what has had its tries is buried where people see it."""

import datetime as dt
from typing import Any

import pytest

from claims.models import Article, Claim, Lookup
from claims.operations import gathering
from claims.signals import work_waiting
from tests import make
from workers.tasks import upkeep

pytestmark = pytest.mark.django_db

LONG_AGO = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def hinted(django_capture_on_commit_callbacks: Any) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []

    def note(sender: Any, pks: list[int], **_: Any) -> None:
        found.extend((sender.__name__, pk) for pk in pks)

    work_waiting.connect(note, weak=False)
    yield found
    work_waiting.disconnect(note)


def sweep(capture: Any) -> dict[str, int]:
    with capture(execute=True):
        return upkeep.sweep()


def test_a_step_whose_message_was_lost_is_hinted_again(
    hinted: list[tuple[str, int]], django_capture_on_commit_callbacks: Any
):
    article = make.article()
    Article.objects.filter(pk=article.pk).update(next_attempt_at=LONG_AGO)
    sweep(django_capture_on_commit_callbacks)
    assert ("Article", article.pk) in hinted


def test_a_step_in_good_hands_is_left_alone(hinted: list[tuple[str, int]], django_capture_on_commit_callbacks: Any):
    claim = make.claim_gathering()
    held = make.lookup_taken(claim)
    Lookup.objects.filter(pk=held.pk).update(next_attempt_at=LONG_AGO)
    sweep(django_capture_on_commit_callbacks)
    assert ("Lookup", held.pk) not in hinted


def test_a_step_whose_worker_died_is_hinted_again_and_taken(
    hinted: list[tuple[str, int]], django_capture_on_commit_callbacks: Any
):
    claim = make.claim_gathering()
    held = make.lookup_taken(claim)
    Lookup.objects.filter(pk=held.pk).update(next_attempt_at=LONG_AGO, leased_until=LONG_AGO)
    sweep(django_capture_on_commit_callbacks)
    assert ("Lookup", held.pk) in hinted
    assert Lookup.objects.take(held.pk) is not None


def test_two_sweeps_in_a_row_hint_once(hinted: list[tuple[str, int]], django_capture_on_commit_callbacks: Any):
    article = make.article()
    Article.objects.filter(pk=article.pk).update(next_attempt_at=LONG_AGO)
    sweep(django_capture_on_commit_callbacks)
    sweep(django_capture_on_commit_callbacks)
    assert hinted.count(("Article", article.pk)) == 1


def test_a_lookup_that_took_its_worker_down_every_time_is_a_dead_letter_and_the_claim_goes_on(
    settings: Any, django_capture_on_commit_callbacks: Any
):
    claim = make.claim_gathering(sources=["folder", "gdelt"])
    gathering.record(make.lookup_taken(claim, "folder"), [])
    held = make.lookup_taken(claim, "gdelt")
    Lookup.objects.filter(pk=held.pk).update(leased_until=LONG_AGO, attempts=settings.STEP_MAX_ATTEMPTS)
    assert sweep(django_capture_on_commit_callbacks)["buried"] == 1
    buried = Lookup.objects.get(pk=held.pk)
    assert (buried.state, buried.outcome) == ("dead", "unavailable")
    assert Claim.objects.get(pk=claim.pk).status == "assessing"
