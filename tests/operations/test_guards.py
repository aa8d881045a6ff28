"""What the database refuses whoever writes: statuses by the table, four eyes, verbatim quotes, the ledger."""

import pytest
from django.db import Error, connection, transaction

from claims.models import Claim, Evidence, LedgerEntry, Verdict
from tests import make

pytestmark = pytest.mark.django_db


def refused(statement: str, *values: object) -> str:
    with pytest.raises(Error) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(refusal.value)


def test_a_status_moves_only_along_the_table():
    claim = make.claim_submitted()
    assert "Invalid transition" in refused("UPDATE claims_claim SET status = 'published' WHERE id = %s", claim.pk)


def test_a_claim_is_born_submitted():
    claim = make.claim_submitted()
    with pytest.raises(Error), transaction.atomic():
        Claim.objects.create(newsroom=claim.newsroom, text="x", sha256="1", language="en", door="api", status="decided")


def test_a_claim_is_not_decided_without_an_approved_verdict():
    claim = make.claim_in_approval()
    told = refused("UPDATE claims_claim SET status = 'decided', step = step + 1 WHERE id = %s", claim.pk)
    assert "no approved verdict" in told


def test_whoever_worked_on_a_claim_cannot_approve_it_even_by_hand():
    claim = make.claim_in_approval()
    reviewer = make.reviewer(claim.newsroom)
    other = make.member(claim.newsroom, "reviewer")
    Verdict.objects.filter(claim=claim).update(proposed_by=other)
    told = refused(
        "UPDATE claims_verdict SET approved_by_id = %s, approved_at = now() WHERE claim_id = %s", reviewer.pk, claim.pk
    )
    assert "nobody approves their own work" in told


def test_the_proposer_cannot_approve_even_by_hand():
    claim = make.claim_in_approval()
    reviewer = make.reviewer(claim.newsroom)
    told = refused(
        "UPDATE claims_verdict SET approved_by_id = %s, approved_at = now() WHERE claim_id = %s", reviewer.pk, claim.pk
    )
    assert "own" in told


def test_an_approved_verdict_cannot_be_rewritten():
    claim = make.claim_decided()
    assert "is approved" in refused("UPDATE claims_verdict SET reasons = 'other' WHERE claim_id = %s", claim.pk)


def test_a_quote_that_does_not_stand_in_the_document_is_refused():
    claim = make.claim_in_review()
    evidence = Evidence.objects.filter(claim=claim).first()
    assert evidence is not None
    assert "does not stand" in refused("UPDATE claims_evidence SET quote = 'invented' WHERE id = %s", evidence.pk)


def test_a_document_keeps_its_text():
    claim = make.claim_in_review()
    evidence = Evidence.objects.filter(claim=claim).first()
    assert evidence is not None
    refused("UPDATE claims_document SET text = 'other' WHERE id = %s", evidence.document_id)


def test_the_text_of_an_article_cannot_be_changed():
    article = make.article()
    refused("UPDATE claims_article SET text = 'other' WHERE id = %s", article.pk)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE claims_ledgerentry SET body = '{}' WHERE id = %s",
        "DELETE FROM claims_ledgerentry WHERE id = %s",
        "TRUNCATE claims_ledgerentry CASCADE",
    ],
)
def test_the_ledger_refuses_every_change(statement):
    make.claim_submitted()
    entry = LedgerEntry.objects.latest("pk")
    refused(statement, *([entry.pk] if "%s" in statement else []))


@pytest.mark.parametrize("verb", ["UPDATE claims_ledgerentry SET kind = 'x'", "DELETE FROM claims_ledgerentry"])
def test_the_application_itself_may_only_append_to_the_ledger(verb):
    make.claim_submitted()
    told = refused(f"SET LOCAL ROLE factcheck; {verb}")
    assert "permission denied" in told


def test_the_application_cannot_switch_the_guards_off():
    claim = make.claim_submitted()
    told = refused(
        "SET LOCAL ROLE factcheck; SET LOCAL pgtrigger.ignore = '{*}'; "
        f"UPDATE claims_claim SET status = 'published' WHERE id = {claim.pk}"
    )
    assert "Invalid transition" in told


@pytest.mark.parametrize("change", ["DELETE FROM claims_contribution", "UPDATE claims_contribution SET cycle = 99"])
def test_who_worked_on_a_claim_is_not_forgotten(change: str):
    claim = make.claim_in_approval()
    assert "Cannot" in refused(f"{change} WHERE claim_id = %s", claim.pk)


def test_an_approval_is_not_taken_back():
    claim = make.claim_decided()
    told = refused("UPDATE claims_verdict SET approved_by_id = NULL, approved_at = NULL WHERE claim_id = %s", claim.pk)
    assert "is approved" in told


def test_a_publication_does_not_vanish():
    publication = make.publication()
    assert "Cannot delete" in refused("DELETE FROM claims_publication WHERE id = %s", publication.pk)


def test_a_publication_keeps_its_verdict():
    publication = make.publication()
    other = Verdict.objects.get(claim=make.claim_decided())
    told = refused("UPDATE claims_publication SET verdict_id = %s WHERE id = %s", other.pk, publication.pk)
    assert "verdict" in told.lower()


def test_only_an_approved_verdict_is_published():
    claim = make.claim_in_approval()
    verdict = Verdict.objects.get(claim=claim)
    told = refused(
        "INSERT INTO claims_publication (newsroom_id, claim_id, verdict_id, slug, state, content, published_at, "
        "published_by_id, changed_at, withdrawn_reason) "
        "VALUES (%s, %s, %s, 'x', 'live', '{}', now(), %s, now(), '')",
        claim.newsroom_id, claim.pk, verdict.pk, verdict.proposed_by_id,
    )  # fmt: skip
    assert "is not approved" in told
