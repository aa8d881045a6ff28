"""The shared test world: newsrooms, people, and claims that walked the workflow to where a test needs them.

Alba edits, Bela and Cem review, Dora researches, Emil administers, Fay audits; Zoe belongs to another newsroom.
No status is ever set by hand.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from typing import Any

from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from claims.models import (
    Article,
    Assessment,
    Claim,
    Door,
    Lookup,
    Membership,
    Newsroom,
    Publication,
    Rating,
    User,
    Verdict,
)
from claims.operations import assessing, deciding, gathering, intake, publishing, reviewing
from claims.operations.gathering import DocumentDraft
from claims.roles import Role
from claims.scales import give_default_scale

_numbers = itertools.count(1)

ARTICLE = (
    "Die Stadt Eulenburg hat im März 2024 nach Angaben des Bürgermeisteramts 1.250 neue Bäume gepflanzt. "
    "„Wir werden bis zu 40 Kilometer Radweg bauen“, sagte Bürgermeisterin Ada Lindgren. "
    "Das Wetter war schön."
)
SOURCE = (
    "EULENBURG (NW) - The city of Eulenburg planted some 1,250 trees in March 2024, the mayor's office said. "
    "A second report by the forestry union counted 900 trees."
)


def newsroom(slug: str = "", **fields: Any) -> Newsroom:
    slug = slug or f"desk-{next(_numbers)}"
    room = Newsroom.objects.create(slug=slug, name=slug.title(), **{"sources": ["folder"], **fields})
    give_default_scale(room)
    return room


def member(room: Newsroom, *roles: str, name: str = "") -> User:
    name = name or f"person-{next(_numbers)}"
    user = User.objects.create_user(name, password="correct horse battery", is_staff=True)
    Membership.objects.create(newsroom=room, user=user, roles=list(roles))
    return user


def person(room: Newsroom, role: str) -> User:
    """The newsroom's person of this role, made when there is none."""
    found = User.objects.filter(memberships__newsroom=room, memberships__roles=[role], memberships__active=True).first()
    return found or member(room, role)


def editor(room: Newsroom) -> User:
    return person(room, Role.EDITOR)


def reviewer(room: Newsroom) -> User:
    return person(room, Role.REVIEWER)


def researcher(room: Newsroom) -> User:
    return person(room, Role.RESEARCHER)


def article(room: Newsroom | None = None, *, text: str = ARTICLE, **fields: Any) -> Article:
    room = room or newsroom()
    given = {"language": "de", "published_on": dt.date(2024, 4, 2), "door": Door.COMMAND, "by": researcher(room)}
    made, _ = intake.submit_article(room, text=text, **{**given, **fields})
    return made


def article_read(room: Newsroom | None = None, **fields: Any) -> Article:
    made = article(room, **fields)
    held = Article.objects.take(made.pk)
    assert held is not None
    intake.record_claims(held, intake.read(held))
    return Article.objects.get(pk=made.pk)


def claim_submitted(room: Newsroom | None = None, **fields: Any) -> Claim:
    """A claim sent in alone, by the newsroom's researcher."""
    room = room or newsroom()
    text = fields.pop("text", f"Eulenburg planted 1,250 trees in March 2024, report {next(_numbers)}.")
    given = {"language": "en", "door": Door.COMMAND, "by": researcher(room), "said_on": dt.date(2024, 4, 2)}
    claim, _ = intake.submit_claim(room, text=text, **{**given, **fields})
    return claim


def claim_gathering(room: Newsroom | None = None, *, sources: list[str] | None = None, **fields: Any) -> Claim:
    claim = claim_submitted(room, **fields)
    gathering.open_lookups(claim, by=researcher(claim.newsroom), sources=sources or ["folder"])
    return Claim.objects.get(pk=claim.pk)


def draft(**fields: Any) -> DocumentDraft:
    text = fields.pop("text", SOURCE)
    given: dict[str, Any] = {
        "url": f"https://courier.example/{next(_numbers)}",
        "text": text,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "fetched_at": timezone.now(),
        "source": "folder",
        "language": "en",
        "title": "Trees in Eulenburg",
        "publisher": "Courier",
        "domain": "courier.example",
        "published_at": dt.datetime(2024, 4, 1, 12, tzinfo=dt.UTC),
    }
    return DocumentDraft(**{**given, **fields})


def lookup_taken(claim: Claim, source: str = "") -> Lookup:
    """The claim's next open lookup, leased as a worker would."""
    waiting = claim.lookups.filter(cycle=claim.cycle, state="open")
    waiting = waiting.filter(source=source) if source else waiting
    held = Lookup.objects.take(waiting.order_by("pk")[:1].get().pk)
    assert held is not None
    return held


def claim_assessing(room: Newsroom | None = None, *, drafts: list[DocumentDraft] | None = None, **fields: Any) -> Claim:
    claim = claim_gathering(room, **fields)
    while claim.lookups.filter(cycle=claim.cycle, outcome="").exists():
        gathering.record(lookup_taken(claim), [draft()] if drafts is None else drafts)
    return Claim.objects.get(pk=claim.pk)


def claim_in_review(room: Newsroom | None = None, **fields: Any) -> Claim:
    claim = claim_assessing(room, **fields)
    assess(claim)
    return Claim.objects.get(pk=claim.pk)


def assess(claim: Claim) -> None:
    held = Assessment.objects.take(Assessment.objects.get(claim=claim, cycle=claim.cycle).pk)
    assert held is not None
    assert assessing.assess(held)


def rating(room: Newsroom, slug: str = "false") -> Rating:
    return room.ratings.get(slug=slug)


def claim_reviewed(room: Newsroom | None = None, **fields: Any) -> Claim:
    claim = claim_in_review(room, **fields)
    reviewing.submit(
        claim, by=reviewer(claim.newsroom), rating=rating(claim.newsroom), reasons="The union counted 900."
    )
    return Claim.objects.get(pk=claim.pk)


def claim_in_approval(room: Newsroom | None = None, **fields: Any) -> Claim:
    claim = claim_reviewed(room, **fields)
    deciding.propose(
        claim,
        by=reviewer(claim.newsroom),
        rating=rating(claim.newsroom),
        headline="Eulenburg planted fewer trees than claimed",
        reasons="The forestry union counted 900 trees, not 1,250.",
        language="en",
    )
    return Claim.objects.get(pk=claim.pk)


def claim_decided(room: Newsroom | None = None, **fields: Any) -> Claim:
    claim = claim_in_approval(room, **fields)
    verdict = Verdict.objects.get(claim=claim, cycle=claim.cycle)
    deciding.approve(claim, by=editor(claim.newsroom), content=verdict.content_hash)
    return Claim.objects.get(pk=claim.pk)


def claim_published(room: Newsroom | None = None, **fields: Any) -> Claim:
    claim = claim_decided(room, **fields)
    publishing.publish(claim, by=editor(claim.newsroom))
    return Claim.objects.get(pk=claim.pk)


def publication(room: Newsroom | None = None, **fields: Any) -> Publication:
    return Publication.objects.get(claim=claim_published(room, **fields))


def gathered_again(claim: Claim) -> Claim:
    """Answer the lookups of a re-opened claim and assess it, so that it is in review once more."""
    while claim.lookups.filter(cycle=claim.cycle, outcome="").exists():
        gathering.record(lookup_taken(claim), [draft()])
    assess(claim)
    claim.refresh_from_db()
    return claim


def walk_to_publication(claim: Claim, *, from_review: bool = False) -> Publication:
    """Take a claim that is in gathering (or, `from_review`, in review), in whatever cycle, all the way."""
    room = claim.newsroom
    if not from_review:
        gathered_again(claim)
    claim = Claim.objects.get(pk=claim.pk)
    reviewing.submit(claim, by=reviewer(room), rating=rating(room), reasons="Counted anew.")
    verdict = deciding.propose(claim, by=reviewer(room), rating=rating(room), headline="Counted anew", reasons="Anew.")
    claim = Claim.objects.get(pk=claim.pk)
    deciding.approve(claim, by=editor(room), content=verdict.content_hash)
    return publishing.publish(Claim.objects.get(pk=claim.pk), by=editor(room))


def beat_row(name: str, task: str, *, seconds: int) -> PeriodicTask:
    """What beat writes down of an entry of the schedule when it starts."""
    every, _ = IntervalSchedule.objects.get_or_create(every=seconds, period=IntervalSchedule.SECONDS)
    return PeriodicTask.objects.create(name=name, task=task, interval=every)
