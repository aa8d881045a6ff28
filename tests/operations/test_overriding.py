"""People cut and add connections of documents; it counts at once, outlives re-assessment, and is kept."""

import pytest
from django.db import IntegrityError, transaction

from claims.errors import InvalidInput, MoveNotAllowed, NotPermitted, RuleBroken, StaleClaim
from claims.models import Assessment, Claim, Contribution, Document, OriginEdge, Verdict
from claims.operations import assessing, deciding, overriding
from tests import make

pytestmark = pytest.mark.django_db

OTHER = "EULENBURG - The forestry union said it counted 900 trees planted in Eulenburg in March 2024."


def two_copies() -> tuple[Claim, list[Document]]:
    claim = make.claim_in_review(drafts=[make.draft(), make.draft(domain="herald.example", publisher="Herald")])
    return claim, assessing.documents_of(claim)


def two_origins() -> tuple[Claim, list[Document]]:
    claim = make.claim_in_review(
        drafts=[make.draft(), make.draft(text=OTHER, domain="herald.example", publisher="Herald")]
    )
    return claim, assessing.documents_of(claim)


def count(claim: Claim) -> int:
    return Assessment.objects.get(claim=claim, cycle=claim.cycle).origins_count


def join(claim: Claim, documents: list[Document], **fields: object) -> OriginEdge:
    given = {"reason": "Both tell what the union told.", "by": make.researcher(claim.newsroom), **fields}
    return overriding.add_edge(claim, document=documents[0], target=documents[1], **given)  # type: ignore[arg-type]


def test_two_documents_that_a_person_joins_are_one_origin_at_once() -> None:
    claim, documents = two_origins()
    before = count(claim)
    join(claim, documents)
    assert (before, count(claim)) == (2, 1)


def test_what_a_person_joined_stays_joined_when_the_claim_is_assessed_again() -> None:
    claim, documents = two_origins()
    join(claim, documents)
    Assessment.objects.revive(Assessment.objects.get(claim=claim).pk)
    make.assess(claim)
    assert count(claim) == 1


def test_what_a_person_cut_is_not_merged_again() -> None:
    claim, documents = two_copies()
    by = make.researcher(claim.newsroom)
    traced = Assessment.objects.get(claim=claim).origins
    named = {edge["target"] for edge in traced["edges"] if edge["kind"] in ("attribution", "credit")}
    overriding.cut_edge(claim, document=documents[0], target=documents[1], reason="Two reporters.", by=by)
    for origin in named:  # both are signed by one agency: that is another connection
        overriding.cut_edge(claim, document=documents[0], target=origin, reason="It asked itself.", by=by)
    assert count(claim) == 2
    kept = Assessment.objects.get(claim=claim).origins["edges"]
    assert any(edge["kind"] == "copy" and not edge["merges"] for edge in kept)


def test_a_document_can_be_hung_on_an_origin_by_name() -> None:
    claim, documents = two_origins()
    by = make.researcher(claim.newsroom)
    for document in documents:
        overriding.add_edge(claim, document=document, name="Forestry Institute", reason="Its press release.", by=by)
    [origin] = Assessment.objects.get(claim=claim).origins["origins"]
    assert (origin["name"], origin["counts"], len(origin["documents"])) == ("Forestry Institute", True, 2)


def test_taken_back_the_machine_counts_again_and_the_row_stays() -> None:
    claim, documents = two_origins()
    edge = join(claim, documents)
    overriding.restore_edge(edge, by=make.reviewer(claim.newsroom))
    assert count(claim) == 2
    assert OriginEdge.objects.get().withdrawn_by == make.reviewer(claim.newsroom)
    with pytest.raises(RuleBroken):
        overriding.restore_edge(edge, by=make.reviewer(claim.newsroom))


def test_every_fact_says_how_many_origins_agree_and_disagree() -> None:
    claim, documents = two_origins()
    [row] = [row for row in Assessment.objects.get(claim=claim).table if row["fact"]["text"] == "March 2024"]
    assert row["origins"]["agreeing"] == 2
    join(claim, documents)
    [row] = [row for row in Assessment.objects.get(claim=claim).table if row["fact"]["text"] == "March 2024"]
    assert row["origins"]["agreeing"] == 1


def test_the_ledger_tells_who_why_and_what_it_changed() -> None:
    claim, documents = two_origins()
    edge = join(claim, documents)
    entry = claim.history.get(kind="origins.added")
    assert entry.actor == make.researcher(claim.newsroom)
    assert (entry.payload["edge"], entry.payload["before"], entry.payload["origins"]) == (edge.pk, 2, 1)
    assert entry.payload["reason"] == "Both tell what the union told."


def test_an_approval_covers_the_origins_that_were_counted() -> None:
    claim = make.claim_in_approval()
    seen = Verdict.objects.get(claim=claim).content_hash
    Assessment.objects.filter(claim=claim).update(origins_count=7)
    with pytest.raises(StaleClaim):
        deciding.approve(claim, by=make.editor(claim.newsroom), content=seen)


def test_origins_are_not_edited_while_a_verdict_waits_for_approval() -> None:
    claim = make.claim_in_approval(drafts=[make.draft(), make.draft(text=OTHER)])
    with pytest.raises(MoveNotAllowed):
        join(claim, assessing.documents_of(claim))


def test_whoever_edited_the_origins_does_not_approve() -> None:
    claim, documents = two_origins()
    editor = make.editor(claim.newsroom)
    join(claim, documents, by=editor)
    assert Contribution.objects.filter(claim=claim, user=editor, part="researcher").exists()


def test_a_page_that_is_out_of_date_edits_nothing() -> None:
    claim, documents = two_origins()
    with pytest.raises(StaleClaim):
        join(claim, documents, version=claim.version - 1)
    assert not OriginEdge.objects.exists()


@pytest.mark.parametrize("reason", ["", "  "])
def test_every_edge_needs_a_reason(reason: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        join(*two_origins(), reason=reason)
    assert refusal.value.field == "reason"


def test_documents_of_another_claim_are_refused() -> None:
    claim, documents = two_origins()
    _, others = two_origins()
    with pytest.raises(InvalidInput):
        join(claim, [documents[0], others[1]])


def test_a_connection_is_decided_once_whichever_end_is_named_first() -> None:
    claim, documents = two_origins()
    join(claim, documents)
    with pytest.raises(RuleBroken):
        join(claim, documents[::-1])


def test_an_auditor_edits_nothing() -> None:
    claim, documents = two_origins()
    with pytest.raises(NotPermitted):
        join(claim, documents, by=make.person(claim.newsroom, "auditor"))


def test_the_database_keeps_every_edge_as_it_was_made() -> None:
    edge = join(*two_origins())
    with pytest.raises(IntegrityError), transaction.atomic():
        OriginEdge.objects.filter(pk=edge.pk).update(reason="Another reason.")
    with pytest.raises(IntegrityError), transaction.atomic():
        edge.delete()
