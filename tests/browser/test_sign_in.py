"""The second factor and the sessions, in a browser: at the desk and on a phone, in German too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests import make
from tests.admin.test_sign_in import code_of
from tests.browser.conftest import PASSWORD, Sit

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_editor_sets_the_second_factor_up_and_signs_in_with_it(sit: Sit):
    user = make.editor(make.newsroom(second_factor="publishing"))
    desk = sit()
    page = desk.page
    page.goto(f"{desk.address}/admin/login/")
    page.fill("#id_username", user.get_username())
    page.fill("#id_password", PASSWORD)
    page.click("#login-form button[type=submit]")
    expect(page.get_by_text("Your newsroom asks for a second factor.")).to_be_visible()
    square = page.get_by_role("img", name="QR code with the secret").locator("svg").bounding_box()
    assert square
    assert square["width"] > 200
    desk.picture("second-factor.png", documented=True)

    page.get_by_role("textbox", name="Code").fill(code_of(user, seconds=-30))
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_text("Your recovery codes, shown this once")).to_be_visible()
    recovery = page.locator(".d-codes code").first.inner_text()
    expect(page.get_by_text("this one")).to_have_count(1)

    phone = sit(viewport={"width": 390, "height": 844}, locale="de-DE")
    page = phone.page
    page.goto(f"{phone.address}/admin/login/")
    page.fill("#id_username", user.get_username())
    page.fill("#id_password", PASSWORD)
    page.click("#login-form button[type=submit]")
    page.get_by_role("textbox", name="Code").fill(recovery)
    phone.picture("code-phone.png")
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url("**/admin/")
    phone.open("/admin/account/")
    expect(page.get_by_text("9 Notfallcodes übrig.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    phone.picture("account-phone.png", full_page=True)
    page.get_by_role("button", name="Überall sonst abmelden").click()
    expect(page.get_by_text("Sie sind überall sonst abgemeldet.")).to_be_visible()
    desk.page.reload()
    expect(desk.page).to_have_url(re.compile("/admin/login/"))


def test_an_account_that_locks_says_so(sit: Sit):
    user = make.editor(make.newsroom())
    desk = sit()
    for _ in range(5):
        desk.page.goto(f"{desk.address}/admin/login/")
        desk.page.fill("#id_username", user.get_username())
        desk.page.fill("#id_password", "not my password")
        desk.page.click("#login-form button[type=submit]")
    expect(desk.page.get_by_text("Too many failed attempts")).to_be_visible()
    desk.picture("locked.png")
    desk.complaints.clear()  # the browser notes the answer 429
