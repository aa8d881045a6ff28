"""Carries one post to a room of a chat, in the chat's own form, through the one door out.

What stands in a claim cannot call a whole channel or forge a link there: every chat's marks are made harmless.
"""

from __future__ import annotations

import json
import re
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from claims.letters import plain
from claims.models import Chat, ChatPost
from claims.operations import chatting
from claims.sealing import Unreadable
from workers import http
from workers.budgets import Pace
from workers.errors import FetchError, Throttled

PACE = Pace(per_second=1.0, in_a_row=5, at_once=2)  # what Slack and Teams ask for
DEADLINE_SECONDS = 15.0
ANSWER_BYTES = 4_096
CLAIM = 300  # characters of a claim that are told
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~])")


def carry(post: ChatPost) -> None:
    """Send a post we hold and note what came of it. Only 2xx counts as taken; redirects are not followed."""
    try:
        answer = http.fetch(
            chatting.url_of(post.chat),
            manner="service",
            pace=PACE,
            method="POST",
            headers={"content-type": "application/json"},
            body=json.dumps(body_of(post)).encode(),
            accept=None,
            max_bytes=ANSWER_BYTES,
            cut=True,
            deadline=DEADLINE_SECONDS,
        )
    except Throttled as exc:
        chatting.held_back(post, seconds=max(1.0, exc.retry_after or 1.0))
    except (FetchError, Unreadable) as exc:
        chatting.failed(post, reason=exc.shown if isinstance(exc, FetchError) else str(exc))
    else:
        if 200 <= answer.status < 300:
            chatting.arrived(post)
            return
        said = plain(answer.content[:200].decode(errors="replace"))
        chatting.failed(
            post,
            reason=f"The chat answered {answer.status}. {said}".strip(),
            status=answer.status,
            retry_after=answer.retry_after,
        )


def body_of(post: ChatPost) -> dict[str, Any]:
    """What is sent, in the form and the language of the room."""
    chat = post.chat
    with translation.override(chat.language):
        words = _words(post)
        by = (post.actor.get_full_name() or post.actor.get_username()) if post.actor else ""
    claim = plain(post.claim.text)[:CLAIM] if post.claim else ""
    url = settings.PUBLIC_URL + _path(post)
    if chat.style == Chat.Style.GENERIC:
        return {
            "newsroom": chat.newsroom.slug,
            "kind": post.kind,
            "subject": post.subject,
            "text": words,
            "claim": {"id": post.claim_id, "text": claim} if post.claim else None,
            "by": by,
            "url": url,
            "at": post.made_at.isoformat(),
        }
    told = f"#{post.claim_id} {claim}" if claim else ""
    if chat.style == Chat.Style.SLACK:
        lines = [f"*<{url}|{_slack(words)}>*" + (f" · {_slack(by)}" if by else ""), _slack(told)]
        return {"text": "\n".join(line for line in lines if line), "unfurl_links": False}
    if chat.style == Chat.Style.MATTERMOST:
        lines = [f"**[{_markdown(words)}]({url})**" + (f" · {_markdown(by)}" if by else ""), _markdown(told)]
        return {"text": "\n".join(line for line in lines if line)}
    return _card(words, by, told, url)


def _words(post: ChatPost) -> str:
    if post.kind == chatting.TEST:
        return _("A test message from the fact-check desk %(newsroom)s") % {"newsroom": plain(post.chat.newsroom.name)}
    return str(chatting.WORDS.get(post.kind, post.kind))


def _path(post: ChatPost) -> str:
    if post.claim_id is not None:
        return reverse("admin:claims_claim_change", args=[post.claim_id])
    return reverse("admin:index")


def _slack(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("*", "∗")


def _markdown(text: str) -> str:
    """Words without marks, links, or calls to a whole channel."""
    return _MARKDOWN.sub(r"\\\1", text).replace("@", "@\u200b")


def _card(words: str, by: str, told: str, url: str) -> dict[str, Any]:
    lines: list[dict[str, Any]] = [{"type": "TextBlock", "text": _markdown(words), "weight": "Bolder", "wrap": True}]
    lines += [{"type": "TextBlock", "text": _markdown(line), "wrap": True} for line in (told, by) if line]
    card = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.4",
        "body": lines,
        "actions": [{"type": "Action.OpenUrl", "title": "Factcheck", "url": url}],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}
