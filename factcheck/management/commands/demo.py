"""`python3 manage.py demo`: the whole system on one machine, with a sample article in it."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.live import Live

from claims import results
from claims.errors import InvalidInput
from claims.models import Article, Door, User
from claims.operations import intake
from factcheck import demonstration, local, processes

PATIENCE = 120  # seconds until a demo that hangs says so


class Command(BaseCommand):
    help = "Start web, workers and beat with a demo newsroom, check an article, and show what was found."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--article", type=Path, help="A text file to check instead of the sample.")
        parser.add_argument("--lang", default="", help="Its language, such as de. Guessed when not given.")
        parser.add_argument("--published-at", type=_day, help="Its day of publication, such as 2024-12-24.")
        parser.add_argument("--json", type=Path, help="Write the full result to this file.")
        parser.add_argument("--once", action="store_true", help="End after the table instead of serving.")
        parser.add_argument("--port", type=int, default=8000, help="Port of the web server.")

    def handle(self, **options: Any) -> None:
        console = Console(width=None if sys.stdout.isatty() else 140, soft_wrap=False)
        began = time.monotonic()
        try:
            processes.check_port(options["port"])
            with processes.orderly_end(), console.status("Preparing the database"):
                demonstration.migrate()
            if options["once"] and demonstration.is_prepared():
                article, _ = self._submit(demonstration.prepare(local.folder()), options)
                if demonstration.count(article).done:
                    self._show(console, article, began, options)
                    return
            crew = processes.Crew(processes.standard(port=options["port"]))
            with processes.orderly_end(), crew:
                with console.status("Preparing the demo newsroom while the workers start"):
                    world = demonstration.prepare(local.folder())
                    article, created = self._submit(world, options)
                self._follow(console, crew, article, created)
                self._show(console, article, began, options)
                if not options["once"]:
                    self._serve(console, crew, world, options["port"])
        except processes.CrewError as exc:
            raise CommandError(str(exc)) from exc
        except KeyboardInterrupt:
            console.print("Stopped. Nothing is left running.", style="dim")

    def _show(self, console: Console, article: Article, began: float, options: dict[str, Any]) -> None:
        console.print(demonstration.report(article))
        console.print(f"Complete after {time.monotonic() - began:.1f} s.", style="dim")
        if options["json"]:
            self._write(options["json"], article)

    def _submit(self, world: demonstration.World, options: dict[str, Any]) -> tuple[Article, bool]:
        file: Path = options["article"] or demonstration.SAMPLE
        sample = options["article"] is None
        try:
            text = file.read_text(encoding="utf-8")
        except OSError as exc:
            raise CommandError(f"{file} cannot be read: {exc.strerror}.") from exc
        except UnicodeDecodeError as exc:
            raise CommandError(f"{file} is not a UTF-8 text (byte {exc.start}).") from exc
        try:
            return intake.submit_article(
                world.newsroom,
                text=text,
                by=User.objects.get(username="dora"),
                door=Door.COMMAND,
                language=options["lang"] or ("de" if sample else ""),
                published_on=options["published_at"] or (dt.date(2024, 12, 24) if sample else None),
                title=demonstration.SAMPLE_TITLE if sample else file.name,
            )
        except InvalidInput as exc:
            raise CommandError(f"{exc.field}: {exc.message}") from exc

    def _follow(self, console: Console, crew: processes.Crew, article: Article, created: bool) -> None:
        if not created:
            console.print("This article was handed in before: nothing is done twice.", style="dim")
        view = demonstration.ProgressView()
        deadline = time.monotonic() + PATIENCE
        with Live(view.bars, console=console, refresh_per_second=8):
            while True:
                now = demonstration.count(article)
                view.show(now)
                if now.done:
                    break
                if time.monotonic() > deadline:
                    raise CommandError(f"The workers have not finished in {PATIENCE} s: see .local/logs/.")
                crew.tend()
                time.sleep(0.15)
        if now.broken:
            raise CommandError(f"The article could not be read: {now.broken}")

    def _serve(self, console: Console, crew: processes.Crew, world: demonstration.World, port: int) -> None:
        crew.wait_ready()
        console.print(demonstration.logins(world, f"http://localhost:{port}"))
        while True:
            for name in crew.tend():
                console.print(f"{name} had ended and was started again.", style="yellow")
            time.sleep(1)

    def _write(self, file: Path, article: Article) -> None:
        plain = results.of_article(Article.objects.get(pk=article.pk))
        try:
            file.write_text(json.dumps(plain, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        except OSError as exc:
            raise CommandError(f"{file} cannot be written: {exc.strerror}.") from exc


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2024-12-24") from exc
