"""Following: a desk says which feeds and pages it follows; what a visit saw is noted, and what is new is let in.

Only so many articles a visit and a day are let in to be read; the rest is noted and stays to be read by hand. Nothing
here touches the network: workers look, and hand over what they saw.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from claims import transitions
from claims.analysis import language as languages
from claims.errors import InvalidInput, RuleBroken
from claims.models import FollowedItem, FollowedSource, Newsroom, Reach, Step, User
from claims.models.following import LONGEST, SHORTEST
from claims.operations import intake, noticing
from claims.signals import announce_work
from claims.workflow import Permission

PER_VISIT = 20  # articles let in at one visit
ITEMS = 200  # of one visit that are looked at
READS = 3  # of one item whose source says that it changed
FRESH = dt.timedelta(days=7)  # what is older was there before anybody followed it
DAY = 24 * 3600.0
STRAIGHT = 5  # failures in a row until a source is visited once a day only, and people are told
CHECKS_APART = 30.0  # seconds between the pages of a feed of fact-checks
SETTABLE = ("name", "url", "kind", "language", "topic", "reach", "every_minutes")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|igshid|wt_\w+|at_\w+", re.I)


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as its source names it. `says` is what the source says of it: when that changes, the item has."""

    url: str
    title: str = ""
    says: str = ""
    published_at: dt.datetime | None = None

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.title}\n{self.says}".encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a worker saw at a followed source, or why it saw nothing."""

    entries: Sequence[Entry] = ()
    etag: str = ""
    last_modified: str = ""
    every: float = 0.0  # seconds between visits the source asks for
    unchanged: bool = False
    reason: str = ""
    gone: bool = False  # the publisher says it has ended
    wait: float | None = None  # not a failure: a budget asks to come again after so many seconds
    notes: list[str] = field(default_factory=list)


# What people decide


def follow(newsroom: Newsroom, *, by: User | None, **given: Any) -> FollowedSource:
    """Follow a feed or page from now on. Its first visit is due at once."""
    transitions.require(by, Permission.PICK, newsroom)
    source = FollowedSource(newsroom=newsroom, added_by=by, **_checked(given))
    with transaction.atomic():
        _refuse_twice(source)
        source.save()
        transitions.record("source.followed", newsroom=newsroom, by=by, source=source.pk, told=_told(source))
        announce_work(FollowedSource, [source.pk])
    return source


@transaction.atomic
def change(source: FollowedSource, *, by: User, **given: Any) -> FollowedSource:
    """Change what is followed or how often. Another address or kind is looked at afresh."""
    transitions.require(by, Permission.PICK, source.newsroom_id)
    source = _locked(source)
    was = _told(source)
    for name, value in _checked({**was, **given}).items():
        setattr(source, name, value)
    _refuse_twice(source)
    now = _told(source)
    if (was["url"], was["kind"]) != (now["url"], now["kind"]):
        source.etag = source.last_modified = ""
        source.visits_made = source.failures = 0
        source.failing_since, source.last_error = None, ""
    source.save(
        update_fields=[*SETTABLE, "etag", "last_modified", "visits_made", "failures", "failing_since", "last_error"]
    )
    if source.active:
        _due_now(source)
    transitions.record("source.changed", newsroom=source.newsroom_id, by=by, source=source.pk, before=was, after=now)
    return source


@transaction.atomic
def pause(source: FollowedSource, *, by: User) -> FollowedSource:
    """Visit it no more until somebody resumes it."""
    transitions.require(by, Permission.PICK, source.newsroom_id)
    source = _locked(source)
    if not source.active:
        raise RuleBroken("This source is not being visited.", code="not_followed")
    FollowedSource.objects.filter(pk=source.pk).update(state=Step.State.DONE, leased_until=None, settled_at=Now())
    transitions.record("source.paused", newsroom=source.newsroom_id, by=by, source=source.pk, name=source.name)
    return _fresh(source)


@transaction.atomic
def visit_now(source: FollowedSource, *, by: User) -> FollowedSource:
    """Visit it at once, and as usual from then on: resumes what was paused or given up."""
    transitions.require(by, Permission.PICK, source.newsroom_id)
    source = _locked(source)
    kind = "source.visited" if source.active else "source.resumed"
    if source.active:
        _due_now(source)
    else:
        FollowedSource.objects.revive(source.pk)
    announce_work(FollowedSource, [source.pk])
    transitions.record(kind, newsroom=source.newsroom_id, by=by, source=source.pk, name=source.name)
    return _fresh(source)


@transaction.atomic
def unfollow(source: FollowedSource, *, by: User) -> None:
    """Follow it no more. What came from it keeps saying so."""
    transitions.require(by, Permission.PICK, source.newsroom_id)
    source = _locked(source)
    now = timezone.now()
    FollowedSource.objects.filter(pk=source.pk).update(
        state=Step.State.DONE, leased_until=None, settled_at=now, removed_at=now
    )
    waiting = FollowedItem.objects.filter(source=source, state=Step.State.OPEN)
    waiting.update(state=Step.State.DONE, leased_until=None, settled_at=now, outcome=FollowedItem.Outcome.NOTED)
    transitions.record("source.unfollowed", newsroom=source.newsroom_id, by=by, source=source.pk, told=_told(source))


@transaction.atomic
def read_now(item: FollowedItem, *, by: User) -> FollowedItem:
    """Read an item that was only noted, or could not be read."""
    transitions.require(by, Permission.PICK, item.newsroom_id)
    item = FollowedItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if item.state == Step.State.OPEN:
        raise RuleBroken("This item waits to be read already.", code="waits")
    FollowedItem.objects.revive(item.pk)
    FollowedItem.objects.filter(pk=item.pk).update(admitted_at=timezone.now(), etag="", last_modified="")
    transitions.record("item.admitted", newsroom=item.newsroom_id, by=by, item=item.pk, url=item.url)
    announce_work(FollowedItem, [item.pk])
    return FollowedItem.objects.get(pk=item.pk)


def followed() -> QuerySet[FollowedSource]:
    """The sources nobody has removed."""
    return FollowedSource.objects.filter(removed_at__isnull=True)


# What a visit saw


@transaction.atomic
def record_visit(source: FollowedSource, sight: Sight) -> list[FollowedItem]:
    """Note a visit and let in what is new. Returns what is to be read; nothing when the lease was lost."""
    if sight.wait is not None:
        _settle(source, sight.wait, last_error=sight.reason[:4000])
        return []
    if sight.reason:
        _note_failure(source, sight)
        return []
    let_in, noted = _let_in(source, sight.entries)
    seconds = max(source.every_minutes * 60.0, min(sight.every, DAY))
    held = _settle(
        source,
        seconds * random.uniform(0.95, 1.05),  # noqa: S311 spreads the visits, keeps no secret
        etag=(sight.etag or (source.etag if sight.unchanged else ""))[:300],
        last_modified=(sight.last_modified or (source.last_modified if sight.unchanged else ""))[:100],
        visits_made=F("visits_made") + 1,
        last_visit_at=Now(),
        last_outcome=FollowedSource.Outcome.NEW if let_in else FollowedSource.Outcome.NOTHING,
        last_new=len(let_in),
        last_noted=noted,
        last_error=" ".join(sight.notes)[:4000],
        failures=0,
        failing_since=None,
    )
    if not held:
        transaction.set_rollback(True)  # somebody else has the lease, or it was paused: nothing was seen
        return []
    announce_work(FollowedItem, [item.pk for item in let_in if item.next_attempt_at <= timezone.now()])
    return let_in


def _settle(source: FollowedSource, seconds: float, **given: Any) -> bool:
    """Give the lease back until the next visit. False: it was lost."""
    held = FollowedSource.objects.filter(pk=source.pk, lease_token=source.lease_token, state=Step.State.OPEN)
    due = Now() + dt.timedelta(seconds=seconds)
    return bool(held.update(leased_until=None, lease_token=None, attempts=0, next_attempt_at=due, **given))


def _note_failure(source: FollowedSource, sight: Sight) -> None:
    failures = source.failures + 1
    seconds = DAY if failures >= STRAIGHT else min(source.every_minutes * 60.0 * 2**failures, DAY)
    held = _settle(
        source,
        max(seconds, source.every_minutes * 60.0),
        visits_made=F("visits_made") + 1,
        last_visit_at=Now(),
        last_outcome=FollowedSource.Outcome.FAILED,
        last_new=0,
        last_noted=0,
        last_error=sight.reason[:4000],
        failures=failures,
        failing_since=source.failing_since or Now(),
    )
    if not held:
        return
    if sight.gone:
        FollowedSource.objects.filter(pk=source.pk).update(state=Step.State.DONE, settled_at=Now())
    if sight.gone or failures == STRAIGHT:
        since = source.failing_since or timezone.now()
        people = noticing.holders(Permission.PICK, source.newsroom_id)
        subject = f"source:{source.pk}:{since:%Y%m%d}"
        noticing.tell(people, "source", subject=subject, newsroom=source.newsroom_id)


def _let_in(source: FollowedSource, entries: Sequence[Entry]) -> tuple[list[FollowedItem], int]:
    """What is to be read, made or opened anew, and how many were only noted."""
    newest = {address_of(entry.url): entry for entry in reversed(entries[:ITEMS])}
    if not newest:
        return [], 0
    now, checks = timezone.now(), source.kind == FollowedSource.Kind.CHECKS
    left = ITEMS if checks else _room(source.newsroom_id, now)
    rows = FollowedItem.objects.filter(newsroom=source.newsroom_id, for_checks=checks, address__in=newest)
    known = {item.address: item for item in rows}
    made, opened, noted = [], [], 0
    for number, (address, entry) in enumerate(reversed(newest.items())):
        item = known.get(address)
        due = now + dt.timedelta(seconds=CHECKS_APART * number if checks else 0)
        if item is None:
            wanted = checks or _is_new(source, entry, now)
            item = _item(source, address, entry, due=due, admitted=now if wanted and left > 0 else None)
            made.append(item)
            noted += item.admitted_at is None
        elif left > 0 and _has_changed(item, entry):
            item.digest, item.reads, item.next_attempt_at, item.admitted_at = entry.digest, item.reads, due, now
            opened.append(item)
        else:
            continue
        left -= item.admitted_at == now
    FollowedItem.objects.bulk_create(made)
    for item in opened:
        FollowedItem.objects.revive(item.pk)
        FollowedItem.objects.filter(pk=item.pk).update(
            digest=item.digest, admitted_at=now, next_attempt_at=item.next_attempt_at
        )
    return [item for item in made if item.admitted_at] + opened, noted


def _room(newsroom: int, now: dt.datetime) -> int:
    """How many articles may still be let in at this visit. Holds the newsroom's row, so that two visits cannot both
    take the last place."""
    room = Newsroom.objects.select_for_update(no_key=True).get(pk=newsroom)
    of_a_day = FollowedItem.objects.filter(
        newsroom=newsroom, for_checks=False, admitted_at__gt=now - dt.timedelta(days=1)
    )
    return max(0, min(PER_VISIT, room.followed_per_day - of_a_day.count()))


def _is_new(source: FollowedSource, entry: Entry, now: dt.datetime) -> bool:
    """Whether it came after one began to follow: by its date, and where there is none, by not being there before."""
    if entry.published_at is not None:
        return entry.published_at > now - FRESH
    watched_before = source.last_outcome in (FollowedSource.Outcome.NEW, FollowedSource.Outcome.NOTHING)
    return watched_before or source.kind in (FollowedSource.Kind.FEED, FollowedSource.Kind.PAGE)


def _has_changed(item: FollowedItem, entry: Entry) -> bool:
    if item.digest == entry.digest or item.state == Step.State.OPEN or item.outcome == FollowedItem.Outcome.NOTED:
        return False
    return item.for_checks or item.source.kind == FollowedSource.Kind.PAGE or item.reads < READS


def _item(
    source: FollowedSource, address: str, entry: Entry, *, due: dt.datetime, admitted: dt.datetime | None
) -> FollowedItem:
    item = FollowedItem(
        newsroom_id=source.newsroom_id,
        source=source,
        for_checks=source.kind == FollowedSource.Kind.CHECKS,
        address=address,
        url=entry.url[:2000],
        title=entry.title[:500],
        published_at=entry.published_at,
        digest=entry.digest,
        next_attempt_at=due,
        admitted_at=admitted,
    )
    if admitted is None:
        item.state, item.outcome, item.settled_at = Step.State.DONE, FollowedItem.Outcome.NOTED, due
    return item


def address_of(url: str) -> str:
    """An address without what changes between two copies of a link: scheme, www, tracking, closing slash."""
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0])]
    bare = f"{host}{f':{port}' if port not in (None, 80, 443) else ''}{parts.path.rstrip('/')}"
    bare += f"?{urlencode(kept)}" if kept else ""
    return bare if len(bare) <= 480 else f"{bare[:400]}#{hashlib.sha256(bare.encode()).hexdigest()[:32]}"


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    """What may be kept, or `InvalidInput` naming the field."""
    if unknown := set(given) - set(SETTABLE):
        raise TypeError(f"not settable: {unknown}")
    url = intake.checked_url(str(given.get("url", "")))
    if not url:
        raise InvalidInput("Give the address of a feed or page.", field="url", code="blank")
    if given.get("kind", FollowedSource.Kind.FEED) not in FollowedSource.Kind.values:
        raise InvalidInput("Choose what is followed.", field="kind", code="unknown")
    minutes = int(given.get("every_minutes") or 60)
    if not SHORTEST <= minutes <= LONGEST:
        raise InvalidInput("Between 15 minutes and a week.", field="every_minutes", code="out_of_range")
    spoken = str(given.get("language") or "").strip().lower()
    if spoken and not languages.exists(spoken):
        raise InvalidInput("Use a language code such as de or en.", field="language", code="unknown")
    reach = int(given.get("reach") or 0)
    if reach not in Reach.values:
        raise InvalidInput("Choose how far it is heard.", field="reach", code="unknown")
    name = " ".join(str(given.get("name") or "").split()) or (urlsplit(url).hostname or url)
    return {
        "name": name[:120],
        "url": url,
        "kind": str(given.get("kind", FollowedSource.Kind.FEED)),
        "language": spoken,
        "topic": " ".join(str(given.get("topic") or "").split())[:60],
        "reach": reach,
        "every_minutes": minutes,
    }


def _refuse_twice(source: FollowedSource) -> None:
    same = followed().filter(newsroom=source.newsroom_id, url=source.url)
    if same.exclude(pk=source.pk).exists():
        raise InvalidInput("This address is followed already.", field="url", code="taken")


def _told(source: FollowedSource) -> dict[str, Any]:
    return {name: getattr(source, name) for name in SETTABLE}


def _locked(source: FollowedSource) -> FollowedSource:
    found = FollowedSource.objects.select_for_update(of=("self",)).get(pk=source.pk)
    if found.removed_at is not None:
        raise RuleBroken("This source is not followed any more.", code="not_followed")
    return found


def _fresh(source: FollowedSource) -> FollowedSource:
    return FollowedSource.objects.select_related("newsroom").get(pk=source.pk)


def _due_now(source: FollowedSource) -> None:
    FollowedSource.objects.filter(pk=source.pk).update(next_attempt_at=Now(), attempts=0)
