"""Many claims at once: shown first, done one by one, taken back."""

from __future__ import annotations

import pytest

from claims.models import Claim
from claims.operations import reviewing, triaging
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import words

pytestmark = pytest.mark.django_db
BULK, UNDO = "/admin/claims/claim/bulk/", "/admin/claims/claim/bulk/undo/"


def test_it_shows_what_would_happen_to_each_claim_and_does_nothing_yet(signed_in: SignIn):
    room = make.newsroom()
    able, unable = make.claim_submitted(room), make.claim_in_review(room)
    page = signed_in(make.researcher(room)).post(BULK, {"bulk": "gather", "claim": [able.pk, unable.pk]})
    assert "This will happen to 1 claim" in words(page)
    assert "Not possible: the claim is in review." in words(page)
    assert Claim.objects.get(pk=able.pk).status == "submitted"


def test_dismissing_several_needs_a_reason_and_can_be_undone(signed_in: SignIn):
    room = make.newsroom()
    claims = [make.claim_submitted(room) for _ in range(3)]
    client = signed_in(make.researcher(room))
    given = {"bulk": "dismiss", "claim": [claim.pk for claim in claims], "confirm": "yes"}

    assert "Give a reason." in words(client.post(BULK, given))
    client.post(BULK, {**given, "reason": "Not checkable."})
    assert set(Claim.objects.values_list("status", flat=True)) == {"dismissed"}

    client.post(UNDO)
    assert set(Claim.objects.values_list("status", flat=True)) == {"submitted"}
    assert client.post(UNDO).status_code == 404


def test_taking_several_is_undone_to_whom_they_belonged(signed_in: SignIn):
    room = make.newsroom()
    claim = make.claim_in_review(room)
    client = signed_in(make.reviewer(room))
    client.post(BULK, {"bulk": "take", "claim": [claim.pk], "confirm": "yes"})
    assert Claim.objects.get(pk=claim.pk).assignee == make.reviewer(room)
    client.post(UNDO)
    assert Claim.objects.get(pk=claim.pk).assignee is None


def test_claims_of_other_newsrooms_are_left_alone(signed_in: SignIn):
    foreign = make.claim_submitted()
    client = signed_in(make.member(make.newsroom(), Role.DESK_LEAD))
    given = {"bulk": "dismiss", "claim": [foreign.pk], "confirm": "yes", "reason": "x"}
    assert "Choose claims first" in words(client.post(BULK, given, follow=True))
    assert Claim.objects.get(pk=foreign.pk).status == "submitted"


def test_topics_and_deadlines_are_set_together_and_taken_back(signed_in: SignIn):
    room = make.newsroom()
    claims = [make.claim_submitted(room) for _ in range(2)]
    triaging.classify(claims[0], by=make.researcher(room), topic="housing")
    client = signed_in(make.researcher(room))
    given = {"claim": [claim.pk for claim in claims]}
    assert "Topic" in words(client.post(BULK, {**given, "bulk": "topic"}))
    client.post(BULK, {**given, "bulk": "topic", "topic": "energy", "confirm": "yes"})
    assert set(Claim.objects.values_list("topic", flat=True)) == {"energy"}
    client.post(UNDO)
    assert set(Claim.objects.values_list("topic", flat=True)) == {"housing", ""}
    assert client.post(BULK, {**given, "bulk": "due", "due_at": "soon", "confirm": "yes"}).status_code == 400
    client.post(BULK, {**given, "bulk": "due", "due_at": "2026-12-01T15:30", "confirm": "yes"})
    assert Claim.objects.filter(due_at__isnull=False).count() == 2
    client.post(UNDO)
    assert Claim.objects.filter(due_at__isnull=False).count() == 0


def test_undoing_leaves_alone_what_somebody_went_on_with(signed_in: SignIn):
    room = make.newsroom()
    kept, taken = make.claim_in_review(room), make.claim_in_review(room)
    ralf, rosa = make.reviewer(room), make.member(room, Role.REVIEWER)
    client = signed_in(ralf)
    client.post(BULK, {"bulk": "take", "claim": [kept.pk, taken.pk], "confirm": "yes"})
    reviewing.assign(taken, to=rosa, by=rosa)
    assert f"#{taken.pk} stays: somebody went on with it." in words(client.post(UNDO, follow=True))
    assert Claim.objects.get(pk=kept.pk).assignee is None
    assert Claim.objects.get(pk=taken.pk).assignee == rosa
