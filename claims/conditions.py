"""What a verdict still needs: the newsroom's policy held against one claim, condition by condition.

The operations refuse by this list and the desk shows it with ticks, so that nobody is refused by a rule they could
not read before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from claims import answers
from claims.errors import RuleBroken
from claims.models import Assessment, Claim, Policy, Rating, Reply
from claims.workflow import Status


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing a verdict needs. `refusal` says in English what is missing; the desk translates it."""

    code: str
    label: Any
    met: bool
    refusal: str = ""
    place: str = ""  # the part of the workbench where it is met
    state: Any = ""


class Unmet(RuleBroken):
    """Several rules may say no at once; each is named, the first gives the code."""

    def __init__(self, open_: Sequence[Condition]) -> None:
        super().__init__(" ".join(one.refusal for one in open_), code=open_[0].code)
        self.parts = [RuleBroken(one.refusal, code=one.code) for one in open_]


def of(claim: Claim, *, policy: Policy | None = None, rating: Rating | None = None) -> list[Condition]:
    """Every condition on the claim's verdict in its present cycle. `rating`: the one proposed, where one is."""
    policy = policy or Policy.in_force(claim)
    found = (check(claim, policy, rating) for check in _CHECKS)
    return [one for one in found if one is not None] + _checklist(claim, policy)


def require(claim: Claim, *, policy: Policy | None = None, rating: Rating | None = None) -> list[Condition]:
    """The same list; raises `Unmet` when something is missing."""
    found = of(claim, policy=policy, rating=rating)
    missing = [one for one in found if not one.met]
    if missing:
        raise Unmet(missing)
    return found


def _reviews(claim: Claim, policy: Policy, rating: Rating | None) -> Condition | None:
    given, needed = claim.reviews.filter(cycle=claim.cycle).count(), policy.reviews_required
    return Condition(
        code="too_few_reviews",
        label=_("Reviews"),
        met=given >= needed,
        refusal=f"Reviews needed for a verdict: {needed}; given so far: {given}.",
        place="decision",
        state=_("%(given)s of %(needed)s") % {"given": given, "needed": needed},
    )


def _agreeing(claim: Claim, policy: Policy, rating: Rating | None) -> Condition | None:
    needed = policy.agreeing_required
    if not needed:
        return None
    counts = Counter(claim.reviews.filter(cycle=claim.cycle).values_list("rating_id", flat=True))
    given = counts[rating.pk] if rating else max(counts.values(), default=0)
    return Condition(
        code="too_few_agree",
        label=_("Reviews that agree"),
        met=given >= needed,
        refusal=f"{needed} reviews have to give the proposed rating; {given} do. Ask another reviewer, or propose "
        "the rating most of them gave.",
        place="decision",
        state=_("%(given)s of %(needed)s") % {"given": given, "needed": needed},
    )


def _origins(claim: Claim, policy: Policy, rating: Rating | None) -> Condition | None:
    needed = policy.origins_required
    if not needed:
        return None
    counted = Assessment.objects.filter(claim=claim, cycle=claim.cycle).values_list("origins_count", flat=True).first()
    given = counted or 0
    return Condition(
        code="too_few_origins",
        label=_("Independent origins"),
        met=given >= needed,
        refusal=f"A verdict needs {needed} independent origins; {given} were found.",
        place="origins",
        state=_("%(given)s of %(needed)s") % {"given": given, "needed": needed},
    )


def _answered(claim: Claim, policy: Policy, rating: Rating | None) -> Condition | None:
    """Passages that people hold to speak against the rating are answered first."""
    against = list(answers.opposing(claim, rating).only("pk", "answered"))
    if not against:
        return None
    unanswered = [one.pk for one in against if not one.answered.strip()]
    which = ", ".join(f"#{pk}" for pk in unanswered)
    return Condition(
        code="unanswered_evidence",
        label=_("Contradicting passages answered"),
        met=not unanswered,
        refusal=f"{len(unanswered)} passage(s) that speak against this rating are not answered yet: {which}.",
        place="passages",
        state=_("%(given)s of %(needed)s") % {"given": len(against) - len(unanswered), "needed": len(against)},
    )


def _reply(claim: Claim, policy: Policy, rating: Rating | None) -> Condition | None:
    replies = list(Reply.objects.filter(claim=claim, cycle=claim.cycle))
    if not policy.reply_required and not replies:
        return None
    outcomes = [one.outcome() for one in replies]
    waiting = Reply.Outcome.WAITING in outcomes
    refusal = (
        "An answer is awaited. Log it when it comes, or wait for the deadline."
        if waiting
        else "Nobody was asked for a reply. Log whom you asked, or say why nobody is."
    )
    return Condition(
        code="reply_awaited" if waiting else "no_reply_asked",
        label=_("Right of reply"),
        met=not policy.reply_required or (bool(outcomes) and not waiting),
        refusal=refusal,
        place="replies",
        state=", ".join(str(one.label) for one in dict.fromkeys(outcomes)),
    )


def _checklist(claim: Claim, policy: Policy) -> list[Condition]:
    if not policy.checklist:
        return []
    ticked = set(claim.ticks.filter(cycle=claim.cycle).values_list("item", flat=True))
    return [
        Condition(
            code="not_ticked",
            label=item,
            met=item in ticked,
            refusal=f"Not ticked off on the checklist: {item}.",
            place="checklist",
        )
        for item in policy.checklist
    ]


_CHECKS: tuple[Callable[[Claim, Policy, Rating | None], Condition | None], ...] = (
    _reviews,
    _agreeing,
    _origins,
    _answered,
    _reply,
)


def shown(claim: Claim, policy: Policy) -> list[Condition]:
    """What the desk shows: the conditions of a claim on its way to a verdict, with the approval as the last one."""
    if claim.status not in (Status.IN_REVIEW, Status.IN_APPROVAL, Status.ASSESSING, Status.GATHERING):
        return []
    verdict = claim.verdicts.filter(cycle=claim.cycle).select_related("rating").first()
    proposed = verdict.rating if verdict is not None and claim.status == Status.IN_APPROVAL else None
    who = Policy.Approver(policy.approver).label
    approval = Condition("not_approved", _("Approval"), met=False, place="decision", state=who)
    return [*of(claim, policy=policy, rating=proposed), approval]
