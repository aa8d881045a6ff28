"""What the public sees of a claim, told to programs."""

import pytest

from claims.models import Claim
from claims.operations import publishing, rechecking
from tests import make
from tests.api.client import program_of

pytestmark = pytest.mark.django_db


def test_a_claim_published_again_after_a_withdrawal_shows_the_new_publication() -> None:
    claim = make.claim_published()
    editor = make.editor(claim.newsroom)
    publishing.withdraw(claim, by=editor, reason="Wrong.")
    rechecking.reopen(Claim.objects.get(pk=claim.pk), by=editor, reason="Counted anew.")
    latest = make.walk_to_publication(Claim.objects.get(pk=claim.pk))
    program = program_of(editor, claim.newsroom)
    shown = program.get(f"claims/{claim.pk}/publication/")
    assert shown.status_code == 200
    assert shown.json()["id"] == latest.pk
    corrected = program.post(
        f"claims/{claim.pk}/publication/corrections/", {"kind": "update", "notice": "A figure was added."}
    )
    assert corrected.status_code == 201
    assert latest.corrections.count() == 1
