"""`manage.py verify_archive`: replays kept snapshots and says which are not what was kept."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.operations import proving


class Command(BaseCommand):
    help = "Replay a random sample of the kept snapshots and compare their hashes; fails when one is not what it was."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--sample", type=int, help="How many are replayed; SNAPSHOT_SAMPLE where it is left out.")

    def handle(self, **options: Any) -> None:
        sample = options["sample"]
        if sample is not None and sample < 1:
            raise CommandError("--sample must be 1 or more.")
        proof = proving.prove(sample)
        for fault in proof.faults:
            self.stderr.write(f"Document {fault.document_id} ({fault.document.url}): {fault.reason}")
        if proof.faults:
            raise CommandError(f"{len(proof.faults)} of {proof.replayed} snapshots are not what was kept.")
        self.stdout.write(f"{proof.replayed} snapshots replayed; all are what was kept.")
