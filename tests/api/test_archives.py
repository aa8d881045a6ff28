"""The public copy of a cited page, as programs see it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from claims.models import ArchiveJob
from claims.operations import preserving
from claims.roles import Role
from tests import make
from tests.admin.pages import words

pytestmark = pytest.mark.django_db


def job_taken(claim):
    job = ArchiveJob.objects.select_related("newsroom", "document").take(
        ArchiveJob.objects.filter(newsroom=claim.newsroom).get().pk
    )
    assert job is not None
    return job


def test_the_job_stands_with_the_document_and_with_the_evidence(client):
    claim = make.claim_published(drafts=[make.draft()])
    client.force_login(make.reviewer(claim.newsroom))
    at = f"/api/v1/documents/{claim.evidence.first().document_id}/"
    assert client.get(at).json()["archive"]["state"] == "waiting"

    job = job_taken(claim)
    preserving.record_copy(
        job, "found", address="https://web.archive.org/web/20240402000000/https://courier.example/",
        captured_at=timezone.now(), quotes_stand=True, reason="",
    )  # fmt: skip
    archive = client.get(at).json()["archive"]
    assert set(archive) == {"state", "url", "captured_at", "quotes_stand", "reason", "tries", "next_try"}
    assert (archive["state"], archive["next_try"], archive["quotes_stand"]) == ("found", None, True)
    rows = client.get(f"/api/v1/claims/{claim.pk}/evidence/").json()["results"]
    assert rows[0]["source"]["archive"] == archive


def test_the_evidence_of_a_claim_asks_for_all_jobs_at_once(client, django_assert_max_num_queries):
    claim = make.claim_published(drafts=[make.draft() for _ in range(6)])
    client.force_login(make.reviewer(claim.newsroom))
    with django_assert_max_num_queries(14):
        client.get(f"/api/v1/claims/{claim.pk}/evidence/")


def test_another_newsrooms_job_is_not_told(client):
    claim = make.claim_published(drafts=[make.draft()])
    preserving.record_none(job_taken(claim), "refused", reason="The Wayback Machine does not show this site.")
    client.force_login(make.reviewer(make.newsroom()))
    assert client.get(f"/api/v1/documents/{claim.evidence.first().document_id}/").json()["archive"] is None


def test_the_desk_decides_what_is_saved_and_reads_it_in_german(client):
    claim = make.claim_published(drafts=[make.draft()])
    admin = make.member(claim.newsroom, Role.ADMIN, Role.EDITOR)
    client.force_login(admin)
    page = client.get(f"/admin/claims/newsroom/{claim.newsroom_id}/change/").content.decode()
    assert 'name="archive_policy"' in page
    client.cookies["django_language"] = "de"
    preserving.record_none(job_taken(claim), "not_found", reason="Nobody has asked to save one.")
    text = words(client.get(f"/admin/claims/claim/{claim.pk}/change/"))
    assert "keine Kopie gefunden" in text
    assert "Niemand hat gewünscht" in text
    assert "Öffentliche Kopie sichern" in text


def test_a_program_has_a_copy_looked_for_or_saved_where_the_settings_allow_it(client, settings):
    settings.WAYBACK_KEY, settings.FETCH_CONTACT = "access:secret", "desk@courier.example"
    claim = make.claim_published(drafts=[make.draft()])
    preserving.record_none(job_taken(claim), "not_found", reason="No copy.")
    client.force_login(make.researcher(claim.newsroom))
    at = f"/api/v1/claims/{claim.pk}/evidence/{claim.evidence.first().pk}/copy/"

    def ask(wanted):
        return client.post(at, {"wanted": wanted}, content_type="application/json")

    answer = ask("save")
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    assert ArchiveJob.objects.get(newsroom=claim.newsroom).save_wanted_by is not None
    assert ask("look").status_code == 202
    assert ask("keep").status_code == 400

    type(claim.newsroom).objects.filter(pk=claim.newsroom_id).update(archive_policy="look")
    refused = ask("save")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "not_saved")
    client.force_login(make.member(claim.newsroom, Role.AUDITOR))
    assert ask("look").status_code == 403
