"""An address given with a submission is told of that submission, signed and in order, and of no other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from claims import signing
from claims.models import CallbackCursor, Claim, Delivery, Webhook
from claims.operations import calling_back, intake, telling
from tests import make
from tests.api.client import only, program_of
from tests.workers.test_messenger import Receiver, receiver
from workers.tasks import delivering
from workers.tasks.intake import read_article

__all__ = ["receiver"]  # the fixture
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loopback_allowed")]


def run(rounds: int = 30) -> None:
    for _ in range(rounds):
        delivering.tell_webhooks()
        due = list(Delivery.objects.due().order_by("entry").values_list("pk", flat=True))
        if not due:
            return
        for pk in due:
            delivering.deliver(pk)


def told(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(one["body"]) for one in receiver.taken]


def test_a_callback_hears_of_its_article_and_its_claims_and_of_nothing_else(receiver: Receiver) -> None:
    room = make.newsroom()
    cms = program_of(make.researcher(room), room)
    given = {"text": make.ARTICLE, "language": "de", "external_id": "cms-7", "callback": receiver.url}
    answer = cms.post("articles/", given).json()
    make.claim_submitted(room, text="Another claim altogether.")
    read_article(answer["id"])
    run()

    assert {one["type"] for one in told(receiver)} == {"claim.submitted", "article.read"}
    assert {json.dumps(one["data"]["submission"]) for one in told(receiver)} == {
        json.dumps({"article": answer["id"], "external_id": "cms-7"})
    }
    claims = set(Claim.objects.filter(article=answer["id"]).values_list("pk", flat=True))
    assert {one["data"]["claim"] for one in told(receiver) if one["type"] == "claim.submitted"} == claims
    for one in receiver.taken:
        headers = {name.lower(): value for name, value in one["headers"].items()}
        stamp = int(headers["webhook-timestamp"])
        assert signing.fits(answer["callback_secret"], headers, one["body"], now=stamp)


def test_a_claim_is_followed_to_its_publication_in_order(receiver: Receiver) -> None:
    room = make.newsroom()
    claim = make.claim_in_review(room)
    calling_back.ask(claim, by=make.researcher(room), url=receiver.url)
    make.walk_to_publication(claim, from_review=True)
    run()

    kinds = [one["type"] for one in told(receiver)]
    assert "verdict.approved" in kinds and "publication.published" in kinds
    order = [one["data"]["sequence"] for one in told(receiver)]
    assert order == sorted(set(order))


def test_a_secret_of_ones_own_signs_and_is_not_shown(receiver: Receiver) -> None:
    room = make.newsroom()
    cms = program_of(make.researcher(room), room)
    secret = signing.new_secret()
    body = {"text": "The tower is 90 metres high.", "callback": receiver.url, "callback_secret": secret}
    answer = cms.post("claims/", body).json()

    assert answer["callback_secret"] == ""
    [callback] = answer["callbacks"]
    assert telling.secrets_of(Webhook.objects.get(pk=callback["id"])) == [secret]
    again = cms.post("claims/", body)
    assert again.status_code == 200 and again.json()["callbacks"] == [callback]


@pytest.mark.parametrize(
    ("given", "attr"),
    [
        ({"callback": "javascript:x"}, "callback"),
        ({"callback": "https://u:p@cms.example/"}, "callback"),
        ({"callback": "https://cms.example/", "callback_secret": "short"}, "callback_secret"),
        ({"callback_secret": signing.new_secret()}, "callback"),
    ],
)
def test_what_is_no_callback_is_refused_and_nothing_is_saved(given: dict[str, str], attr: str) -> None:
    room = make.newsroom()
    cms = program_of(make.researcher(room), room)

    refused = only(cms.post("claims/", {"text": "The tower is 90 metres high.", **given}))

    assert refused["attr"] == attr
    assert not Claim.objects.exists() and not Webhook.objects.exists()


def test_a_callback_to_our_own_network_is_never_asked(settings: Any) -> None:
    room = make.newsroom()
    claim = make.claim_submitted(room)
    callback, _ = calling_back.ask(claim, by=None, url="http://127.0.0.1:9/hook")
    telling.test(callback, by=make.member(room, "admin"))
    run()

    assert callback.deliveries.exists()
    assert not callback.deliveries.filter(state="done").exists()


def test_no_more_addresses_than_allowed_are_told(monkeypatch: Any) -> None:
    claim = make.claim_submitted()
    for number in range(calling_back.MOST):
        calling_back.ask(claim, by=None, url=f"https://cms.example/{number}")

    with pytest.raises(Exception, match="At most"):
        calling_back.ask(claim, by=None, url="https://cms.example/more")


def test_thousands_of_callbacks_cost_one_look_at_the_ledger(django_assert_max_num_queries: Any) -> None:
    room = make.newsroom()
    for number in range(12):
        claim, _ = intake.submit_claim(room, text=f"Tower {number} is 90 metres high.", by=None, door="api")
        calling_back.ask(claim, by=None, url="https://cms.example/")
    assert list(Webhook.objects.behind()) == []
    with django_assert_max_num_queries(12):
        while calling_back.spread(room.pk):
            pass
    assert calling_back.behind() == []
    assert CallbackCursor.objects.get(pk=room.pk).told_through == room.ledger.count()


def test_a_callback_is_not_listed_among_webhooks_but_shown_to_admins_by_its_id() -> None:
    room = make.newsroom()
    callback, _ = calling_back.ask(make.claim_submitted(room), by=None, url="https://cms.example/")
    admin = program_of(make.member(room, "admin"), room)

    assert admin.get("webhooks/").json()["results"] == []
    assert admin.get(f"webhooks/{callback.pk}/").json()["url"] == "https://cms.example/"
    assert admin.get(f"webhooks/{callback.pk}/deliveries/").status_code == 200
    assert admin.post(f"webhooks/{callback.pk}/replays/", {"since": 1, "until": 9}).status_code == 201
