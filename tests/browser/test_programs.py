"""Keys and webhooks in a browser: an admin makes both, at the desk and on a phone."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from claims.models import ApiKey, Delivery, KeyUsage, Webhook
from claims.operations import telling
from claims.roles import Role
from tests import make
from tests.api.client import Program
from tests.browser.conftest import Sit

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_admin_makes_a_key_and_watches_it(sit: Sit):
    room = make.newsroom()
    editor, boss = make.editor(room), make.member(room, Role.ADMIN)
    desk = sit(boss)
    page = desk.open("/admin/")
    page.get_by_role("link", name="Keys").first.click()
    page.get_by_role("link", name="Make a key").click()
    page.get_by_label("Program").fill("CMS, staging")
    page.get_by_label("Acts as").select_option(str(editor.pk))
    page.get_by_label("hand in articles and claims").check()
    desk.picture("key-new.png", full_page=True)
    page.get_by_role("button", name="Make a key").click()
    secret = page.get_by_label("Secret").input_value()
    assert Program(secret).get("claims/").status_code == 200
    key = ApiKey.objects.get()
    assert key.scopes == ["read", "submit"]
    for back in range(12):
        day = dt.datetime.now(tz=dt.UTC).date() - dt.timedelta(days=back)
        KeyUsage.objects.update_or_create(
            key=key, day=day, defaults={"requests": 900 - 70 * back, "throttled": 12 if back == 3 else 0}
        )
    desk.open("/admin/keys/")
    desk.picture("keys.png", documented=True)
    desk.open(f"/admin/keys/{key.token_key}/")
    desk.picture("key.png", full_page=True)
    phone = sit(boss, viewport={"width": 390, "height": 844}, locale="de-DE")
    phone.open(f"/admin/keys/{key.token_key}/")
    expect(phone.page.get_by_role("button", name="Sofort und endgültig widerrufen")).to_be_visible()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    phone.picture("key-phone.png", full_page=True)
    phone.page.get_by_role("button", name="Sofort und endgültig widerrufen").click()
    expect(phone.page.get_by_text("Der Schlüssel ist widerrufen.")).to_be_visible()


def test_an_admin_adds_a_webhook_and_reads_why_it_fails(sit: Sit):
    room = make.newsroom()
    boss = make.member(room, Role.ADMIN)
    desk = sit(boss)
    page = desk.open("/admin/webhooks/new/")
    page.get_by_label("Name").fill("CMS")
    page.get_by_label("Address").fill("https://cms.example/hook")
    page.get_by_role("button", name="Add a webhook").click()
    assert page.get_by_label("Secret").input_value().startswith("whsec_")
    page.get_by_role("button", name="Send a test event").click()
    expect(page.get_by_text("A test event is on its way.")).to_be_visible()
    delivery = Delivery.objects.take(Delivery.objects.get().pk)
    telling.failed(delivery, reason="The receiver answered 410.", status=410, answer='{"error": "moved away"}')
    assert Webhook.objects.get().disabled_at
    page = desk.open(f"/admin/webhooks/{Webhook.objects.get().pk}/")
    expect(page.get_by_role("alert")).to_contain_text("gone for good (410)")
    page.locator("tbody summary").first.click()
    expect(page.get_by_text("moved away")).to_be_visible()
    desk.picture("webhook.png", documented=True, full_page=True)
    phone = sit(boss, viewport={"width": 390, "height": 844}, locale="de-DE")
    phone.open(f"/admin/webhooks/{Webhook.objects.get().pk}/")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    phone.picture("webhook-phone.png", full_page=True)
    page.get_by_role("button", name="Enable").click()
    expect(page.get_by_role("button", name="Send a test event")).to_be_visible()
