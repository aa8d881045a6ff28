"""Auditing: a period is packed for somebody outside, and the ledger notes that it was."""

from __future__ import annotations

from typing import IO, Any

from django.db import transaction

from claims import transitions
from claims.audit import pack as audit_pack
from claims.audit.ledger_export import written
from claims.models import Newsroom, User
from claims.reports.periods import Period
from claims.workflow import Permission


@transaction.atomic
def pack(newsroom: Newsroom, *, period: Period, by: User | None, out: IO[bytes]) -> dict[str, Any]:
    """Write the audit pack of a period to a file. Returns its manifest; its seal goes into the ledger."""
    transitions.require(by, Permission.AUDIT, newsroom)
    manifest = audit_pack.write(newsroom, period, out)
    transitions.record(
        "audit.packed",
        newsroom=newsroom,
        by=by,
        start=written(period.start),
        end=written(period.end),
        seal=manifest["seal"],
        entries=manifest["ledger"]["entries"],
    )
    return manifest
