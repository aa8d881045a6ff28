"""Loading: rows go into their tables as they are, ids and all. The caller holds the transaction and the guards."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import psycopg
from django.contrib.auth.hashers import make_password
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from claims import sealing, signing
from claims.models import Chat, User, Webhook
from claims.parcels import contents
from claims.parcels.reading import BadParcel, Line, Parcel

MOST_ROWS, MOST_BYTES = 500, 8 * 1024 * 1024
CHAT_WAITS = "Came with an import: give its address anew."
WEBHOOK_WAITS = "Came with an import: rotate the secret, give it to the receiver, then enable it."

# What a parcel leaves out and a row cannot be without.
GIVEN: dict[type[models.Model], Callable[[], dict[str, Any]]] = {
    User: lambda: {
        "password": make_password(None),
        "is_active": False,
        "is_staff": True,
        "is_superuser": False,
    },
    Webhook: lambda: {
        "sealed_secret": sealing.seal(signing.new_secret()),  # known to nobody
        "sealed_old_secret": "",
        "disabled_at": timezone.now().isoformat(),
        "disabled_reason": WEBHOOK_WAITS,
        "mail_due": False,
    },
    Chat: lambda: {
        "sealed_url": sealing.seal(""),
        "last_error": "",
        "disabled_at": timezone.now().isoformat(),
        "disabled_reason": CHAT_WAITS,
    },
}


def batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Some lines at a time, few where they are long."""
    batch: list[Line] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += line.size
        if len(batch) >= MOST_ROWS or size >= MOST_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def load(model: type[models.Model], lines: Sequence[Line]) -> None:
    """Put the rows of these lines into the table. Raises `BadParcel` with the line that does not fit."""
    columns = [one for one in model._meta.concrete_fields if not one.generated]
    quoted = ", ".join(connection.ops.quote_name(str(one.column)) for one in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    number = lines[0].number if lines else 0
    try:
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
            for line in lines:
                number = line.number
                copy.write_row(_row(model, columns, line))
    except psycopg.Error as exc:
        context = re.search(r"COPY \w+, line (\d+)", exc.diag.context or "")
        number = lines[int(context[1]) - 1].number if context else number
        reason = exc.diag.message_primary or str(exc)
        raise BadParcel(f"{reason}. {exc.diag.message_detail or ''}".strip(), line=number) from exc
    except (UnicodeError, ValueError) as exc:
        raise BadParcel(str(exc), line=number) from exc


def _row(model: type[models.Model], columns: Sequence[Any], line: Line) -> list[Any]:
    given = {**(GIVEN[model]() if model in GIVEN else {}), **line.fields}
    row = []
    for field in columns:
        if field.primary_key:
            row.append(line.pk)
        elif field.name in given:
            row.append(_stored(field, given[field.name]))
        else:
            row.append(_stored(field, field.get_default()))
    return row


def _stored(field: Any, value: Any) -> Any:
    if value is None and field.null:
        return None
    if isinstance(field, models.JSONField):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(field, models.BinaryField) and isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except binascii.Error as exc:
            raise ValueError(f"{field.name} is not base64.") from exc
    if isinstance(value, list) and isinstance(field, ArrayField):
        if not all(isinstance(one, str | int) for one in value):
            raise ValueError(f"{field.name} is not a list of words.")
        return value
    if isinstance(value, dict | list):
        raise ValueError(f"{field.name} is neither text nor a number.")
    return value


def check_references(parcel: Parcel, model: type[models.Model]) -> None:
    """Every row that the rows of this model refer to is there. Raises `BadParcel` with the line that points nowhere."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as exc:
        missing = re.search(r"Key \((\w+)\)=\((\d+)\)", str(exc))
        column, wanted = (missing[1], int(missing[2])) if missing else ("", 0)
        named = [one.name for one in contents.fields(model) if one.column == column]
        for line in parcel.rows(contents.label(model)) if named else ():
            if line.fields.get(named[0]) == wanted:
                raise BadParcel(f"There is no {named[0]} {wanted}.", line=line.number) from exc
        raise BadParcel(f"Rows of {contents.label(model)} point nowhere: {exc}") from exc


def raise_sequence(model: type[models.Model], at_least: int) -> None:
    """The next id of a model is beyond this one and all there are."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence(%s, 'id'), greatest((SELECT max(id) FROM {table}), %s, 1))",  # noqa: S608
            [table, at_least],
        )


def renumber(model: type[models.Model], old: int, new: int | None = None) -> int:
    """Give a row that stands here another id, and everything that points to it. Returns the id."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if new is None:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
            new = int(cursor.fetchone()[0])
        cursor.execute(f"UPDATE {table} SET id = %s WHERE id = %s", [new, old])  # noqa: S608
        for relation in model._meta.get_fields(include_hidden=True):
            if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
                pointing = relation.field  # type: ignore[union-attr]
                where = pointing.model._meta.db_table
                cursor.execute(
                    f"UPDATE {where} SET {pointing.column} = %s WHERE {pointing.column} = %s",  # noqa: S608
                    [new, old],
                )
    return new
