"""Whatever is sent to the API, it answers as its schema says and never with a server error.

A few cases here. As many as wanted: `FACTCHECK_FUZZ=20000 python3 manage.py test tests/api/test_fuzzing.py -s`.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, close_old_connections, transaction

from claims.models import Article, Claim, Publication
from claims.roles import Role
from tests import make
from tests.api.addresses import claim_with_everything, ids_in
from tests.api.client import program_of

schemathesis = pytest.importorskip("schemathesis", reason="needs the dependency group `load`")

pytestmark = pytest.mark.django_db
CASES = int(os.environ.get("FACTCHECK_FUZZ", "0"))
FEW = 25  # operations of the short run, another choice every time
STREAMS = ("/progress/",)  # never end


class World:
    """Real ids for most of the addresses, taken anew, so that what one case makes the next may change."""

    def __init__(self) -> None:
        claim = claim_with_everything()
        self.room = claim.newsroom
        self.ids = ids_in(claim)
        make.claim_in_review(self.room)
        make.claim_submitted(self.room)

    def id_for(self, name: str, given: Any) -> Any:
        if random.random() < 0.1:  # noqa: S311  some stay as they were drawn
            return given
        models = {"claim_id": Claim, "article_id": Article, "publication_id": Publication}
        if name in models and random.random() < 0.7:  # noqa: S311
            known = models[name]._default_manager.filter(newsroom=self.room).order_by("?").values_list("pk", flat=True)
            return known.first() or given
        return self.ids.get(name, given)


class Run:
    """Sends cases and gathers what was answered, and what breaks a promise."""

    def __init__(self, world: World) -> None:
        from schemathesis.specs.openapi import checks

        self.world = world
        self.headers = program_of(make.member(world.room, *Role.values), world.room).headers
        self.answers: Counter[int] = Counter()
        self.breaches: Counter[str] = Counter()
        self.shown: dict[str, str] = {}
        self.checks = [
            schemathesis.checks.not_a_server_error,
            checks.status_code_conformance,
            checks.content_type_conformance,
            checks.response_schema_conformance,
        ]

    def ask(self, operation: Any, mode: Any, cases: int) -> None:
        from hypothesis import HealthCheck, Phase, given, seed
        from hypothesis import settings as how
        from hypothesis.errors import Unsatisfiable

        @seed(random.randrange(2**32))  # noqa: S311
        @how(
            max_examples=cases,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def each(case: Any) -> None:
            for name, drawn in (case.path_parameters or {}).items():
                case.path_parameters[name] = self.world.id_for(name, drawn)
            self.send(case)

        with suppress(Unsatisfiable):  # where there is nothing wrong to send
            each()

    def send(self, case: Any) -> None:
        begun = transaction.savepoint()
        try:
            answer = case.call(headers=self.headers)
            self.answers[answer.status_code] += 1
            case.validate_response(answer, checks=self.checks)
        except (Exception, BaseExceptionGroup) as exc:  # noqa: BLE001  all are gathered, none stops the run
            lines = [line.strip() for line in str(exc).splitlines() if line.strip()] or [type(exc).__name__]
            said = next((line for line in lines if line.startswith("- ")), lines[0])[:200]
            about = f"{case.method} {case.operation.path}: {said}"
            self.breaches[about] += 1
            self.shown.setdefault(about, str(exc)[:1500])
        try:
            transaction.savepoint_commit(begun)
        except DatabaseError:
            transaction.savepoint_rollback(begun)


@pytest.fixture
def one_transaction() -> Iterator[None]:
    """Requests share the test's connection, as those of Django's test client do."""
    ends = (signals.request_started, signals.request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_transaction")
def test_every_answer_keeps_to_the_schema(settings: Any) -> None:
    settings.API_REQUESTS_PER_KEY = settings.API_REQUESTS_PER_NEWSROOM = 10**9
    settings.API_REQUESTS_ANONYMOUS = settings.API_FAILED_KEYS = 10**9
    run = Run(World())
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", get_wsgi_application())
    operations = [one.ok() for one in schema.get_all_operations() if not one.ok().path.endswith(STREAMS)]
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    chosen = operations if CASES else random.sample(operations, min(FEW, len(operations)))
    for operation in chosen:
        for mode in modes:
            run.ask(operation, mode, max(1, CASES // (2 * len(operations))))

    if CASES:
        print(f"\n{sum(run.answers.values()):,} cases: {dict(sorted(run.answers.items()))}")  # noqa: T201
    told = "\n\n".join(f"{count} times {about}\n{run.shown[about]}" for about, count in run.breaches.most_common())
    assert not run.breaches, told
