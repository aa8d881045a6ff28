"""Packing: the lines of a parcel, from cursors of the server. However much there is, it takes no more memory."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from claims import snapshots
from claims.models import Document, LedgerEntry, Membership, Newsroom, User
from claims.parcels import contents

FORMAT, VERSION = "factcheck-newsroom", 1
AT_ONCE = 500
SNAPSHOT = "snapshot"  # the lines that carry the bytes of documents


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything that is read in the block stood so at one moment. In a transaction that is open, by its isolation."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def parcel(newsroom: Newsroom, *, with_snapshots: bool = False) -> Iterator[bytes]:
    """A whole parcel: a header with counts, a line per row, a trailer with the SHA-256 of all before it."""
    digest, number = hashlib.sha256(), 0
    with one_moment():
        for line in _header_and_rows(newsroom, with_snapshots):
            digest.update(line)
            number += 1
            yield line
    yield _line({"model": "trailer", "lines": number, "sha256": digest.hexdigest()})


def _header_and_rows(newsroom: Newsroom, with_snapshots: bool) -> Iterator[bytes]:
    head = LedgerEntry.objects.filter(newsroom=newsroom).order_by("-sequence").first()
    counts = {contents.label(model): contents.rows(model, newsroom).count() for model in contents.ORDER}
    if with_snapshots:
        counts[SNAPSHOT] = _kept(newsroom).count()
    yield _line(
        {
            "model": "header",
            "format": FORMAT,
            "version": VERSION,
            "newsroom": newsroom.slug,
            "made_at": timezone.now().isoformat(),
            "ledger": {"sequence": head.sequence, "hash": head.hash} if head else None,
            "counts": counts,
        }
    )
    yield from rows(newsroom)
    if with_snapshots:
        yield from _snapshots(newsroom)


def rows(newsroom: Newsroom) -> Iterator[bytes]:
    """One line per row, in the order of `contents.ORDER` and of the ids."""
    for model in contents.ORDER:
        yield from lines_of(model, newsroom)


def lines_of(model: type[models.Model], newsroom: Newsroom) -> Iterator[bytes]:
    """The lines of one model."""
    found = contents.rows(model, newsroom).order_by("pk")
    names = [field.name for field in contents.fields(model)]
    columns = ["pk", *(field.attname for field in contents.fields(model))]
    finish = _members_only if model is User else _as_it_is
    if model is User:
        found = found.annotate(member=Exists(Membership.objects.filter(newsroom=newsroom, user=OuterRef("pk"))))
        columns, names = [*columns, "member"], [*names, "member"]
    for pk, *values in found.values_list(*columns).iterator(chunk_size=AT_ONCE):
        given = finish(dict(zip(names, values, strict=True)))
        yield _line({"model": contents.label(model), "id": pk, "fields": given})


def _as_it_is(given: dict[str, Any]) -> dict[str, Any]:
    return given


def _members_only(given: dict[str, Any]) -> dict[str, Any]:
    """Of somebody who was never a member and only left a trace in the record, the name is told and no address."""
    return given if given.pop("member") else {**given, "email": ""}


def _kept(newsroom: Newsroom) -> models.QuerySet[Document]:
    return contents.rows(Document, newsroom).exclude(warc_file="").order_by("pk")


def _snapshots(newsroom: Newsroom) -> Iterator[bytes]:
    """The bytes of the documents as they were fetched, proved by their digest; why not, where they cannot be."""
    for document in _kept(newsroom).defer("text", "facts", "links").iterator(chunk_size=20):
        ref = snapshots.ref_of(document)
        try:
            record = snapshots.record(ref) if ref else b""
            said = {"record": record} if record else {"missing": "The reference is not complete."}
        except snapshots.SnapshotMissing as exc:
            said = {"missing": str(exc)}
        yield _line({"model": SNAPSHOT, "id": document.pk, "fields": said})


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain).encode() + b"\n"


_PLAIN: dict[type, Callable[[Any], str]] = {
    dt.datetime: lambda value: value.astimezone(dt.UTC).isoformat(),
    dt.date: dt.date.isoformat,
    dt.time: dt.time.isoformat,
    Decimal: str,
    uuid.UUID: str,
    bytes: lambda value: base64.b64encode(value).decode(),
    memoryview: lambda value: base64.b64encode(value).decode(),
}


def _plain(value: Any) -> str:
    return _PLAIN[type(value)](value)
