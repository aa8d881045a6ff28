"""The admin's frame: its policy, its navigation, stuck work, the ledger, the overview."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from claims.models import Consultation, Job, Lookup, Schedule
from claims.operations import gathering, scheduling
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import words

pytestmark = pytest.mark.django_db


def test_only_the_admin_may_run_what_alpine_needs(client):
    admin, public = client.get("/admin/login/"), client.get("/healthz/")
    assert "'unsafe-eval'" in admin.headers["Content-Security-Policy"]
    assert "unsafe" not in public.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in admin.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("role", "there", "not_there"),
    [
        (Role.REVIEWER, {"Queue", "Articles"}, {"People", "Ledger", "Accounts", "Periodic tasks"}),
        (Role.ADMIN, {"People", "Ledger", "Settings"}, {"Accounts", "Periodic tasks"}),
        (Role.AUDITOR, {"Ledger"}, {"People", "Settings"}),
    ],
)
def test_the_navigation_holds_what_a_role_may_open(signed_in: SignIn, role: str, there: set[str], not_there: set[str]):
    html = signed_in(make.member(make.newsroom(), role)).get("/admin/").content.decode()
    shown = {word for word in there | not_there if f"<span>{word}</span>" in html}
    assert shown == there


def test_stuck_work_names_its_reason_and_is_tried_again(signed_in: SignIn):
    claim = make.claim_gathering()
    gathering.abandon(make.lookup_taken(claim), reason="The archive is on fire.")
    client = signed_in(make.researcher(claim.newsroom))
    assert "The archive is on fire." in words(client.get("/admin/stuck/"))

    page = client.post(f"/admin/stuck/lookup/{claim.lookups.get().pk}/", follow=True)

    assert "Nothing is stuck" in words(page)
    assert Lookup.objects.get().state == "open"


def test_everything_stuck_of_one_kind_is_tried_again_at_once_in_ones_own_newsroom_only(signed_in: SignIn):
    room = make.newsroom()
    claims = [make.claim_gathering(room), make.claim_gathering(room), make.claim_gathering()]
    for claim in claims:
        gathering.abandon(make.lookup_taken(claim), reason="The archive is on fire.")
    page = signed_in(make.researcher(room)).post("/admin/stuck/lookup/all/", follow=True)
    assert "2 are being tried again." in words(page)
    assert [claim.lookups.get().state for claim in claims] == ["open", "open", "dead"]
    assert signed_in(make.researcher(room)).post("/admin/stuck/nothing/all/").status_code == 404


@pytest.mark.parametrize(
    ("page", "told"),
    [("policy", "holds for every claim"), ("publication", "on its workbench"), ("alias", "the machine knows them")],
)
def test_an_empty_list_says_what_would_stand_in_it(signed_in: SignIn, page: str, told: str):
    client = signed_in(make.member(make.newsroom(), Role.ADMIN, Role.DESK_LEAD))
    assert told in words(client.get(f"/admin/claims/{page}/"))
    assert told not in words(client.get(f"/admin/claims/{page}/?q=trees"))


def test_a_verdict_that_was_not_published_at_its_time_is_stuck_work_and_tried_again(signed_in: SignIn):
    claim = make.claim_decided()
    editor = make.editor(claim.newsroom)
    made = scheduling.plan(claim, by=editor, publish_at=timezone.now() + dt.timedelta(hours=1))
    earlier = timezone.now() - dt.timedelta(seconds=1)
    Schedule.objects.filter(pk=made.pk).update(next_attempt_at=earlier, publish_at=earlier)
    held = Schedule.objects.take(made.pk)
    assert held is not None
    Schedule.objects.bury(held, error="The printer is on fire.")
    researcher = signed_in(make.researcher(claim.newsroom))
    assert "The printer is on fire." in words(researcher.get("/admin/stuck/"))
    researcher.post(f"/admin/stuck/schedule/{made.pk}/")
    assert Schedule.objects.get().state == "dead"  # who may not publish does not try it again

    page = signed_in(editor).post(f"/admin/stuck/schedule/{made.pk}/", follow=True)

    assert "Nothing is stuck" in words(page)
    due = Schedule.objects.take(made.pk)
    assert due is not None
    assert scheduling.run(due)


def test_a_model_that_could_not_be_asked_is_stuck_work_and_asked_again(signed_in: SignIn, settings):
    settings.MODEL_CHAT_URL, settings.MODEL_CHAT_NAME = "http://127.0.0.1:9/v1", "small-1"
    claim = make.claim_in_review(make.newsroom(ask_models=True))
    made = Consultation.objects.get(claim=claim, job=Job.STANCE)
    held = Consultation.objects.take(made.pk)
    assert held is not None
    Consultation.objects.bury(held, error="Its worker was lost at every try.")
    client = signed_in(make.researcher(claim.newsroom))
    assert "stance of passages" in words(client.get("/admin/stuck/"))

    page = client.post(f"/admin/stuck/consultation/{made.pk}/", follow=True)

    assert "Nothing is stuck" in words(page)
    assert Consultation.objects.get(pk=made.pk).state == "open"


def test_the_ledger_is_read_by_those_who_audit_and_by_nobody_else(signed_in: SignIn):
    claim = make.claim_in_review()
    entry = claim.newsroom.ledger.first()
    auditor = signed_in(make.member(claim.newsroom, Role.AUDITOR))
    assert "Handed in" in words(auditor.get("/admin/claims/ledgerentry/"))
    assert entry.hash in auditor.get(f"/admin/claims/ledgerentry/{entry.pk}/change/").content.decode()
    assert auditor.post(f"/admin/claims/ledgerentry/{entry.pk}/change/", {"kind": "x"}).status_code == 403
    assert auditor.get("/admin/claims/ledgerentry/add/").status_code == 403
    assert auditor.get(f"/admin/claims/ledgerentry/{entry.pk}/delete/").status_code == 403
    assert signed_in(make.reviewer(claim.newsroom)).get("/admin/claims/ledgerentry/").status_code == 403


def test_the_overview_tells_what_waits_and_what_was_decided(signed_in: SignIn):
    claim = make.claim_published()
    text = words(signed_in(make.editor(claim.newsroom)).get("/admin/"))
    assert "Volume per day" in text
    assert "False" in text
    assert "folder" in text


def test_the_overview_of_an_empty_newsroom_says_so(signed_in: SignIn):
    text = words(signed_in(make.member(make.newsroom(), Role.DESK_LEAD)).get("/admin/"))
    assert "No verdict was approved in this period." in text
    assert "Nothing is late." in text


def test_the_language_a_person_chooses_stays(signed_in: SignIn):
    user = make.member(make.newsroom(), Role.REVIEWER)
    client = signed_in(user)
    client.post("/admin/language/", {"language": "de"})
    user.refresh_from_db()
    assert user.language == "de"
    assert 'lang="de"' in client.get("/admin/").content.decode()


def test_a_language_switch_leads_back_to_our_own_pages_only(signed_in: SignIn):
    client = signed_in(make.member(make.newsroom(), Role.REVIEWER))
    page = client.post("/admin/language/", {"language": "de", "next": "https://elsewhere.example/"})
    assert page["Location"] == "/admin/"


@pytest.mark.parametrize(
    "address",
    [
        "claim",
        "article",
        "publication",
        "complaint",
        "document",
        "rating",
        "publisher",
        "newsroom",
        "ledgerentry",
        "membership",
    ],
)
def test_every_list_opens_searches_and_filters(signed_in: SignIn, address: str):
    claim = make.claim_published()
    client = signed_in(make.member(claim.newsroom, Role.DESK_LEAD, Role.ADMIN))
    assert client.get(f"/admin/claims/{address}/").status_code == 200
    assert client.get(f"/admin/claims/{address}/", {"q": "1"}).status_code == 200
