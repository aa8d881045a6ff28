"""Predictions for everything that holds texts against each other, in the row format of the public scorers.

Rows come in as the evaluation files have them. Only what a newsroom would have is read: texts, languages,
dates. Labels, categories and relevant ids never are, except those of `train_rows`, where a task may be trained.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from claims.analysis import language as languages
from claims.analysis import ranking, terms
from claims.analysis.ranking import Candidate

Row = Mapping[str, Any]

POOL = 200

_MONTHS = (
    "january february march april may june july august september october november december".split(),
    "jan feb mar apr may jun jul aug sep oct nov dec".split(),
)
_SIGNED_DAY = re.compile(r"\b([A-Z][a-z]{2,8})\.? (\d{1,2}), (\d{4})\b|\b(\d{1,2})\.? ([A-Z][a-z]{2,8})\.? (\d{4})\b")


@lru_cache(maxsize=50_000)
def printed_day(text: str) -> dt.date | None:
    """The last full date printed in `text` as posts and pages sign themselves ("January 14, 2020", "26 May 2015")."""
    for match in reversed(list(_SIGNED_DAY.finditer(text))):
        name = (match[1] or match[5]).casefold()
        number = next((names.index(name) + 1 for names in _MONTHS if name in names), None)
        if number:
            try:
                return dt.date(int(match[3] or match[6]), number, int(match[2] or match[4]))
            except ValueError:
                continue
    return None


def candidate(row: Row) -> Candidate:
    """An earlier check from a corpus row."""
    return Candidate(
        str(row["doc_id"]),
        str(row.get("claim") or ""),
        str(row.get("lang") or "en"),
        str(row.get("title") or ""),
        str(row.get("subtitle") or ""),
        printed_day(str(row.get("date") or "")),
    )


def rank_candidates(
    query_text: str, candidates: Sequence[Candidate | Row], *, language: str | None = None
) -> list[str]:
    """The ids of the candidates a database brought, best first."""
    held = [one if isinstance(one, Candidate) else candidate(one) for one in candidates]
    tongue = language or languages.identify(query_text)
    found = ranking.rank(query_text, tongue, held, appeared=printed_day(query_text))
    return [standing.candidate.id for standing in found]


class Archive:
    """All earlier checks in memory, for developing without a database: words and letters bring the candidates."""

    def __init__(self, corpus: Sequence[Row]) -> None:
        self.candidates = [candidate(row) for row in corpus]
        self.postings: dict[str, list[int]] = defaultdict(list)
        bags = []
        for at, one in enumerate(self.candidates):
            text = f"{one.text} {one.title} {one.more}"
            bag = {f"t:{term.key}" for term in terms.content(text, one.language)}
            bag |= {piece for word, _, _ in terms.tokens(text) for piece in ranking.pieces(terms.fold(word))}
            bags.append(bag)
            for key in bag:
                self.postings[key].append(at)
        self.rarity = terms.inverse_frequencies(bags)
        self.sizes = [len(bag) for bag in bags]

    def candidates_for(self, text: str, language: str, limit: int = POOL) -> list[Candidate]:
        words = {f"t:{term.key}" for term in terms.content(text, language)}
        pieces = {piece for word, _, _ in terms.tokens(text) for piece in ranking.pieces(terms.fold(word))}
        found: list[Counter[int]] = [Counter(), Counter()]
        for scores, keys in zip(found, (words, pieces), strict=True):
            for key in keys:
                rarity = self.rarity.get(key, 0.0)
                for at in self.postings.get(key, ()):
                    scores[at] += rarity  # type: ignore[assignment]
        for scores in found:
            top = max((score / self.sizes[at] ** 0.3 for at, score in scores.items()), default=1.0)
            for at in scores:
                scores[at] = scores[at] / self.sizes[at] ** 0.3 / top  # type: ignore[assignment]
        both = Counter(dict(found[0]))
        both.update(found[1])
        return [self.candidates[at] for at, _ in both.most_common(limit)]


def predict_retrieval(queries: Sequence[Row], corpus: Sequence[Row], *, limit: int = 20) -> list[dict[str, Any]]:
    """The ranking an archive in memory gives; the real road goes through the database."""
    archive = Archive(corpus)
    found = []
    for row in queries:
        text, tongue = str(row["text"]), str(row.get("lang") or "en")
        ranked = rank_candidates(text, archive.candidates_for(text, tongue), language=tongue)
        found.append({"query_id": row["query_id"], "ranked": ranked[:limit]})
    return found
