"""Picking: whose turn it is among what waits for the clock. Newsrooms share a round, and a host is spread over time.

A picked row is handed out for a while: nobody else picks it until then, and if nothing comes of it, it is picked again.
Its message is worth nothing after that time, either: however slow the workers, no more messages wait than were sent
within it. What a host is too busy for waits for a later turn, each row for its own, and never stands in another's
way.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from claims.models import Newsroom, Renewal, Watch

# The first rows of each newsroom, from the index alone. The stretch of the index of turns that is one newsroom's is
# compared as pairs, so that no other index will do: the one by time alone would be walked through once per newsroom,
# past everybody else's backlog. Rows in a worker's hands, or worn out, need not be told apart: they have been handed
# out, and who is told of them nevertheless finds nothing to take.
_ROWS = """
SELECT waiting.* FROM claims_newsroom room CROSS JOIN LATERAL (
    SELECT id, newsroom_id, {host} AS host, next_attempt_at::text AS at, date_part('epoch', {due}) AS due FROM {table} w
    WHERE state = 'open' AND (newsroom_id, next_attempt_at) >= (room.id, '-infinity'::timestamptz)
    AND (newsroom_id, next_attempt_at) <= (room.id, statement_timestamp())
    AND NOT EXISTS (
        SELECT FROM claims_turn turn WHERE turn.kind = '{table}' AND turn.row = w.id AND turn.at = w.next_attempt_at
        AND turn.until > statement_timestamp()
    ) ORDER BY newsroom_id, next_attempt_at LIMIT %(share)s
) waiting WHERE %(rooms)s::bigint[] IS NULL OR room.id = ANY(%(rooms)s::bigint[])
"""

_HAND_OUT = """
INSERT INTO claims_turn (kind, row, at, until)
SELECT '{table}', row, at, statement_timestamp() + make_interval(secs => %(seconds)s)
FROM unnest(%(ids)s::bigint[], %(turns)s::timestamptz[]) AS picked(row, at)
ON CONFLICT (kind, row) DO UPDATE SET at = excluded.at, until = excluded.until
"""

_TAKE_BACK = "DELETE FROM claims_turn WHERE until <= statement_timestamp()"

_ALONE = "SELECT pg_try_advisory_xact_lock(hashtext('claims.picking'), hashtext(%s))"

_PUT_OFF = """
UPDATE {table} w SET next_attempt_at = statement_timestamp() + make_interval(secs => later.seconds)
FROM unnest(%(ids)s::bigint[], %(seconds)s::float8[]) AS later(id, seconds) WHERE w.id = later.id
AND w.id = ANY(ARRAY(SELECT id FROM {table} WHERE id = ANY(%(ids)s) FOR UPDATE SKIP LOCKED))
"""

# Row, newsroom, host, its turn as PostgreSQL writes it (a thousand dates are dear to make and unmake), due since.
Found = tuple[int, int, str, str, float]


@dataclass(frozen=True, slots=True)
class Row:
    pk: int
    newsroom: int
    host: str


def pick_watches(limit: int) -> list[int]:
    """The next cited passages to visit, fairly; at most so many."""
    return _pick(Watch, limit, host="host", due="coalesce(due_at, next_attempt_at)")


def pick_renewals(limit: int) -> list[int]:
    """The next sources to ask again. Their own budgets per host hold at the door."""
    return _pick(Renewal, limit, host="''", due="next_attempt_at")


@transaction.atomic
def _pick(model: type[Watch] | type[Renewal], limit: int, *, host: str, due: str) -> list[int]:
    """Hand rows out. Of two pickers at once one gets nothing, and at once: it waits for nobody."""
    words = {"table": model._meta.db_table, "host": host, "due": due}
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, [words["table"]])
        if not cursor.fetchone()[0]:
            return []
        found, share = _waiting(cursor, words, limit)
        if not found:
            return []
        picked, later = share_out((Row(*row[:3]) for row in found), limit=limit, per_newsroom=share)
        turns = {row[0]: row[3] for row in found}
        given: dict[str, Any] = {
            "ids": picked,
            "turns": [turns[pk] for pk in picked],
            "seconds": settings.RECHECKS_HANDED_OUT_SECONDS,
        }
        cursor.execute(_TAKE_BACK)
        cursor.execute(_HAND_OUT.format(**words), given)
        if later:
            cursor.execute(_PUT_OFF.format(**words), {"ids": list(later), "seconds": list(later.values())})
    return picked


def _waiting(cursor: CursorWrapper, words: dict[str, str], limit: int) -> tuple[list[Found], int]:
    """What is due, longest first, and how much of it each newsroom may have.

    First as if every newsroom had something due, which needs no second look on a busy day. Where few have, those that
    have more share the rest.
    """
    asked = _ROWS.format(**words)
    share = -(-limit // max(1, Newsroom.objects.count()))
    cursor.execute(asked, {"share": share, "rooms": None})
    found: list[Found] = cursor.fetchall()
    if found and len(found) < limit:
        many = Counter(row[1] for row in found)
        more = [room for room, number in many.items() if number == share]
        share = -(-limit // len(many))
        if more:
            cursor.execute(asked, {"share": share, "rooms": more})
            found = [row for row in found if row[1] not in more] + cursor.fetchall()
    return sorted(found, key=lambda row: row[4]), share


def share_out(rows: Iterable[Row], *, limit: int, per_newsroom: int) -> tuple[list[int], dict[int, float]]:
    """Who is picked, and who waits for how many seconds more because the host has had its share of this round.

    Newsrooms take turns, each with its own rows in order. What is beyond a newsroom's share just waits for the next
    round.
    """
    by_room: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_room[row.newsroom].append(row)
    turns = sorted(
        ((turn, number, row) for number, those in enumerate(by_room.values()) for turn, row in enumerate(those)),
        key=lambda one: one[:2],
    )
    picked: list[int] = []
    later: dict[int, float] = {}
    taken: Counter[int] = Counter()
    asked: Counter[str] = Counter()
    spacing = 3600 / settings.RECHECKS_PER_HOST_AND_HOUR
    for _turn, _number, row in turns:
        if row.host and asked[row.host] >= settings.RECHECKS_PER_HOST_AND_ROUND:
            later[row.pk] = spacing * (asked[row.host] - settings.RECHECKS_PER_HOST_AND_ROUND + 1)
            asked[row.host] += 1
        elif len(picked) < limit and taken[row.newsroom] < per_newsroom:
            picked.append(row.pk)
            taken[row.newsroom] += 1
            asked[row.host] += 1
    return picked, later
