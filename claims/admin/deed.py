"""A deed: one thing a person can do with a claim on the workbench, by one form and one operation.

A deed says when it is possible (status), who may (permission) and what stands in this person's way; the operation
decides again, and its refusal comes back beside the form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from claims import workflow
from claims.admin import forms
from claims.models import Claim, Contribution, Policy, User
from claims.operations import conflicts, deciding
from claims.workflow import Move, Permission

Do = Callable[[Claim, User, dict[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands to a claim in its cycle; read once per page."""

    claim: Claim
    user: User
    parts: frozenset[str] = frozenset()
    reviewed: bool = False
    policy: Policy | None = None
    kept_off: bool = False  # stepped back, or too near where the policy says so

    @classmethod
    def of(cls, claim: Claim, user: User) -> Standing:
        policy = Policy.in_force(claim)
        worked = Contribution.objects.filter(claim=claim, cycle=claim.cycle, user=user)
        return cls(
            claim=claim,
            user=user,
            parts=frozenset(worked.values_list("part", flat=True)),
            reviewed=claim.reviews.filter(cycle=claim.cycle, reviewer=user).exists(),
            policy=policy,
            kept_off=conflicts.keeps_off(claim, user, policy=policy),
        )


@dataclass(frozen=True, slots=True)
class Deed:
    name: str
    label: Any
    symbol: str
    form: type[forms.DeskForm]
    do: Do
    done: Any
    permission: Permission
    statuses: frozenset[str]
    place: str  # bar, decision, or row: where its form stands on the page
    tone: str = "plain"
    hint: Any = ""
    key: str = ""  # the shortcut: presses a plain button, opens a form, only goes to what has weight
    obstacle: Callable[[Standing], Any] | None = None

    def possible(self, standing: Standing) -> bool:
        """Whether the status allows it and the person has the permission."""
        claim, permission = standing.claim, self.permission
        if self.name == workflow.APPROVE.name:
            permission = deciding.approver_needs(standing.policy or Policy.in_force(claim))
        return claim.status in self.statuses and standing.user.may(permission, claim.newsroom_id)

    def in_the_way(self, standing: Standing) -> str:
        """Why this person cannot do it although their role could; empty when they can."""
        return str(self.obstacle(standing)) if self.obstacle else ""


def calling(operation: Callable[..., object], *fields: str) -> Do:
    """The operation on the claim, with these fields of the form."""
    return lambda claim, by, given: operation(claim, by=by, **{name: given[name] for name in fields})


def calling_on(row: str, operation: Callable[..., object], *fields: str) -> Do:
    """The operation on a row that the form names, such as a passage."""
    return lambda claim, by, given: operation(given[row], by=by, **{name: given[name] for name in fields})


def moving(move: Move, **given: Any) -> Deed:
    return Deed(
        name=move.name,
        label=move.label,
        permission=Permission(move.permission or ""),
        statuses=frozenset(status.value for status in move.sources),
        **given,
    )
