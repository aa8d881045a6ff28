"""Rooms of a chat are told what happens at the desk: in their own form, once, safely, and with failures in sight."""

from __future__ import annotations

import datetime as dt
import ipaddress
from typing import Any

import pytest
import redis
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from claims.errors import InvalidInput, NotPermitted, RuleBroken
from claims.models import Chat, ChatPost, Claim, LedgerEntry, Newsroom, Notice
from claims.operations import chatting, noticing
from claims.roles import Role
from tests import make
from workers import chats
from workers.tasks import noticing as tasks

pytestmark = pytest.mark.django_db


class Room:
    """A chat's server that takes messages, or answers what a test wants."""

    def __init__(self, server: HTTPServer) -> None:
        self.url = server.url_for("/hooks/secret")
        self.answers: list[int] = []
        self.taken: list[Any] = []
        server.expect_request("/hooks/secret").respond_with_handler(self.take)

    def take(self, request: Request) -> Response:
        status = self.answers.pop(0) if self.answers else 200
        if status < 300:
            self.taken.append(request.get_json())
        return Response("ok" if status < 300 else "no", status=status)


@pytest.fixture
def room(httpserver: HTTPServer, loopback_allowed: Any) -> Room:
    settings = loopback_allowed
    settings.FETCH_ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")]
    settings.PUBLIC_URL = "https://desk.example"
    return Room(httpserver)


def chat(newsroom: Newsroom, room: Room, **fields: Any) -> Chat:
    given = {"label": "Desk", "style": "slack", "kinds": ["overdue", "complaint"], "language": "en", "url": room.url}
    return chatting.register(newsroom, by=make.person(newsroom, Role.ADMIN), **{**given, **fields})


def tell(claim: Claim, kind: str = "overdue", subject: str = "due:1:1") -> None:
    noticing.tell([make.reviewer(claim.newsroom)], kind, subject=subject, newsroom=claim.newsroom, claim=claim)


def deliver() -> None:
    """What the workers do with what is due, after the pause a host gets that could not answer."""
    store = redis.Redis.from_url(django_settings.REDIS_URL)
    for key in store.scan_iter("factcheck:fetch:*"):
        store.delete(key)
    store.close()
    ChatPost.objects.filter(state="open").update(next_attempt_at=timezone.now() - dt.timedelta(hours=1))
    for pk in list(ChatPost.objects.due().order_by("pk").values_list("pk", flat=True)):
        tasks.carry_post(pk)


def test_a_room_is_told_once_of_the_kinds_it_wants_and_of_nothing_else(room: Room):
    claim = make.claim_in_review()
    chat(claim.newsroom, room)
    tell(claim)
    tell(claim)
    tell(claim, kind="mention", subject="comment:1")
    deliver()
    tasks.carry_post(ChatPost.objects.get().pk)  # delivered twice
    [told] = room.taken
    assert f"https://desk.example/admin/claims/claim/{claim.pk}/change/" in told["text"]
    assert "A verdict is overdue" in told["text"]
    assert claim.text[:40] in told["text"]


def test_each_newsroom_tells_its_own_rooms(room: Room):
    claim = make.claim_in_review()
    chat(make.newsroom(), room)
    tell(claim)
    assert not ChatPost.objects.exists()


HOSTILE = "<!channel> *all* [click](https://evil.example) @channel `x` planted 1,250 trees in March 2024."


@pytest.mark.parametrize("style", Chat.Style.values)
def test_what_stands_in_a_claim_calls_nobody_and_forges_no_link(room: Room, style: str):
    claim = make.claim_in_review(text=HOSTILE)
    chat(claim.newsroom, room, style=style, language="de")
    tell(claim)
    deliver()
    [body] = room.taken
    if style == "generic":
        assert body["claim"] == {"id": claim.pk, "text": HOSTILE}
        assert (body["kind"], body["text"]) == ("overdue", "Ein Urteil ist überfällig")
        return
    told = str(body)
    assert "<!channel>" not in told
    if style != "slack":  # to which these marks mean nothing
        assert "[click](" not in told
    if style == "slack":
        assert "&lt;!channel&gt;" in body["text"]
    if style == "mattermost":
        assert "@channel" not in body["text"]
        assert body["text"].startswith("**[Ein Urteil ist überfällig](https://desk.example/")
    if style == "teams":
        card = body["attachments"][0]["content"]
        assert card["type"] == "AdaptiveCard"
        assert card["body"][0]["text"] == "Ein Urteil ist überfällig"
        assert card["actions"][0]["url"].startswith("https://desk.example/admin/")


def test_a_room_that_fails_is_tried_again_and_shows_it(room: Room):
    claim = make.claim_in_review()
    made = chat(claim.newsroom, room)
    room.answers = [503, 429]
    tell(claim)
    deliver()
    made.refresh_from_db()
    assert made.failing_since is not None
    assert "503" in made.last_error
    client = Client()
    client.force_login(make.person(claim.newsroom, Role.ADMIN))
    assert "503" in client.get(f"/admin/chats/{made.pk}/").content.decode()
    deliver()
    deliver()
    made.refresh_from_db()
    assert len(room.taken) == 1
    assert made.failing_since is None


def test_a_room_that_is_gone_is_disabled_and_its_admins_are_told(room: Room):
    claim = make.claim_in_review()
    made = chat(claim.newsroom, room)
    admin = make.person(claim.newsroom, Role.ADMIN)
    room.answers = [404]
    tell(claim)
    deliver()
    made.refresh_from_db()
    assert made.disabled_at is not None
    assert list(Notice.objects.filter(person=admin).values_list("kind", flat=True)) == ["chat_stopped"]
    tell(claim, subject="due:2:2")
    assert ChatPost.objects.filter(state="open").count() == 0
    with pytest.raises(RuleBroken):
        chatting.test(made, by=admin)
    chatting.enable(made, by=admin)
    tell(claim, subject="due:3:3")
    deliver()
    assert len(room.taken) == 1


def test_a_message_nobody_took_for_hours_is_stuck_work_and_disables_the_room(room: Room):
    claim = make.claim_in_review()
    made = chat(claim.newsroom, room)
    room.answers = [500] * 20
    tell(claim)
    for _ in range(len(chatting.SCHEDULE) + 1):
        deliver()
    made.refresh_from_db()
    assert made.disabled_at is not None
    client = Client()
    client.force_login(make.editor(claim.newsroom))
    assert "The chat answered 500" in client.get("/admin/stuck/").content.decode()


def test_an_address_of_our_own_network_is_not_asked(room: Room, settings: Any):
    settings.FETCH_ALLOWED_NETWORKS = []
    claim = make.claim_in_review()
    made = chat(claim.newsroom, room)
    tell(claim)
    deliver()
    made.refresh_from_db()
    assert room.taken == []
    assert made.last_error


def test_the_test_button_sends_one_message(room: Room):
    newsroom = make.newsroom()
    made = chat(newsroom, room)
    client = Client()
    client.force_login(make.person(newsroom, Role.ADMIN))
    client.post(f"/admin/chats/{made.pk}/test/")
    deliver()
    assert "A test message from the fact-check desk" in room.taken[0]["text"]


def test_the_address_of_a_room_is_sealed_and_never_shown(room: Room):
    newsroom = make.newsroom()
    made = chat(newsroom, room)
    client = Client()
    client.force_login(make.person(newsroom, Role.ADMIN))
    for path in ("/admin/chats/", f"/admin/chats/{made.pk}/"):
        assert "secret" not in client.get(path).content.decode().replace("secret_", "")
    assert room.url not in made.sealed_url
    assert all(room.url not in entry.body for entry in LedgerEntry.objects.filter(newsroom=newsroom))
    assert chatting.url_of(made) == room.url


@pytest.mark.parametrize(
    ("field", "value"),
    [("url", "ftp://x"), ("url", "https://a b"), ("style", "fax"), ("kinds", []), ("kinds", ["mail_stopped"]),
     ("label", " "), ("language", "xx")],
)  # fmt: skip
def test_what_cannot_be_told_is_refused(room: Room, field: str, value: Any):
    with pytest.raises(InvalidInput):
        chat(make.newsroom(), room, **{field: value})


def test_only_those_who_run_the_newsroom_add_rooms(room: Room):
    newsroom = make.newsroom()
    given = {"label": "Desk", "style": "slack", "kinds": ["overdue"], "language": "en", "url": room.url}
    for by in (make.editor(newsroom), make.person(make.newsroom(), Role.ADMIN)):
        with pytest.raises(NotPermitted):
            chatting.register(newsroom, by=by, **given)


def test_words_without_a_claim_are_told_too(room: Room):
    newsroom = make.newsroom()
    made = chat(newsroom, room, kinds=["given_back"])
    noticing.tell([], Notice.Kind.GIVEN_BACK, subject="handback:1", newsroom=newsroom)
    post = ChatPost.objects.get(chat=made)
    assert "Claims went back to the queue" in chats.body_of(post)["text"]
