"""Proving: kept snapshots are replayed and compared with what the documents' rows say of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Max, Min, QuerySet
from django.utils import timezone

from claims import snapshots
from claims.models import Document, SnapshotFault

FEW = 50_000  # rows that may be shuffled by the database


@dataclass(frozen=True, slots=True)
class Proof:
    """How many snapshots were replayed, and which of them are not what was kept."""

    replayed: int
    faults: list[SnapshotFault]


def prove(sample: int | None = None) -> Proof:
    """Replay a random sample of snapshots, and all that failed before; what is whole again is no fault any more."""
    chosen = {document.pk: document for document in _sample(settings.SNAPSHOT_SAMPLE if sample is None else sample)}
    kept = _kept()
    chosen.update({document.pk: document for document in kept.filter(snapshot_fault__isnull=False)})
    faults = []
    for document in chosen.values():
        reason = _fault(document)
        if reason:
            fault, _ = SnapshotFault.objects.update_or_create(
                document=document, defaults={"reason": reason, "checked_at": timezone.now()}
            )
            faults.append(fault)
        else:
            SnapshotFault.objects.filter(document=document).delete()
    return Proof(replayed=len(chosen), faults=faults)


def _fault(document: Document) -> str:
    ref = snapshots.ref_of(document)
    if ref is None:
        return ""
    try:
        snapshots.replay(ref)
    except snapshots.SnapshotMissing as missing:
        return str(missing)
    return ""


def _kept() -> QuerySet[Document]:
    light = ("url", "title", "warc_file", "warc_offset", "warc_length", "payload_digest")
    return Document.objects.exclude(warc_file="").only(*light).order_by("pk")


def _sample(size: int) -> Iterator[Document]:
    """Documents at random, without sorting a large table: those behind random numbers."""
    ends = Document.objects.aggregate(low=Min("pk"), high=Max("pk"))
    if not size or ends["low"] is None:
        return
    if ends["high"] - ends["low"] < FEW:
        yield from _kept().order_by("?")[:size]
        return
    for _ in range(size):
        after = random.randint(ends["low"], ends["high"])  # noqa: S311 a sample, no secret
        document = _kept().filter(pk__gte=after).first()
        if document is not None:
            yield document
