"""Publishing at a time, through the API and on the workbench."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from claims.operations import scheduling
from tests import make
from tests.admin.pages import bench, do, words
from tests.api.client import only, program_of

pytestmark = pytest.mark.django_db


def test_a_program_sets_changes_and_takes_back_the_time():
    claim = make.claim_decided()
    program = program_of(make.editor(claim.newsroom), claim.newsroom)
    address = f"claims/{claim.pk}/publication/schedule/"
    assert program.get(address).status_code == 404
    at = (timezone.now() + dt.timedelta(days=1)).isoformat()
    made = program.put(address, {"publish_at": at, "embargo": True})
    assert (made.status_code, made.json()["embargo"], made.json()["outcome"]) == (200, True, "")
    early = program.post(f"claims/{claim.pk}/publication/")
    assert (early.status_code, only(early)["code"]) == (422, "embargo")
    assert program.call("DELETE", address).status_code == 204
    assert program.get(address).json()["outcome"] == "cancelled"
    assert program.put(address, {"publish_at": "2020-01-01T00:00:00Z"}).status_code == 400


def test_the_workbench_sets_the_time_shows_it_and_takes_it_back(client):
    claim = make.claim_decided()
    client.force_login(make.editor(claim.newsroom))
    at = timezone.localtime(timezone.now() + dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    do(client, claim, "schedule", publish_at=at, embargo="on")
    page = words(client.get(bench(claim)))
    assert "Embargo: not earlier." in page
    assert scheduling.of(claim) is not None
    do(client, claim, "schedule", publish_at="")
    assert scheduling.of(claim) is None
