"""Anchoring: every night the ledger is verified from its last anchor on, and its head is written down and shown.

A head that others have noted proves later that nothing before it was changed or cut off. See docs/upkeep.md.
"""

from __future__ import annotations

from claims.audit import ledger_export, ledger_proof
from claims.models import LedgerAnchor, Newsroom

WHOLE_EVERY = 30  # anchors: with every thirtieth the chain is walked from its beginning


def anchor_all() -> dict[str, int]:
    """Verify and anchor every newsroom's chain. Returns how many were anchored and how many do not fit."""
    found = {"anchored": 0, "broken": 0}
    for newsroom in Newsroom.objects.order_by("pk"):
        anchored = anchor(newsroom)
        if anchored is not None:
            found["broken" if anchored.problem else "anchored"] += 1
    return found


def anchor(newsroom: Newsroom, *, whole: bool = False) -> LedgerAnchor | None:
    """Verify what came since the last good anchor (or the `whole` chain) and note the head; None if nothing came."""
    anchors = LedgerAnchor.objects.filter(newsroom=newsroom, problem="")
    last = anchors.first()
    head = newsroom.ledger.order_by("-sequence").values_list("sequence", "hash").first()
    whole = whole or last is None or anchors.count() % WHOLE_EVERY == 0
    if last and not whole:
        if head == (last.sequence, last.hash):
            return None
        whole = head is None or head[0] <= last.sequence  # shorter or other than it was: find out where
    start = {} if whole or last is None else {newsroom.pk: (last.sequence, last.hash)}
    heads, breach = ledger_proof.verify(
        ledger_export.entries(newsroom=newsroom, after=0 if whole or last is None else last.sequence),
        start=start,
        heads={newsroom.pk: (last.sequence, last.hash)} if last else None,
    )
    if breach is not None:
        return LedgerAnchor.objects.create(newsroom=newsroom, sequence=breach.sequence, hash="", problem=breach.problem)
    sequence, digest = heads.get(newsroom.pk, (0, ""))
    if not sequence or (last and sequence == last.sequence):
        return None
    return LedgerAnchor.objects.create(newsroom=newsroom, sequence=sequence, hash=digest)
