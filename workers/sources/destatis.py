"""Destatis GENESIS: tables of the German statistics office. Errors come with HTTP 200, tables as a zip of one CSV."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings

from workers.answers import Response
from workers.budgets import Pace
from workers.sources import asking
from workers.sources.base import Finding, Findings, Query, SourceError, SourceUnavailable, fingerprint

PACE = Pace(per_second=0.5)
TABLES, ROWS = 2, 80
CSV_BYTES = 5_000_000
LICENCE = "dl-de/by-2-0"


class Destatis:
    """Tables of GENESIS that the words of a claim lead to; needs an account, which is free."""

    slug: ClassVar[str] = "destatis"
    name: ClassVar[str] = "Destatis GENESIS"
    languages: ClassVar[tuple[str, ...]] = ("de", "en")
    polite: ClassVar[bool] = False

    def available(self) -> str | None:
        if settings.DESTATIS_USER and settings.DESTATIS_PASSWORD:
            return None
        return "No account is configured: set DESTATIS_USER and DESTATIS_PASSWORD."

    def search(self, query: Query) -> Findings:
        language = "en" if query.language == "en" else "de"
        words = " ".join(re.findall(r"[^\W\d_]{4,}", query.searches(language)[0])[:4])
        if not words:
            return Findings(note="The claim holds no word to search with.")
        answer = _answered("find/find", term=words, category="tables", pagelength=10, language=language)
        tables = asking.rows(asking.shaped(answer, "Tables"))
        found, notes = [], []
        for table in tables[: min(TABLES, query.limit)]:
            code, title = asking.word(table.get("Code")), asking.word(table.get("Content"))
            if not re.fullmatch(r"\d{5}-\d{4}", code):
                continue
            try:
                lines = _table(code, language)
            except SourceUnavailable:
                raise
            except SourceError as exc:
                notes.append(f"{code}: {exc}")
                continue
            if lines:
                found.append(_finding(code, title, lines, language, fingerprint(self.slug, words, code)))
        if not found and notes:
            raise SourceError(" ".join(notes))
        return Findings(tuple(found), " ".join(notes))


def _ask(path: str, **params: object) -> Response:
    response = asking.get(
        f"{settings.DESTATIS_URL}/{path}",
        name="Destatis",
        pace=PACE,
        method="POST",
        body=urlencode(params).encode(),
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "username": settings.DESTATIS_USER,
            "password": settings.DESTATIS_PASSWORD,
        },
    )
    asking.refuse_bad_status(response, "Destatis")
    return response


def _answered(path: str, **params: object) -> dict[str, Any]:
    answer = asking.parsed(_ask(path, **params), "Destatis")
    _refuse(answer)
    return dict(answer)


def _refuse(answer: Any) -> None:
    """Status code 0 is success; 104 is "nothing found"; everything else could not be searched."""
    code = asking.shaped(answer, "Status", "Code")
    said = asking.word(asking.shaped(answer, "Status", "Content"))
    match code:
        case 0 | 22 | 104:
            return
        case 98:
            raise SourceError(f"This table is too large to be sent at once: {said}")
        case 15 | 2:
            raise SourceError(f"Destatis refuses us: {said}")
        case int():
            raise SourceError(f"Destatis could not answer: {said}")
        case _:
            raise SourceUnavailable("Destatis sent an answer of an unknown shape.")


def _table(code: str, language: str) -> list[dict[str, str]]:
    wanted = {"name": code, "area": "all", "format": "ffcsv", "compress": "true", "quality": "on", "job": "false"}
    response = _ask("data/tablefile", **wanted, language=language)
    if not response.content.startswith(b"PK"):
        _refuse(asking.parsed(response, "Destatis"))
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(response.content)) as parcel:
            member = next(item for item in parcel.infolist() if item.filename.lower().endswith(".csv"))
            with parcel.open(member) as file:
                body = file.read(CSV_BYTES + 1)
    except (zipfile.BadZipFile, StopIteration, OSError, RuntimeError, NotImplementedError) as exc:
        raise SourceUnavailable("Destatis sent a broken file.") from exc
    text = body[:CSV_BYTES].decode("utf-8-sig", "replace")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";", quoting=csv.QUOTE_NONE))
    return sorted(rows, key=lambda row: row.get("time") or "", reverse=True)[:ROWS]


def _finding(code: str, title: str, rows: list[dict[str, str]], language: str, mark: str) -> Finding:
    text = "\n".join([title or code, *(line for row in rows if (line := _sentence(row)))])
    return Finding(
        url=f"https://www-genesis.destatis.de/datenbank/online/table/{code}",
        title=f"{title or code} (Destatis {code})",
        snippet=text.split("\n", 2)[1] if "\n" in text else title,
        language=language,
        publisher="Destatis",
        content=text.encode(),
        content_type="text/plain; charset=utf-8",
        licence=LICENCE,
        fingerprint=mark,
        details={"table": code, "rows": len(rows)},
    )


def _sentence(row: dict[str, str]) -> str:
    """One row in words: what is measured, of what, when, how much. "-" and "." stand for no value there."""
    value = (row.get("value") or "").strip()
    if not re.match(r"-?\d", value):
        return ""
    parts = [
        row.get(f"{number}_variable_attribute_label") or ""
        for number in range(1, 8)
        if (row.get(f"{number}_variable_attribute_label") or "").strip() not in ("", "Deutschland", "Germany")
    ]
    measured = " ".join(filter(None, (row.get("value_variable_label"), ", ".join(parts))))
    unit = (row.get("value_unit") or "").replace("Anzahl", "").replace("Number", "").strip()
    return f"{measured}, {row.get('time', '')}: {value} {unit}".strip() + "."
