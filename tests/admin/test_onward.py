"""The way on from a claim when one's part in it is done."""

from __future__ import annotations

import pytest

from claims.models import User
from claims.operations import deciding, reviewing
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import bench, words

pytestmark = pytest.mark.django_db


def test_who_has_not_reviewed_yet_is_led_nowhere_and_who_has_takes_the_next_one(signed_in: SignIn):
    claim = make.claim_in_review()
    reviewer = make.reviewer(claim.newsroom)
    client = signed_in(reviewer)
    assert 'data-key="n"' not in client.get(bench(claim)).content.decode()
    reviewing.submit(claim, by=reviewer, rating=make.rating(claim.newsroom), reasons="The union counted 900.")
    page = client.get(bench(claim))
    assert "Take the next one" in words(page)
    assert page.context["onward"].takes


def test_an_editor_is_led_to_the_verdict_that_waits_longest_but_never_to_one_they_worked_on(signed_in: SignIn):
    first = make.claim_in_approval()
    room = first.newsroom
    second, own = make.claim_in_approval(room), make.claim_reviewed(room)
    editor = make.member(room, Role.EDITOR, Role.REVIEWER)
    deciding.propose(own, by=editor, rating=make.rating(room), headline="Nine hundred", reasons="The union counted.")
    client = signed_in(editor)
    assert client.get(bench(first)).context["onward"] is None
    assert client.get(bench(own)).context["onward"].address == bench(first)
    deciding.approve(first, by=editor, content=first.verdicts.get().content_hash)
    onward = client.get(bench(first)).context["onward"]
    assert (onward.address, onward.leads) == (bench(second), False)
    deciding.approve(second, by=editor, content=second.verdicts.get().content_hash)
    assert client.get(bench(second)).context["onward"].address == bench(first)


def test_a_proposal_begins_with_the_rating_and_the_words_of_ones_own_review(signed_in: SignIn):
    claim = make.claim_in_review()
    one, other = make.reviewer(claim.newsroom), make.member(claim.newsroom, Role.REVIEWER)
    rating = make.rating(claim.newsroom)
    reviewing.submit(claim, by=one, rating=rating, reasons="The union counted 900.")

    def begun(user: User) -> tuple[int, str]:
        propose = next(x for x in signed_in(user).get(bench(claim)).context["decision"] if x["deed"].name == "propose")
        return propose["form"].initial["rating"], propose["form"].initial["reasons"]

    assert begun(one) == (rating.pk, "The union counted 900.")
    assert begun(other) == (rating.pk, "")
