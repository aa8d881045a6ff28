"""People who do anything to anything: seeded random moves through the API, the desk and raw SQL, and what must hold.

Everything runs as the application's database role. What is true is worked out from the ledger alone, entry by entry,
and compared with the tables after every step.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
import traceback
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.audit import ledger_export, ledger_proof
from claims.models import (
    Assessment,
    Claim,
    LedgerEntry,
    Lookup,
    Policy,
    Publication,
    Schedule,
    User,
    Verdict,
)
from claims.operations import assessing, complaining, deciding, gathering, scheduling
from claims.roles import Role
from claims.workflow import MOVES, Status
from tests import make
from tests.api.client import Program, program_of
from tests.chaos.repertoire import ACTS, ATTACKS, HARMLESS

REFUSED = {400, 403, 404, 409, 422}
CREW = [
    *[Role.RESEARCHER] * 2, *[Role.REVIEWER] * 3, *[Role.EDITOR] * 2, Role.DESK_LEAD, Role.ADMIN, Role.AUDITOR,
]  # fmt: skip
FAR = (Status.IN_APPROVAL, Status.DECIDED, Status.PUBLISHED, Status.WITHDRAWN)  # met more often, being rarer
WRITES_NOTHING = {Role.AUDITOR, Role.ADMIN}
AUTHORED = ("review.submitted", "verdict.proposed", "evidence.", "reply.", "checklist.", "claim.submitted")


class Broken(AssertionError):
    """Something that must hold does not."""


@dataclass(frozen=True)
class Person:
    name: str
    role: str
    user: User
    program: Program
    desk: Client
    foreign: bool = False


@dataclass
class Told:
    """What the ledger says about a claim."""

    status: str = Status.SUBMITTED.value
    cycle: int = 1
    submitter: int | None = None
    authors: dict[int, set[int]] = field(default_factory=dict)


class World:
    """One newsroom, a neighbour, and a die. `run` throws it; `Broken` carries the seed and the way there."""

    def __init__(self, seed: int, *, claims: int) -> None:
        self.seed, self.die, self.most = seed, random.Random(seed), claims  # noqa: S311 - a die, not a key
        self.trail: list[str] = []
        self.counts: dict[str, int] = {}
        self.told: dict[int, Told] = {}
        self.sequence = 0
        self.hashes: list[str] = ["0" * 64]
        self.numbers = itertools.count(1)
        self.room = make.newsroom(f"desk-{seed}", reviews_required=1)
        self.other = make.newsroom(f"neighbour-{seed}")
        for severity, rules in {
            Claim.Severity.LOW: {"approver": Policy.Approver.COLLEAGUE, "reviews_required": 1, "agreeing_required": 1},
            Claim.Severity.HIGH: {"approver": Policy.Approver.LEAD, "reviews_required": 2, "agreeing_required": 1},
        }.items():
            Policy.objects.create(newsroom=self.room, severity=severity, origins_required=1, **rules)
        self.people = [self._person(self.room, role, number) for number, role in enumerate(CREW)]
        self.stranger = self._person(self.other, Role.EDITOR, 99)
        self.foreign = make.claim_in_review(self.other)
        self.ledger_of_neighbour = LedgerEntry.objects.filter(newsroom=self.other).count()

    def _person(self, room: Any, role: str, number: int) -> Person:
        user = make.member(room, role, name=f"{role}-{number}-{self.seed}")
        desk = Client(raise_request_exception=False)
        desk.force_login(user)
        return Person(user.username, role, user, program_of(user, room), desk, foreign=room is not self.room)

    # The run

    def run(self, steps: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {connection.ops.quote_name(settings.APPLICATION_ROLE)}")
        try:
            for number in range(steps):
                try:
                    self._step(number)
                    self.check()
                except Exception as broken:
                    way = "\n".join(self.trail[-40:])
                    raise Broken(f"seed {self.seed}, step {number}: {broken}\nThe way there:\n{way}") from broken
            self.check_ledger()
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")

    def _step(self, number: int) -> None:
        if len(self.told) < min(self.most, 3 + number // 25):
            self._hand_in(number)
            return
        far = [pk for pk, told in self.told.items() if told.status in FAR]
        claim = Claim.objects.get(pk=self.die.choice(far if far and self.die.random() < 0.6 else list(self.told)))
        kind = self.die.choices(["act", "machine", "sql"], [72, 18, 10])[0]
        if kind == "machine" or (
            kind == "act" and claim.status in ("gathering", "assessing") and self.die.random() < 0.5
        ):
            said = self._machine(claim)
        elif kind == "sql":
            said = self._sql(claim)
        else:
            said = self._act(claim)
        self.trail.append(f"{number:5} claim {claim.pk} {claim.status}/{claim.cycle}: {said}")

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    # People

    def _hand_in(self, number: int) -> None:
        by = self.die.choice([one for one in self.people if one.role not in WRITES_NOTHING])
        text = f"Eulenburg planted {self.die.randint(2, 9000)} trees in March 2024, report {next(self.numbers)}."
        answer = by.program.post("claims/", {"text": text, "language": "en", "said_on": "2024-04-02"})
        self.trail.append(f"{number:5} {by.name} hands in a claim: {answer.status_code}")
        self._judge(by, "hand in", answer, before=None)

    def _act(self, claim: Claim) -> str:
        fitting = [name for name, act in ACTS.items() if claim.status in act.statuses]
        names = fitting if fitting and self.die.random() < 0.8 else list(ACTS)
        name = self.die.choices(names, [ACTS[one].weight for one in names])[0]
        able = [one for one in self.people if one.user.may(ACTS[name].permission, self.room)]
        aside = [one for one in able if one.role not in (Role.EDITOR, Role.DESK_LEAD)]
        if aside and self.die.random() < 0.9:
            able = aside  # who is to approve mostly keeps out of the work
        by = self.die.choice(able) if self.die.random() < 0.8 else self.die.choice([*self.people, self.stranger])
        before = self._standing()
        answer = ACTS[name].do(self, by, claim)
        if answer is None:
            return f"{by.name} finds nothing to {name}"
        door = "desk" if "text/html" in answer.headers.get("Content-Type", "") else "api"
        self.count(f"{name} {'done' if answer.status_code < 400 else answer.status_code}")
        self.trail.append(f"      {by.name} {name} by {door}: {answer.status_code} {_why(answer)}")
        self._judge(by, name, answer, before=before)
        return f"{by.name} {name} by {door}: {answer.status_code}"

    def _judge(self, by: Person, name: str, answer: Any, *, before: Any) -> None:
        """Every answer is a success of somebody who may, or a refusal of a known shape that changed nothing."""
        code = answer.status_code
        if code >= 500:
            shown = "".join(traceback.format_exception(*answer.exc_info)) if getattr(answer, "exc_info", None) else ""
            raise Broken(f"{by.name} was answered {code}\n{shown}")
        if code < 400:
            if answer.get("Location", "").startswith("/admin/login"):
                raise Broken(f"{by.name} was sent to the door")
            if by.foreign or (name != "look" and by.role == Role.AUDITOR):
                raise Broken(f"{by.name} was let through")
            return
        if code not in REFUSED or (by.foreign and code not in (404, 400)):
            raise Broken(f"{by.name} was answered {code}: no known refusal")
        if "json" in answer.headers.get("Content-Type", ""):
            body = json.loads(answer.content)
            known = set(body) <= {"type", "errors", "allowed_moves"} and body.get("errors")
            if not known or any(set(error) != {"code", "detail", "attr"} for error in body["errors"]):
                raise Broken(f"an error of no known shape: {body}")
        if before is not None and self._standing() != before:
            raise Broken(f"a refusal ({code}) changed something")

    def _standing(self) -> Any:
        rows = Claim.objects.order_by("pk").values_list(
            "pk", "status", "cycle", "step", "version", "assignee", "duplicate_of", "severity"
        )
        return list(rows), LedgerEntry.objects.count(), Publication.objects.count()

    def one(self, rows: Any) -> Any:
        """Any of these rows; None where there are none."""
        found = list(rows.order_by("pk"))
        return self.die.choice(found) if found else None

    def either(self, by: Person, claim: Claim, method: str, noun: str, body: Any, deed: str = "", **form: Any) -> Any:
        """Through the API, or where the desk has a button for it sometimes through that."""
        if deed and self.die.random() < 0.35:
            if self.die.random() < 0.8:
                form["step"] = claim.step
            return by.desk.post(reverse("admin:claims_claim_do", args=[claim.pk, deed]), form)
        return by.program.call(method, f"claims/{claim.pk}/{noun}/", body)

    # The machine

    def _machine(self, claim: Claim) -> str:
        """What workers do: answer a source, assess, publish what is due."""
        if claim.status == Status.GATHERING:
            waiting = Lookup.objects.filter(claim=claim, cycle=claim.cycle, outcome="").order_by("pk").first()
            held = Lookup.objects.take(waiting.pk) if waiting else None
            if held is None:
                return "no lookup waits"
            gathering.record(held, [make.draft() for _ in range(self.die.choice([1, 1, 2]))])
            return "a source answers"
        if claim.status == Status.ASSESSING:
            row = Assessment.objects.get(claim=claim, cycle=claim.cycle)
            held_row = Assessment.objects.take(row.pk)
            return f"assessed: {held_row is not None and assessing.assess(held_row)}"
        planned = Schedule.objects.filter(verdict__claim=claim, outcome="").order_by("-pk").first()
        if planned is not None:
            earlier = timezone.now() - dt.timedelta(seconds=1)
            Schedule.objects.filter(pk=planned.pk).update(publish_at=earlier, next_attempt_at=earlier)
            due = Schedule.objects.take(planned.pk)
            self.count("clock publishes")
            return f"the planned time has come: {due is not None and scheduling.run(due)}"
        live = Publication.objects.live().filter(claim=claim).first()
        if live is not None:
            complaining.receive(live, by=None, text="You are wrong.", door="page")
            return "a reader complains"
        return "the machine has nothing to do"

    # Raw SQL

    def _sql(self, claim: Claim) -> str:
        name = self.die.choice(list(ATTACKS))
        if claim.status in (Status.IN_APPROVAL, Status.DECIDED) and self.die.random() < 0.4:
            name = "edit the evidence behind the desk"  # what makes an approval stale
        found = ATTACKS[name](self, claim)
        if found is None:
            return f"sql: nothing to {name}"
        statement, values = found
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, values)
                changed = cursor.rowcount
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except Error as refusal:
            self.count("sql refused")
            return f"sql: {name}: refused, {str(refusal).splitlines()[0]}"
        self.count("sql harmless")
        self.trail.append(f"      sql: {name}: {changed} rows")
        if name not in HARMLESS and changed:
            raise Broken(f"the database let the application {name}")
        return f"sql: {name}: {changed} rows"

    # What must hold

    def check(self) -> None:
        for entry in LedgerEntry.objects.filter(newsroom=self.room, sequence__gt=self.sequence).order_by("sequence"):
            if entry.sequence != self.sequence + 1 or entry.previous_hash != self.hashes[-1]:
                raise Broken(f"the ledger does not go on with entry {self.sequence + 1}")
            self.sequence = entry.sequence
            self.hashes.append(entry.hash)
            if entry.claim_id is not None:
                self._read(entry, entry.claim_id)
        rows = {
            row[0]: row[1:] for row in Claim.objects.filter(newsroom=self.room).values_list("pk", "status", "cycle")
        }
        if rows != {pk: (told.status, told.cycle) for pk, told in self.told.items()}:
            odd = {pk: (row, self.told.get(pk)) for pk, row in rows.items()
                   if pk not in self.told or row != (self.told[pk].status, self.told[pk].cycle)}  # fmt: skip
            raise Broken(f"an illegal state: the tables differ from the ledger: {odd}")
        self._check_approvals(rows)
        self._check_publications(rows)
        if LedgerEntry.objects.filter(newsroom=self.other).count() != self.ledger_of_neighbour:
            raise Broken("something happened in the other newsroom")

    def _read(self, entry: LedgerEntry, claim: int) -> None:
        told = self.told.setdefault(claim, Told())
        payload = entry.payload
        if entry.kind == "claim.moved":
            move = MOVES[payload["move"]]
            if told.status not in move.sources or payload["target"] != move.target:
                raise Broken(f"{move.name} is not possible from {told.status}")
            if payload["source"] != told.status or payload["cycle"] != told.cycle + move.opens_cycle:
                raise Broken(f"the ledger tells of another claim: {payload}, {told}")
            if entry.actor is not None and move.name != "approve" and not (
                move.permission and entry.actor.may(move.permission, self.room)
            ):  # fmt: skip
                raise Broken(f"{entry.actor} took {move.name} without the permission")
            told.status, told.cycle = move.target.value, payload["cycle"]
            self.count(f"→ {move.name}")
        elif entry.kind == "verdict.approved":
            verdict = Verdict.objects.select_related("claim", "rating").get(pk=payload["verdict"])
            self._not_an_author(verdict.approved_by_id, told, verdict.cycle)
            if {deciding.content_hash(verdict), payload["content_hash"]} != {verdict.content_hash}:
                raise Broken("a stale approval: the content is another than the one approved")
        elif entry.kind == "publication.published":
            verdict = Publication.objects.get(pk=payload["publication"]).verdict
            if {deciding.content_hash(verdict), payload["content_hash"]} != {verdict.content_hash}:
                raise Broken("a stale approval: the published content is another than the one approved")
        elif entry.kind == "publication.corrected":
            self.count("→ correct")
        elif entry.kind.startswith("complaint."):
            self.count(f"→ {entry.kind}")
        if entry.kind.startswith(AUTHORED) and entry.actor_id is not None:
            if entry.kind == "claim.submitted":
                told.submitter = entry.actor_id
            told.authors.setdefault(told.cycle, set()).add(entry.actor_id)

    def _not_an_author(self, approver: int | None, told: Told, cycle: int) -> None:
        if approver is None:
            raise Broken("decided without an approval")
        if approver in told.authors.get(cycle, set()) | {told.submitter}:
            raise Broken(f"a self-approval: user {approver} worked on the claim in cycle {cycle}")

    def _check_approvals(self, rows: dict[int, tuple[str, int]]) -> None:
        approved = {
            (claim, cycle): by
            for claim, cycle, by in Verdict.objects.filter(claim__newsroom=self.room).values_list(
                "claim", "cycle", "approved_by"
            )
        }
        for pk, (status, cycle) in rows.items():
            if status in (Status.DECIDED, Status.PUBLISHED, Status.WITHDRAWN):
                self._not_an_author(approved.get((pk, cycle)), self.told[pk], cycle)

    def _check_publications(self, rows: dict[int, tuple[str, int]]) -> None:
        live: dict[int, int] = {}
        for claim, by in Publication.objects.live().values_list("claim", "verdict__approved_by"):
            live[claim] = live.get(claim, 0) + 1
            if by is None:
                raise Broken(f"claim {claim} is public without an approval")
        for pk, (status, _) in rows.items():
            wanted = {Status.PUBLISHED: {1}, Status.WITHDRAWN: {0}}.get(Status(status), {0, 1})
            if live.get(pk, 0) not in wanted:
                raise Broken(f"claim {pk} is {status} with {live.get(pk, 0)} live publications")

    def check_ledger(self) -> None:
        entries = list(ledger_export.entries(newsroom=self.room))
        _, breach = ledger_proof.verify(entries)
        if breach is not None:
            raise Broken(f"the ledger does not verify: {breach}")
        if [entry["hash"] for entry in entries] != self.hashes[1:]:
            raise Broken("the ledger is another than the one that was written")


def _why(answer: Any) -> str:
    if "json" in answer.headers.get("Content-Type", "") and answer.status_code >= 400:
        return str(json.loads(answer.content).get("errors"))[:200]
    return ""
