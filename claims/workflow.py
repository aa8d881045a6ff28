"""The workflow as one table. Pure: `advance()`, the database trigger and the diagram are made from it.

A claim's status says whose turn it is. What the public sees is a live publication, which is another thing:
no move here takes a published check offline except `withdraw`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Status(TextChoices):
    SUBMITTED = "submitted", _("Submitted")
    GATHERING = "gathering", _("Gathering")
    ASSESSING = "assessing", _("Assessing")
    IN_REVIEW = "in_review", _("In review")
    IN_APPROVAL = "in_approval", _("In approval")
    DECIDED = "decided", _("Decided")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DISMISSED = "dismissed", _("Dismissed")
    DUPLICATE = "duplicate", _("Duplicate")


class Permission(TextChoices):
    """What a person may do in a newsroom; roles are sets of these (claims/roles.py)."""

    READ = "read", _("see everything of the newsroom")
    SUBMIT = "submit", _("hand in articles and claims")
    PICK = "pick", _("pick what is checked, retry sources, dismiss")
    RESEARCH = "research", _("add and judge evidence")
    REVIEW = "review", _("review claims")
    DECIDE = "decide", _("propose verdicts")
    APPROVE = "approve", _("approve verdicts")
    PUBLISH = "publish", _("publish, correct and withdraw")
    REOPEN = "reopen", _("re-open checks")
    ADMINISTER = "administer", _("people, keys and policy of the newsroom")
    AUDIT = "audit", _("read the ledger")


@dataclass(frozen=True, slots=True)
class Move:
    """One step of the workflow. `permission=None`: only the system itself takes it."""

    name: str
    sources: frozenset[Status]
    target: Status
    permission: Permission | None
    opens_cycle: bool = False
    label: StrOrPromise = ""


_S = Status
_ALL: list[Move] = []


def _move(
    name: str,
    sources: set[Status],
    target: Status,
    permission: Permission | None,
    *,
    opens_cycle: bool = False,
    label: StrOrPromise,
) -> Move:
    move = Move(name, frozenset(sources), target, permission, opens_cycle, label)
    _ALL.append(move)
    return move


GATHER = _move("gather", {_S.SUBMITTED}, _S.GATHERING, Permission.PICK, label=_("Check this claim"))
ASSESS = _move("assess", {_S.GATHERING}, _S.ASSESSING, None, label=_("Every source was asked"))
REVIEW = _move("review", {_S.ASSESSING}, _S.IN_REVIEW, None, label=_("Assessment is ready"))
PROPOSE = _move("propose", {_S.IN_REVIEW}, _S.IN_APPROVAL, Permission.DECIDE, label=_("Propose the verdict"))
SEND_BACK = _move("send_back", {_S.IN_APPROVAL}, _S.IN_REVIEW, Permission.APPROVE, label=_("Send back"))
APPROVE = _move("approve", {_S.IN_APPROVAL}, _S.DECIDED, Permission.APPROVE, label=_("Approve"))
PUBLISH = _move("publish", {_S.DECIDED}, _S.PUBLISHED, Permission.PUBLISH, label=_("Publish"))
WITHDRAW = _move("withdraw", {_S.PUBLISHED}, _S.WITHDRAWN, Permission.PUBLISH, label=_("Withdraw"))
DISMISS = _move(
    "dismiss", {_S.SUBMITTED, _S.IN_REVIEW}, _S.DISMISSED, Permission.PICK, label=_("Dismiss: not to be checked")
)
MARK_DUPLICATE = _move(
    "mark_duplicate", {_S.SUBMITTED, _S.IN_REVIEW}, _S.DUPLICATE, Permission.PICK, label=_("Mark as duplicate")
)
RESTORE = _move(
    "restore",
    {_S.DISMISSED, _S.DUPLICATE},
    _S.SUBMITTED,
    Permission.PICK,
    opens_cycle=True,
    label=_("Put back into the queue"),
)
REOPEN = _move(
    "reopen",
    {_S.DECIDED, _S.PUBLISHED, _S.WITHDRAWN},
    _S.GATHERING,
    Permission.REOPEN,
    opens_cycle=True,
    label=_("Re-open in a new cycle"),
)

MOVES: dict[str, Move] = {move.name: move for move in _ALL}
FINAL: frozenset[Status] = frozenset()  # no dead ends: every status has a way on


def moves_from(status: str) -> list[Move]:
    """The moves that are possible from a status, in the order of the table."""
    return [move for move in _ALL if status in move.sources]


def edges() -> list[tuple[str, str]]:
    """Every allowed (source, target) pair: what the database trigger lets through."""
    return sorted({(source.value, move.target.value) for move in _ALL for source in move.sources})


def diagram() -> str:
    """The table as a Mermaid state diagram, for docs/workflow.md."""
    lines = ["stateDiagram-v2", f"    [*] --> {Status.SUBMITTED.value}"]
    for move in _ALL:
        who = move.permission.value if move.permission else "system"
        cycle = ", new cycle" if move.opens_cycle else ""
        lines += [
            f"    {source.value} --> {move.target.value}: {move.name} ({who}{cycle})"
            for source in sorted(move.sources, key=list(Status).index)
        ]
    return "\n".join(lines) + "\n"
