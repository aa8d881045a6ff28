"""Whatever is sent to the API, it answers as its schema says and never with a server error.

Single requests, right and wrong ones, to every operation; and walks, each step following a link of the schema from what
an earlier one answered. A few cases here. As many as wanted, half of them in walks, the same by its seed:
`FACTCHECK_FUZZ=20000 FACTCHECK_FUZZ_SEED=7 python3 manage.py test tests/api/test_fuzzing.py -s`.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from tests.api.fuzzing import STREAMS, Run, World, described, one_connection, undone

schemathesis = pytest.importorskip("schemathesis", reason="needs the dependency group `load`")

pytestmark = pytest.mark.django_db
CASES = int(os.environ.get("FACTCHECK_FUZZ", "0"))
SEED = int(os.environ.get("FACTCHECK_FUZZ_SEED") or random.randrange(2**32))  # noqa: S311
FEW = 20  # operations of the short run, another choice every time
STEPS = 40
WALKS = 20  # before the die is cast anew
ROAD = [  # what a claim's own road consists of
    "newsrooms_list",
    "claims_create",
    "claims_retrieve",
    "claims_gathering_create",
    "claims_evidence_list",
    "claims_evidence_judgement_update",
    "claims_reviews_create",
    "claims_verdict_update",
    "claims_verdict_approval_create",
    "claims_verdict_returns_create",
    "claims_publication_create",
    "claims_publication_schedule_update",
    "claims_publication_corrections_create",
    "claims_publication_withdrawal_create",
    "claims_publication_retrieve",
    "claims_reopenings_create",
    "complaints_create",
    "complaints_review_update",
    "complaints_answer_update",
]


@pytest.fixture
def run(settings: Any) -> Iterator[Run]:
    settings.API_REQUESTS_PER_KEY = settings.API_REQUESTS_PER_NEWSROOM = 10**9
    settings.API_REQUESTS_ANONYMOUS = settings.API_FAILED_KEYS = 10**9
    made = Run(World(random.Random(SEED)))  # noqa: S311
    begun, used = time.monotonic(), time.process_time()
    with one_connection():
        yield made
    if CASES:
        took = f"{time.monotonic() - begun:.0f} s, {time.process_time() - used:.0f} of them ours"
        print(f"\nseed {SEED}: {made.told()}; {took}; {dict(made.reached.most_common())}")  # noqa: T201


def test_every_single_answer_keeps_to_the_schema(run: Run) -> None:
    operations = [one.ok() for one in described().get_all_operations() if not one.ok().path.endswith(STREAMS)]
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    chosen = operations if CASES else run.world.dice.sample(operations, min(FEW, len(operations)))
    left = [(operation, mode) for operation in chosen for mode in modes]
    while left:
        operation, mode = left.pop()
        wanted = (CASES // 2 - run.cases) / (len(left) + 1)  # what one could not draw, the others make up for
        with undone():
            _ask(run, operation, mode, max(1, round(wanted)))
    assert not run.breaches, run.complaints()


def _ask(run: Run, operation: Any, mode: Any, cases: int) -> None:
    from hypothesis import HealthCheck, Phase, given, seed
    from hypothesis import settings as how
    from hypothesis.errors import Unsatisfiable

    @seed(run.world.dice.randrange(2**32))
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
            case.path_parameters[name] = run.world.id_for(name, drawn)
        if mode is schemathesis.GenerationMode.POSITIVE:
            run.world.settle(case)
        run.send(case, run.world.key_for(""))

    with suppress(Unsatisfiable):  # where there is nothing wrong to send
        each()


def test_every_answer_of_a_walk_along_the_links_keeps_to_the_schema(run: Run) -> None:
    for number in count():
        _walk(run, ROAD if number % 2 == 0 else None, chance=SEED + number)
        if CASES:
            print(run.told())  # noqa: T201
        if run.cases >= CASES // 2 and number:
            break
    assert not run.breaches, run.complaints()


def _walk(run: Run, operations: list[str] | None, *, chance: int) -> None:
    """So many walks of up to `STEPS` steps, each in a world as new; of these operations only, or of all."""
    from hypothesis import HealthCheck, Phase, seed
    from hypothesis import settings as how
    from hypothesis.errors import Flaky
    from hypothesis.strategies import just

    api = described()
    api = api.include(operation_id=operations) if operations else api.exclude(path_regex="/progress/$")

    api.config.generation.update(allow_x00=False)  # refused everywhere: single requests show it
    if operations:  # along our links alone: what schemathesis guesses leads from a new claim to its approval at once
        api.config.phases.stateful.inference.algorithms = []
    machine: Any = api.as_state_machine()
    for name in machine.root_rules if operations else ():
        if "POST" in name:  # the road begins with reading; what is made there is made along the links
            delattr(machine, name)

    class Walk(machine):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            if operations:  # a road needs all its parts: no walk goes without some, as Hypothesis would have it
                self.control.max_operations_per_source = 5  # a move too early is tried again later
                self._rules_strategy.enabled_rules_strategy = just(SimpleNamespace(is_enabled=lambda name: True))

        def setup(self) -> None:
            run.world.dice.seed(chance)  # the same beginning must go on in the same way
            self.undone = undone()
            self.undone.__enter__()

        def teardown(self) -> None:
            self.undone.__exit__(None, None, None)

        def step(self, given: Any) -> Any:
            if given.transition is None:
                for name, drawn in (given.case.path_parameters or {}).items():
                    given.case.path_parameters[name] = run.world.id_for(name, drawn)
            return super().step(given)

        def call(self, case: Any, **kwargs: Any) -> Any:
            operation = case.operation.definition.raw["operationId"]
            run.world.settle(case)
            answer = run.send(case, run.world.key_for(operation))
            if answer.status_code < 300:
                run.world.work(operation, answer)
            return answer

        def validate_response(self, response: Any, case: Any, *args: Any, **kwargs: Any) -> None:
            """Done where it was sent."""

    seed(chance)(Walk)
    with suppress(Flaky):  # an answer may still differ, by the clock: the next walks begin anew
        Walk.run(
            settings=how(
                max_examples=WALKS if CASES else 1,
                stateful_step_count=STEPS if CASES else 12,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
        )
