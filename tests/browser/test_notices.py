"""My notices, chats, escalation and the page that stops mail, in a browser, at a desk and on a phone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from claims.models import Chat, ChatPost, Membership
from claims.operations import chatting, mailing, noticing, returning, reviewing
from claims.roles import Role
from tests import make
from tests.browser.conftest import Sit

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "de-DE"}


def test_a_person_says_how_often_they_are_mailed_and_stops_it_without_signing_in(sit: Sit, settings: Any):
    settings.EMAIL_HOST = "mail.example"
    user = make.member(make.newsroom(), Role.REVIEWER)
    user.email = "bela@mail.example"
    user.save()
    desk = sit(user)
    page = desk.open("/admin/mine/")
    page.get_by_role("link", name="How often I am mailed").click()
    expect(page.locator("p.d-meta")).to_contain_text("bela@mail.example")
    page.get_by_label("You were mentioned").select_option("weekly")
    desk.picture("my-notices.png", full_page=True)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert noticing.preferences_of(user)["mention"] == "weekly"
    phone = sit(user, **PHONE)
    phone.open("/admin/account/notices/")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    phone.picture("my-notices-phone.png", full_page=True)
    reader = sit(None, **PHONE)
    page = reader.open(f"/mail/stop/{mailing.stop_token(user, 'comment')}/")
    reader.picture("stop-mail-phone.png", full_page=True)
    assert noticing.preferences_of(user)["comment"] == "daily"
    page.get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Done")
    assert noticing.preferences_of(user)["comment"] == "off"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_admin_adds_a_chat_and_a_chain_and_sees_what_fails(sit: Sit):
    room = make.newsroom()
    boss = make.member(room, Role.ADMIN)
    desk = sit(boss)
    page = desk.open("/admin/chats/new/")
    page.get_by_label("Name").fill("Newsdesk")
    page.get_by_label("Kind of chat").select_option("mattermost")
    page.get_by_label("Address of the incoming webhook").fill("https://chat.example/hooks/abc")
    desk.picture("chat-new.png", full_page=True)
    page.get_by_role("button", name="Add a chat").click()
    page.get_by_role("button", name="Send a test message").click()
    expect(page.get_by_text("A test message is on its way.")).to_be_visible()
    chatting.failed(ChatPost.objects.take(ChatPost.objects.get().pk), reason="The chat answered 503.", status=503)  # type: ignore[arg-type]
    page = desk.open(f"/admin/chats/{Chat.objects.get().pk}/")
    expect(page.get_by_text("The chat answered 503.").first).to_be_visible()
    desk.picture("chat.png", full_page=True)
    page = desk.open("/admin/claims/escalation/add/")
    page.get_by_label("Told").select_option("desk_lead")
    page.get_by_label("Office hours late").fill("4")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("nobody: the newsroom's admins are told")).to_be_visible()
    desk.picture("escalation.png", full_page=True)
    phone = sit(boss, **PHONE)
    for path in ("/admin/chats/", f"/admin/chats/{Chat.objects.get().pk}/", "/admin/chats/new/"):
        phone.open(path)
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390, path
    phone.picture("chat-new-phone.png", full_page=True)


def test_claims_that_went_back_are_given_back_on_the_team_page(sit: Sit):
    claim = make.claim_in_review()
    reviewer = make.reviewer(claim.newsroom)
    reviewing.assign(claim, to=reviewer, by=reviewer)
    today = timezone.now().date()
    Membership.objects.filter(user=reviewer).update(away_from=today, away_until=today + dt.timedelta(days=2))
    for pk in returning.begun():
        returning.hand_back(pk)
    desk = sit(make.editor(claim.newsroom))
    page = desk.open("/admin/team/")
    expect(page.get_by_role("heading", name="Back in the queue because somebody is away")).to_be_visible()
    desk.picture("team-returned.png", full_page=True)
    page.get_by_role("button", name="Give back").click()
    expect(page.get_by_text("Given back: 1.")).to_be_visible()
