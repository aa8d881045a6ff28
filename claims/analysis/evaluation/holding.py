"""Predictions for everything that holds texts against each other, in the row format of the public scorers.

Rows come in as the evaluation files have them. Only what a newsroom would have is read: texts, languages,
dates. Labels, categories and relevant ids never are, except those of `train_rows`, where a task may be trained.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from claims.analysis import alignment, copying, evidence, extraction, ranking, stories, terms
from claims.analysis import language as languages
from claims.analysis.ranking import Candidate
from claims.analysis.types import Alignment, Passage, Span

Row = Mapping[str, Any]

POOL = 200

_MONTHS = (
    (
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ),
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
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
    query_text: str,
    candidates: Sequence[Candidate | Row],
    *,
    language: str | None = None,
    rarity: Mapping[str, float] | None = None,
) -> list[str]:
    """The ids of the candidates a database brought, best first. `rarity` as in `ranking.rank`."""
    held = [one if isinstance(one, Candidate) else candidate(one) for one in candidates]
    tongue = language or languages.identify(query_text)
    found = ranking.rank(query_text, tongue, held, appeared=printed_day(query_text), rarity=rarity)
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
        both: dict[int, float] = defaultdict(float)
        for keys in (words, pieces):
            scores: dict[int, float] = defaultdict(float)
            for key in keys:
                rarity = self.rarity.get(key, 0.0)
                for at in self.postings.get(key, ()):
                    scores[at] += rarity
            lengths = {at: score / self.sizes[at] ** 0.3 for at, score in scores.items()}
            top = max(lengths.values(), default=1.0)
            for at, score in lengths.items():
                both[at] += score / top
        best = sorted(both, key=lambda at: (-both[at], at))[:limit]
        return [self.candidates[at] for at in best]


def predict_retrieval(queries: Sequence[Row], corpus: Sequence[Row], *, limit: int = 20) -> list[dict[str, Any]]:
    """The ranking an archive in memory gives; the real road goes through the database."""
    archive = Archive(corpus)
    found = []
    for row in queries:
        text, tongue = str(row["text"]), str(row.get("lang") or "en")
        ranked = rank_candidates(text, archive.candidates_for(text, tongue), language=tongue)
        found.append({"query_id": row["query_id"], "ranked": ranked[:limit]})
    return found


def predict_evidence(rows: Sequence[Row], *, limit: int = 10) -> list[dict[str, Any]]:
    """The sentences of each page to read first about the claim."""
    return [
        {
            "id": row["id"],
            "ranked": evidence.choose(
                str(row["claim"]),
                str(row.get("lang") or "en"),
                [str(sentence) for sentence in row["evidence_sentences"]],
                str(row.get("lang") or "en"),
                limit=limit,
            ),
        }
        for row in rows
    ]


def predict_stance(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """What comparing the facts of claim and evidence says: supports, refutes, or neutral where nothing compares."""
    labels = {"agrees": "supports", "disagrees": "refutes", "mixed": "refutes", "related": "neutral"}
    return [{"id": row["id"], "label": labels[aligned(row).stance]} for row in rows]


def aligned(row: Row) -> Alignment:
    """A stance row's claim held against its evidence, which is given as being about the claim."""
    claim, text, tongue = str(row["claim"]), str(row["evidence"]), str(row.get("lang") or "en")
    facts = extraction.facts(text, tongue, None)
    passage = Passage("evidence", Span(0, len(text)), text, tongue, tuple(facts))
    return alignment.align(claim, tongue, extraction.facts(claim, tongue, None), passage, on_topic=True)


def predict_pairs(rows: Sequence[Row], train_rows: Sequence[Row] | None = None) -> list[dict[str, Any]]:
    """Whether two articles tell one story. `train_rows` lend their texts to the word counts, nothing else."""
    told = [
        stories.Story(f"{part}:{row['id']}", str(row[f"text_{part}"]), str(row.get("lang") or "en"))
        for row in (*rows, *(train_rows or ()))
        for part in "ab"
    ]
    together = stories.Stories(told)
    found = []
    for row in rows:
        score = together.likeness(f"a:{row['id']}", f"b:{row['id']}")
        found.append({"id": row["id"], "score": score, "label": int(score >= stories.SAME)})
    return found


def predict_reuse(rows: Sequence[Row], train_rows: Sequence[Row] | None = None) -> list[dict[str, Any]]:
    """Whether `text_b` is derived from `text_a`. `train_rows` lend their texts to the word counts, nothing else."""
    every = {str(row["id"]): (str(row["text_b"]), str(row.get("lang") or "en")) for row in (*rows, *(train_rows or ()))}
    reuse = copying.Reuse(every)
    found = []
    for row in rows:
        score = reuse.derived(str(row["id"]), str(row["text_a"]), str(row.get("lang") or "en"))
        found.append({"id": row["id"], "score": score, "label": int(score >= copying.REUSED)})
    return found
