"""Governing: a newsroom's own affairs change - its policy, its rating scale, its register of publishers."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.forms.models import model_to_dict

from claims import transitions
from claims.errors import InvalidInput, RuleBroken, StaleClaim
from claims.models import Alias, Escalation, Newsroom, Policy, Publisher, Rating, User
from claims.operations import escalating
from claims.workflow import Permission

Affair = TypeVar("Affair", Newsroom, Rating, Publisher, Alias, Policy, Escalation)


@transaction.atomic
def keep(row: Affair, *, by: User) -> Affair:
    """Keep a new or changed rating, publisher or newsroom setting; the ledger tells what it was before."""
    newsroom = row if isinstance(row, Newsroom) else row.newsroom
    if newsroom is None:
        raise RuleBroken("What every newsroom shares cannot be changed here.", code="shared")
    transitions.require(by, Permission.RESEARCH if isinstance(row, Alias) else Permission.ADMINISTER, newsroom)
    try:
        row.full_clean()
    except ValidationError as wrong:
        field, messages = next(iter(wrong.message_dict.items()))
        raise InvalidInput(messages[0], field="" if field == NON_FIELD_ERRORS else field) from wrong
    # Not its key: whoever writes to the ledger refers to the newsroom, and must not wait for us while we wait for it.
    earlier = type(row).objects.select_for_update(no_key=True).filter(pk=row.pk).first()
    if earlier is not None and not isinstance(row, Newsroom) and earlier.newsroom_id != row.newsroom_id:
        raise RuleBroken("It cannot be given to another newsroom.", code="foreign", field="newsroom")
    if isinstance(row, Rating) and isinstance(earlier, Rating) and earlier.slug != row.slug and row.verdicts.exists():
        raise RuleBroken("Verdicts carry this short name: it stays. Retire the rating instead.", field="slug")
    if isinstance(row, Policy) and isinstance(earlier, Policy) and row.version != earlier.version:
        raise StaleClaim("Someone else has saved meanwhile. Reload the page; your text is still in the form.")
    before, after = _values(earlier) if earlier else {}, _values(row)
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    if earlier is not None and not changed:
        return row
    if isinstance(row, Policy) and earlier is not None:
        row.version += 1
    row.save()
    transitions.record(
        f"{type(row).__name__.lower()}.{'changed' if earlier else 'added'}",
        newsroom=newsroom,
        by=by,
        row=row.pk,
        before={name: before[name] for name in changed if name in before},
        after=changed,
    )
    if isinstance(row, Newsroom | Escalation):
        escalating.wind(newsroom)
    return row


@transaction.atomic
def drop(rung: Escalation, *, by: User) -> None:
    """Take a step out of the newsroom's chain of escalation."""
    transitions.require(by, Permission.ADMINISTER, rung.newsroom)
    transitions.record("escalation.removed", newsroom=rung.newsroom, by=by, row=rung.pk, before=_values(rung))
    rung.delete()


def _values(row: Newsroom | Rating | Publisher | Alias | Policy | Escalation) -> dict[str, Any]:
    plain = model_to_dict(row)
    return {
        name: value if isinstance(value, list | dict | int | bool | None) else str(value)
        for name, value in plain.items()
    }
