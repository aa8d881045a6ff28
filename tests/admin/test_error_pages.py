"""What a person reads when a page is refused, gone or broken: what it was, and where to go from here."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation
from django.views.defaults import server_error

from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import words

pytestmark = pytest.mark.django_db


def test_a_page_for_other_roles_says_who_gives_them_and_leads_back_to_the_desk(signed_in: SignIn):
    page = signed_in(make.member(make.newsroom(), Role.REVIEWER, name="rita")).get("/admin/keys/")
    assert page.status_code == 403
    assert "You are signed in as rita. Whoever administers your newsroom gives roles under People" in words(page)
    assert 'href="/admin/"' in page.content.decode()


def test_an_address_with_nothing_leads_the_desk_to_the_desk_and_readers_to_the_checks(signed_in: SignIn):
    desk = signed_in(make.reviewer(make.newsroom())).get("/admin/claims/claim/987654/change/")
    public = Client().get("/checks/nothing-here/")
    assert (desk.status_code, public.status_code) == (404, 404)
    assert "another newsroom" in words(desk)
    assert 'href="/admin/"' in desk.content.decode()
    assert "another newsroom" not in words(public)
    assert "/admin/" not in public.content.decode()


def test_a_form_of_an_earlier_sign_in_says_that_nothing_was_saved():
    page = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "a", "password": "b"})
    assert page.status_code == 403
    assert "Nothing was saved" in words(page)


def test_a_page_that_broke_speaks_the_language_of_the_reader(rf):
    with translation.override("de"):
        page = server_error(rf.get("/admin/"))
    assert page.status_code == 500
    assert "Hier ist etwas kaputtgegangen" in words(page)
