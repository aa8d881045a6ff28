"""A year of the clock: 5,000 publications with 20,000 cited passages on sites that change by script.

    python3 manage.py test tests/load/year.py -s

An hour or so on an idle machine; YEAR_PUBLICATIONS=500 makes a tenth of it. With -s it says every minute how far it is.
The visits go the whole way: picked in turns, fetched through the door with robots.txt and budgets, read, compared,
kept. Only the sites answer in this process, and the clock is the one of tests/clock.py. The short version is
tests/workers/test_year.py. What is printed is what docs/reliability.md says.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import os
import random
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pgtrigger
import pytest
import redis
from django.conf import settings
from django.db import connection

from claims.intervals import RECHECKS
from claims.models import Claim, Document, Evidence, Publication, Recheck, Review, Verdict, Watch
from claims.operations import rechecking
from claims.operations.rechecking import AS_CITED, MATERIAL, NOT_SEEN
from tests import make
from tests.clock import Clock, starting_at
from workers import http, reading
from workers.addresses import Address
from workers.answers import Headers
from workers.door import Answer, Ask
from workers.errors import Unreachable
from workers.tasks import rechecking as tasks

BEGIN = dt.datetime(2031, 1, 1, tzinfo=dt.UTC)
TICK = dt.timedelta(minutes=10)  # between two rounds; the beat's is a minute
HOST = "site{}.example"

CITED = "The city of {town} planted some {number:,} trees in March {year}, the mayor of {town} said on Monday."
CHANGES: dict[str, str] = {
    "number": "The city of {town} planted some {other:,} trees in March {year}, the mayor of {town} said on Monday.",
    "date": "The city of {town} planted some {number:,} trees in August {year}, the mayor of {town} said on Monday.",
    "negation": "The city of {town} never planted {number:,} trees in March {year}, the mayor of {town} said on "
    "Monday.",
    "hedge": "The city of {town} allegedly planted some {number:,} trees in March {year}, the mayor of {town} said on "
    "Monday.",
    "gone": "",
    "page": "410",
    "notice": CITED,
}
HARMLESS = ("teaser", "quotes", "away", "wall", "missing", "flaps")
REST = (
    "The forestry office of {town} asked for a list of all streets that were part of the programme and promised to "
    "publish a count of its own after a walk through every quarter in the summer.",
    "Residents had asked for shade along the tram line for years, and the council voted for the programme without a "
    "debate after the budget was found to have room for it.",
    "The saplings come from a nursery in the neighbouring county which has supplied the parks department before.",
)
TOWNS = ("Eulenburg", "Grauhafen", "Lindental", "Osterfelde", "Rabenau", "Silberbach", "Tannenrode", "Weidenau")


@dataclasses.dataclass(slots=True)
class Page:
    """A page of the world, with what happens to it when."""

    host: str
    number: int
    town: str
    trees: int
    year: int
    change: str = ""  # of CHANGES
    change_at: dt.datetime | None = None
    harmless: str = ""  # of HARMLESS
    harmless_at: dt.datetime | None = None
    published_at: dt.datetime = BEGIN

    @property
    def url(self) -> str:
        return f"http://{self.host}/{self.number}"

    def changed(self, now: dt.datetime) -> bool:
        return self.change_at is not None and now >= self.change_at

    def disturbed(self, now: dt.datetime) -> bool:
        """Whether something harmless is going on: for good where only words move, else for a while."""
        if self.harmless_at is None or now < self.harmless_at:
            return False
        lasts = {"away": 40, "wall": 120, "missing": 3}.get(self.harmless)
        return lasts is None or now < self.harmless_at + dt.timedelta(hours=lasts)

    def passage(self, pattern: str) -> str:
        return pattern.format(town=self.town, number=self.trees, other=self.trees + 870, year=self.year)

    def answer(self, now: dt.datetime, visits: int) -> tuple[int, str]:
        """Status and HTML. An empty page stands for a server that does not answer."""
        disturbed = self.disturbed(now)
        if self.changed(now) and self.change == "page":
            return 410, "<html><body>Gone</body></html>"
        if disturbed and self.harmless == "away":
            return 503 if self.number % 2 else 0, ""
        if disturbed and self.harmless == "missing":
            return 404, "<html><body>Not found</body></html>"
        if disturbed and self.harmless == "wall":
            return 200, "<html><body><article><p>Please subscribe to read on.</p></article></body></html>"
        passage = self.passage(CHANGES[self.change] if self.changed(now) else CITED)
        rest = [one.format(town=self.town) for one in REST]
        if disturbed and self.harmless == "teaser":
            rest[2] = "The weekly market moves to the station square while the old town is paved anew."
        if disturbed and self.harmless == "flaps":
            rest[2] = ("The ferry sails every hour from noon.", "The library opens on Sundays, too.")[visits % 2]
        if disturbed and self.harmless == "quotes":
            passage = passage.replace("mayor of", "mayor of").replace("some ", "some ").replace(" - ", " – ")
        if self.changed(now) and self.change == "notice":
            rest.append("Correction: an earlier version of this article named another street.")
        paragraphs = "".join(f"<p>{one}</p>" for one in (passage, *rest) if one)
        return 200, (
            f"<html lang='en'><head><title>Trees in {self.town}</title></head><body><article>"
            f"<h1>Trees in {self.town}, report {self.number}</h1>{paragraphs}</article></body></html>"
        )


class Sites:
    """All sites of the world, answering in this process; who asked how often is counted."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.pages: dict[str, Page] = {}
        self.asked: dict[str, deque[dt.datetime]] = defaultdict(deque)
        self.visits: Counter[str] = Counter()
        self.requests: Counter[str] = Counter()
        self.breaches = 0
        self.lately: set[str] = set()  # asked since the last round

    def hop(self, address: Address, ask: Ask) -> Answer:
        """In place of the door to the outside."""
        now, host = self.clock.now, address.netloc
        if address.target == "/robots.txt":
            return _answer(404, "", {})
        self._count(host, now)
        page = self.pages[str(address)]
        self.visits[page.url] += 1
        status, html = page.answer(now, self.visits[page.url])
        if not status:
            self.requests["no answer"] += 1
            raise Unreachable("Nobody answers.")
        etag = f'"{hashlib.sha1(html.encode()).hexdigest()}"'  # noqa: S324 a version mark
        told = {} if page.host.endswith(("7.example", "9.example")) else {"etag": etag}
        if status == 200 and told and dict(ask.headers).get("If-None-Match") == etag:
            self.requests["not modified"] += 1
            return _answer(304, "", told)
        self.requests[str(status)] += 1
        return _answer(status, html, told)

    def _count(self, host: str, now: dt.datetime) -> None:
        self.lately.add(host)
        lately = self.asked[host]
        while lately and lately[0] <= now - dt.timedelta(hours=1):
            lately.popleft()
        lately.append(now)
        self.breaches += len(lately) > settings.RECHECKS_PER_HOST_AND_HOUR


def _answer(status: int, html: str, headers: dict[str, str]) -> Answer:
    given = (("content-type", "text/html; charset=utf-8"), *headers.items())
    return Answer(status, Headers(tuple(given)), html.encode(), "127.0.0.1")


@dataclasses.dataclass(slots=True)
class Figures:
    """What came of the year."""

    publications: int = 0
    passages: int = 0
    visits: int = 0
    changes: int = 0
    found: int = 0
    missed: list[str] = dataclasses.field(default_factory=list)
    alarms: int = 0
    false: list[str] = dataclasses.field(default_factory=list)
    twice: int = 0
    late: int = 0
    breaches: int = 0
    requests: dict[str, int] = dataclasses.field(default_factory=dict)
    seconds: float = 0.0

    def __str__(self) -> str:
        return "\n".join(f"{name:>13}: {value}" for name, value in dataclasses.asdict(self).items())


class Progress:
    """Says every minute how far the year is, and when it will have ended at this pace."""

    def __init__(self, *, expected: int) -> None:
        self.expected, self.began = max(1, expected), time.monotonic()
        self.told = self.began

    def tell(self, now: dt.datetime, visits: int, late: int, breaches: int) -> None:
        here = time.monotonic()
        if here - self.told < 60 or not visits:
            return
        self.told = here
        left = (here - self.began) * max(0.0, self.expected / visits - 1)
        words = f"{now:%d %B}: {visits:,} of about {self.expected:,} visits after {here - self.began:,.0f} s"
        print(f"{words}, {left / 60:.0f} minutes left; {late} late, {breaches} over budget", flush=True)  # noqa: T201


class Year:
    """The world, and the clock's way through it."""

    def __init__(
        self, clock: Clock, *, publications: int, passages: int, hosts: int, days: int, changing: float = 0.08
    ) -> None:
        self.clock, self.days, self.changing, self.random = clock, days, changing, random.Random(1)  # noqa: S311
        self.sites = Sites(clock)
        self.figures = Figures(publications=publications, passages=publications * passages)
        self.end = BEGIN + dt.timedelta(days=days)
        self.hosts = hosts
        self.plan = self._plan(publications, passages)
        self.page_of: dict[int, Page] = {}
        self.hinted: list[int] = []
        self.rooms: list[Any] = []
        self.progress = Progress(expected=sum(map(self._visits_until_end, self.sites.pages.values())))
        self.store = redis.Redis.from_url(settings.REDIS_URL)
        for key in self.store.scan_iter("factcheck:fetch:*"):
            self.store.delete(key)

    # The world

    def _plan(self, publications: int, passages: int) -> deque[tuple[dt.datetime, list[Page]]]:
        """Who publishes when, citing which pages, and what becomes of those."""
        dice = self.random
        plan = []
        for number in range(publications):
            day = BEGIN + dt.timedelta(minutes=dice.randrange(int(self.days * 1440 * 0.2)))
            pages = [self._page(number * passages + one, day) for one in range(passages)]
            plan.append((day, pages))
        return deque(sorted(plan, key=lambda one: one[0]))

    def _page(self, number: int, published: dt.datetime) -> Page:
        dice = self.random
        page = Page(
            host=HOST.format(min(int(dice.paretovariate(0.7)), self.hosts)),  # some sites are cited much, most little
            number=number,
            town=dice.choice(TOWNS),
            trees=dice.randrange(200, 9000),
            year=dice.randrange(2019, 2030),
            published_at=published,
        )
        left = (self.end - published).total_seconds()
        if dice.random() < self.changing:
            page.change = dice.choice(list(CHANGES))
            page.change_at = published + dt.timedelta(seconds=left * dice.random() ** 2)  # most changes come early
        if dice.random() < 0.2:
            page.harmless = dice.choice(HARMLESS)
            page.harmless_at = published + dt.timedelta(seconds=left * dice.random() ** 2)
        self.sites.pages[page.url] = page
        return page

    def _visits_until_end(self, page: Page) -> int:
        """How often a page is visited when all goes well."""
        visits, at = 0, page.published_at
        while (at := at + dt.timedelta(hours=RECHECKS[min(visits, len(RECHECKS) - 1)])) < self.end:
            visits += 1
        return visits

    def _publish(self, room: Any, people: tuple[Any, Any, Any], day: dt.datetime, pages: list[Page]) -> None:
        """Rows as publishing leaves them, and the real beginning of the watch."""
        reviewer, proposer, approver = people
        number = pages[0].number
        text = f"Report {number} says that trees were planted."
        claim = Claim.objects.create(
            newsroom=room, text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), language="en",
            door="command", status="published",
        )  # fmt: skip
        rating = room.ratings.first()
        Review.objects.create(claim=claim, cycle=1, reviewer=reviewer, rating=rating, reasons="Counted.")
        verdict = Verdict.objects.create(
            claim=claim, cycle=1, rating=rating, headline=text, reasons="Counted.", language="en",
            proposed_by=proposer, proposed_at=day, content_hash="0" * 64, approved_by=approver, approved_at=day,
        )  # fmt: skip
        documents = Document.objects.bulk_create(_document(page, day) for page in pages)
        evidence = Evidence.objects.bulk_create(
            _evidence(claim, page, document) for page, document in zip(pages, documents, strict=True)
        )
        publication = Publication.objects.create(
            newsroom=room, claim=claim, verdict=verdict, slug=f"year-{number}", published_at=day, changed_at=day,
            published_by=approver, content={"evidence": [{"id": one.pk} for one in evidence]},
        )  # fmt: skip
        by_evidence = {one.pk: page for one, page in zip(evidence, pages, strict=True)}
        for watch in rechecking.watch(publication):
            self.page_of[watch.pk] = by_evidence[watch.evidence_id]

    # The way through

    def live(self) -> Figures:
        """All of it, and what came of it."""
        began = time.monotonic()
        self.live_until(self.end)
        self._reckon()
        self.figures.seconds = round(time.monotonic() - began)
        return self.figures

    def live_until(self, end: dt.datetime) -> None:
        """Publish what its time has come for and go round, from where the clock stands."""
        rooms = self.rooms or [make.newsroom(languages=["en"]) for _ in range(3)]
        crews = [(make.reviewer(room), make.researcher(room), make.editor(room)) for room in rooms]
        self.rooms, now = rooms, self.clock.now
        while now < end:
            self.clock.move_to(now)
            while self.plan and self.plan[0][0] <= now:
                _day, pages = self.plan.popleft()
                turn = pages[0].number % len(rooms)
                with pgtrigger.ignore():
                    self._publish(rooms[turn], crews[turn], now, pages)
            self.round()
            self.progress.tell(
                self.clock.now, sum(self.sites.requests.values()), self.figures.late, self.sites.breaches
            )
            now = self._next(now, self.plan[0][0] if self.plan else self.end)
        self.clock.move_to(end)

    def round(self) -> None:
        """What beat and workers do: hand out whose turn it is, and visit them.

        A host's rest after failures goes by the clock of Redis, which is the real one: it is over by the next round.
        """
        if self.sites.lately:
            self.store.delete(*(f"factcheck:fetch:{{{host}}}:rest" for host in self.sites.lately))
            self.sites.lately.clear()
        tasks.recheck_due()
        hinted, self.hinted = self.hinted, []
        self._look_how_late(hinted)
        for pk in hinted:
            tasks.visit_passage(pk)

    def _next(self, now: dt.datetime, published: dt.datetime) -> dt.datetime:
        """The next round in which there is something to do."""
        waiting = Watch.objects.filter(state="open").order_by("next_attempt_at")
        first = waiting.values_list("next_attempt_at", flat=True).first()
        soonest = min(first or self.end, published)
        return max(now + TICK, BEGIN + -(-(soonest - BEGIN) // TICK) * TICK)

    def _look_how_late(self, pks: list[int]) -> None:
        rows = Watch.objects.filter(pk__in=pks).values_list("pk", "due_at", "last_visit_at")
        for pk, due, last in rows:
            since = last or self.page_of[pk].published_at
            if (self.clock.now - since) > 1.5 * max(due - since, TICK):
                self.figures.late += 1

    def hint(self, pk: int) -> None:
        """In place of a message to a worker."""
        self.hinted.append(pk)

    # What came of it

    def _reckon(self) -> None:
        of = self.figures
        seen: dict[int, list[Recheck]] = defaultdict(list)
        for recheck in Recheck.objects.order_by("pk").iterator():
            seen[recheck.watch_id].append(recheck)
        of.visits = sum(map(len, seen.values()))
        for pk, page in self.page_of.items():
            self._reckon_page(page, seen[pk])
        overdue = Watch.objects.filter(state="open").values_list("due_at", "last_visit_at")
        of.late += sum((self.end - last) > 1.5 * (due - last) for due, last in overdue if last)
        of.breaches = self.sites.breaches
        of.requests = dict(self.sites.requests)

    def _reckon_page(self, page: Page, rechecks: list[Recheck]) -> None:
        of = self.figures
        told = [one for one in rechecks if one.confirmed and one.outcome in MATERIAL]
        of.alarms += len(told)
        rightly = [one for one in told if page.changed(one.at)]
        of.false += [f"{page.harmless or '-'} {one.outcome} {page.url}" for one in told if one not in rightly]
        of.twice += max(0, len(rightly) - 1)
        if page.change_at is None:
            return
        after = [one for one in rechecks if one.at >= page.change_at]
        readable = [one for one in after if one.outcome not in NOT_SEEN]
        confirmable = self.end - dt.timedelta(hours=8)
        if not readable or readable[0].at > confirmable:
            return  # no visit was due any more
        of.changes += 1
        # Within one due visit: the first that could read the page saw it, and the next one confirmed it.
        first = readable[0]
        if first.outcome in AS_CITED or not rightly or rightly[0].at > first.at + dt.timedelta(hours=8):
            of.missed.append(f"{page.change} ({page.harmless}): {[one.outcome for one in after[:4]]} {page.url}")
        else:
            of.found += 1


def _document(page: Page, day: dt.datetime) -> Document:
    html = page.answer(BEGIN - dt.timedelta(days=1), 0)[1]
    text = text_of(page)
    etag = "" if page.host.endswith(("7.example", "9.example")) else f'"{hashlib.sha1(html.encode()).hexdigest()}"'  # noqa: S324
    return Document(
        url=page.url, domain=page.host, title=f"Trees in {page.town}", text=text, language="en", source="searxng",
        sha256=hashlib.sha256(text.encode()).hexdigest(), fetched_at=day, http_status=200, etag=etag,
    )  # fmt: skip


def text_of(page: Page) -> str:
    """The page as reading would have it: what is measured is the visits, not twenty thousand readings before them."""
    paragraphs = [page.passage(CITED), *(one.format(town=page.town) for one in REST)]
    return "\n".join([f"Trees in {page.town}, report {page.number}", *paragraphs])


def _evidence(claim: Claim, page: Page, document: Document) -> Evidence:
    quote = page.passage(CITED)
    start = document.text.index(quote)
    return Evidence(claim=claim, cycle=1, document=document, start=start, end=start + len(quote), quote=quote)


@contextmanager
def beginning(monkeypatch: Any, settings: Any, **world: Any) -> Iterator[Year]:
    """A year (or as many days) that is about to begin."""
    settings.FETCH_PACE_PERCENT = 100_000
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.RECHECKS_PER_HOST_AND_ROUND = 10  # of a round of ten minutes
    with starting_at(BEGIN) as clock:
        year = Year(clock, **world)
        sample = year.plan[0][1][0]
        read = reading.read(sample.answer(BEGIN, 0)[1].encode(), content_type="text/html", url=sample.url).text
        assert read == text_of(sample), (read, text_of(sample))
        monkeypatch.setattr(http, "_usual_door", lambda: year.sites)
        monkeypatch.setattr(tasks.visit_passage, "delay", year.hint)
        yield year


@pytest.mark.django_db(transaction=True)
def test_a_year(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    publications = int(os.environ.get("YEAR_PUBLICATIONS", "5000"))
    with beginning(monkeypatch, settings, publications=publications, passages=4, hosts=400, days=365) as year:
        figures = year.live()
    print(f"\n{figures}")  # noqa: T201
    holds(figures)


def holds(figures: Figures) -> None:
    """The bars."""
    assert not figures.missed, figures.missed[:20]
    assert len(figures.false) <= 0.05 * max(1, figures.alarms), figures.false[:20]
    assert figures.twice == 0
    assert figures.late == 0
    assert figures.breaches == 0
    assert figures.found == figures.changes > 0
