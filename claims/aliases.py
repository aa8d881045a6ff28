"""The names a desk has taught the machine, as the reader takes them."""

from __future__ import annotations

from claims.analysis.aliasing import Aliases, Known
from claims.models import Alias


def of(newsroom_id: int, language: str) -> Aliases:
    """Whom every spelling of a newsroom's table means in texts of this language (one query).

    A row for the language goes before one for all. One row with a Wikidata id gives it to all rows of that name.
    """
    spoken = language.lower().replace("_", "-").split("-")[0]
    rows = list(Alias.objects.filter(newsroom=newsroom_id).order_by("language", "pk"))
    ids = {(row.canonical.casefold(), row.kind): row.entity_id for row in rows if row.wikidata}
    known: dict[str, str | Known] = {}
    for row in rows:
        meant = Known(ids.get((row.canonical.casefold(), row.kind), row.entity_id), row.kind)
        known.setdefault(row.canonical, meant)
        if row.language in ("", spoken):
            known[row.written] = meant
    return known
