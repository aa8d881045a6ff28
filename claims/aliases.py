"""The names a desk has taught the machine, as the reader takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from claims.analysis.aliasing import Aliases, Known
from claims.models import Alias
from claims.models.alias import entity_id


class Spelling(NamedTuple):
    """One row of the table: how a name is written, in texts of which language, and whom it means."""

    written: str
    language: str
    canonical: str
    kind: str
    wikidata: str

    @property
    def entity_id(self) -> str:
        return entity_id(self.kind, self.canonical, self.wikidata)


def of(newsroom_id: int, language: str) -> Aliases:
    """Whom every spelling of a newsroom's table means in texts of this language (one query)."""
    rows = Alias.objects.filter(newsroom=newsroom_id).order_by("language", "pk").values_list(*Spelling._fields)
    return meant_by([Spelling(*row) for row in rows], language)


def meant_by(rows: Sequence[Spelling], language: str) -> Aliases:
    """Whom every spelling means in texts of this language; the rows stand in the order of their languages.

    A row for the language goes before one for all. One row with a Wikidata id gives it to all rows of that name.
    """
    spoken = language.lower().replace("_", "-").split("-")[0]
    ids = {(row.canonical.casefold(), row.kind): row.entity_id for row in rows if row.wikidata}
    known: dict[str, str | Known] = {}
    for row in rows:
        meant = Known(ids.get((row.canonical.casefold(), row.kind), row.entity_id), row.kind)
        known.setdefault(row.canonical, meant)
        if row.language in ("", spoken):
            known[row.written] = meant
    return known
