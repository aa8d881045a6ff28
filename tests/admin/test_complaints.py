"""The complaint register at the desk."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.models import Complaint
from claims.operations import complaining, publishing
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import words

pytestmark = pytest.mark.django_db
LIST = "/admin/claims/complaint/"


def page_of(complaint: Complaint) -> str:
    return reverse("admin:claims_complaint_change", args=[complaint.pk])


def press(client: object, complaint: Complaint, name: str, **given: object) -> object:
    return client.post(reverse("admin:claims_complaint_do", args=[complaint.pk, name]), given, follow=True)


def test_a_complaint_by_letter_is_put_into_the_register_and_answered(signed_in: SignIn):
    publication = make.publication()
    client = signed_in(make.editor(publication.newsroom))
    given = {"publication": f"#{publication.claim_id}", "text": "By letter: 901.", "contact": "Petra, Eulenburg"}
    page = client.post(f"{LIST}add/", given, follow=True)
    made = Complaint.objects.get()
    assert made.door == "desk"
    assert "Petra, Eulenburg" in words(page)
    press(client, made, "acknowledge")
    press(client, made, "take")
    refused = press(client, made, "answer", outcome="upheld", answer="You are right.")
    assert "Correct or withdraw the check first" in words(refused)
    assert "You are right." in refused.content.decode()
    editor = make.editor(publication.newsroom)
    correction = publishing.correct(publication, by=editor, kind="correction", notice="Now 901.")
    done = press(client, made, "answer", outcome="upheld", answer="You are right.", correction=correction.pk)
    assert "Now 901." in words(done)
    assert "in review" in words(press(client, made, "resume", reason="Another look.")).lower()


def test_the_overdue_stand_first_and_the_filter_finds_them(signed_in: SignIn):
    publication = make.publication()
    editor = make.editor(publication.newsroom)
    complaining.receive(publication, by=None, text="Fresh one", door="page")
    long_ago = timezone.now() - dt.timedelta(days=60)
    complaining.receive(publication, by=None, text="Old one", door="page", received_at=long_ago)
    client = signed_in(editor)
    text = words(client.get(LIST))
    assert text.index("Old one") < text.index("Fresh one")
    late = words(client.get(f"{LIST}?state=overdue"))
    assert "Old one" in late
    assert "Fresh one" not in late


def test_an_auditor_reads_the_register_without_contacts_and_changes_nothing(signed_in: SignIn):
    publication = make.publication()
    made = complaining.receive(publication, by=None, text="Wrong.", door="page", contact="p@x.example")
    client = signed_in(make.member(publication.newsroom, Role.AUDITOR))
    page = client.get(page_of(made))
    assert "Wrong." in words(page)
    assert "p@x.example" not in page.content.decode()
    press(client, made, "take")
    made.refresh_from_db()
    assert made.state == "received"


def test_a_stranger_finds_no_complaint(signed_in: SignIn):
    made = complaining.receive(make.publication(), by=None, text="Zwiebel", door="page")
    client = signed_in(make.editor(make.newsroom()))
    assert client.get(page_of(made)).status_code == 404
    assert press(client, made, "take").status_code == 404
    assert "Zwiebel" not in words(client.get(LIST))


def test_hostile_text_is_shown_as_text_in_german(signed_in: SignIn):
    publication = make.publication()
    made = complaining.receive(publication, by=None, text="<img src=x onerror=alert(1)>", door="page")
    client = signed_in(make.editor(publication.newsroom))
    client.cookies["django_language"] = "de"
    page = client.get(page_of(made))
    assert "<img src=x" not in page.content.decode()
    assert "Eingegangen" in words(page)
    assert "Antwort bis" in words(page)
