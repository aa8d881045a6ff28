"""Proving: what came in is what the file holds, and holds together as if it had been made here."""

from __future__ import annotations

import itertools
import json
from collections.abc import Container, Mapping

from django.db import connection

from claims.audit import ledger_export, ledger_proof
from claims.models import Newsroom
from claims.parcels import packing
from claims.parcels.reading import BadParcel, Parcel

# What must not be found among the rows of the newsroom. Each finds the number of one that breaks the promise.
_PROMISES = {
    "The ledger does not tell how claim {0} came to its status.": """
        SELECT c.id FROM claims_claim c LEFT JOIN LATERAL (
            SELECT l.body::jsonb AS said FROM claims_ledgerentry l
            WHERE l.claim_id = c.id AND l.kind = 'claim.moved' ORDER BY l.sequence DESC LIMIT 1
        ) last ON true
        WHERE c.newsroom_id = %s AND (c.status, c.cycle) IS DISTINCT FROM
            (coalesce(last.said->>'target', 'submitted'), coalesce((last.said->>'cycle')::int, 1))
    """,
    "Claim {0} is decided without an approved verdict.": """
        SELECT c.id FROM claims_claim c WHERE c.newsroom_id = %s AND c.status IN ('decided', 'published')
        AND NOT EXISTS (SELECT 1 FROM claims_verdict v
                        WHERE v.claim_id = c.id AND v.cycle = c.cycle AND v.approved_by_id IS NOT NULL)
    """,
    "Verdict {0} has no review.": """
        SELECT v.id FROM claims_verdict v JOIN claims_claim c ON c.id = v.claim_id WHERE c.newsroom_id = %s
        AND NOT EXISTS (SELECT 1 FROM claims_review r WHERE r.claim_id = v.claim_id AND r.cycle = v.cycle)
    """,
    "Verdict {0} was approved by somebody who had worked on it.": """
        SELECT v.id FROM claims_verdict v JOIN claims_claim c ON c.id = v.claim_id WHERE c.newsroom_id = %s
        AND EXISTS (SELECT 1 FROM claims_contribution w WHERE w.claim_id = v.claim_id AND w.cycle = v.cycle
                    AND w.user_id = v.approved_by_id AND w.at <= v.approved_at)
    """,
}


def prove(newsroom: Newsroom, parcel: Parcel) -> None:
    """The chain of the ledger holds up to the head the file names, and no promise of the guards is broken."""
    head = parcel.header.get("ledger")
    heads = {newsroom.pk: (head["sequence"], head["hash"])} if head else {}
    reached, breach = ledger_proof.verify(ledger_export.entries(newsroom=newsroom), heads=heads)
    if breach is not None:
        raise BadParcel(f"The ledger does not verify at entry {breach.sequence}: {breach.problem}.")
    if reached != heads:
        raise BadParcel("The ledger goes on behind the head that the header names.")
    with connection.cursor() as cursor:
        for problem, query in _PROMISES.items():
            cursor.execute(f"{query} LIMIT 1", [newsroom.pk])
            if broken := cursor.fetchone():
                raise BadParcel(problem.format(broken[0]))


def compare(newsroom: Newsroom, parcel: Parcel, *, kept: Mapping[str, Container[int]]) -> None:
    """Every row, read back, is the line it came from; save those `kept` as they stood here (ids by model)."""
    lines = (line for line in parcel.all_rows() if line.model != packing.SNAPSHOT)
    for line, back in itertools.zip_longest(lines, packing.rows(newsroom)):
        if line is None or back is None:
            raise BadParcel("Not every row came in, or one more than the file has.")
        read = json.loads(back)
        if (read["model"], read["id"]) != (line.model, line.pk):
            raise BadParcel(f"{line.model} {line.pk} does not belong to this newsroom.", line=line.number)
        if line.pk in kept.get(line.model, ()):
            continue
        differing = [name for name, value in read["fields"].items() if value != line.fields.get(name, value)]
        if differing:
            raise BadParcel(f"{', '.join(differing)} came in otherwise than it stands here.", line=line.number)
