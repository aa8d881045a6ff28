"""Assessments: every fact has its row, copies count once, and a claim without names borrows its article's."""

import pytest

from claims.models import Assessment, Claim
from tests import make
from workers import lookups

pytestmark = pytest.mark.django_db


def test_a_fact_that_no_passage_speaks_of_is_shown_as_absent():
    claim = make.claim_in_review(drafts=[])
    table = Assessment.objects.get(claim=claim).table
    assert {row["fact"]["text"] for row in table} >= {"1,250", "March 2024"}
    assert {row["outcome"] for row in table} == {"absent"}


def test_the_best_agreeing_and_the_best_disagreeing_passage_stand_beside_each_fact():
    other = make.draft(text="Only 900 trees were planted in Eulenburg in March 2024, the forestry union said.")
    claim = make.claim_in_review(drafts=[make.draft(), other])
    row = next(row for row in Assessment.objects.get(claim=claim).table if row["fact"]["text"] == "1,250")
    assert "1,250" in row["agreeing"]["quote"]
    assert "900" in row["disagreeing"]["quote"]


def test_copies_of_one_text_are_one_origin():
    claim = make.claim_in_review(drafts=[make.draft() for _ in range(3)])
    assessment = Assessment.objects.get(claim=claim)
    assert (assessment.documents_count, assessment.origins_count) == (3, 1)


def test_a_claim_that_names_nothing_is_looked_up_under_the_names_of_its_article():
    text = (
        "Nordkorea und Russland rücken zusammen, und Nordkorea schickt Soldaten nach Russland. "
        "Den Rahmen dafür schufen beide Regierungen im Juni 2024 mit einem Vertrag über 20 Jahre."
    )
    article = make.article_read(text=text)
    claim = Claim.objects.get(article=article, text__startswith="Den Rahmen")
    searches = " ".join(search for language in ("de", "en") for search in lookups.query_for(claim).searches(language))
    assert "Nordkorea" in searches and "North Korea" in searches


def test_evidence_is_kept_once_when_a_claim_is_assessed_twice():
    claim = make.claim_in_review()
    before = set(claim.evidence.values_list("pk", flat=True))
    Assessment.objects.revive(Assessment.objects.get(claim=claim).pk)
    make.assess(claim)
    assert set(claim.evidence.values_list("pk", flat=True)) == before
