"""Many events for a receiver that fails and is restarted: what `test_deliveries.py` and `long_deliveries.py` share."""

from __future__ import annotations

import ipaddress
import json
import random
import socket
import subprocess
import sys
import threading
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import connections
from django.db.models.functions import Now

from claims import transitions
from claims.models import Delivery, LedgerEntry, Step, Webhook
from claims.operations import telling
from claims.roles import Role
from tests import make
from tests.chaos.conftest import until
from workers.tasks import delivering

ROOT = Path(__file__).resolve().parents[2]
THREADS = 8


class Receiver:
    """The program `receiver.py`, started and killed."""

    def __init__(self, notes: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.notes, self.starts = notes, 0
        self.start()

    def start(self) -> None:
        self.starts += 1
        words = [sys.executable, "-m", "tests.chaos.receiver", str(self.port), str(self.notes), str(self.starts)]
        self.process = subprocess.Popen(words, cwd=ROOT)
        until(self.listens, "the receiver starts")

    def listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def forgive(self) -> None:
        """Let the time pass for which a failing host is left alone."""
        store = redis.Redis.from_url(settings.REDIS_URL)
        store.delete(*(f"factcheck:fetch:{{127.0.0.1:{self.port}}}:{what}" for what in ("rest", "failures")))
        store.close()

    def taken(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.notes.read_text().splitlines()]


def deliver_all(events: int, claims: int, *, restarts: int, allowed: Any, tmp_path: Path) -> dict[str, int]:
    """Deliver so many events of so many claims with eight threads. Returns what happened; asserts what must hold."""
    receiver = Receiver(tmp_path / "taken.jsonl")
    allowed.FETCH_ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    allowed.FETCH_PORTS = [receiver.port]
    try:
        room = make.newsroom()
        telling.register(room, url=f"http://127.0.0.1:{receiver.port}/hook", by=make.person(room, Role.ADMIN))
        about, die = [make.claim_submitted(room) for _ in range(claims)], random.Random(7)  # noqa: S311
        while LedgerEntry.objects.filter(newsroom=room).count() < events:
            for _ in range(min(200, events)):
                transitions.record("claim.assigned", newsroom=room, by=None, claim=die.choice(about))
        rounds = _run(receiver, restarts)
    finally:
        receiver.kill()
    taken = receiver.taken()
    _nothing_lost_nothing_out_of_order(room, taken)
    return {
        "events": len({one["id"] for one in taken}),
        "attempts": sum(map(len, Delivery.objects.values_list("tries", flat=True))),
        "requests taken": len(taken),
        "restarts": receiver.starts - 1,
        "rounds": rounds,
    }


def _run(receiver: Receiver, restarts: int) -> int:
    """What beat and workers do, with the waiting between tries cut short, until nothing is open."""
    rounds, every = 0, 3
    with ThreadPoolExecutor(THREADS) as workers:
        while True:
            for webhook in Webhook.objects.behind():
                while telling.spread(webhook.pk):
                    pass
            waiting = Delivery.objects.filter(state=Step.State.OPEN)
            if not waiting.exists():
                break
            waiting.filter(leased_until__isnull=True).update(next_attempt_at=Now())
            receiver.forgive()
            due = list(Delivery.objects.due().values_list("pk", flat=True)[:500])
            futures = [workers.submit(delivering.deliver, pk) for pk in due]
            rounds += 1
            if rounds % every == 0 and receiver.starts <= restarts:
                receiver.kill()  # amid the requests
                receiver.start()
            for future in futures:
                future.result()
            Webhook.objects.update(failing_since=None)  # else it is disabled: days pass between so many tries in truth
        together = threading.Barrier(THREADS)  # so that each of the threads closes its own
        for _ in range(THREADS):
            workers.submit(_close, together)
    return rounds


def _close(together: threading.Barrier) -> None:
    together.wait(60)
    connections.close_all()


def _nothing_lost_nothing_out_of_order(room: Any, taken: list[dict[str, Any]]) -> None:
    entries = LedgerEntry.objects.filter(newsroom=room).exclude(kind__startswith="webhook.")
    assert {one["id"] for one in taken} == {f"evt_{room.pk}_{entry.sequence}" for entry in entries}
    firsts: dict[Any, list[int]] = defaultdict(list)
    seen: Counter[str] = Counter()
    for one in taken:
        if not seen[one["id"]]:
            firsts[one["claim"]].append(int(one["id"].rsplit("_", 1)[1]))
        seen[one["id"]] += 1
    for claim, sequence in firsts.items():
        assert sequence == sorted(sequence), f"events of claim {claim} came out of order"
