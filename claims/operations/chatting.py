"""Chatting: rooms of a team's chat are told what happens at the desk, by their incoming webhook.

A post is written with the notice it tells of (`noticing.tell`); a worker carries it and says here what came of it. The
address of a room is a secret and kept sealed: whoever has it can post there.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import uuid
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims import transitions
from claims.errors import InvalidInput, RuleBroken
from claims.models import Chat, ChatPost, Newsroom, Notice, Step, User
from claims.operations import noticing
from claims.roles import Role
from claims.sealing import seal, unseal
from claims.signals import announce_work
from claims.workflow import Permission

SCHEDULE = (30, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600)
JITTER = 0.2
GONE = (404, 410)
TEST = "test"
# What a room can be told: all but what is about one person's mail.
KINDS = [kind for kind in Notice.Kind if kind not in (Notice.Kind.MAIL_STOPPED, Notice.Kind.CHAT_STOPPED)]

# A room is nobody in particular: what says "you" to a person is said otherwise there.
_SAID = {
    Notice.Kind.MENTION: _("Somebody was mentioned"),
    Notice.Kind.ASSIGNED: _("Somebody was given a claim"),
    Notice.Kind.ERRAND: _("Somebody was given a task"),
    Notice.Kind.ERRAND_DUE: _("A task is due"),
    Notice.Kind.ERRAND_DONE: _("A task is done"),
    Notice.Kind.ESCALATED: _("An overdue verdict was passed on"),
}
WORDS = {**dict(Notice.Kind.choices), **{kind.value: words for kind, words in _SAID.items()}, TEST: _("Test message")}


@transaction.atomic
def register(
    newsroom: Newsroom, *, by: User, label: str, style: str, url: str, kinds: Iterable[str], language: str
) -> Chat:
    """Tell a room of a chat of some kinds of notices from now on."""
    transitions.require(by, Permission.ADMINISTER, newsroom)
    given = _checked(label, style, kinds, language)
    made = Chat.objects.create(newsroom=newsroom, created_by=by, **given, **_sealed(url))
    transitions.record("chat.registered", newsroom=newsroom, by=by, chat=made.pk, host=made.host, **_told(given))
    return made


@transaction.atomic
def change(chat: Chat, *, by: User, label: str, style: str, kinds: Iterable[str], language: str, url: str = "") -> Chat:
    """Change what a room is told, or where it is; without an address it stays where it is."""
    transitions.require(by, Permission.ADMINISTER, chat.newsroom_id)
    given = {**_checked(label, style, kinds, language), **(_sealed(url) if url else {})}
    for name, value in given.items():
        setattr(chat, name, value)
    chat.save(update_fields=list(given))
    transitions.record("chat.changed", newsroom=chat.newsroom_id, by=by, chat=chat.pk, host=chat.host, **_told(given))
    return chat


@transaction.atomic
def disable(chat: Chat, *, by: User | None, reason: str) -> Chat:
    """Stop telling a room. What waits is dropped, and what happens meanwhile is not told later: chats are for now."""
    transitions.require(by, Permission.ADMINISTER, chat.newsroom_id)
    if not reason.strip():
        raise InvalidInput("Say why.", field="reason", code="blank")
    chat.disabled_at, chat.disabled_reason = timezone.now(), reason.strip()[:500]
    chat.save(update_fields=["disabled_at", "disabled_reason"])
    ChatPost.objects.filter(chat=chat, state=Step.State.OPEN).update(
        state=Step.State.DONE, leased_until=None, settled_at=Now(), last_error="The chat was disabled."
    )
    transitions.record("chat.disabled", newsroom=chat.newsroom_id, by=by, chat=chat.pk, reason=chat.disabled_reason)
    if by is None:
        noticing.tell(
            noticing.with_roles([Role.ADMIN], chat.newsroom_id),
            Notice.Kind.CHAT_STOPPED,
            subject=f"chat:{chat.pk}:{int(chat.disabled_at.timestamp())}",
            newsroom=chat.newsroom_id,
        )
    return chat


@transaction.atomic
def enable(chat: Chat, *, by: User) -> Chat:
    """Tell a room again, of what happens from now on."""
    transitions.require(by, Permission.ADMINISTER, chat.newsroom_id)
    chat.disabled_at, chat.disabled_reason, chat.failing_since, chat.last_error = None, "", None, ""
    chat.save(update_fields=["disabled_at", "disabled_reason", "failing_since", "last_error"])
    transitions.record("chat.enabled", newsroom=chat.newsroom_id, by=by, chat=chat.pk)
    return chat


@transaction.atomic
def test(chat: Chat, *, by: User) -> ChatPost:
    """Send one message that means nothing, to see whether it arrives."""
    transitions.require(by, Permission.ADMINISTER, chat.newsroom_id)
    if chat.disabled_at:
        raise RuleBroken("This chat is disabled: enable it first.", code="disabled")
    made = ChatPost.objects.create(chat=chat, kind=TEST, subject=f"test:{uuid.uuid4().hex}", actor=by)
    announce_work(ChatPost, [made.pk])
    return made


def url_of(chat: Chat) -> str:
    """The address of a room, for whoever carries a post there."""
    return unseal(chat.sealed_url)


def arrived(post: ChatPost) -> None:
    """Note that a room took a post."""
    with transaction.atomic():
        if ChatPost.objects.settle(post):
            ChatPost.objects.filter(pk=post.pk).update(last_error="")
            Chat.objects.filter(pk=post.chat_id).update(failing_since=None, last_error="")


@transaction.atomic
def failed(post: ChatPost, *, reason: str, status: int | None = None, retry_after: float | None = None) -> None:
    """Note that a post did not arrive, and when it is tried next. A room that is gone, or took nothing, is disabled."""
    last, gone = post.attempts > len(SCHEDULE), status in GONE
    if last or gone:
        held = ChatPost.objects.bury(post, error=reason)
    else:
        wait = SCHEDULE[post.attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  spreads load
        held = _postpone(post, reason, max(wait, min(retry_after or 0.0, 3600.0)))
    if not held:
        return
    chat = Chat.objects.select_for_update().get(pk=post.chat_id)
    chat.failing_since, chat.last_error = chat.failing_since or timezone.now(), reason[:1000]
    chat.save(update_fields=["failing_since", "last_error"])
    if (last or gone) and chat.disabled_at is None:
        why = "The chat says that this room is gone." if gone else "It took no message for hours."
        disable(chat, by=None, reason=f"{why} {reason}")


def held_back(post: ChatPost, *, seconds: float) -> None:
    """Give a post back that was not tried at all: its host is left alone just now."""
    ChatPost.objects.filter(pk=post.pk, lease_token=post.lease_token, state=Step.State.OPEN).update(
        leased_until=None, attempts=post.attempts - 1, next_attempt_at=Now() + dt.timedelta(seconds=seconds)
    )


@transaction.atomic
def retry(post: ChatPost, *, by: User) -> None:
    """Try a post that was given up once more."""
    transitions.require(by, Permission.PICK, post.chat.newsroom_id)
    post = ChatPost.objects.select_for_update(of=("self",)).select_related("chat").get(pk=post.pk)
    if post.state != Step.State.DEAD:
        raise RuleBroken("Only what was given up can be tried again.", code="not_dead")
    if post.chat.disabled_at:
        raise RuleBroken("This chat is disabled: enable it first.", code="disabled")
    ChatPost.objects.revive(post.pk)
    announce_work(ChatPost, [post.pk])


def _postpone(post: ChatPost, reason: str, seconds: float) -> bool:
    return bool(
        ChatPost.objects.filter(pk=post.pk, lease_token=post.lease_token, state=Step.State.OPEN).update(
            leased_until=None, last_error=reason[:4000], next_attempt_at=Now() + dt.timedelta(seconds=seconds)
        )
    )


def _checked(label: str, style: str, kinds: Iterable[str], language: str) -> dict[str, Any]:
    label, wanted = " ".join(label.split())[:80], sorted(set(kinds))
    if not label:
        raise InvalidInput("Give the chat a name.", field="label", code="blank")
    if style not in Chat.Style.values:
        raise InvalidInput("Choose the kind of chat.", field="style", code="unknown")
    if not wanted or not set(wanted) <= set(KINDS):
        raise InvalidInput("Choose what the chat is told.", field="kinds", code="unknown")
    if language not in dict(settings.LANGUAGES):
        raise InvalidInput("Choose a language.", field="language", code="unknown")
    return {"label": label, "style": style, "kinds": wanted, "language": language}


def _sealed(url: str) -> dict[str, str]:
    if not re.fullmatch(r"https?://[^\s/@]+(/\S*)?", url) or len(url) > 2000:
        raise InvalidInput("Give an address that begins with https://.", field="url", code="bad_url")
    return {"sealed_url": seal(url), "host": (urlsplit(url).hostname or "")[:255]}


def _told(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in ("label", "style", "kinds")}
