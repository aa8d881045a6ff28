"""What the public sees: published, corrected in the open, withdrawn with a reason, replaced by a later verdict."""

import pytest

from claims.errors import InvalidInput, MoveNotAllowed
from claims.models import Claim, Evidence, Publication, Verdict, Watch
from claims.operations import deciding, publishing, rechecking, researching, reviewing
from tests import make

pytestmark = pytest.mark.django_db


def test_a_publication_keeps_what_was_published():
    publication = make.publication()
    assert publication.content["headline"] == publication.verdict.headline
    assert publication.content["rating"]["slug"] == "false"
    assert publication.content["evidence"]


def test_a_protected_source_is_left_out_and_said_to_be():
    claim = make.claim_in_review()
    for evidence in Evidence.objects.filter(claim=claim):
        researching.protect(evidence, by=make.researcher(claim.newsroom), reason="An informant at risk.")
    content = publishing.content_of(_verdict_of(claim))
    assert content["evidence"] == [] and content["protected_sources"] >= 1


def _verdict_of(claim: Claim) -> Verdict:
    reviewer, rating = make.reviewer(claim.newsroom), make.rating(claim.newsroom)
    reviewing.submit(claim, by=reviewer, rating=rating, reasons="Counted.")
    return deciding.propose(claim, by=reviewer, rating=rating, headline="Fewer", reasons="Counted.")


def test_a_correction_keeps_before_and_after():
    publication = make.publication()
    before = publication.content["headline"]
    correction = publishing.correct(
        publication,
        by=make.editor(publication.newsroom),
        kind="correction",
        notice="The headline named the wrong city.",
        field="headline",
        after="Eulenburg planted 900 trees",
    )
    publication.refresh_from_db()
    assert (correction.before, correction.after) == (before, "Eulenburg planted 900 trees")
    assert publication.content["headline"] == correction.after


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"kind": "tweak", "notice": "x"}, "kind"),
        ({"kind": "update", "notice": " "}, "notice"),
        ({"kind": "update", "notice": "x", "field": "rating", "after": "true"}, "field"),
        ({"kind": "update", "notice": "x", "field": "headline", "after": ""}, "after"),
    ],
)
def test_a_correction_that_says_too_little_is_refused_by_name(fields: dict[str, str], named: str):
    publication = make.publication()
    with pytest.raises(InvalidInput) as refusal:
        publishing.correct(publication, by=make.editor(publication.newsroom), **fields)
    assert refusal.value.field == named


def test_a_withdrawn_check_says_why_is_watched_no_more_and_can_be_reopened():
    publication = make.publication()
    editor = make.editor(publication.newsroom)
    publishing.withdraw(Claim.objects.get(pk=publication.claim_id), by=editor, reason="The union retracted its count.")
    publication.refresh_from_db()
    assert (publication.state, publication.withdrawn_reason) == ("withdrawn", "The union retracted its count.")
    assert not Watch.objects.filter(publication=publication, state="open").exists()
    with pytest.raises(MoveNotAllowed):
        publishing.correct(publication, by=editor, kind="update", notice="x")
    claim = rechecking.reopen(Claim.objects.get(pk=publication.claim_id), by=editor, reason="A new count is out.")
    assert (claim.status, claim.cycle) == ("gathering", 2)


def test_what_is_published_stays_until_a_new_verdict_replaces_it():
    publication = make.publication()
    claim = Claim.objects.get(pk=publication.claim_id)
    claim = rechecking.reopen(claim, by=make.editor(publication.newsroom), reason="A new count is out.")
    assert Publication.objects.live().get(claim=claim) == publication
    make.walk_to_publication(claim)
    publication.refresh_from_db()
    assert publication.state == "replaced"
    assert Publication.objects.live().get(claim=claim) != publication
