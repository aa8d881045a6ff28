"""Keys and webhooks in the desk."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from claims.models import ApiKey, Delivery, KeyUsage, LedgerEntry, Newsroom, User, Webhook
from claims.operations import keying, metering, telling
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import words
from tests.api.client import Program
from workers.tasks import delivering
from workers.tasks.metering import write_usage_down

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Newsroom:
    return make.newsroom()


@pytest.fixture
def boss(room: Newsroom) -> User:
    return make.member(room, Role.ADMIN)


@pytest.fixture
def desk(boss: User, signed_in: SignIn) -> Client:
    return signed_in(boss)


def secret_on(page: Any) -> str:
    found = re.search(r'readonly value="((?:fck_|whsec_)[^"]+)"', page.content.decode())
    return found[1] if found else ""


def made(desk: Client, room: Newsroom, user: User, **given: Any) -> tuple[ApiKey, str]:
    form = {"newsroom": room.pk, "label": "CMS", "user": user.pk, "scopes": ["read", "submit"], **given}
    page = desk.post("/admin/keys/new/", form, follow=True)
    assert page.status_code == 200, words(page)
    return ApiKey.objects.latest("created"), secret_on(page)


def test_a_key_is_made_in_the_desk_works_and_its_secret_is_shown_once(desk: Client, room: Newsroom):
    key, secret = made(desk, room, make.editor(room), allowed_networks="127.0.0.0/8\n2001:db8::/32")
    assert Program(secret).get("claims/").status_code == 200
    assert key.allowed_networks == ["127.0.0.0/8", "2001:db8::/32"]
    assert secret_on(desk.get(f"/admin/keys/{key.token_key}/")) == ""
    text = words(desk.get("/admin/keys/"))
    assert "CMS active" in text
    assert secret not in text


def test_a_key_is_given_other_networks_and_an_expiry(desk: Client, room: Newsroom):
    key, secret = made(desk, room, make.editor(room))
    later = timezone.now() + dt.timedelta(days=3)
    given = {"label": "CMS", "allowed_networks": "203.0.113.0/24", "expires_at": later.strftime("%Y-%m-%dT%H:%M")}
    assert desk.post(f"/admin/keys/{key.token_key}/", given).status_code == 302
    assert Program(secret).get("claims/").status_code == 401
    key.refresh_from_db()
    assert key.expiry and abs(key.expiry - later) < dt.timedelta(minutes=1)
    page = desk.post(f"/admin/keys/{key.token_key}/", {**given, "allowed_networks": "all of it"})
    assert page.status_code == 400
    page = desk.post(f"/admin/keys/{key.token_key}/", {**given, "expires_at": "2020-01-01T00:00"})
    assert page.status_code == 400


def test_a_key_is_rotated_with_an_overlap_and_revoked(desk: Client, room: Newsroom):
    key, secret = made(desk, room, make.editor(room))
    page = desk.post(f"/admin/keys/{key.token_key}/rotate/", {"overlap": "24"}, follow=True)
    fresh = secret_on(page)
    assert fresh and fresh != secret
    assert [Program(one).get("claims/").status_code for one in (secret, fresh)] == [200, 200]
    desk.post(f"/admin/keys/{key.token_key}/revoke/")
    assert [Program(one).get("claims/").status_code for one in (secret, fresh)] == [401, 200]


def test_a_rotation_without_overlap_closes_the_old_key_at_once(desk: Client, room: Newsroom):
    key, secret = made(desk, room, make.editor(room))
    desk.post(f"/admin/keys/{key.token_key}/rotate/", {"overlap": "0"})
    assert Program(secret).get("claims/").status_code == 401


def test_the_desk_shows_how_much_a_key_was_used_and_told_to_wait(desk: Client, room: Newsroom, settings: Any):
    settings.API_REQUESTS_PER_KEY = 3
    write_usage_down()
    key, secret = made(desk, room, make.editor(room))
    answers = [Program(secret).get("claims/").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    write_usage_down()
    row = KeyUsage.objects.get(key=key)
    assert (row.requests, row.throttled) == (5, 2)
    assert write_usage_down() == 0, "nothing is counted twice"
    assert re.search(r"Told to wait .* 5 2", words(desk.get(f"/admin/keys/{key.token_key}/")))
    assert "5 2" in words(desk.get("/admin/keys/"))


def test_usage_of_a_key_that_is_gone_is_passed_over(room: Newsroom):
    assert metering.write_down({metering.field("nobody", "requests"): 7}) == 0


def test_auditors_see_keys_and_webhooks_and_change_none(room: Newsroom, boss: User, signed_in: SignIn):
    key, _ = keying.issue(room, user=make.editor(room), by=boss, label="CMS", scopes=["read"])
    webhook, _ = telling.register(room, url="https://cms.example/", by=boss)
    auditor = signed_in(make.member(room, Role.AUDITOR))
    for address in ("keys/", f"keys/{key.token_key}/", "webhooks/", f"webhooks/{webhook.pk}/"):
        page = auditor.get(f"/admin/{address}")
        assert page.status_code == 200
        assert not re.search(r'<form method="post"[^>]*(?:keys|webhooks)/', page.content.decode())
    before = room.ledger.count()
    for address in (f"keys/{key.token_key}/revoke/", f"webhooks/{webhook.pk}/test/"):
        auditor.post(f"/admin/{address}")
    assert auditor.get("/admin/keys/new/").status_code == 403
    assert room.ledger.count() == before


@pytest.mark.parametrize("role", [Role.EDITOR, Role.RESEARCHER])
def test_who_neither_administers_nor_audits_sees_no_keys(room: Newsroom, signed_in: SignIn, role: Role):
    client = signed_in(make.member(room, role))
    assert [client.get(f"/admin/{one}/").status_code for one in ("keys", "webhooks")] == [403, 403]


def test_another_newsrooms_admin_finds_neither(room: Newsroom, boss: User, signed_in: SignIn):
    key, _ = keying.issue(room, user=make.editor(room), by=boss, label="CMS", scopes=["read"])
    webhook, _ = telling.register(room, url="https://cms.example/", by=boss)
    stranger = signed_in(make.member(make.newsroom(), Role.ADMIN, Role.AUDITOR))
    for address in (f"keys/{key.token_key}/", f"keys/{key.token_key}/revoke/", f"webhooks/{webhook.pk}/"):
        assert stranger.post(f"/admin/{address}").status_code == 404
    key.refresh_from_db()
    assert key.revoked_at is None


def test_a_webhook_is_added_tested_and_its_log_shows_what_the_receiver_said(desk: Client, room: Newsroom):
    form = {"newsroom": room.pk, "label": "CMS", "url": "https://cms.example/hook", "types": ["claim.moved"]}
    page = desk.post("/admin/webhooks/new/", form, follow=True)
    assert secret_on(page).startswith("whsec_")
    webhook = Webhook.objects.get()
    assert webhook.types == ["claim.moved"]
    assert secret_on(desk.get(f"/admin/webhooks/{webhook.pk}/")) == ""
    desk.post(f"/admin/webhooks/{webhook.pk}/test/")
    delivery = Delivery.objects.take(Delivery.objects.get().pk)
    telling.failed(delivery, reason="The receiver answered 500.", status=500, answer="<b>out of order</b>\0", seconds=1)
    page = desk.get(f"/admin/webhooks/{webhook.pk}/")
    text = words(page)
    assert "The receiver answered 500." in text
    assert "<b>out of order</b>" in text, "escaped"
    assert "Failing since" in text
    assert "webhook.tested" not in words(desk.get(f"/admin/webhooks/{webhook.pk}/?state=done"))


def test_a_webhook_is_disabled_with_a_reason_that_a_banner_shows_and_enabled_again(desk: Client, room: Newsroom):
    webhook, _ = telling.register(room, url="https://cms.example/", by=None)
    desk.post(f"/admin/webhooks/{webhook.pk}/disable/", {"reason": " "})
    webhook.refresh_from_db()
    assert webhook.disabled_at is None
    desk.post(f"/admin/webhooks/{webhook.pk}/disable/", {"reason": "The CMS moves house."})
    for address in ("/admin/webhooks/", f"/admin/webhooks/{webhook.pk}/"):
        assert "The CMS moves house." in words(desk.get(address))
    desk.post(f"/admin/webhooks/{webhook.pk}/enable/")
    webhook.refresh_from_db()
    assert webhook.disabled_at is None


def test_events_are_told_again_singly_or_by_range(desk: Client, room: Newsroom):
    webhook, _ = telling.register(room, url="https://cms.example/", by=None)
    make.claim_submitted(room)
    while telling.spread(webhook.pk):
        pass
    one = Delivery.objects.take(Delivery.objects.in_turn().order_by("entry").first().pk)
    assert telling.arrived(one, status=204, seconds=0.1)
    at = one.entry.sequence
    page = desk.post(f"/admin/webhooks/{webhook.pk}/replay/", {"since": at, "until": at}, follow=True)
    assert "1 event is told again." in words(page)
    one.refresh_from_db()
    assert one.state == "open"
    page = desk.post(f"/admin/webhooks/{webhook.pk}/replay/", {"since": "x", "until": ""}, follow=True)
    assert "Give two numbers of events." in words(page)


def test_a_secret_is_changed_and_shown_once(desk: Client, room: Newsroom):
    webhook, old = telling.register(room, url="https://cms.example/", by=None)
    page = desk.post(f"/admin/webhooks/{webhook.pk}/rotate/", follow=True)
    fresh = secret_on(page)
    webhook.refresh_from_db()
    assert telling.secrets_of(webhook) == [fresh, old]


def gone(room: Newsroom) -> Webhook:
    """A webhook whose receiver said that it is gone for good."""
    webhook, _ = telling.register(room, url="https://cms.example/", by=None, label="CMS\r\nBcc: all@example.org")
    telling.test(webhook, by=make.person(room, Role.ADMIN))
    telling.failed(Delivery.objects.take(Delivery.objects.latest("pk").pk), reason="gone", status=410)
    return Webhook.objects.get(pk=webhook.pk)


def test_admins_are_mailed_once_when_a_webhook_was_disabled(room: Newsroom, boss: User):
    for user, address in ((boss, "boss@example.org"), (make.editor(room), "editor@example.org")):
        user.email = address
        user.save()
    assert gone(room).disabled_at
    assert delivering.mail_disabled() == 1
    assert delivering.mail_disabled() == 0
    [sent] = mail.outbox
    assert sent.to == ["boss@example.org"]
    assert "410" in sent.body and "https://cms.example/" in sent.body


def test_mail_that_cannot_be_sent_is_tried_again(room: Newsroom, boss: User, settings: Any):
    boss.email = "boss@example.org"
    boss.save()
    gone(room)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 9, False
    assert delivering.mail_disabled() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert delivering.mail_disabled() == 1


def test_nobody_is_mailed_about_what_a_person_disabled(desk: Client, room: Newsroom):
    webhook, _ = telling.register(room, url="https://cms.example/", by=None)
    desk.post(f"/admin/webhooks/{webhook.pk}/disable/", {"reason": "x"})
    assert delivering.mail_disabled() == 0


def test_the_ledger_tells_of_every_change_of_a_key(desk: Client, room: Newsroom):
    key, _ = made(desk, room, make.editor(room))
    desk.post(f"/admin/keys/{key.token_key}/", {"label": "Other", "allowed_networks": ""})
    desk.post(f"/admin/keys/{key.token_key}/revoke/")
    kinds = LedgerEntry.objects.filter(newsroom=room).order_by("sequence").values_list("kind", flat=True)
    assert [one for one in kinds if one.startswith("key.")] == ["key.issued", "key.changed", "key.revoked"]
