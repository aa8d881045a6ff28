"""The ledger is verified every night, and its head is noted where it cannot be altered."""

import pytest
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse

from claims import vitals
from claims.audit import ledger_export
from claims.audit.ledger_proof import verify
from claims.models import LedgerAnchor, LedgerEntry, Newsroom, User
from claims.operations import anchoring
from claims.ownership import as_owner
from tests import make
from workers.tasks import upkeep

pytestmark = pytest.mark.django_db(transaction=True)


def tamper(statement: str, *values: object) -> None:
    """As somebody does who owns the database."""
    with as_owner() as owner, owner.cursor() as cursor:
        cursor.execute("ALTER TABLE claims_ledgerentry DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute("ALTER TABLE claims_ledgerentry ENABLE TRIGGER USER")


def head(newsroom: Newsroom) -> LedgerEntry:
    return newsroom.ledger.order_by("-sequence")[0]


def test_the_head_is_noted_and_goes_on_from_there():
    newsroom = make.claim_submitted().newsroom
    first = anchoring.anchor(newsroom)
    assert (first.sequence, first.hash, first.problem) == (head(newsroom).sequence, head(newsroom).hash, "")
    assert anchoring.anchor(newsroom) is None  # nothing came since
    make.claim_submitted(newsroom)
    assert anchoring.anchor(newsroom).sequence == head(newsroom).sequence


def test_what_was_changed_since_is_an_alarm():
    newsroom = make.claim_submitted().newsroom
    anchoring.anchor(newsroom)
    make.claim_submitted(newsroom)
    tamper("UPDATE claims_ledgerentry SET body = '{}' WHERE id = %s", head(newsroom).pk)
    assert upkeep.anchor_ledgers() == 1
    broken = LedgerAnchor.objects.filter(newsroom=newsroom).first()
    assert broken.sequence == head(newsroom).sequence
    assert "was changed" in broken.problem
    assert vitals.broken_ledgers() == [newsroom.slug]
    assert Client().get("/readyz/").json()["ledgers"] == [newsroom.slug]
    root = Client()
    root.force_login(User.objects.create_superuser("root", password="x"))
    page = root.get(reverse("admin:desk_schedule")).content.decode()
    assert "The ledger does not fit its hashes" in page and broken.problem in page


def test_a_tail_that_was_cut_off_is_an_alarm():
    newsroom = make.claim_submitted().newsroom
    noted = anchoring.anchor(newsroom)
    tamper("DELETE FROM claims_ledgerentry WHERE newsroom_id = %s AND sequence = %s", newsroom.pk, noted.sequence)
    assert "cut off" in anchoring.anchor(newsroom).problem


def test_what_was_changed_long_before_is_found_when_the_whole_chain_is_walked():
    newsroom = make.claim_submitted().newsroom
    anchoring.anchor(newsroom)
    tamper("UPDATE claims_ledgerentry SET body = '{}' WHERE newsroom_id = %s AND sequence = 1", newsroom.pk)
    assert anchoring.anchor(newsroom) is None
    assert anchoring.anchor(newsroom, whole=True).sequence == 1


def test_an_anchor_cannot_be_altered_nor_taken_away():
    anchor = anchoring.anchor(make.claim_submitted().newsroom)
    for deed in (
        lambda: LedgerAnchor.objects.filter(pk=anchor.pk).update(hash="0" * 64),
        lambda: LedgerAnchor.objects.filter(pk=anchor.pk).delete(),
    ):
        with pytest.raises(Error), transaction.atomic():
            deed()


def test_the_heads_are_public_and_an_export_is_verified_against_them():
    newsroom = make.claim_submitted().newsroom
    assert Client().get("/.well-known/factcheck-ledger.json").json() == {"heads": []}
    anchoring.anchor(newsroom)
    (shown,) = Client().get("/.well-known/factcheck-ledger.json").json()["heads"]
    assert shown["slug"] == newsroom.slug
    noted = {shown["newsroom"]: (shown["sequence"], shown["hash"])}
    assert verify(ledger_export.entries(newsroom=newsroom), heads=noted)[1] is None
    assert verify(list(ledger_export.entries(newsroom=newsroom))[:-1], heads=noted)[1].problem == "the tail was cut off"
