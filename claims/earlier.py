"""Which earlier checks may be about the same thing: the database brings a hundred or so, the analysis ranks them.

At a million checks neither ranking everything that shares a word nor trigram similarity holds (docs/performance.md). So
every check is stored with keys (word stems, word beginnings, values, dates, named things), and a claim is looked up by
its rarest ones. How rare a key is, PostgreSQL knows from its own statistics of the column.
"""

from __future__ import annotations

import datetime as dt
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from claims import aliases, pool
from claims.analysis import matching, ranking, terms
from claims.analysis.aliasing import overlay
from claims.analysis.matching import Match
from claims.analysis.ranking import Candidate, Standing
from claims.analysis.types import Fact, fact_from_json
from claims.models import Claim, EarlierCheck, Newsroom, Publication, User

KEYS_ASKED = 140  # most of a long text's rare words stand in no earlier check; asking for them costs next to nothing
POSTINGS_READ = 1_000  # of one key; a key with more tells little
POSTINGS_BUDGET = 3_000  # of all keys together
CANDIDATES = 120
OWN = "claim:"  # begins the identifier of a check this desk has published itself
BEGINNING = 5  # letters of a word's beginning: inflected and compound words meet there
COUNTED = 100_000  # rows; more are not counted one by one
STATISTICS_SECONDS = 600.0

_frequencies: tuple[float, tuple[float, dict[str, float]]] = (float("-inf"), (0.0, {}))

# The size is cast because a power of numeric takes longer than everything else here together.
_SQL = """
    WITH wanted AS (SELECT * FROM unnest(%s::text[], %s::float8[]) AS w(key, weight)),
    best AS (
        SELECT found.id, sum(wanted.weight) / power(found.size::float8, 0.3) AS worth
        FROM wanted CROSS JOIN LATERAL (
            SELECT e.id, cardinality(e.keys) AS size FROM claims_earliercheck e
            WHERE e.keys @> ARRAY[wanted.key]::varchar[] AND (e.newsroom_id IS NULL OR e.newsroom_id = ANY(%s)) LIMIT %s
        ) found
        GROUP BY found.id, found.size
        ORDER BY worth DESC, found.id
        LIMIT %s
    )
    SELECT id::text, claim_text, language, title, more, checked_on FROM best JOIN claims_earliercheck USING (id)
    ORDER BY worth DESC, best.id
"""


@dataclass(frozen=True, slots=True)
class Found:
    """An earlier check beside a claim: how it stands among the others, and whether it can be the same claim."""

    check: EarlierCheck
    standing: Standing
    match: Match


def keys_of(text: str, language: str, facts: Sequence[Fact]) -> list[str]:
    """What a text is stored and looked up by: facts as in `matching.keys`, every content word, and its beginning."""
    found = dict.fromkeys(key for key in matching.keys(text, language, facts) if not key.startswith("t:"))
    for term in terms.content(text, language):
        found[f"t:{term.key}"[:120]] = None
        if not term.number and len(term.key) > BEGINNING:
            found[f"b:{term.key[:BEGINNING]}"] = None
    return list(found)


def candidates(text: str, language: str, facts: Sequence[Fact], *, newsrooms: Sequence[int]) -> list[Candidate]:
    """Up to `CANDIDATES` earlier checks these newsrooms may see that share rare keys with the text, best first."""
    weights = _weights(keys_of(text, language, facts))
    if not weights:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [list(weights), list(weights.values()), list(newsrooms), POSTINGS_READ, CANDIDATES])
        return [Candidate(*row) for row in cursor.fetchall()]


def rank(text: str, language: str, found: Sequence[Candidate], *, appeared: dt.date | None = None) -> list[Standing]:
    """The candidates in the order in which a person should look at them."""
    return ranking.rank(text, language, found, appeared=appeared)


def match(claim: Claim, *, user: User | None = None, limit: int = 10) -> list[Found]:
    """Earlier checks that may be about this claim, its own publication left out. With `user`, what they may see."""
    newsrooms = [claim.newsroom_id] if user is None else [pk for pk in user.newsroom_ids() if pk == claim.newsroom_id]
    found = match_text(
        claim.text,
        claim.language,
        claim.read_facts(),
        newsrooms=newsrooms,
        appeared=claim.said_on,
        limit=limit + 1,
    )
    return [one for one in found if one.check.identifier != identifier_of(claim.pk)][:limit]


def match_text(
    text: str,
    language: str,
    facts: Sequence[Fact],
    *,
    newsrooms: Sequence[int],
    appeared: dt.date | None = None,
    limit: int = 10,
) -> list[Found]:
    """Earlier checks that may be about this statement. What differs in a number, date, unit, place, negation or name
    is shown with that difference and never called the same."""
    found = candidates(text, language, facts, newsrooms=newsrooms)
    standings = rank(text, language, found, appeared=appeared)[:limit]
    checks = EarlierCheck.objects.in_bulk([int(standing.candidate.id) for standing in standings])
    return _compared(text, language, facts, standings, checks, names_of=newsrooms[:1])


def match_pool(claim: Claim, *, user: User, limit: int = 3) -> list[tuple[Publication, Match]]:
    """Checks that other newsrooms share with this person and that may be about this claim, best first."""
    sharing = Newsroom.objects.filter(shares_published=True).exclude(pk__in=pool.mine(user))
    rooms = list(sharing.values_list("pk", flat=True))
    if not rooms:
        return []
    facts = claim.read_facts()
    found = candidates(claim.text, claim.language, facts, newsrooms=rooms)
    theirs = EarlierCheck.objects.filter(
        pk__in=[int(one.id) for one in found], newsroom__in=rooms, identifier__startswith=OWN
    ).in_bulk()
    published = {
        check.claim_id: check
        for check in pool.checks(user).filter(claim__in=[claim_of(check) for check in theirs.values()])
    }
    offered = {pk: check for pk, check in theirs.items() if claim_of(check) in published}
    standings = rank(
        claim.text, claim.language, [one for one in found if int(one.id) in offered], appeared=claim.said_on
    )[:limit]
    compared = _compared(claim.text, claim.language, facts, standings, offered, names_of=[claim.newsroom_id])
    return [
        (published[claim_of(one.check)], one.match)
        for one in compared
        if one.match.highlights and one.match.relation != "different"
    ]


def _compared(
    text: str,
    language: str,
    facts: Sequence[Fact],
    standings: Sequence[Standing],
    checks: Mapping[int, EarlierCheck],
    *,
    names_of: Sequence[int],
) -> list[Found]:
    """The checks as they stand beside the text, read with the names this newsroom taught."""
    spoken = {language, *(check.language for check in checks.values())}
    names = {tongue: aliases.of(names_of[0], tongue) if names_of else {} for tongue in spoken}
    facts = overlay(text, facts, names[language])
    return [
        Found(
            check,
            standing,
            matching.compare(
                text,
                facts,
                check.claim_text,
                overlay(check.claim_text, tuple(fact_from_json(fact) for fact in check.facts), names[check.language]),
                language=language,
                candidate_language=check.language,
            ),
        )
        for standing in standings
        if (check := checks.get(int(standing.candidate.id)))
    ]


def among(user: User, newsroom: int) -> int:
    """How many checks were looked through; of a great many, as PostgreSQL estimates it."""
    rows, _ = _statistics()
    return int(rows) if rows > COUNTED else EarlierCheck.objects.of(user, newsroom).count()


def identifier_of(claim: int) -> str:
    """The identifier of a newsroom's own publication on a claim."""
    return f"{OWN}{claim}"


def claim_of(check: EarlierCheck) -> int:
    """The claim a newsroom's own publication is about."""
    return int(check.identifier.removeprefix(OWN))


def disagreeing(found: Sequence[Found]) -> list[Found]:
    """The checks of the same claim, where their ratings on the shared scale are not one; else nothing."""
    same = [one for one in found if one.match.same and one.check.shared]
    return same if len({one.check.shared for one in same}) > 1 else []


def _weights(keys: Sequence[str]) -> dict[str, float]:
    """The keys worth asking for, rarest first, with what a hit on each is worth."""
    rows, known = _statistics()
    rarest = min(known.values(), default=1e-4) / 2
    shares = {key: known.get(key, rarest) for key in keys}
    chosen: dict[str, float] = {}
    postings = 0.0
    for key in sorted(shares, key=lambda key: (shares[key], key))[:KEYS_ASKED]:
        postings += min(shares[key] * rows, POSTINGS_READ)
        if postings > POSTINGS_BUDGET and chosen:
            break
        chosen[key] = -math.log(min(shares[key], 0.9)) * (0.5 if key.startswith("b:") else 1.0)
    return chosen


def _statistics() -> tuple[float, dict[str, float]]:
    """How many checks there are and in what share of them the common keys occur, as PostgreSQL counted at its last
    ANALYZE; what is not listed is rare."""
    global _frequencies
    read_at, statistics = _frequencies
    if time.monotonic() - read_at < STATISTICS_SECONDS:
        return statistics
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats"
            " WHERE schemaname = 'public' AND tablename = 'claims_earliercheck' AND attname = 'keys'"
        )
        row = cursor.fetchone()
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'claims_earliercheck'::regclass")
        (rows,) = cursor.fetchone()
    known = dict(zip(row[0], row[1], strict=False)) if row and row[0] else {}
    _frequencies = (time.monotonic(), (max(rows, 0.0), known))
    return _frequencies[1]


def forget_statistics() -> None:
    """Ask PostgreSQL again at the next question, as after a large import."""
    global _frequencies
    _frequencies = (float("-inf"), (0.0, {}))
