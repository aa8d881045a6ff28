from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from claims.analysis import extraction, language, queries
from claims.analysis.types import Entity
from claims.models import Newsroom
from workers.sources import registry
from workers.sources.base import Findings, Query, SourceError, SourceUnavailable


class Command(BaseCommand):
    help = "Ask one source about a text by hand, or list the sources there are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", nargs="?", help="its short name; without one, all sources are listed")
        parser.add_argument("text", nargs="?", help="the claim")
        parser.add_argument("--lang", default="", help="the language of the text; found out when not given")
        parser.add_argument("--languages", default="", help="languages to search in, such as de,en")
        parser.add_argument("--url", action="append", default=[], help="an address the archives are asked about")
        parser.add_argument("--limit", type=int, default=5)
        parser.add_argument("--newsroom", metavar="SLUG", help="whose own archive may be searched")

    def handle(self, *args: Any, source: str | None, text: str | None, **options: Any) -> None:
        console = Console(file=self.stdout)  # type: ignore[arg-type]
        if not source:
            console.print(_list())
            return
        try:
            chosen = registry.get(source)
        except registry.UnknownSource as exc:
            raise CommandError(f"{exc} These are: {', '.join(registry.every())}.") from exc
        if not text:
            raise CommandError(f"Say what to ask {chosen.name} about.")
        if reason := chosen.available():
            raise CommandError(f"{chosen.name} is switched off: {reason}")
        query = _query(text, options)
        try:
            found = chosen.search(query)
        except SourceUnavailable as exc:
            wait = f" Try again in {exc.retry_after:.0f} s." if exc.retry_after else ""
            raise CommandError(f"{chosen.name} could not be asked: {exc}{wait}", returncode=3) from exc
        except SourceError as exc:
            raise CommandError(f"{chosen.name} could not be asked: {exc}", returncode=2) from exc
        _show(console, chosen.name, query, found)


def _query(text: str, options: dict[str, Any]) -> Query:
    """The text as a claim of the desk would be asked about."""
    spoken = options["lang"] or language.identify(text)
    asked_in = [word.strip() for word in options["languages"].split(",") if word.strip()] or [spoken]
    facts = extraction.facts(text, spoken, None)
    terms: dict[str, tuple[str, ...]] = {}
    for built in queries.build(text, spoken, facts):
        terms[built.language] = (*terms.get(built.language, ()), built.text)
    room = None
    if options["newsroom"]:
        room = Newsroom.objects.filter(slug=options["newsroom"]).first()
        if room is None:
            raise CommandError(f"There is no newsroom called {options['newsroom']}.")
    return Query(
        text=text,
        language=spoken,
        languages=tuple(asked_in),
        entities=tuple(dict.fromkeys(fact.text for fact in facts if isinstance(fact, Entity))),
        terms=terms,
        urls=tuple(options["url"]),
        limit=options["limit"],
        newsroom=room.pk if room else None,
    )


def _list() -> Table:
    table = Table("source", "name", "can be asked")
    for slug, source in registry.every().items():
        table.add_row(slug, source.name, source.available() or "yes")
    return table


def _show(console: Console, name: str, query: Query, found: Findings) -> None:
    for spoken in query.asked_in:
        console.print(f"asked in {spoken}: {' | '.join(query.searches(spoken))}", markup=False)
    if found.note:
        console.print(found.note, markup=False)
    if not found.hits:
        console.print(f"{name} was searched and has nothing.")
        return
    for number, hit in enumerate(found.hits, start=1):
        day = f"{hit.published_at:%Y-%m-%d}" if hit.published_at else "no date"
        held = f"text of {len(hit.content):,} bytes" if hit.content is not None else "to be fetched"
        facts = ", ".join(filter(None, (hit.publisher, day, hit.language, held)))
        console.print(f"{number}. {hit.title or '(no title)'}\n   {facts}\n   {hit.url}", markup=False)
        if hit.snippet:
            console.print(f"   {hit.snippet[:300]}", markup=False)
