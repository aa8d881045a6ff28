"""Every status has a way on, and a withdrawn check can be checked and published again."""

from __future__ import annotations

import pytest

from claims import workflow
from claims.models import Claim
from claims.operations import publishing, rechecking
from claims.workflow import Status
from tests import make


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_way_on_and_leads_to_publication(status: Status):
    assert workflow.moves_from(status)
    reached, fresh = {status}, {status}
    while fresh:
        fresh = {move.target for one in fresh for move in workflow.moves_from(one)} - reached
        reached |= fresh
    assert Status.PUBLISHED in reached


@pytest.mark.django_db
def test_a_withdrawn_check_is_reopened_decided_anew_and_published_again():
    claim = make.claim_published()
    editor = make.editor(claim.newsroom)
    publishing.withdraw(claim, by=editor, reason="Wrong source.")
    rechecking.reopen(Claim.objects.get(pk=claim.pk), by=editor, reason="New source.")
    again = make.walk_to_publication(Claim.objects.get(pk=claim.pk))
    states = claim.publications.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["withdrawn", "live"]
    assert again.get_absolute_url() != claim.publications.order_by("pk")[0].get_absolute_url()
