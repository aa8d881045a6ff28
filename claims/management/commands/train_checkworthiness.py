"""`train_checkworthiness [--newsroom SLUG] [--language de] [--dry-run]`: learn from the desk's own decisions."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.analysis.weights import heaviest
from claims.models import CheckworthinessModel, Newsroom
from claims.operations import training
from claims.operations.training import Comparison, Figures


class Command(BaseCommand):
    help = "Train check-worthiness from the desk's own picks and dismissals; used where it beats the hand weights."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--newsroom", default="", metavar="SLUG", help="one newsroom; default: all")
        parser.add_argument("--language", default="", metavar="CODE", help="one language; default: all of the newsroom")
        parser.add_argument("--dry-run", action="store_true", help="compare and print, change nothing")

    def handle(self, **options: Any) -> None:
        newsrooms = Newsroom.objects.order_by("slug")
        if options["newsroom"]:
            newsrooms = newsrooms.filter(slug=options["newsroom"])
        if not newsrooms:
            raise CommandError(
                f"There is no newsroom {options['newsroom']!r}." if options["newsroom"] else "No newsroom."
            )
        for newsroom in newsrooms:
            for language in [options["language"]] if options["language"] else newsroom.languages:
                found = training.compare(newsroom, language)
                self._tell(newsroom, language, found)
                if options["dry_run"]:
                    self.stdout.write("  Dry run: nothing was changed.")
                else:
                    training.keep(newsroom, found, language=language, by=None)

    def _tell(self, newsroom: Newsroom, language: str, found: Comparison) -> None:
        self.stdout.write(f"{newsroom} ({newsroom.slug}), {language}")
        self.stdout.write(
            f"  decisions      {found.decisions}: {found.worth} worth checking, {found.decisions - found.worth} not"
        )
        if found.weights is None or found.hand is None or found.model is None:
            self.stdout.write(
                f"  Too few to learn from: {training.ENOUGH} are needed, {training.ENOUGH_OF_EACH} of each answer."
            )
            return
        self.stdout.write(f"  held back      {found.held_back}")
        self._figures("hand weights", found.hand)
        self._figures("model", found.model)
        self.stdout.write("  weighs most")
        for name, weight in heaviest(found.weights):
            self.stdout.write(f"    {weight:+.2f}  {name}")
        self.stdout.write(
            "  The model is better and scores from now on."
            if found.outcome == CheckworthinessModel.Outcome.BETTER
            else "  The model is not better: the hand weights stay."
        )

    def _figures(self, name: str, figures: Figures) -> None:
        self.stdout.write(f"  {name:<14} F1 {figures.f1:.3f}, AUC {figures.auc:.3f}")
