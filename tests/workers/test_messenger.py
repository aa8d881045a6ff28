"""Events arrive at webhooks: signed, in order per claim, at least once, and never at an address of our own network."""

from __future__ import annotations

import ipaddress
import json
import time
from collections import defaultdict
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.db.models.functions import Now
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from claims import signing, transitions
from claims.errors import InvalidInput, NotPermitted, RuleBroken
from claims.models import Delivery, LedgerEntry, Step, Webhook
from claims.operations import telling
from claims.roles import Role
from tests import make
from workers.tasks import delivering

pytestmark = pytest.mark.django_db


class Receiver:
    """A newsroom's program that takes events, or answers what a test wants."""

    def __init__(self, server: HTTPServer) -> None:
        self.url = server.url_for("/hook")
        self.answers: list[int] = []
        self.headers: dict[str, str] = {}
        self.taken: list[dict[str, Any]] = []
        server.expect_request("/hook").respond_with_handler(self.take)

    def take(self, request: Request) -> Response:
        status = self.answers.pop(0) if self.answers else 204
        body = request.get_data()
        if status < 300:
            self.taken.append({"id": request.headers["webhook-id"], "body": body, "headers": dict(request.headers)})
        return Response(status=status, headers=self.headers)


@pytest.fixture
def receiver(httpserver: HTTPServer, settings: Any) -> Receiver:
    settings.FETCH_ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")]
    found = Receiver(httpserver)
    settings.FETCH_PORTS = [urlsplit(found.url).port]
    return found


def registered(room: Any, receiver: Receiver, **fields: Any) -> tuple[Webhook, str]:
    return telling.register(room, url=receiver.url, by=make.person(room, Role.ADMIN), **fields)


def run(rounds: int = 50) -> None:
    """What beat and workers do, until nothing is due."""
    for _ in range(rounds):
        for webhook in Webhook.objects.behind():
            while telling.spread(webhook.pk):
                pass
        due = list(Delivery.objects.due().order_by("entry").values_list("pk", flat=True))
        if not due:
            return
        for pk in due:
            delivering.deliver(pk)


def no_more_waiting() -> None:
    Delivery.objects.filter(state=Step.State.OPEN).update(next_attempt_at=Now())


def test_everything_that_happens_arrives_once_in_order_and_signed(receiver: Receiver) -> None:
    room = make.newsroom()
    _, secret = registered(room, receiver)
    make.claim_published(room)

    run()

    entries = LedgerEntry.objects.filter(newsroom=room).exclude(kind__startswith="webhook.").order_by("sequence")
    assert [one["id"] for one in receiver.taken] == [f"evt_{room.pk}_{entry.sequence}" for entry in entries]
    for one in receiver.taken:
        given = {name.lower(): value for name, value in one["headers"].items()}
        assert signing.fits(secret, given, one["body"], now=int(time.time()))
    last = json.loads(receiver.taken[-1]["body"])
    assert set(last) == {"type", "timestamp", "data"}
    assert not Delivery.objects.exclude(state=Step.State.DONE).exists()


def test_an_event_is_told_if_and_only_if_its_change_was_committed(receiver: Receiver) -> None:
    room = make.newsroom()
    registered(room, receiver)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make.claim_submitted(room)
        _ = 1 / 0
    run()

    assert receiver.taken == []


def test_only_the_kinds_wanted_are_told(receiver: Receiver) -> None:
    room = make.newsroom()
    registered(room, receiver, types=["publication.published"])
    make.claim_published(room)

    run()

    assert [json.loads(one["body"])["type"] for one in receiver.taken] == ["publication.published"]


def test_what_failed_is_tried_again_before_anything_later_of_the_same_claim(receiver: Receiver) -> None:
    room = make.newsroom()
    registered(room, receiver)
    first, second = make.claim_submitted(room), make.claim_submitted(room)
    transitions.record("claim.assigned", newsroom=room, by=None, claim=first)
    receiver.answers = [500]

    run()

    claims = [json.loads(one["body"])["data"]["claim"] for one in receiver.taken]
    assert claims == [second.pk]
    waiting = Delivery.objects.filter(state=Step.State.OPEN).order_by("entry")
    assert [one.attempts for one in waiting] == [1, 0]
    assert waiting[0].tries[0]["status"] == 500
    no_more_waiting()
    run()
    assert [json.loads(one["body"])["data"]["claim"] for one in receiver.taken] == [second.pk, first.pk, first.pk]


def test_a_flaky_receiver_gets_every_event_with_its_id_and_in_order_per_claim(receiver: Receiver) -> None:
    room = make.newsroom()
    registered(room, receiver)
    claims = [make.claim_submitted(room) for _ in range(5)]
    for _ in range(8):
        for claim in claims:
            transitions.record("claim.assigned", newsroom=room, by=None, claim=claim)
    receiver.answers = [500 if n % 3 == 0 else 204 for n in range(60)]

    for _ in range(30):
        run(1)
        no_more_waiting()

    wanted = set(LedgerEntry.objects.filter(newsroom=room, claim__isnull=False).values_list("sequence", flat=True))
    order = defaultdict(list)
    for one in receiver.taken:
        order[json.loads(one["body"])["data"]["claim"]].append(int(one["id"].split("_")[2]))
    assert {sequence for sequences in order.values() for sequence in sequences} == wanted
    assert all(sequences == sorted(sequences) for sequences in order.values())


def test_after_the_last_try_the_webhook_is_disabled_and_says_why(receiver: Receiver) -> None:
    room = make.newsroom()
    webhook, _ = registered(room, receiver)
    make.claim_submitted(room)
    receiver.answers = [400] * 20

    for _ in range(len(telling.SCHEDULE) + 1):
        run(1)
        no_more_waiting()

    webhook.refresh_from_db()
    assert "three days" in webhook.disabled_reason
    assert LedgerEntry.objects.filter(kind="webhook.disabled", newsroom=room).exists()
    receiver.answers = []
    make.claim_submitted(room)
    run()
    assert receiver.taken == []
    telling.enable(webhook, by=make.person(room, Role.ADMIN))
    run()
    assert len(receiver.taken) == 2


def test_a_receiver_that_is_gone_is_not_asked_again(receiver: Receiver) -> None:
    room = make.newsroom()
    webhook, _ = registered(room, receiver)
    make.claim_submitted(room)
    receiver.answers = [410]

    run()

    webhook.refresh_from_db()
    assert "410" in webhook.disabled_reason


def test_a_redirect_is_not_followed(receiver: Receiver, httpserver: HTTPServer) -> None:
    room = make.newsroom()
    registered(room, receiver)
    make.claim_submitted(room)
    receiver.answers, receiver.headers = [307], {"Location": httpserver.url_for("/elsewhere")}

    run(1)

    assert Delivery.objects.get().attempts == 1
    assert [request.path for request, _ in httpserver.log] == ["/hook"]


def test_a_receiver_says_when_to_come_back(receiver: Receiver) -> None:
    room = make.newsroom()
    registered(room, receiver)
    make.claim_submitted(room)
    receiver.answers, receiver.headers = [500], {"Retry-After": "7200"}

    run(1)

    one = Delivery.objects.get()
    assert 7000 < (one.next_attempt_at - one.made_at).total_seconds() < 7300


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/hook", "http://[::1]/", "http://169.254.169.254/latest", "http://10.0.0.1/"]
)
def test_addresses_of_our_own_network_are_never_told(settings: Any, url: str) -> None:
    settings.FETCH_ALLOWED_NETWORKS = []
    room = make.newsroom()
    telling.register(room, url=url, by=None)
    make.claim_submitted(room)

    run(1)

    one = Delivery.objects.get()
    assert one.tries[0]["reason"] == "The address could not be fetched."
    assert one.last_status is None


def test_events_are_told_again_with_the_ids_they_had(receiver: Receiver) -> None:
    room = make.newsroom()
    webhook, _ = registered(room, receiver)
    make.claim_published(room)
    run()
    first = [one["id"] for one in receiver.taken]
    receiver.taken.clear()

    count = telling.replay(webhook, by=make.person(room, Role.ADMIN), since=1, until=10_000)
    run()

    assert count == len(first)
    assert [one["id"] for one in receiver.taken] == first


def test_a_secret_is_replaced_with_both_signing_meanwhile(receiver: Receiver) -> None:
    room = make.newsroom()
    admin = make.person(room, Role.ADMIN)
    webhook, old = registered(room, receiver)
    new = telling.rotate_secret(webhook, by=admin)
    telling.test(webhook, by=admin)

    run()

    [one] = receiver.taken
    given = {name.lower(): value for name, value in one["headers"].items()}
    assert all(signing.fits(secret, given, one["body"], now=int(time.time())) for secret in (old, new))
    webhook.refresh_from_db()
    assert old not in str(Webhook.objects.values().get())
    assert new not in webhook.sealed_secret


def test_a_delivery_given_to_two_workers_is_brought_by_one(receiver: Receiver) -> None:
    room = make.newsroom()
    registered(room, receiver)
    make.claim_submitted(room)
    telling.spread(Webhook.objects.get().pk)
    pk = Delivery.objects.get().pk

    assert Delivery.objects.take(pk) is not None
    assert Delivery.objects.take(pk) is None
    delivering.deliver(pk)

    assert receiver.taken == []


def test_webhooks_are_for_administrators_with_an_address_and_known_kinds() -> None:
    room = make.newsroom()

    with pytest.raises(NotPermitted):
        telling.register(room, url="https://cms.example/", by=make.editor(room))
    for wrong in ({"url": "ftp://x/"}, {"url": "https://user@x/"}, {"types": ["everything"]}):
        with pytest.raises(InvalidInput):
            telling.register(room, **{"url": "https://cms.example/", "by": None, **wrong})
    webhook, _ = telling.register(room, url="https://cms.example/", by=None)
    telling.disable(webhook, by=None, reason="Moved.")
    with pytest.raises(RuleBroken):
        telling.test(webhook, by=make.person(room, Role.ADMIN))
