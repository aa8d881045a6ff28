"""What random people may try, and what the application's own role may try behind the desk's back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from claims.models import Claim, Complaint, Contribution, Correction, Publication, Reply, Verdict
from claims.workflow import Permission, Status, edges

if TYPE_CHECKING:
    from tests.chaos.random_moves import Person, World

S = Status
RATINGS = ["true", "mostly_true", "mixed", "false", "no_such_rating"]
ANYWHERE = frozenset(Status.values)


@dataclass(frozen=True)
class Act:
    """Something a person may try. `statuses` are where it makes sense; it is tried elsewhere too."""

    statuses: frozenset[str]
    permission: Permission
    do: Callable[[World, Person, Claim], Any]
    weight: int = 4


def _act(*statuses: str, may: Permission, weight: int = 4) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def kept(do: Callable[..., Any]) -> Callable[..., Any]:
        ACTS[do.__name__] = Act(frozenset(statuses), may, do, weight)
        return do

    return kept


ACTS: dict[str, Act] = {}


@_act(S.SUBMITTED, may=Permission.PICK, weight=10)
def gather(world: World, by: Person, claim: Claim) -> Any:
    return world.either(by, claim, "POST", "gathering", {}, "gather")


@_act(S.SUBMITTED, S.IN_REVIEW, may=Permission.PICK, weight=1)
def dismiss(world: World, by: Person, claim: Claim) -> Any:
    reason = world.die.choice(["Not checkable.", "Not checkable.", " "])
    return world.either(by, claim, "POST", "dismissal", {"reason": reason}, "dismiss", reason=reason)


@_act(S.SUBMITTED, S.IN_REVIEW, may=Permission.PICK, weight=1)
def mark_duplicate(world: World, by: Person, claim: Claim) -> Any:
    of = world.die.choice([*world.told, claim.pk, world.foreign.pk])
    return world.either(by, claim, "POST", "duplicate", {"of": of}, "mark_duplicate", of=of)


@_act(S.DISMISSED, S.DUPLICATE, may=Permission.PICK)
def restore(world: World, by: Person, claim: Claim) -> Any:
    return world.either(by, claim, "POST", "restoration", {}, "restore")


@_act(S.SUBMITTED, S.GATHERING, S.IN_REVIEW, may=Permission.REVIEW, weight=2)
def assign(world: World, by: Person, claim: Claim) -> Any:
    to = world.die.choice([*world.people, world.stranger, None])
    name, pk = (to.name, to.user.pk) if to else (None, "")
    return world.either(by, claim, "PUT", "assignment", {"assignee": name}, "assign", to=pk)


@_act(S.SUBMITTED, S.IN_REVIEW, may=Permission.PICK, weight=2)
def triage(world: World, by: Person, claim: Claim) -> Any:
    given = {"step": claim.step, "severity": world.die.choice([1, 2, 2, 3, 9]), "topic": "trees"}
    return by.desk.post(reverse("admin:claims_claim_do", args=[claim.pk, "triage"]), given)


@_act(S.IN_REVIEW, may=Permission.REVIEW, weight=10)
def review(world: World, by: Person, claim: Claim) -> Any:
    rating = world.die.choice([*["false"] * 8, *RATINGS])
    row = world.room.ratings.filter(slug=rating).first()
    given = {"rating": rating, "reasons": world.die.choice([*["Counted."] * 6, ""])}
    form = {**given, "rating": row.pk if row else 0}
    return world.either(by, claim, "POST", "reviews", given, "review", **form)


@_act(S.IN_REVIEW, S.IN_APPROVAL, may=Permission.REVIEW, weight=1)
def recuse(world: World, by: Person, claim: Claim) -> Any:
    if world.die.random() < 0.5:
        held = claim.recusals.filter(lifted_at__isnull=True).first()
        return by.program.call("DELETE", f"claims/{claim.pk}/recusals/{held.pk}/") if held else None
    return world.either(by, claim, "POST", "recusals", {"reason": "My sister."}, "recuse", reason="My sister.")


@_act(S.IN_REVIEW, may=Permission.RESEARCH, weight=6)
def judge(world: World, by: Person, claim: Claim) -> Any:
    passage = world.one(claim.evidence.all())
    if passage is None:
        return None
    given: dict[str, Any] = {
        "stance": world.die.choice(["disagrees", "agrees", "mixed", "related", ""]),
        "answered": world.die.choice([*["It counts another year."] * 5, ""]),
        "included": world.die.random() < 0.9,
    }
    version = world.die.choice([claim.version, claim.version, max(1, claim.version - 1)])
    form = {**given, "included": "on" if given["included"] else "", "evidence": passage.pk, "version": version}
    return world.either(by, claim, "PUT", f"evidence/{passage.pk}/judgement", {**given, "version": version}, "judge",
                        **form)  # fmt: skip


@_act(S.IN_REVIEW, may=Permission.RESEARCH, weight=1)
def protect(world: World, by: Person, claim: Claim) -> Any:
    passage = world.one(claim.evidence.all())
    if passage is None:
        return None
    noun = f"evidence/{passage.pk}/protection"
    return world.either(by, claim, "PUT", noun, {"reason": "In danger."}, "protect", evidence=passage.pk,
                        reason="In danger.")  # fmt: skip


@_act(S.IN_REVIEW, S.IN_APPROVAL, may=Permission.RESEARCH, weight=2)
def reply(world: World, by: Person, claim: Claim) -> Any:
    """Somebody is asked for a reply, or answers: in approval too, which voids what was proposed."""
    waiting = Reply.objects.filter(claim=claim, cycle=claim.cycle, answer="", waived_reason="").first()
    if waiting is not None and world.die.random() < 0.8:
        return by.program.post(f"claims/{claim.pk}/replies/{waiting.pk}/answer/", {"answer": "Nonsense."})
    given = {"party": "The mayor", "channel": "mail"} if world.die.random() < 0.8 else {"waived_reason": "Public."}
    return by.program.post(f"claims/{claim.pk}/replies/", given)


@_act(S.IN_REVIEW, may=Permission.DECIDE, weight=10)
def propose(world: World, by: Person, claim: Claim) -> Any:
    rating = world.die.choice([*["false"] * 8, *RATINGS])
    row = world.room.ratings.filter(slug=rating).first()
    given = {"rating": rating, "headline": "Fewer trees", "reasons": "Counted.", "language": "en"}
    return world.either(by, claim, "PUT", "verdict", given, "propose", **{**given, "rating": row.pk if row else 0})


@_act(S.IN_APPROVAL, may=Permission.APPROVE, weight=14)
def approve(world: World, by: Person, claim: Claim) -> Any:
    """Mostly of what is there, sometimes of what was there."""
    verdicts = list(Verdict.objects.filter(claim=claim).order_by("-cycle").values_list("content_hash", flat=True))
    content = world.die.choice([*verdicts[:1] * 6, *verdicts, "0" * 64])
    given = {"content_hash": content}
    return world.either(by, claim, "POST", "verdict/approval", given, "approve", content=content)


@_act(S.IN_APPROVAL, may=Permission.APPROVE, weight=2)
def send_back(world: World, by: Person, claim: Claim) -> Any:
    return world.either(by, claim, "POST", "verdict/returns", {"reason": "Say more."}, "send_back", reason="Say more.")


@_act(S.DECIDED, may=Permission.PUBLISH, weight=8)
def publish(world: World, by: Person, claim: Claim) -> Any:
    return world.either(by, claim, "POST", "publication", {}, "publish")


@_act(S.DECIDED, may=Permission.PUBLISH, weight=4)
def schedule(world: World, by: Person, claim: Claim) -> Any:
    if world.die.random() < 0.25:
        return by.program.call("DELETE", f"claims/{claim.pk}/publication/schedule/")
    at = timezone.now() + dt.timedelta(hours=world.die.choice([-1, 1, 48]))
    given = {"publish_at": at.isoformat(), "embargo": world.die.random() < 0.5}
    return by.program.put(f"claims/{claim.pk}/publication/schedule/", given)


@_act(S.PUBLISHED, may=Permission.PUBLISH, weight=5)
def correct(world: World, by: Person, claim: Claim) -> Any:
    live = Publication.objects.filter(claim=claim).first()
    given = {"kind": "correction", "notice": "The headline was wrong.", **world.die.choice([
        {"field": "headline", "after": "Far fewer trees"}, {}, {"field": "headline", "after": ""},
        {"field": "rating", "after": "true"},
    ])}  # fmt: skip
    return world.either(by, claim, "POST", "publication/corrections", given, "correct",
                        publication=live.pk if live else 0, **given)  # fmt: skip


@_act(S.PUBLISHED, may=Permission.PUBLISH, weight=1)
def withdraw(world: World, by: Person, claim: Claim) -> Any:
    reason = world.die.choice(["Wrong.", "Wrong.", ""])
    return world.either(by, claim, "POST", "publication/withdrawal", {"reason": reason}, "withdraw", reason=reason)


@_act(S.DECIDED, S.PUBLISHED, S.WITHDRAWN, may=Permission.REOPEN, weight=2)
def reopen(world: World, by: Person, claim: Claim) -> Any:
    return world.either(by, claim, "POST", "reopenings", {"reason": "New facts."}, "reopen", reason="New facts.")


@_act(S.PUBLISHED, S.WITHDRAWN, may=Permission.SUBMIT, weight=2)
def complain(world: World, by: Person, claim: Claim) -> Any:
    about = Publication.objects.filter(claim=claim).order_by("pk").last()
    return by.program.post("complaints/", {"publication": about.pk if about else 0, "text": "You are wrong."})


@_act(S.PUBLISHED, S.WITHDRAWN, may=Permission.PUBLISH, weight=4)
def settle_complaint(world: World, by: Person, claim: Claim) -> Any:
    found = world.one(Complaint.objects.filter(publication__claim=claim))
    if found is None:
        return None
    if world.die.random() < 0.4:
        return by.program.put(f"complaints/{found.pk}/review/")
    named = world.one(Correction.objects.all())
    given = {"outcome": world.die.choice(["upheld", "partly", "rejected"]), "answer": "We looked."}
    named_too = {"correction": named.pk} if named and world.die.random() < 0.6 else {}
    return by.program.put(f"complaints/{found.pk}/answer/", {**given, **named_too})


@_act(*ANYWHERE, may=Permission.READ, weight=1)
def look(world: World, by: Person, claim: Claim) -> Any:
    if world.die.random() < 0.7:
        noun = world.die.choice(["", "verdict/", "reviews/", "history/", "conditions/", "publication/"])
        return by.program.get(f"claims/{claim.pk}/{noun}")
    return by.desk.get(reverse("admin:claims_claim_change", args=[claim.pk]))


# Raw SQL by the application's own role: a statement with its values, or None where there is nothing to attack.

Attack = Callable[["World", Claim], tuple[str, list[Any]] | None]
ATTACKS: dict[str, Attack] = {}
HARMLESS = {"append a ledger entry with a forged place", "edit the evidence behind the desk"}


def _attack(name: str) -> Callable[[Attack], Attack]:
    def kept(attack: Attack) -> Attack:
        ATTACKS[name] = attack
        return attack

    return kept


@_attack("move a claim past the table")
def _(world: World, claim: Claim) -> Any:
    forbidden = [one for one in Status.values if one != claim.status and (claim.status, one) not in edges()]
    return "UPDATE claims_claim SET status = %s WHERE id = %s", [world.die.choice(forbidden), claim.pk]


@_attack("decide without an approval")
def _(world: World, claim: Claim) -> Any:
    if claim.status != Status.IN_APPROVAL:
        return None
    return "UPDATE claims_claim SET status = 'decided', step = step + 1 WHERE id = %s", [claim.pk]


@_attack("bear a claim that is decided")
def _(world: World, claim: Claim) -> Any:
    return (
        "INSERT INTO claims_claim (newsroom_id, text, sha256, language, status, cycle, door) "
        "VALUES (%s, 'x', 'x', 'en', 'decided', 1, 'api')",
        [world.room.pk],
    )


@_attack("approve somebody's own work")
def _(world: World, claim: Claim) -> Any:
    worked = Contribution.objects.filter(claim=claim, cycle=claim.cycle).first()
    if worked is None:
        return None
    return (
        "UPDATE claims_verdict SET approved_by_id = %s, approved_at = now() WHERE claim_id = %s AND cycle = %s "
        "AND approved_by_id IS NULL",
        [worked.user_id, claim.pk, claim.cycle],
    )


@_attack("make somebody's work forgotten")
def _(world: World, claim: Claim) -> Any:
    change = world.die.choice(["DELETE FROM claims_contribution", "UPDATE claims_contribution SET cycle = 99"])
    return f"{change} WHERE claim_id = %s AND cycle = %s", [claim.pk, claim.cycle]


def _of_verdict(change: str) -> Attack:
    return lambda world, claim: (f"{change} WHERE claim_id = %s AND approved_by_id IS NOT NULL", [claim.pk])


_attack("rewrite an approved verdict")(_of_verdict("UPDATE claims_verdict SET reasons = 'other'"))
_attack("give an approval another content")(_of_verdict("UPDATE claims_verdict SET content_hash = repeat('0', 64)"))
_attack("take an approval back")(_of_verdict("UPDATE claims_verdict SET approved_by_id = NULL, approved_at = NULL"))
_attack("delete an approved verdict")(_of_verdict("DELETE FROM claims_verdict"))


@_attack("publish what nobody approved")
def _(world: World, claim: Claim) -> Any:
    verdict = Verdict.objects.filter(claim=claim, approved_by__isnull=True).first()
    if verdict is None:
        return None
    return (
        "INSERT INTO claims_publication (newsroom_id, claim_id, verdict_id, slug, state, content, published_at, "
        "published_by_id, changed_at, withdrawn_reason) "
        "VALUES (%s, %s, %s, 'forged', 'live', '{}', now(), %s, now(), '')",
        [claim.newsroom_id, claim.pk, verdict.pk, verdict.proposed_by_id],
    )


@_attack("let a publication vanish")
def _(world: World, claim: Claim) -> Any:
    return "DELETE FROM claims_publication WHERE claim_id = %s", [claim.pk]


@_attack("give a publication another verdict")
def _(world: World, claim: Claim) -> Any:
    other = Verdict.objects.filter(claim__newsroom=world.room, publication=None).first()
    if other is None:
        return None
    return "UPDATE claims_publication SET verdict_id = %s WHERE claim_id = %s", [other.pk, claim.pk]


def _of_ledger(change: str) -> Attack:
    return lambda world, claim: (f"{change} WHERE newsroom_id = %s", [world.room.pk])


_attack("rewrite the ledger")(_of_ledger("UPDATE claims_ledgerentry SET body = '{}'"))
_attack("shorten the ledger")(_of_ledger("DELETE FROM claims_ledgerentry"))
_attack("empty the ledger")(lambda world, claim: ("TRUNCATE claims_ledgerentry CASCADE", []))


@_attack("append a ledger entry with a forged place")
def _(world: World, claim: Claim) -> Any:
    return (
        "INSERT INTO claims_ledgerentry (newsroom_id, sequence, at, kind, claim_id, body, previous_hash, hash) "
        "VALUES (%s, 1, '2020-01-01', 'forged', %s, '{}', 'x', 'x')",
        [world.room.pk, claim.pk],
    )


@_attack("switch the guards off")
def _(world: World, claim: Claim) -> Any:
    to = next(one for one in Status.values if one != claim.status and (claim.status, one) not in edges())
    return (
        "SET LOCAL pgtrigger.ignore = '{*}'; UPDATE claims_claim SET status = %s WHERE id = %s",
        [to, claim.pk],
    )


@_attack("edit the evidence behind the desk")
def _(world: World, claim: Claim) -> Any:
    """Nothing forbids it; the approval and the publication have to notice."""
    return (
        "UPDATE claims_evidence SET answered = %s WHERE claim_id = %s AND cycle = %s AND included",
        [f"forged {world.die.random()}", claim.pk, claim.cycle],
    )
