"""The sample newsroom of the browser tests: the sample article, read, gathered and assessed by the real code."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

from django.utils import timezone

from claims.models import Article, Claim, Newsroom, User
from claims.operations import gathering
from claims.roles import Role
from tests import make

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def newsroom() -> Newsroom:
    return make.newsroom(slug="nordblick", sources=["folder", "wikipedia"])


def somebody(room: Newsroom, first: str, last: str, *roles: Role) -> User:
    user = make.member(room, *roles, name=f"{first}.{last}".lower())
    user.first_name, user.last_name = first, last
    user.save()
    return user


def article(room: Newsroom) -> Article:
    text = (SAMPLES / "article.de.txt").read_text()
    return make.article_read(
        room,
        text=text,
        published_on=dt.date(2024, 12, 24),
        title="Kims Soldaten zahlen in Kursk einen hohen Preis",
        by=somebody(room, "Rita", "Sommer", Role.RESEARCHER),
    )


def archive() -> list[gathering.DocumentDraft]:
    """The sample archive as the folder connector would bring it."""
    drafts = []
    for path in sorted((SAMPLES / "archive").glob("*.json")):
        given = json.loads(path.read_text())
        drafts.append(
            gathering.DocumentDraft(
                url=given["url"],
                text=given["text"],
                sha256=hashlib.sha256(given["text"].encode()).hexdigest(),
                fetched_at=timezone.now(),
                source="folder",
                private=True,
                title=given["title"],
                language=given["language"],
                publisher=given.get("publisher", ""),
                credit=given.get("credit", ""),
                domain=given["url"].split("/")[2],
                published_at=dt.datetime.fromisoformat(given["published_at"]),
            )
        )
    return drafts


def check(claim: Claim, *, by: User) -> Claim:
    """A claim gathered and assessed: the archive answers, Wikipedia cannot be reached."""
    gathering.open_lookups(claim, by=by)
    return gathered(claim)


def gathered(claim: Claim) -> Claim:
    gathering.record(make.lookup_taken(claim, "folder"), archive(), queries=["Nordkorea Kursk 1.100"])
    gathering.abandon(
        make.lookup_taken(claim, "wikipedia"), reason="de.wikipedia.org did not answer within 25 seconds.", retry_in=900
    )
    make.assess(claim)
    return Claim.objects.get(pk=claim.pk)


def claim_about(article: Article, words: str) -> Claim:
    return Claim.objects.filter(article=article, text__contains=words).order_by("-score")[0]
