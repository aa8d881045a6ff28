import threading
import time

import pytest

from workers import budgets
from workers.budgets import Pace
from workers.errors import Throttled


@pytest.fixture(autouse=True)
def real_paces(loopback_allowed):
    loopback_allowed.FETCH_PACE_PERCENT = 100


def test_requests_keep_their_distance():
    started = time.monotonic()
    for _ in range(4):
        with budgets.place("slow.example", Pace(per_second=10)):
            pass
    assert 0.28 < time.monotonic() - started < 1.0


def test_some_may_follow_each_other_at_once():
    started = time.monotonic()
    for _ in range(5):
        with budgets.place("brisk.example", Pace(per_second=2, in_a_row=5)):
            pass
    assert time.monotonic() - started < 0.4
    with pytest.raises(Throttled), budgets.place("brisk.example", Pace(per_second=2, in_a_row=5), patience=0):
        pass


def test_who_cannot_wait_is_told_when_to_come_back():
    pace = Pace(per_second=0.1)
    with budgets.place("rare.example", pace):
        pass
    with pytest.raises(Throttled, match=r"budget for") as pause, budgets.place("rare.example", pace, patience=1):
        pass
    assert 8 < pause.value.retry_after <= 10


def test_hosts_do_not_share_a_budget():
    pace = Pace(per_second=0.1)
    for host in ("one.example", "two.example", "three.example"):
        with budgets.place(host, pace, patience=0):
            pass


def test_no_more_at_once_than_allowed():
    pace = Pace(per_second=1000, in_a_row=100, at_once=2)
    inside, most, lock = [0], [0], threading.Lock()

    def one():
        with budgets.place("shared.example", pace, patience=10):
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            threading.Event().wait(0.05)
            with lock:
                inside[0] -= 1

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most[0] == 2


def test_a_full_host_is_reported_after_the_wait():
    pace = Pace(per_second=1000, in_a_row=100)
    with (
        budgets.place("full.example", pace),
        pytest.raises(Throttled, match="under way"),
        budgets.place("full.example", pace, patience=0.2),
    ):
        pass


def test_a_place_is_given_back_after_a_failure():
    pace = Pace(per_second=1000, in_a_row=100)
    with pytest.raises(ValueError, match="x"), budgets.place("one.example", pace):
        raise ValueError("x")
    with budgets.place("one.example", pace, patience=0.05):
        pass


def test_the_place_of_a_killed_worker_falls_free(monkeypatch):
    pace = Pace(per_second=1000, in_a_row=100)
    monkeypatch.setattr(budgets, "LEASE_SECONDS", 0.2)
    forgotten = budgets.place("killed.example", pace)
    forgotten.__enter__()
    with budgets.place("killed.example", pace, patience=2):
        pass


def test_a_pause_holds_for_everybody():
    budgets.rest("tired.example", 30, "it asked for a pause.")
    with pytest.raises(Throttled, match="asked for a pause") as pause, budgets.place("tired.example", Pace()):
        pass
    assert 25 < pause.value.retry_after <= 30


def test_a_host_that_fails_again_and_again_is_left_alone_for_longer_each_time():
    pauses = []
    for number in range(1, budgets.FAILURES + 3):
        budgets.failed("broken.example")
        try:
            with budgets.place("broken.example", Pace(per_second=1000, in_a_row=100), patience=0.1):
                assert number < budgets.FAILURES
        except Throttled as exc:
            pauses.append(round(exc.retry_after))
    assert pauses == [60, 120, 240]


def test_one_answer_forgives_earlier_failures():
    for _ in range(budgets.FAILURES - 1):
        budgets.failed("shaky.example")
    budgets.answered("shaky.example")
    budgets.failed("shaky.example")
    with budgets.place("shaky.example", Pace(), patience=0):
        pass


def test_without_the_store_nobody_is_asked(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with pytest.raises(Throttled, match="cannot be read"), budgets.place("any.example", Pace()):
        pass


def test_the_operator_can_slow_everything_down(settings):
    settings.FETCH_PACE_PERCENT = 50
    started = time.monotonic()
    for _ in range(2):
        with budgets.place("half.example", Pace(per_second=10)):
            pass
    assert time.monotonic() - started > 0.18
