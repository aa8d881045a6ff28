"""Archive jobs against a loopback archive that answers in the Wayback Machine's shapes."""

from __future__ import annotations

import datetime as dt
import json
from urllib.parse import parse_qs

import pytest
from django.utils import timezone
from werkzeug import Response

from claims.errors import NotPermitted, RuleBroken
from claims.models import ArchiveJob, Document, Evidence, LedgerEntry, Newsroom
from claims.operations import preserving, researching, reviving
from tests import make
from workers.tasks import upkeep
from workers.tasks.archiving import archive_document

pytestmark = pytest.mark.django_db

CDX, SAVE = "/cdx/search/cdx", "/save"
HEAD = ["timestamp", "original", "mimetype", "statuscode", "digest"]


@pytest.fixture
def archive(httpserver, loopback_allowed):
    loopback_allowed.WAYBACK_URL = httpserver.url_for("").rstrip("/")
    loopback_allowed.WAYBACK_KEY = "access:secret"
    return httpserver


def job_of(claim, **policy):
    """The archive job of the claim's only cited page."""
    Newsroom.objects.filter(pk=claim.newsroom_id).update(**policy)
    return ArchiveJob.objects.get(newsroom=claim.newsroom_id)


def lists(archive, *rows):
    archive.expect_request(CDX).respond_with_json([HEAD, *rows] if rows else [])


def row(document, moment):
    return [f"{moment:%Y%m%d%H%M%S}", document.url, "text/html", "200", "A" * 32]


def plays(archive, document, moment, text, status=200):
    archive.expect_request(f"/web/{moment:%Y%m%d%H%M%S}id_/{document.url}").respond_with_data(
        f"<html><body><article><p>{text}</p></article></body></html>",
        status=status,
        headers={
            "Content-Type": "text/html; charset=utf-8",
            "Memento-Datetime": f"{moment:%a, %d %b %Y %H:%M:%S GMT}",
        },
    )


def published(**fields):
    claim = make.claim_published(drafts=[make.draft()], **fields)
    return claim, Document.objects.filter(evidence__claim=claim).distinct().get()


def worked(job):
    ArchiveJob.objects.filter(pk=job.pk, state="open").update(next_attempt_at=timezone.now() - dt.timedelta(minutes=1))
    archive_document(job.pk)
    job.refresh_from_db()
    return job


def long_ago(document, days=400):
    return (document.fetched_at - dt.timedelta(days=days)).replace(microsecond=0)


def test_a_published_check_has_a_job_for_each_cited_page_once():
    claim, document = published()

    assert preserving.begin(claim) == 0
    job = ArchiveJob.objects.get()
    assert (job.newsroom, job.document, job.state, job.outcome) == (claim.newsroom, document, "open", "")


def test_the_jobs_of_a_check_are_spread_over_time():
    other = make.draft(text="Eulenburg planted some 900 trees in March 2024, the forestry union said on Tuesday.")
    claim = make.claim_published(drafts=[make.draft(), other])
    first, second = ArchiveJob.objects.filter(newsroom=claim.newsroom).order_by("next_attempt_at")
    assert second.next_attempt_at - first.next_attempt_at == preserving.SPACING


def test_a_passage_marked_by_a_person_has_one_before():
    claim = make.claim_in_review(drafts=[make.draft()])
    assert not ArchiveJob.objects.exists()
    evidence = claim.evidence.first()
    researching.judge(evidence, by=make.researcher(claim.newsroom), stance="disagrees")
    assert ArchiveJob.objects.get().document_id == evidence.document_id


def test_a_near_copy_that_holds_the_passages_is_found_and_readers_are_led_to_it(archive, client):
    claim, document = published()
    moment = (document.fetched_at - dt.timedelta(days=2)).replace(microsecond=0)
    lists(archive, row(document, long_ago(document)), row(document, moment))
    plays(archive, document, moment, make.SOURCE)
    job = worked(job_of(claim))

    assert (job.state, job.outcome, job.quotes_stand, job.reason) == ("done", "found", True, "")
    assert job.captured_at == moment
    asked = parse_qs(archive.log[0][0].query_string.decode())
    assert asked["closest"] == [f"{document.fetched_at:%Y%m%d%H%M%S}"]
    assert (
        Document.objects.get().archived_url
        == job.address
        == f"{archive.url_for('')[:-1]}/web/{job.captured_at:%Y%m%d%H%M%S}/{document.url}"
    )
    assert job.address in client.get(claim.publications.get().get_absolute_url()).content.decode()
    entry = LedgerEntry.objects.get(kind="document.archived")
    assert (entry.payload["document"], entry.payload["outcome"]) == (document.pk, "found")


def test_a_copy_without_the_passages_is_shown_to_the_desk_but_not_to_readers(archive):
    claim, document = published()
    moment = document.fetched_at.replace(microsecond=0)
    lists(archive, row(document, moment))
    plays(archive, document, moment, "Something else entirely stands on this page by now, and at some length too.")
    job = worked(job_of(claim))

    assert (job.outcome, job.quotes_stand) == ("found", False)
    assert "do not stand" in job.reason
    assert Document.objects.get().archived_url == ""


def test_an_old_copy_that_cannot_be_read_does_not_pass_for_what_was_seen(archive):
    claim, document = published()
    lists(archive, row(document, long_ago(document)))
    plays(archive, document, long_ago(document), "Not here.", status=404)
    job = worked(job_of(claim))

    assert (job.outcome, job.quotes_stand) == ("found", None)
    assert "400 days" in job.reason
    assert Document.objects.get().archived_url == ""


def test_nothing_found_says_why_nothing_is_saved(archive):
    lists(archive)
    for policy, why in (("look", "no pages are saved"), ("ask", "Nobody has asked")):
        claim, _ = published()
        job = worked(job_of(claim, archive_policy=policy))
        assert (job.state, job.outcome) == ("done", "not_found")
        assert why in job.reason


def saves(archive, answer):
    archive.expect_request(SAVE, method="POST").respond_with_json(answer)


def test_a_page_without_a_copy_is_saved_where_the_policy_says_so(archive):
    claim, document = published()
    lists(archive)
    saves(archive, {"url": document.url, "job_id": "spn2-" + "a" * 40})
    archive.expect_oneshot_request("/save/status/spn2-" + "a" * 40).respond_with_json({"status": "pending"})
    job = worked(job_of(claim, archive_policy="save"))

    assert (job.state, job.outcome, job.ticket) == ("open", "pending", "spn2-" + "a" * 40)
    assert job.next_attempt_at > timezone.now()
    job = worked(job)
    assert (job.state, job.outcome, job.attempts) == ("open", "pending", 0)
    now = timezone.now().replace(microsecond=0)
    archive.expect_request("/save/status/spn2-" + "a" * 40).respond_with_json(
        {"status": "success", "timestamp": f"{now:%Y%m%d%H%M%S}", "original_url": document.url}
    )
    plays(archive, document, now, make.SOURCE)
    job = worked(job)
    assert (job.state, job.outcome, job.quotes_stand) == ("done", "saved", True)
    assert Document.objects.get().archived_url == job.address
    sent = next(request for request, _ in archive.log if request.path == SAVE)
    assert parse_qs(sent.get_data(as_text=True))["url"] == [document.url]
    assert sent.headers["Authorization"] == "LOW access:secret"


def test_a_save_that_never_ends_is_looked_for_anew(archive):
    claim, document = published()
    lists(archive)
    saves(archive, {"url": document.url, "job_id": "spn2-x"})
    archive.expect_request("/save/status/spn2-x").respond_with_json({"status": "pending"})
    job = worked(job_of(claim, archive_policy="save"))
    ArchiveJob.objects.filter(pk=job.pk).update(answered_at=timezone.now() - dt.timedelta(hours=2))
    job = worked(job)

    assert (job.state, job.outcome, job.ticket) == ("open", "unavailable", "")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (
            {"status": "error", "status_ext": "error:blocked-url", "message": "This URL is in our block list."},
            "refused",
        ),
        ({"status": "error", "status_ext": "error:user-session-limit", "message": "Too many."}, "unavailable"),
    ],
)
def test_refusals_for_good_and_for_now_are_kept_apart(archive, answer, outcome):
    claim, _ = published()
    lists(archive)
    saves(archive, answer)
    job = worked(job_of(claim, archive_policy="save"))

    assert job.outcome == outcome
    assert answer["message"] in job.reason
    assert (job.next_try is None) == (outcome == "refused")


def test_an_excluded_site_is_a_refusal(archive):
    claim, _ = published()
    archive.expect_request(CDX).respond_with_data(
        "org.archive.util.io.RuntimeIOException: AdministrativeAccessControlException: Blocked", status=403
    )
    job = worked(job_of(claim))
    assert (job.state, job.outcome) == ("done", "refused")


def test_an_archive_that_asks_for_a_pause_is_asked_later_and_given_up_in_the_end(archive, settings):
    settings.STEP_MAX_ATTEMPTS = 2
    claim, _ = published()
    archive.expect_request(CDX).respond_with_response(Response(status=502))
    job = worked(job_of(claim))
    assert (job.state, job.outcome, job.attempts) == ("open", "unavailable", 1)
    assert job.next_try > timezone.now()
    job = worked(job)
    assert (job.state, job.outcome) == ("dead", "unavailable")
    with pytest.raises(NotPermitted):
        reviving.revive(job, by=make.member(make.newsroom(), "editor"))
    reviving.revive(job, by=make.researcher(claim.newsroom))
    job.refresh_from_db()
    assert (job.state, job.attempts, job.outcome) == ("open", 0, "")


def test_waiting_for_our_own_turn_is_no_failed_try(archive, settings):
    settings.FETCH_PACE_PERCENT, settings.FETCH_PATIENCE_SECONDS = 1, 0
    lists(archive)
    first, second = published()[0], published()[0]
    worked(job_of(first))
    job = worked(job_of(second))

    assert (job.state, job.attempts) == ("open", 0)
    assert "budget" in job.reason


def test_without_a_key_or_a_contact_the_reason_is_shown(archive, settings):
    claim, _ = published()
    lists(archive)
    settings.WAYBACK_KEY = ""
    job = worked(job_of(claim, archive_policy="save"))
    assert (job.state, job.outcome) == ("done", "off")
    assert "WAYBACK_KEY" in job.reason
    other, _ = published()
    settings.FETCH_CONTACT = ""
    assert "FETCH_CONTACT" in worked(job_of(other)).reason


def test_a_source_protected_meanwhile_is_told_to_nobody(archive):
    claim = make.claim_in_review(drafts=[make.draft()])
    researcher = make.researcher(claim.newsroom)
    evidence = claim.evidence.first()
    researching.judge(evidence, by=researcher, stance="disagrees")
    researching.protect(evidence, by=researcher, reason="A witness.")
    job = worked(ArchiveJob.objects.get())

    assert (job.outcome, archive.log) == ("off", [])
    with pytest.raises(RuleBroken, match="protected"):
        preserving.save(Evidence.objects.get(pk=evidence.pk), by=researcher)


def test_a_switched_off_policy_opens_no_job_and_closes_open_ones(archive):
    assert not ArchiveJob.objects.filter(newsroom=published(room=make.newsroom(archive_policy="off"))[0].newsroom)
    claim, _ = published()
    job = worked(job_of(claim, archive_policy="off"))
    assert (job.outcome, archive.log) == ("off", [])


def test_a_person_may_ask_for_one_page_to_be_saved(archive):
    claim, document = published()
    lists(archive)
    saves(archive, {"url": document.url, "job_id": "spn2-y"})
    job = worked(job_of(claim))
    assert job.outcome == "not_found"
    preserving.save(claim.evidence.first(), by=make.researcher(claim.newsroom))
    assert worked(job).outcome == "pending"
    other, _ = published(room=make.newsroom(archive_policy="look"))
    with pytest.raises(RuleBroken, match="no pages are saved"):
        preserving.save(other.evidence.first(), by=make.researcher(other.newsroom))


def test_a_job_whose_message_was_lost_is_swept(django_capture_on_commit_callbacks):
    published()
    ArchiveJob.objects.update(next_attempt_at=timezone.now() - dt.timedelta(hours=1))
    assert upkeep.sweep()["ArchiveJob"] == 1
    assert json.dumps(upkeep.sweep())
