"""The workflow's table, what is made from it, and what may not drift."""

import random

import pytest
from django.db import DatabaseError, connection, transaction

from claims import workflow
from claims.errors import MoveNotAllowed, NotPermitted, StaleClaim
from claims.models import Claim, LedgerEntry
from claims.transitions import advance
from claims.workflow import MOVES, Status
from tests import make


def test_every_status_can_be_left():
    assert {source for move in MOVES.values() for source in move.sources} == set(Status)


def test_every_status_but_the_first_can_be_reached():
    assert {move.target for move in MOVES.values()} | {Status.SUBMITTED} == set(Status)


def test_every_way_back_to_the_beginning_of_the_legwork_opens_a_cycle():
    early = {Status.SUBMITTED, Status.GATHERING}
    for move in MOVES.values():
        goes_back = move.target in early and move is not workflow.GATHER
        assert move.opens_cycle == goes_back, move.name


def test_the_diagram_names_every_move():
    drawn = workflow.diagram()
    for move in MOVES.values():
        for source in move.sources:
            assert f"{source.value} --> {move.target.value}: {move.name}" in drawn


@pytest.mark.django_db
def test_each_move_writes_one_entry_with_where_it_led():
    claim = make.claim_submitted()
    entry = advance(claim, workflow.GATHER, by=make.researcher(claim.newsroom))
    assert entry.payload["source"] == "submitted" and entry.payload["target"] == "gathering"
    assert LedgerEntry.objects.filter(claim=claim, kind="claim.moved").count() == 1


@pytest.mark.django_db
def test_permission_is_refused_before_the_state_is_looked_at():
    claim = make.claim_submitted()
    with pytest.raises(NotPermitted):
        advance(claim, workflow.PUBLISH, by=make.researcher(claim.newsroom))


@pytest.mark.django_db
def test_a_person_cannot_take_a_move_of_the_system():
    claim = make.claim_gathering()
    with pytest.raises(NotPermitted):
        advance(claim, workflow.ASSESS, by=make.editor(claim.newsroom))


@pytest.mark.django_db
def test_a_wrong_status_names_the_moves_that_are_possible():
    claim = make.claim_submitted()
    with pytest.raises(MoveNotAllowed) as refusal:
        advance(claim, workflow.PUBLISH, by=make.editor(claim.newsroom))
    assert refusal.value.allowed == ["gather", "dismiss", "mark_duplicate"]


@pytest.mark.django_db
def test_a_stale_copy_loses_even_after_a_return_to_the_same_status():
    claim = make.claim_in_approval()
    stale = Claim.objects.get(pk=claim.pk)
    editor = make.editor(claim.newsroom)
    advance(claim, workflow.SEND_BACK, by=editor)
    advance(claim, workflow.PROPOSE, by=editor)
    assert (stale.status, stale.cycle) == (claim.status, claim.cycle)
    with pytest.raises(StaleClaim):
        advance(stale, workflow.SEND_BACK, by=editor)


@pytest.mark.django_db
def test_the_database_agrees_with_the_table_on_every_pair_of_statuses():
    """Walks a claim's row over random pairs as the application's role would by hand."""
    claim = make.claim_submitted()
    allowed = set(workflow.edges())
    pick = random.Random(7)  # noqa: S311 a seeded walk
    here = claim.status
    for _ in range(120):
        there = pick.choice(Status.values)
        if there == here:
            continue
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE claims_claim SET status = %s WHERE id = %s", [there, claim.pk])
            passed = True
        except DatabaseError:
            passed = False
        assert passed == ((here, there) in allowed), (here, there)
        if passed:
            here = there
