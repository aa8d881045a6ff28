"""Fetching: an address handed in is kept at once and becomes an article when a worker has its text."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from claims import transitions
from claims.analysis import language as languages
from claims.errors import InvalidInput
from claims.models import Article, Newsroom, User
from claims.operations import accepting
from claims.signals import announce_work
from claims.workflow import Permission


def submit_address(
    newsroom: Newsroom,
    *,
    url: str,
    by: User | None,
    door: str,
    language: str = "",
    published_on: dt.date | None = None,
    title: str = "",
    publisher: str = "",
    external_id: str = "",
) -> tuple[Article, bool]:
    """Accept an address. Returns its article, which has no text yet, and whether it is new.

    An address that still waits is one, however often it comes; so is one with the same id of the newsroom's own. What
    is given here goes before what the page says of itself.
    """
    transitions.require(by, Permission.SUBMIT, newsroom)
    url = accepting.checked_url(url)
    if not url:
        raise InvalidInput("Give the text, or the address it can be fetched from.", field="text", code="blank")
    accepting.check_day(published_on, field="published_on")
    given = {
        "language": accepting.checked_language(language, "")[0] if language else "",
        "published_on": published_on,
        "title": accepting.checked_line(title, "title", 500),
        "publisher": accepting.checked_line(publisher, "publisher", 200),
        "external_id": accepting.checked_line(external_id, "external_id", 200),
        "door": door,
        "received_by": by,
    }
    if given["external_id"]:
        known = Article.objects.filter(newsroom=newsroom, external_id=given["external_id"], url=url).first()
        if known is not None:
            return known, False
    with accepting.own_id_once("article"), transaction.atomic():
        article, created = Article.objects.get_or_create(
            newsroom=newsroom, url=url, sha256="", state=Article.State.OPEN, defaults=given
        )
        if created:
            transitions.record("article.received", newsroom=newsroom, by=by, article=article.pk, url=url, door=door)
            announce_work(Article, [article.pk])
    return article, created


def keep_text(
    article: Article,
    *,
    text: str,
    url: str,
    language: str = "",
    title: str = "",
    publisher: str = "",
    published_on: dt.date | None = None,
) -> None:
    """Give an article we hold the text its address led to; it is read next. Without our lease nothing is written.

    A text that is here already closes it: `same_as` says where. Raises `InvalidInput` when the text will not do.
    """
    text, notes = accepting.checked_text(text)
    now = timezone.now()
    known, guessed = article.language, False
    if not known:
        known, guessed = accepting.checked_language(language if languages.exists(language) else "", text)
    today = now.date()
    day = article.published_on or (published_on if published_on and published_on.year >= 1000 else None)
    digest = hashlib.sha256(text.encode()).hexdigest()
    notes = [*article.notes, f"Fetched from {url}.", *notes]
    if guessed:
        notes.append(f"Language was not given; read as {known}.")
    with transaction.atomic():
        Newsroom.objects.select_for_update(no_key=True).get(pk=article.newsroom_id)  # two pages may hold one text
        held = Article.objects.filter(
            pk=article.pk, lease_token=article.lease_token, state=Article.State.OPEN, sha256=""
        ).select_for_update()
        if not held.exists():
            return
        same = Article.objects.filter(newsroom=article.newsroom_id, sha256=digest).first()
        if same is not None:
            Article.objects.settle(article)
            Article.objects.filter(pk=article.pk).update(
                same_as=same, fetched_at=now, problem="", notes=[*notes, f"The same text is here as article {same.pk}."]
            )
            told: dict[str, Any] = {"same_as": same.pk}
        else:
            held.update(
                text=text,
                sha256=digest,
                language=known,
                language_guessed=guessed,
                published_on=day if day and day <= today else None,
                title=article.title or " ".join(title.split())[:500],
                publisher=article.publisher or " ".join(publisher.split())[:200],
                notes=notes,
                fetched_at=now,
                problem="",
                last_error="",
                leased_until=None,
                attempts=0,
                next_attempt_at=Now(),
            )
            told = {"sha256": digest}
            announce_work(Article, [article.pk])
        transitions.record("article.fetched", newsroom=article.newsroom_id, by=None, article=article.pk, **told)


def give_up(article: Article, *, problem: str, reason: str) -> None:
    """Note why the address of an article we hold leads to no text; a person may have it tried again."""
    _end(article, problem=problem, held=Article.objects.bury(article, error=reason))


def put_off(article: Article, *, problem: str, reason: str, seconds: float) -> None:
    """Note that there was no answer this time; it is tried again later, until it has had its tries."""
    _end(article, problem=problem, held=Article.objects.postpone(article, error=reason, seconds=seconds))


@transaction.atomic
def _end(article: Article, *, problem: str, held: bool) -> None:
    if not held:
        return
    Article.objects.filter(pk=article.pk).update(problem=problem)
    if Article.objects.filter(pk=article.pk, state=Article.State.DEAD).exists():
        transitions.record(
            "article.not_fetched", newsroom=article.newsroom_id, by=None, article=article.pk, outcome=problem
        )
