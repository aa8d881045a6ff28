"""What the fuzzing of the API works with: a world of real things, people with keys, a run that gathers the answers."""

from __future__ import annotations

import datetime as dt
import logging
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, close_old_connections, transaction
from django.utils import timezone

from claims.models import Article, Claim, Publication
from claims.operations import gathering, intake
from claims.roles import Role
from tests import make
from tests.api.addresses import claim_with_everything, ids_in
from tests.api.client import program_of

STREAMS = ("/progress/",)  # never end
SECOND = {  # operations of the second person, who has had no hand in the claim
    "claims_verdict_approval_create",
    "claims_verdict_returns_create",
    "claims_publication_create",
    "claims_publication_schedule_update",
    "claims_publication_corrections_create",
    "claims_publication_withdrawal_create",
    "complaints_answer_update",
}
MACHINES = {"claims_gathering_create", "claims_reopenings_create", "rechecks_reopenings_create"}


class World:
    """Real things for most of the ids and names a request takes, so that what is sent also gets somewhere."""

    def __init__(self, dice: random.Random) -> None:
        claim = claim_with_everything()
        self.dice = dice
        self.room = claim.newsroom
        self.ids = ids_in(claim)
        make.claim_in_review(self.room)
        make.claim_submitted(self.room)
        make.claim_in_approval(self.room)
        room = self.room
        people = {
            "chief": make.member(room, *Role.values),
            "second": make.member(room, Role.EDITOR, Role.DESK_LEAD),
            **{role: make.member(room, role) for role in Role.values},
        }
        self.keys = {name: program_of(person, room).headers for name, person in people.items()}
        self.names = [person.username for person in people.values()]
        elsewhere = make.publication(make.newsroom(shares_published=True))
        self.ids["check_id"] = elsewhere.pk

    def id_for(self, name: str, drawn: Any) -> Any:
        """Nine of ten are real; of claims, articles and publications any of the newsroom's."""
        if self.dice.random() < 0.1:
            return drawn
        models = {"claim_id": Claim, "article_id": Article, "publication_id": Publication}
        if name in models and self.dice.random() < 0.7:
            return self._one_of(models[name]) or drawn
        return self.ids.get(name, drawn)

    def _one_of(self, model: Any) -> int | None:
        known = list(model._default_manager.filter(newsroom=self.room).order_by("pk").values_list("pk", flat=True))
        return self.dice.choice(known) if known else None

    def settle(self, case: Any) -> None:
        """Put names and ids the newsroom knows into most places of the query and the body that take one."""
        if case.query and self.dice.random() < 0.8:
            case.query.pop("cursor", None)  # none that is made up leads anywhere
        if isinstance(case.body, dict):
            case.body = {name: self._known(name, drawn) for name, drawn in case.body.items()}

    def _known(self, name: str, drawn: Any) -> Any:
        if self.dice.random() < 0.15:
            return drawn
        ahead = timezone.now() + dt.timedelta(hours=self.dice.randint(1, 500))
        known = {
            "newsroom": self.room.slug,
            "rating": self.dice.choice(["false", "mixed", "true", "unproven"]),
            "assignee": self.dice.choice([*self.names, None]),
            "user": self.dice.choice(self.names),
            "language": self.dice.choice(["en", "de"]),
            "of": self._one_of(Claim) if name == "of" else None,
            "publication": self._one_of(Publication) if name == "publication" else None,
            "document": self.ids["document_id"],
            "publish_at": ahead.isoformat(),
            "deadline": ahead.isoformat(),
            "url": f"https://paper.example/{self.dice.randint(1, 99)}",
            "callback": "https://cms.example/back",
            "item": self.dice.choice(["sources", "quotes", "figures"]),
        }
        return known.get(name, drawn)

    def key_for(self, operation: str) -> dict[str, str]:
        """The second person approves and publishes; one in ten requests comes from anybody."""
        if self.dice.random() < 0.1:
            return self.keys[self.dice.choice(list(self.keys))]
        return self.keys["second" if operation in SECOND else "chief"]

    def work(self, operation: str, answer: Any) -> None:
        """What the workers would do by now: read the article, gather and assess the claim."""
        if operation == "articles_create":
            held = Article.objects.take(answer.json()["id"])
            if held is not None:
                intake.record_claims(held, intake.read(held))
        elif operation in MACHINES:
            told = answer.json()
            claim = Claim.objects.get(pk=told["claim"] if "claim" in told else told["id"])
            while claim.lookups.filter(cycle=claim.cycle, outcome="").exists():
                gathering.record(make.lookup_taken(claim), [make.draft()])
            make.assess(claim)


class Run:
    """Sends cases and gathers what was answered, and what breaks a promise."""

    def __init__(self, world: World) -> None:
        import schemathesis
        from schemathesis.specs.openapi import checks

        self.world = world
        self.answers: Counter[int] = Counter()
        self.reached: Counter[str] = Counter()
        self.breaches: Counter[str] = Counter()
        self.shown: dict[str, str] = {}
        self.spent: defaultdict[str, float] = defaultdict(float)
        self.checks = [
            schemathesis.checks.not_a_server_error,
            checks.status_code_conformance,
            checks.content_type_conformance,
            checks.response_schema_conformance,
        ]

    @property
    def cases(self) -> int:
        return sum(self.answers.values())

    def send(self, case: Any, headers: dict[str, str]) -> Any:
        """The answer to the case, checked; a breach is noted and stops nothing."""
        begun, answer = transaction.savepoint(), None
        operation = case.operation.definition.raw["operationId"]
        try:
            with self._clock("answering"):
                answer = case.call(headers=headers)
            self.answers[answer.status_code] += 1
            if answer.status_code < 300:
                self.reached[operation] += 1
            with self._clock("checking"):
                case.validate_response(answer, checks=self.checks)
        except (Exception, BaseExceptionGroup) as exc:  # noqa: BLE001  all are gathered, none stops the run
            lines = [line.strip() for line in str(exc).splitlines() if line.strip()] or [type(exc).__name__]
            said = next((line for line in lines if line.startswith("- ")), lines[0])[:200]
            about = f"{case.method} {case.operation.path}: {said}"
            if not self.breaches[about]:
                logging.getLogger(__name__).error("%s\n%s", about, str(exc)[:3000])
            self.breaches[about] += 1
            self.shown.setdefault(about, str(exc)[:3000])
        try:
            transaction.savepoint_commit(begun)
        except DatabaseError:
            transaction.savepoint_rollback(begun)
        return answer

    @contextmanager
    def _clock(self, name: str) -> Iterator[None]:
        begun, since = time.process_time(), time.perf_counter()
        yield
        self.spent[name] += time.process_time() - begun
        self.spent[f"{name} with waiting"] += time.perf_counter() - since

    def told(self) -> str:
        times = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in self.spent.items())
        return f"{self.cases:,} cases {dict(sorted(self.answers.items()))}; {times}"

    def complaints(self) -> str:
        return "\n\n".join(
            f"{count} times {about}\n{self.shown[about]}" for about, count in self.breaches.most_common()
        )


@contextmanager
def undone() -> Iterator[None]:
    """What happens within leaves nothing behind."""
    begun = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(begun)


@contextmanager
def one_connection() -> Iterator[None]:
    """Requests share the test's connection, as those of Django's test client do, and the log has only what failed."""
    ends = (signals.request_started, signals.request_finished)
    logging.disable(logging.WARNING)
    for signal in ends:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
        for signal in ends:
            signal.connect(close_old_connections)


def described() -> Any:
    """The API as schemathesis reads it from its own schema, asked without a network."""
    import schemathesis

    return schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", get_wsgi_application())
