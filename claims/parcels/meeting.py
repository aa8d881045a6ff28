"""Meeting: rows that newsrooms share may stand here already, under the same number, another one, or in the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DatabaseError, models

from claims.models import Document, Publisher, User
from claims.parcels import loading
from claims.parcels.reading import BadParcel, Line


def met(model: type[models.Model], batch: Sequence[Line]) -> dict[int, str]:
    """Those of these lines whose row is here already, with its name, under the id of the line.

    People are known by their login, else by their mail address; publishers by their domain, documents by address and
    text. What is here stays as it is, but for its number, which gives way.
    """
    if not model._default_manager.exists():
        return {}
    known = {Publisher: _publisher, Document: _document, User: _person}[model]
    found = {}
    for line in batch:
        here = known(line.fields)
        standing = model._default_manager.filter(pk=line.pk).first()
        try:
            if standing is not None and standing != here:
                _make_way(model, line, standing)
            if here is not None:
                if here.pk != line.pk:
                    loading.renumber(model, here.pk, line.pk)
                found[line.pk] = str(here)
        except DatabaseError as exc:
            raise _taken(model, line) from exc
    return found


def _make_way(model: type[models.Model], line: Line, standing: models.Model) -> None:
    if model is Document:  # its number may stand in records that name it
        raise _taken(model, line)
    loading.renumber(model, standing.pk)


def _taken(model: type[models.Model], line: Line) -> BadParcel:
    return BadParcel(
        f"The number {line.pk} of this {model._meta.verbose_name} is taken here, and is part of a record. "
        "Import into an empty instance.",
        line=line.number,
    )


def _person(given: dict[str, Any]) -> User | None:
    known = User.objects.filter(username=given.get("username")).first()
    if known is None and given.get("email"):
        same = list(User.objects.filter(email__iexact=given["email"])[:2])
        known = same[0] if len(same) == 1 else None
    return known


def _publisher(given: dict[str, Any]) -> Publisher | None:
    if given.get("newsroom") is not None:
        return None
    return Publisher.objects.filter(newsroom=None, domain=given.get("domain")).first()


def _document(given: dict[str, Any]) -> Document | None:
    if given.get("newsroom") is not None:
        return None
    return Document.objects.filter(newsroom=None, url=given.get("url"), sha256=given.get("sha256")).first()
