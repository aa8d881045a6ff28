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

from claims.models import Renewal, Watch

# Newsrooms with something due, those that wait longest first. One look into the index each.
_ROOMS = """
SELECT room.id FROM claims_newsroom room CROSS JOIN LATERAL (
    SELECT next_attempt_at FROM {table} WHERE {waiting} ORDER BY newsroom_id, next_attempt_at LIMIT 1
) first ORDER BY first.next_attempt_at LIMIT %(limit)s
"""

# The first rows of each, those due longest first.
_ROWS = """
SELECT waiting.id, waiting.newsroom_id, waiting.host FROM unnest(%(rooms)s::bigint[]) AS room(id) CROSS JOIN LATERAL (
    SELECT id, newsroom_id, {host} AS host, {due} AS due FROM {table} WHERE {waiting}
    ORDER BY newsroom_id, next_attempt_at LIMIT %(share)s
) waiting ORDER BY waiting.due
"""

# The stretch of the index of turns that is one newsroom's. Compared as pairs, so that no other index will do: the one
# by time alone would be walked through once per newsroom, past everybody else's backlog.
_WAITING = """state = 'open' AND (newsroom_id, next_attempt_at) >= (room.id, '-infinity'::timestamptz)
    AND (newsroom_id, next_attempt_at) <= (room.id, statement_timestamp()) AND attempts < %(attempts)s
    AND (handed_out_until IS NULL OR handed_out_until < statement_timestamp())
    AND (leased_until IS NULL OR leased_until < statement_timestamp())"""

# Only what was chosen is locked. Rows another picker holds, or has handed out since we looked, are passed over.
_HAND_OUT = """
UPDATE {table} SET handed_out_until = statement_timestamp() + make_interval(secs => %(seconds)s)
WHERE id = ANY(ARRAY(
    SELECT id FROM {table} WHERE id = ANY(%(ids)s) AND state = 'open' AND next_attempt_at <= statement_timestamp()
    AND (handed_out_until IS NULL OR handed_out_until < statement_timestamp()) FOR UPDATE SKIP LOCKED
)) RETURNING id
"""

_PUT_OFF = """
UPDATE {table} w SET next_attempt_at = statement_timestamp() + make_interval(secs => later.seconds)
FROM unnest(%(ids)s::bigint[], %(seconds)s::float8[]) AS later(id, seconds) WHERE w.id = later.id
AND w.id = ANY(ARRAY(SELECT id FROM {table} WHERE id = ANY(%(ids)s) FOR UPDATE SKIP LOCKED))
"""


@dataclass(frozen=True, slots=True)
class Row:
    pk: int
    newsroom: int
    host: str


def pick_watches(limit: int) -> list[int]:
    """The next cited passages to visit, fairly; at most so many."""
    return _pick(Watch, limit, host="host", due="due_at")


def pick_renewals(limit: int) -> list[int]:
    """The next sources to ask again. Their own budgets per host hold at the door."""
    return _pick(Renewal, limit, host="''", due="next_attempt_at")


@transaction.atomic
def _pick(model: type[Watch] | type[Renewal], limit: int, *, host: str, due: str) -> list[int]:
    """Hand rows out. Two pickers at once get different ones."""
    words = {"table": model._meta.db_table, "waiting": _WAITING, "host": host, "due": due}
    attempts = settings.STEP_MAX_ATTEMPTS
    with connection.cursor() as cursor:
        cursor.execute(_ROOMS.format(**words), {"limit": limit, "attempts": attempts})
        rooms = [room for (room,) in cursor.fetchall()]
        if not rooms:
            return []
        share = -(-limit // len(rooms))
        given: dict[str, Any] = {"rooms": rooms, "share": share, "attempts": attempts}
        cursor.execute(_ROWS.format(**words), given)
        picked, later = share_out((Row(*row) for row in cursor.fetchall()), limit=limit, per_newsroom=share)
        given = {"ids": picked, "seconds": settings.RECHECKS_HANDED_OUT_SECONDS}
        cursor.execute(_HAND_OUT.format(**words), given)
        ours = {pk for (pk,) in cursor.fetchall()}
        if later:
            cursor.execute(_PUT_OFF.format(**words), {"ids": list(later), "seconds": list(later.values())})
    return [pk for pk in picked if pk in ours]


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
