"""The demo's world and its table: a newsroom with people in every role, the sample article, what was found in it.

It runs the code of production, through the doors of production: rows, Celery workers, real servers.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from claims import results
from claims.models import Article, Claim, Lookup, Newsroom, User
from claims.operations import registering, staffing
from claims.roles import Role
from claims.workflow import Status

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "samples" / "article.de.txt"
SAMPLE_TITLE = "Kims Soldaten zahlen in Kursk einen hohen Preis"
ARCHIVE = ROOT / "samples" / "archive"
PEOPLE = {
    "alba": Role.EDITOR,
    "bela": Role.REVIEWER,
    "cem": Role.REVIEWER,
    "dora": Role.RESEARCHER,
    "emil": Role.ADMIN,
    "fay": Role.AUDITOR,
    "gil": Role.DESK_LEAD,
}
NORTHWIRE = registering.PublisherDraft(
    domain="northwire.example", name="Northwire", owner="Northwire", kind="agency", credit_codes=("NW",)
)  # the invented agency of the sample
OUTCOMES = {
    "match": ("=", "green", "match"),
    "compatible": ("≈", "green", "compatible"),
    "value_only": ("~", "yellow", "same value, other thing"),
    "mismatch": ("≠", "red", "mismatch"),
    "absent": ("·", "dim", "not in the sources"),
}


@dataclass(frozen=True, slots=True)
class World:
    newsroom: Newsroom
    password: str


def migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def is_prepared() -> bool:
    """Whether a demo has run here before."""
    return Newsroom.objects.filter(slug="demo").exists()


def prepare(folder: Path) -> World:
    """Found the demo newsroom with its people and archive. Done before: a second or less."""
    newsroom = staffing.found("Demo desk", by=None, slug="demo")
    sources = [one for one in newsroom.sources if one != "wikipedia" or settings.FETCH_CONTACT]  # it asks who asks
    Newsroom.objects.filter(pk=newsroom.pk).update(gather_automatically=Newsroom.Gather.CANDIDATES, sources=sources)
    newsroom.refresh_from_db()
    password, fresh = _password(folder)
    for name, role in PEOPLE.items():
        user, created = User.objects.get_or_create(
            username=name, defaults={"first_name": name.title(), "is_staff": True}
        )
        if created or fresh:
            user.set_password(password)
            user.save()
        if created:
            staffing.admit(newsroom, user=user, roles=[role], by=None)
    registering.register_shipped()
    if not newsroom.publishers.exists():
        registering.register([NORTHWIRE], newsroom=newsroom)
    call_command("index_archive", str(ARCHIVE), newsroom=newsroom.slug, verbosity=0)
    return World(newsroom, password)


def _password(folder: Path) -> tuple[str, bool]:
    """A password of this installation alone, so that a demo left running is nobody else's; and whether it is new."""
    file = folder / "demo-password"
    fresh = not file.exists()
    if fresh:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(secrets.token_urlsafe(9), encoding="utf-8")
        file.chmod(0o600)
    return file.read_text(encoding="utf-8").strip(), fresh


@dataclass(frozen=True, slots=True)
class Count:
    """How far an article has come."""

    read: bool
    claims: int
    assessed: int
    lookups: int
    hits: int
    empty: int
    unavailable: int
    broken: str

    @property
    def done(self) -> bool:
        return bool(self.broken) or (self.read and self.assessed == self.claims)


def count(article: Article) -> Count:
    """Ask the rows how far the article has come."""
    fresh = Article.objects.only("read_at", "state", "last_error").get(pk=article.pk)
    claims = Claim.objects.filter(article=article)
    waiting = claims.filter(status__in=[Status.SUBMITTED, Status.GATHERING, Status.ASSESSING])
    outcomes = list(Lookup.objects.filter(claim__article=article).values_list("outcome", flat=True))
    total = claims.count()
    return Count(
        read=fresh.read_at is not None,
        claims=total,
        assessed=total - waiting.count(),
        lookups=len(outcomes),
        hits=outcomes.count("hits"),
        empty=outcomes.count("empty"),
        unavailable=outcomes.count("unavailable"),
        broken=fresh.last_error.strip().rsplit("\n", 1)[-1] if fresh.state == Article.State.DEAD else "",
    )


class ProgressView:
    """Bars for what is going on: lookups answered and claims assessed."""

    def __init__(self) -> None:
        self.bars = Progress(
            TextColumn("{task.description:<22}"), BarColumn(bar_width=32), TextColumn("{task.fields[told]}")
        )
        self.lookups = self.bars.add_task("Sources asked", total=None, told="waiting for the workers")
        self.claims = self.bars.add_task("Claims assessed", total=None, told="reading the article")

    def show(self, now: Count) -> None:
        if not now.read:
            return
        answered = now.hits + now.empty + now.unavailable
        self.bars.update(
            self.lookups,
            total=max(now.lookups, 1),
            completed=answered,
            told=f"{answered}/{now.lookups} lookups: {now.hits} hits, {now.empty} empty, {now.unavailable} unavailable",
        )
        self.bars.update(
            self.claims,
            total=max(now.claims, 1),
            completed=now.assessed,
            told=f"{now.assessed}/{now.claims} claims found and assessed",
        )


def report(article: Article) -> RenderableType:
    """The result as tables: per claim its words, per fact both sides, and how many origins stand behind it."""
    found = results.of_article(article)
    parts: list[RenderableType] = [_claim(number, claim) for number, claim in enumerate(found["claims"], start=1)]
    if not found["claims"]:
        parts.append(Text("No checkable claim was found in this text."))
    if found["flags"]:
        flags = Table(box=box.SIMPLE, title="Desk flags", title_justify="left", show_header=False)
        for flag in found["flags"]:
            flags.add_row(f"⚑ {flag['code']}", flag["message"])
        parts.append(flags)
    return Group(*parts)


def _claim(number: int, claim: dict[str, Any]) -> RenderableType:
    head = Text(f"{number}. ", style="bold")
    head.append(claim["text"], style="bold")
    about = Text(
        f"characters {claim['start']}-{claim['end']} · {claim['status']} · score {claim['score']:.2f}"
        f" · {claim['kind']}",
        style="dim",
    )
    if claim["claimant"]:
        about.append(f" · said by {claim['claimant']}")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("Fact", ratio=2)
    table.add_column("Agrees", ratio=4)
    table.add_column("Disagrees", ratio=4)
    table.add_column("Outcome", ratio=2)
    for row in claim["rows"]:
        table.add_row(_fact(row["fact"]), _side(row["agreeing"]), _side(row["disagreeing"]), _outcome(row))
    asked = Text(f"{_many(claim['documents'], 'document')}, {_many(claim['origins'], 'origin')}", style="bold")
    for origin in claim["origin_list"]:
        asked.append(f"\n  {origin['name']} ({origin['kind']}): {len(origin['documents'])}", style="dim")
    for lookup in claim["lookups"]:
        if lookup["outcome"] == "unavailable":
            asked.append(f"\n  {lookup['source']} could not be asked: {lookup['reason']}", style="yellow")
    return Panel(Group(head, about, table, asked), box=box.ROUNDED, border_style="dim")


def _many(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _fact(fact: dict[str, Any]) -> Text:
    text = Text(fact["text"])
    text.append(f"\n{fact['kind']}: {_plain(fact)}", style="dim")
    return text


def _plain(fact: dict[str, Any]) -> str:
    value = fact["value"]
    if fact["kind"] != "quantity":
        return str(value)
    number = "-".join(f"{part:,.10g}" for part in (value if isinstance(value, list) else [value]))
    counted = fact["counted"]["name"] if fact.get("counted") else ""
    hedge = "" if fact["modifier"] in ("=", "range") else f"{fact['modifier']} "
    return " ".join(part for part in (hedge + number, fact["unit"], counted) if part)


def _side(side: dict[str, Any] | None) -> Text:
    if side is None:
        return Text("–", style="dim")
    text = _excerpt(side["quote"], side["start"], side["found"])
    document = side["document"] or {}
    text.append(f"\n{document.get('publisher') or document.get('url', '')}", style="dim italic")
    return text


AROUND = 80  # characters of the quote shown on each side of the value; the desk shows all of it


def _excerpt(quote: str, offset: int, found: dict[str, Any] | None) -> Text:
    """The quote around the value it was held against, the value marked."""
    start, end = (found["start"] - offset, found["end"] - offset) if found else (0, 0)
    if not found or not 0 <= start < end <= len(quote):
        start = end = 0
    first, last = max(0, start - AROUND), min(len(quote), end + AROUND)
    first = quote.rfind(" ", 0, first) + 1 if first else 0
    last = len(quote) if last == len(quote) else max(end, quote.rfind(" ", first, last))
    text = Text("… " if first else "")
    text.append(quote[first:start].replace("\n", " "))
    text.append(quote[start:end].replace("\n", " "), style="bold reverse")
    text.append(quote[end:last].replace("\n", " "))
    return text.append(" …" if last < len(quote) else "")


def _outcome(row: dict[str, Any]) -> Text:
    sign, style, words = OUTCOMES[row["outcome"]]
    text = Text(f"{sign} {words}", style=style)
    if row["note"]:
        text.append(f"\n{row['note']}", style="dim")
    return text


def logins(world: World, address: str) -> RenderableType:
    """Where to look and who to be."""
    table = Table(box=box.SIMPLE, title="People of the demo desk", title_justify="left")
    for column in ("login", "role"):
        table.add_column(column)
    for name, role in _people():
        table.add_row(name, role)
    return Panel(
        Group(
            Text.from_markup(f"The desk       [link={address}/admin/]{address}/admin/[/link]"),
            Text.from_markup(f"API docs       {address}/api/v1/docs/"),
            Text.from_markup(f"Public checks  {address}/checks/"),
            Text(f"Password       {world.password} (the same for everybody)"),
            table,
            Text(
                "Asked was the sample archive only. FETCH_CONTACT=mail-address-or-page in front of the command, in a "
                "fresh folder, asks Wikipedia too."
                if not settings.FETCH_CONTACT
                else "Asked were the sample archive and Wikipedia."
            ),
            Text("Ctrl-C ends the demo and all of its processes."),
        ),
        title="Factcheck is running",
        box=box.ROUNDED,
    )


def _people() -> Iterable[tuple[str, str]]:
    return ((name, str(role.label)) for name, role in PEOPLE.items())
