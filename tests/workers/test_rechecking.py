"""The clock's visits over real HTTP: a changed passage is noticed, a page that cannot be read is not taken for one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from pytest_httpserver import HTTPServer

from claims.errors import InvalidInput, MoveNotAllowed, NotPermitted
from claims.models import Claim, Errand, Notice, Publication, Recheck, Watch
from claims.operations import rechecking as operations
from tests import make
from workers import budgets, documents, http
from workers.tasks import rechecking

pytestmark = pytest.mark.django_db

PAGE = (
    "<html><head><title>Trees</title></head><body><article><h1>Trees in Eulenburg</h1><p>{}</p>"
    "<p>The forestry union asked the city for a list of all streets in which trees were planted this spring, and "
    "said it would publish its own count after a walk through every quarter of the city in the summer.</p>"
    "</article></body></html>"
)
SENTENCE = "The city of Eulenburg planted some {} trees in March 2024, the mayor's office said on Monday."


@pytest.fixture(autouse=True)
def site(loopback_allowed: Any, httpserver: HTTPServer) -> None:
    loopback_allowed.FETCH_PORTS = [httpserver.port]
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)


def published(httpserver: HTTPServer, path: str = "/trees", **headers: str) -> Publication:
    """A published check that cites the page as it stands now."""
    httpserver.expect_request(path).respond_with_data(
        PAGE.format(SENTENCE.format("1,250")), content_type="text/html", headers=headers
    )
    draft = documents.of_response(http.fetch(httpserver.url_for(path)), source="searxng")
    return make.publication(drafts=[draft])


def changed(httpserver: HTTPServer) -> tuple[Publication, Recheck]:
    """A published check of which two visits saw another number."""
    publication = published(httpserver)
    serve(httpserver, PAGE.format(SENTENCE.format("2,250")))
    visit(publication)
    return publication, visit(publication)


def visit(publication: Publication) -> Recheck:
    watch = Watch.objects.filter(publication=publication).order_by("pk")[:1].get()
    Watch.objects.filter(pk=watch.pk).update(next_attempt_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
    rechecking.visit_passage(watch.pk)
    return Recheck.objects.filter(watch=watch).latest("pk")


def serve(httpserver: HTTPServer, body: str, status: int = 200) -> None:
    httpserver.clear()
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    httpserver.expect_request("/trees").respond_with_data(body, status=status, content_type="text/html")


def test_a_page_that_stays_is_unchanged(httpserver: HTTPServer):
    publication = published(httpserver)
    assert visit(publication).outcome == "unchanged"


def test_a_changed_number_is_material_once_two_visits_agree(httpserver: HTTPServer):
    publication = published(httpserver)
    serve(httpserver, PAGE.format(SENTENCE.format("2,250")))
    first = visit(publication)
    assert (first.outcome, first.confirmed) == ("material", False)
    publication.refresh_from_db()
    assert publication.state == "live"

    second = visit(publication)
    assert (second.outcome, second.confirmed) == ("material", True)
    assert second.document is not None and "2,250" in second.document.text
    publication.refresh_from_db()
    assert publication.state == "under_review"


def test_a_changed_banner_is_no_reason_to_bother_anybody(httpserver: HTTPServer):
    publication = published(httpserver)
    serve(httpserver, PAGE.format(SENTENCE.format("1,250")).replace("this spring", "in spring"))
    assert visit(publication).outcome in ("unchanged", "cosmetic")


def test_a_page_that_is_gone_is_told_apart_from_one_that_cannot_be_read(httpserver: HTTPServer):
    publication = published(httpserver)
    serve(httpserver, "gone", status=410)
    assert visit(publication).outcome == "page_gone"
    serve(httpserver, "busy", status=503)
    assert visit(publication).outcome == "unreachable"


def test_a_visit_that_found_nobody_is_made_again_later(httpserver: HTTPServer):
    publication = published(httpserver)
    serve(httpserver, "busy", status=503)
    recheck = visit(publication)
    watch = Watch.objects.get(pk=recheck.watch_id)
    assert watch.state == "open" and watch.next_attempt_at > recheck.at


def test_a_change_is_told_once_with_a_task_and_a_notice_however_often_it_is_seen(httpserver: HTTPServer):
    publication, recheck = changed(httpserver)
    editor = make.editor(publication.newsroom)
    errand = Errand.objects.get(claim=publication.claim)
    assert errand.subject == f"recheck:{recheck.pk}" and errand.made_by is None and "2,250" in errand.text
    assert Notice.objects.filter(person=editor, kind="changed").count() == 1
    for page in ("2,250", "1,250", "2,250", "2,250"):  # there, back, and there again
        serve(httpserver, PAGE.format(SENTENCE.format(page)))
        assert not visit(publication).confirmed
    assert Notice.objects.filter(person=editor, kind="changed").count() == 1

    serve(httpserver, PAGE.format(SENTENCE.format("3,250")))
    visit(publication)
    assert visit(publication).confirmed  # another change is another matter


def test_two_visits_agree_though_the_rest_of_the_page_moves(httpserver: HTTPServer):
    publication = published(httpserver)
    serve(httpserver, PAGE.format(SENTENCE.format("2,250")).replace("this spring", "in the spring"))
    assert not visit(publication).confirmed
    serve(httpserver, PAGE.format(SENTENCE.format("2,250")).replace("this spring", "last spring"))
    assert visit(publication).confirmed


def test_a_change_that_is_gone_at_the_second_visit_bothers_nobody(httpserver: HTTPServer):
    publication = published(httpserver)
    serve(httpserver, PAGE.format(SENTENCE.format("2,250")))
    visit(publication)
    serve(httpserver, PAGE.format(SENTENCE.format("1,250")))
    assert visit(publication).outcome == "unchanged"
    assert not Errand.objects.exists()


def test_who_agrees_that_it_matters_begins_the_next_cycle_and_the_task_is_done(httpserver: HTTPServer):
    publication, recheck = changed(httpserver)
    editor = make.editor(publication.newsroom)
    claim = operations.reopen_for(recheck, by=editor, reason="The number is another one.")
    assert (claim.status, claim.cycle) == ("gathering", 2)
    recheck.refresh_from_db()
    publication.refresh_from_db()
    assert recheck.closed_by == editor and publication.state == "under_review"
    assert Errand.objects.get(claim=claim).done_by == editor
    with pytest.raises(MoveNotAllowed):
        operations.close(recheck, by=editor, note="Twice.")


def test_who_says_why_the_verdict_stands_takes_the_publication_out_of_re_review(httpserver: HTTPServer):
    publication, recheck = changed(httpserver)
    with pytest.raises(NotPermitted):
        operations.close(recheck, by=make.reviewer(publication.newsroom), note="Fine.")
    with pytest.raises(InvalidInput):
        operations.close(recheck, by=make.editor(publication.newsroom), note=" ")
    operations.close(recheck, by=make.editor(publication.newsroom), note="A slip, corrected since.")
    publication.refresh_from_db()
    assert publication.state == "live"
    assert Errand.objects.get(claim=publication.claim).done_at is not None


def test_a_newsroom_may_want_no_re_review(httpserver: HTTPServer):
    publication = published(httpserver)
    publication.newsroom.__class__.objects.update(review_on_change=False)
    serve(httpserver, PAGE.format(SENTENCE.format("2,250")))
    visit(publication)
    assert visit(publication).confirmed
    publication.refresh_from_db()
    assert publication.state == "live" and Errand.objects.exists()


def test_a_page_that_did_not_change_is_asked_for_with_its_mark_and_not_sent_again(httpserver: HTTPServer):
    publication = published(httpserver, ETag='"one"')
    httpserver.clear()
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    httpserver.expect_oneshot_request("/trees", headers={"If-None-Match": '"one"'}).respond_with_data("", status=304)
    assert visit(publication).outcome == "unchanged"


def test_what_was_seen_once_as_changed_is_read_whole_again(httpserver: HTTPServer):
    publication = published(httpserver)
    httpserver.clear()
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    page = PAGE.format(SENTENCE.format("2,250"))
    httpserver.expect_request("/trees").respond_with_data(page, content_type="text/html", headers={"ETag": '"two"'})
    visit(publication)
    assert visit(publication).confirmed
    assert "If-None-Match" not in httpserver.log[-1][0].headers
    visit(publication)
    assert httpserver.log[-1][0].headers["If-None-Match"] == '"two"'


def test_a_server_that_says_unchanged_after_a_change_means_that_the_change_stays(httpserver: HTTPServer):
    publication, recheck = changed(httpserver)
    httpserver.clear()
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    httpserver.expect_request("/trees").respond_with_data("", status=304)
    Watch.objects.update(etag='"two"')
    again = visit(publication)
    assert (again.outcome, again.confirmed, again.fingerprint) == ("material", False, recheck.fingerprint)


def test_a_host_that_was_asked_often_enough_within_the_hour_is_asked_later(httpserver: HTTPServer, settings: Any):
    settings.RECHECKS_PER_HOST_AND_HOUR = 2
    publication = published(httpserver)
    visit(publication)
    visit(publication)
    made = Recheck.objects.count()
    visit(publication)
    watch = Watch.objects.filter(publication=publication).order_by("pk")[:1].get()
    assert Recheck.objects.count() == made  # nobody was asked: this was no visit
    assert watch.next_attempt_at > timezone.now() + dt.timedelta(minutes=50)
    assert (watch.attempts, watch.leased_until) == (0, None)
    budgets.spend("other.example", 2)


def test_an_address_that_does_not_answer_is_left_alone_for_a_growing_while(httpserver: HTTPServer):
    publication = published(httpserver)
    serve(httpserver, "busy", status=500)
    waits = []
    for _ in range(4):
        visit(publication)
        watch = Watch.objects.filter(publication=publication).order_by("pk")[:1].get()
        waits.append(round((watch.next_attempt_at - timezone.now()).total_seconds() / 60))
        budgets.answered(watch.host)
    assert waits[:2] == [30, 60] and watch.visits_made == 0 and watch.failures == 4
    serve(httpserver, PAGE.format(SENTENCE.format("1,250")))
    visit(publication)
    watch.refresh_from_db()
    assert (watch.failures, watch.failing_since, watch.visits_made) == (0, None, 1)


def test_after_two_weeks_without_an_answer_a_person_is_told_once_and_no_more_when_it_answers(httpserver: HTTPServer):
    publication = published(httpserver)
    serve(httpserver, "busy", status=500)
    visit(publication)
    Watch.objects.update(failing_since=timezone.now() - dt.timedelta(days=15))
    told = visit(publication)
    assert told.confirmed and told.outcome == "unreachable"
    assert not visit(publication).confirmed
    publication.refresh_from_db()
    assert publication.state == "live"  # nothing is known to have changed
    assert Errand.objects.get(claim=publication.claim).subject == f"recheck:{told.pk}"
    serve(httpserver, PAGE.format(SENTENCE.format("1,250")))
    budgets.answered(Watch.objects.filter(publication=publication)[0].host)
    visit(publication)
    told.refresh_from_db()
    assert told.closed_at is not None and told.closed_by is None


RECORD = {"status": "ok", "message": {"DOI": "10.5555/trees.1", "title": ["Trees"], "type": "journal-article"}}


def test_a_cited_work_that_was_retracted_is_told_though_its_page_stays(httpserver: HTTPServer, settings: Any):
    settings.CROSSREF_URL = httpserver.url_for("/crossref")
    publication = published(httpserver, "/doi/10.5555/trees.1")
    asked = httpserver.expect_request("/crossref/works/10.5555/trees.1")
    asked.respond_with_json(RECORD)
    assert visit(publication).outcome == "unchanged"
    cache.clear()
    message = {**RECORD["message"], "updated-by": [{"type": "retraction", "DOI": "10.5555/notice"}]}  # type: ignore[dict-item]
    asked.respond_with_json({**RECORD, "message": message})
    first, second = visit(publication), visit(publication)
    assert (first.outcome, first.confirmed) == ("retraction", False)
    assert second.confirmed and "10.5555/notice" in second.details[0]


def test_a_register_that_is_away_takes_nothing_from_the_page(httpserver: HTTPServer, settings: Any):
    settings.CROSSREF_URL = httpserver.url_for("/crossref")
    publication = published(httpserver, "/doi/10.5555/trees.1")
    httpserver.expect_request("/crossref/works/10.5555/trees.1").respond_with_data("", status=503)
    assert visit(publication).outcome == "unchanged"


def test_what_a_service_told_is_not_taken_for_gone_because_its_page_words_it_otherwise(httpserver: HTTPServer):
    text = "Trees planted in Eulenburg (city), March 2024: 1,250 pieces. Series T-1, last updated on Monday, revised."
    url = httpserver.url_for("/trees")
    publication = make.publication(drafts=[make.draft(url=url, source="searxng", text=text)])
    serve(httpserver, PAGE.format("Nothing of the kind stands on this page about the harbour."))
    visit(publication)
    assert visit(publication).outcome in ("unreadable", "unchanged", "cosmetic")
    assert not Errand.objects.exists()


def test_intervals_are_the_newsrooms_own(httpserver: HTTPServer):
    room = make.newsroom(recheck_hours=[2, 5])
    claim = make.claim_published(room)
    watch = Watch.objects.filter(publication__claim=claim).order_by("pk")[:1].get()
    assert watch.due_at is not None
    for hours in (2, 5, 5):
        began = watch.last_visit_at or timezone.now()
        assert (watch.due_at - began).total_seconds() == pytest.approx(hours * 3600, abs=60)
        Watch.objects.filter(pk=watch.pk).update(next_attempt_at=began)
        held = Watch.objects.take(watch.pk)
        assert held is not None
        operations.record_visit(held, operations.Visit(unchanged=True))
        watch.refresh_from_db()
    assert Claim.objects.get(pk=claim.pk).status == "published"
