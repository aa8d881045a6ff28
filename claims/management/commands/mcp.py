"""`mcp`: the newsroom's checks and evidence for a language model, over stdio."""

from __future__ import annotations

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError

KEY = "FACTCHECK_KEY"


class Command(BaseCommand):
    help = (
        "Serves search_checks, match_claim and get_evidence over stdio by the Model Context Protocol, reading only, "
        f"with the API key in {KEY}."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            from claims.api import mcp
        except ImportError as exc:
            raise CommandError(f"This needs the extra: pip install 'factcheck[mcp]' ({exc}).") from exc
        secret = os.environ.get(KEY, "")
        if not secret:
            raise CommandError(f"Set {KEY} to an API key with the scope read (manage.py create_key makes one).")
        try:
            mcp.caller(secret)
        except mcp.Refused as exc:
            raise CommandError(str(exc)) from exc
        mcp.server(secret).run("stdio")
