"""Intake: articles and claims come in, are read, and become claims the desk can pick from."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from claims import aliases, transitions
from claims.analysis import extraction, matching
from claims.analysis.aliasing import Aliases
from claims.analysis.types import ClaimDraft, Reading, to_json
from claims.errors import InvalidInput
from claims.models import Article, CheckworthinessModel, Claim, Contribution, Door, Newsroom, Step, User
from claims.operations import accepting, consulting, gathering, recognising, training
from claims.signals import announce_work
from claims.workflow import Permission

checked_url = accepting.checked_url


def submit_article(
    newsroom: Newsroom,
    *,
    text: str,
    by: User | None,
    door: str,
    language: str = "",
    published_on: dt.date | None = None,
    title: str = "",
    url: str = "",
    publisher: str = "",
    external_id: str = "",
) -> tuple[Article, bool]:
    """Accept an article. Returns it and whether it is new: the same text twice in a newsroom is one article.

    The text is kept as it came (HTML is turned into text first, and the article's notes say so). Reading it is
    a background step. Raises `InvalidInput` naming the field, and nothing is saved then.
    """
    transitions.require(by, Permission.SUBMIT, newsroom)
    text, notes = accepting.checked_text(text)
    accepting.check_day(published_on, field="published_on")
    known, guessed = accepting.checked_language(language, text)
    if guessed:
        notes.append(f"Language was not given; read as {known}.")
    digest = hashlib.sha256(text.encode()).hexdigest()
    given = {
        "text": text,
        "language": known,
        "language_guessed": guessed,
        "published_on": published_on,
        "title": accepting.checked_line(title, "title", 500),
        "url": accepting.checked_url(url),
        "publisher": accepting.checked_line(publisher, "publisher", 200),
        "external_id": accepting.checked_line(external_id, "external_id", 200),
        "door": door,
        "received_by": by,
        "notes": notes,
    }
    with accepting.own_id_once("article"), transaction.atomic():
        article, created = Article.objects.get_or_create(newsroom=newsroom, sha256=digest, defaults=given)
        if created:
            transitions.record(
                "article.received", newsroom=newsroom, by=by, article=article.pk, sha256=digest, door=door
            )
            announce_work(Article, [article.pk])
    return article, created


def submit_claim(
    newsroom: Newsroom,
    *,
    text: str,
    by: User | None,
    door: str,
    language: str = "",
    claimant: str = "",
    said_on: dt.date | None = None,
    appearance: str = "",
    external_id: str = "",
    savepoint: bool = True,
) -> tuple[Claim, bool]:
    """Accept a single claim, read at once (it is short). Returns it and whether it is new.

    Without a `savepoint` a refusal ends the transaction of the caller as well.
    """
    transitions.require(by, Permission.SUBMIT, newsroom)
    fields = prepared(
        newsroom,
        Tables(newsroom),
        text=text,
        door=door,
        submitted_by=by,
        language=language,
        claimant=claimant,
        said_on=said_on,
        appearance=appearance,
        external_id=external_id,
    )
    claim = Claim(newsroom=newsroom, article=None, **fields)
    with accepting.own_id_once("claim"), transaction.atomic(savepoint=savepoint):
        created = transitions.begin(claim, by=by, sha256=claim.sha256, article=None)
        if created:
            _gather_by_policy(claim)
        else:
            claim = Claim.objects.get(newsroom=newsroom, sha256=claim.sha256, article=None)
            recognising.note_request(claim, by=by, external_id=external_id.strip())
    return claim, created


_TAUGHT = """
    SELECT m.id, a.written, a.language, a.canonical, a.kind, a.wikidata FROM claims_newsroom n
    LEFT JOIN claims_checkworthinessmodel m ON m.newsroom_id = n.id AND m.language = %s AND m.used
    LEFT JOIN claims_alias a ON a.newsroom_id = n.id
    WHERE n.id = %s ORDER BY a.language, a.id
"""


class Tables:
    """What a newsroom taught the machine, asked once for all that is read at once."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self._of: dict[str, tuple[CheckworthinessModel | None, Aliases]] = {}

    def of(self, language: str) -> tuple[CheckworthinessModel | None, Aliases]:
        if language not in self._of:
            with connection.cursor() as cursor:
                cursor.execute(_TAUGHT, [language, self.newsroom.pk])
                rows = cursor.fetchall()
            model = training.in_use(self.newsroom, language) if rows and rows[0][0] else None
            names = [aliases.Spelling(*row[1:]) for row in rows if row[1] is not None]
            self._of[language] = (model, aliases.meant_by(names, language))
        return self._of[language]


def prepared(
    newsroom: Newsroom,
    tables: Tables,
    *,
    text: str,
    door: str,
    submitted_by: User | None,
    language: str = "",
    claimant: str = "",
    said_on: dt.date | None = None,
    appearance: str = "",
    external_id: str = "",
) -> dict[str, Any]:
    """A single claim checked and read, as the fields that are kept. Saves nothing."""
    text, _ = accepting.checked_text(text, longest=5_000)
    accepting.check_day(said_on, field="said_on")
    known, _ = accepting.checked_language(language, text)
    model, names = tables.of(known)
    reading = extraction.read_claim(
        text, language=known, published=said_on, aliases=names, weights=training.weights_of(model)
    )
    draft = training.explained(reading, model).claims[0]
    said_by = draft.claimant.text if draft.claimant else ""
    return {
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "text": text,
        "language": known,
        "kind": draft.kind,
        "score": draft.score,
        "reasons": to_json(draft.reasons),
        "facts": to_json(draft.facts),
        "claimant": accepting.checked_line(claimant, "claimant", 200) or said_by,
        "claimant_id": draft.claimant.id if draft.claimant and not claimant else "",
        "said_on": said_on,
        "appearance": accepting.checked_url(appearance, field="appearance"),
        "external_id": accepting.checked_line(external_id, "external_id", 200),
        "door": door,
        "submitted_by": submitted_by,
        "match_keys": _keys(text, known, draft),
    }


def read(article: Article) -> Reading:
    """Read an article with the newsroom's own model where one is in use. `record_claims` keeps the result."""
    model = training.in_use(article.newsroom_id, article.language)
    reading = extraction.read(
        article.text,
        language=article.language,
        published=article.published_on,
        aliases=aliases.of(article.newsroom_id, article.language),
        weights=training.weights_of(model),
    )
    return training.explained(reading, model)


@transaction.atomic
def record_claims(article: Article, reading: Reading) -> list[Claim]:
    """Keep what was read: one claim per draft that is a claim or a candidate. Safe to call twice.

    `article` is a step we hold; when its lease was lost nothing is written. What a followed article says that the desk
    knows already is noted on the claim that is there.
    """
    if article.door == Door.FEED:
        recognising.one_at_a_time(article.newsroom_id)
    if not Article.objects.settle(article):
        return []
    Article.objects.filter(pk=article.pk).update(
        flags=to_json(reading.flags), notes=[*article.notes, *reading.notes], read_at=timezone.now()
    )
    claims = []
    source = recognising.source_of(article) if article.door == Door.FEED else None
    for draft in reading.claims:
        if draft.status == "none":
            continue
        place = {"article": article, "start": draft.span.start, "end": draft.span.end}
        fields = _from_draft(article, draft) | ({"topic": source.topic, "reach": source.reach} if source else {})
        if article.door == Door.FEED and recognising.noted(Claim(**place, **fields), source=source):
            continue
        claim, created = Claim.objects.get_or_create(**place, defaults=fields)
        if created:
            _note_arrival(claim, by=article.received_by)
        claims.append(claim)
    transitions.record(
        "article.read", newsroom=article.newsroom_id, by=None, article=article.pk, claims=[c.pk for c in claims]
    )
    consulting.open_for_article(article)
    return claims


def record_kept(article: Article, start: int, end: int, kept: dict[str, Any]) -> Claim:
    """Keep a claim that was taken for another one when the article was read."""
    claim, created = Claim.objects.get_or_create(
        article=article,
        start=start,
        end=end,
        defaults={
            "newsroom": article.newsroom,
            "said_on": article.published_on,
            "appearance": article.url,
            "door": article.door,
            "submitted_by": article.received_by,
            **kept,
        },
    )
    if created:
        _note_arrival(claim, by=article.received_by)
    return claim


def record_suggestion(article: Article, draft: ClaimDraft, *, model: str) -> Claim:
    """Keep what a machine model pointed at as a candidate that carries the model's name. Safe to call twice."""
    claim, created = Claim.objects.get_or_create(
        article=article,
        start=draft.span.start,
        end=draft.span.end,
        defaults={**_from_draft(article, draft), "suggested_by": model[:200]},
    )
    if created:
        _note_arrival(claim, by=article.received_by)
    return claim


def _from_draft(article: Article, draft: ClaimDraft) -> dict[str, Any]:
    offset = draft.span.start
    return {
        "newsroom": article.newsroom,
        "text": draft.text,
        "sha256": hashlib.sha256(draft.text.encode()).hexdigest(),
        "language": article.language,
        "kind": draft.kind,
        "suggestion": draft.status,
        "score": draft.score,
        "reasons": _moved(to_json(draft.reasons), -offset),
        "facts": _moved(to_json([f for f in draft.facts if draft.span.covers(f.span)]), -offset),
        "claimant": draft.claimant.text[:200] if draft.claimant else "",
        "claimant_id": draft.claimant.id[:200] if draft.claimant else "",
        "said_on": article.published_on,
        "appearance": article.url,
        "door": article.door,
        "submitted_by": article.received_by,
        "match_keys": _keys(draft.text, article.language, draft),
    }


def _moved(value: Any, by: int) -> Any:
    """Shift every span in plain JSON; one that would begin before the claim is cut to its beginning."""
    if isinstance(value, dict):
        moved = {key: _moved(item, by) for key, item in value.items()}
        for key in ("start", "end"):
            if isinstance(value.get(key), int):
                moved[key] = max(0, value[key] + by)
        return moved
    if isinstance(value, list):
        return [_moved(item, by) for item in value]
    return value


def _note_arrival(claim: Claim, *, by: User | None) -> None:
    if by is not None:
        Contribution.objects.get_or_create(claim=claim, cycle=claim.cycle, user=by, part=Contribution.Part.AUTHOR)
    origin = {"suggested_by": claim.suggested_by} if claim.suggested_by else {}
    transitions.record(
        "claim.submitted",
        newsroom=claim.newsroom_id,
        by=None if claim.suggested_by else by,
        claim=claim,
        sha256=claim.sha256,
        article=claim.article_id,
        **origin,
    )
    _gather_by_policy(claim)


def _gather_by_policy(claim: Claim) -> None:
    if gathered_by_policy(claim) and not claim.suggested_by:  # what a model suggests, a person picks
        gathering.open_lookups(claim, by=None)


def gathered_by_policy(claim: Claim) -> bool:
    policy = claim.newsroom.gather_automatically
    return policy == Newsroom.Gather.CANDIDATES or (
        policy == Newsroom.Gather.CLAIMS and claim.suggestion == Claim.Suggestion.CLAIM
    )


def _keys(text: str, language: str, draft: ClaimDraft) -> list[str]:
    return [key[:120] for key in matching.keys(text, language, draft.facts)]


def revive(article: Article, *, by: User) -> None:
    """Read an article anew whose reading had failed."""
    transitions.require(by, Permission.PICK, article.newsroom_id)
    if article.state != Step.State.DEAD:
        raise InvalidInput("Only a reading that failed can be tried again.", field="article")
    with transaction.atomic(), accepting.own_id_once("article"):
        Article.objects.revive(article.pk)
        transitions.record("article.revived", newsroom=article.newsroom_id, by=by, article=article.pk)
        announce_work(Article, [article.pk])
