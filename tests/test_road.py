"""The whole road, walked through the operations: one article becomes a published, watched verdict."""

import datetime as dt

import pytest

from claims.models import Claim, LedgerEntry, Publication, Watch
from claims.operations import deciding, gathering, publishing, rechecking, reviewing
from claims.operations.rechecking import Visit
from tests import make

pytestmark = pytest.mark.django_db


def test_an_article_becomes_a_published_watched_verdict():
    room = make.newsroom(sources=["folder", "wikipedia"])
    article = make.article_read(room)
    claim = article.claims.order_by("start").first()
    assert claim is not None
    assert article.text[claim.start : claim.end] == claim.text

    gathering.open_lookups(claim, by=make.researcher(room))
    gathering.record(make.lookup_taken(claim, "folder"), [make.draft(), make.draft(text=make.SOURCE + " More.")])
    gathering.abandon(make.lookup_taken(claim, "wikipedia"), reason="No network.")
    claim.refresh_from_db()
    assert claim.status == "assessing"

    make.assess(claim)
    claim.refresh_from_db()
    assert claim.status == "in_review"
    assert claim.evidence.exists()

    reviewing.submit(claim, by=make.reviewer(room), rating=make.rating(room), reasons="Counted otherwise.")
    verdict = deciding.propose(
        claim, by=make.reviewer(room), rating=make.rating(room), headline="Fewer trees", reasons="The union counted."
    )
    deciding.approve(claim, by=make.editor(room), content=verdict.content_hash)
    claim.refresh_from_db()
    publication = publishing.publish(claim, by=make.editor(room))

    assert Watch.objects.filter(publication=publication).count() == claim.evidence.count()
    assert [entry.payload["move"] for entry in LedgerEntry.objects.filter(claim=claim, kind="claim.moved")] == [
        "gather",
        "assess",
        "review",
        "propose",
        "approve",
        "publish",
    ]


def test_a_changed_passage_seen_twice_puts_the_publication_under_review_and_reopens_into_a_new_cycle():
    publication = make.publication()
    watch = Watch.objects.filter(publication=publication).order_by("pk").first()
    assert watch is not None
    changed = watch.evidence.document.text.replace("1,250", "2,250").replace("900", "1,900")

    for expected in ("live", "under_review"):
        Watch.objects.filter(pk=watch.pk).update(next_attempt_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
        held = Watch.objects.take(watch.pk)
        assert held is not None
        recheck = rechecking.record_visit(held, Visit(text=changed))
        assert recheck is not None and recheck.outcome == "material"
        publication.refresh_from_db()
        assert publication.state == expected

    claim = rechecking.reopen(
        Claim.objects.get(pk=publication.claim_id), by=make.editor(publication.newsroom), reason="The source changed."
    )
    assert (claim.status, claim.cycle) == ("gathering", 2)
    assert Publication.objects.live().filter(pk=publication.pk).exists()
