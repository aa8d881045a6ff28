"""The team page: loads and absences, one's own availability, claims returned to the queue."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from claims.models import Claim, Membership
from claims.operations import reviewing
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import do, words

pytestmark = pytest.mark.django_db
TEAM = "/admin/team/"


def test_somebody_goes_away_and_what_they_hold_is_returned_to_the_queue(signed_in: SignIn):
    room, today = make.newsroom(), timezone.now().date()
    ralf, rosa = make.reviewer(room), make.member(room, Role.REVIEWER, name="rosa")
    claim, kept = make.claim_in_review(room), make.claim_in_review(room)
    reviewing.assign(claim, to=ralf, by=ralf)
    reviewing.assign(kept, to=rosa, by=rosa)
    own = Membership.objects.get(user=ralf)
    given = {"away_from": today, "away_until": today + dt.timedelta(days=7), "capacity": "5", "topics": "energy, trees"}
    assert "away until" in words(signed_in(ralf).post(f"{TEAM}{own.pk}/", given, follow=True))
    page = words(signed_in(rosa).get(TEAM))
    assert "Held by people who are away" in page
    assert "1 open claim of 5" in page
    signed_in(rosa).post(f"{TEAM}give-back/", {"claim": [claim.pk, kept.pk]})
    assert Claim.objects.get(pk=claim.pk).assignee is None
    assert Claim.objects.get(pk=kept.pk).assignee == rosa


def test_nobody_changes_the_availability_of_others_but_the_admin_and_strangers_see_nothing(signed_in: SignIn):
    room = make.newsroom()
    ralf, rosa, emil = make.reviewer(room), make.member(room, Role.REVIEWER), make.person(room, Role.ADMIN)
    own = Membership.objects.get(user=ralf)
    assert signed_in(rosa).get(f"{TEAM}{own.pk}/").status_code == 404
    assert signed_in(make.editor(make.newsroom())).post(f"{TEAM}{own.pk}/", {"capacity": 1}).status_code == 404
    assert signed_in(emil).post(f"{TEAM}{own.pk}/", {"capacity": 1}).status_code == 302
    assert signed_in(emil).post(f"{TEAM}{own.pk}/", {"away_from": "2026-12-01"}).status_code == 400
    claim = make.claim_in_review(room)
    reviewing.assign(claim, to=ralf, by=ralf)
    signed_in(make.editor(make.newsroom())).post(f"{TEAM}give-back/", {"claim": claim.pk})
    assert Claim.objects.get(pk=claim.pk).assignee == ralf


def test_a_claim_is_assigned_automatically_on_the_workbench_and_many_in_the_queue(signed_in: SignIn):
    room = make.newsroom()
    rosa = make.member(room, Role.REVIEWER)
    claims = [make.claim_in_review(room, by=make.researcher(room)) for _ in range(3)]
    client = signed_in(rosa)
    do(client, claims[0], "spread")
    assert Claim.objects.get(pk=claims[0].pk).assignee == rosa
    given = {"bulk": "spread", "claim": [claim.pk for claim in claims[1:]], "confirm": "yes"}
    client.post("/admin/claims/claim/bulk/", given)
    assert Claim.objects.filter(assignee=rosa).count() == 3
    client.post("/admin/claims/claim/bulk/undo/")
    assert Claim.objects.filter(assignee=rosa).count() == 1
