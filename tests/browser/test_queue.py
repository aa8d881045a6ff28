"""The queue and the team in a browser: a late claim, a saved view, an absence; at the desk, on a phone, in German."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from claims.models import Membership
from claims.operations import arranging, reviewing, rostering, triaging
from claims.roles import Role
from tests import make
from tests.browser import world
from tests.browser.conftest import Sit

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def _fits(page: Page) -> None:
    wide, there = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= there, f"{page.url} is {wide} wide on a screen of {there}"


def test_late_claims_saved_views_and_absences_fit_desk_phone_and_german(sit: Sit):
    room = world.newsroom()
    dora, ralf = (
        world.somebody(room, "Dora", "Vogt", Role.DESK_LEAD),
        world.somebody(room, "Ralf", "Brandt", Role.REVIEWER),
    )
    now = timezone.now()
    late, soon = make.claim_submitted(room), make.claim_submitted(room)
    for claim, hours, topic in ((late, -50, "city trees"), (soon, 5, "forestry")):
        triaging.triage(claim, by=dora, topic=topic, severity=2, due_at=now + dt.timedelta(hours=hours, minutes=1))
    reviewing.assign(late, to=ralf, by=dora)
    arranging.keep(room, by=dora, name="Trees", address="tab=all&topic=city+trees", shared=True)
    given = {"languages": ["de", "en"], "topics": ["trees"], "capacity": 4}
    rostering.tell(
        Membership.objects.get(user=ralf),
        by=ralf,
        away_from=now.date(),
        away_until=now.date() + dt.timedelta(9),
        **given,
    )

    desk, phone, german = sit(dora), sit(dora, **PHONE), sit(dora, locale="de-DE")
    for name, path in {"late": "/admin/claims/claim/?tab=all", "team": "/admin/team/"}.items():
        for one, where in ((desk, "desk"), (phone, "phone"), (german, "german")):
            _fits(one.open(path))
            one.picture(f"{where}-{name}.png", full_page=True)
    page = desk.open("/admin/claims/claim/?tab=late")
    expect(page.locator(".d-row .d-hot")).to_contain_text("late by 2 days")
    page.locator(".d-chip", has_text="Trees").click()
    expect(page.locator(".d-row")).to_have_count(1)
    page.get_by_text("Save this view").click()
    page.locator("#view-name").fill("City trees")
    desk.picture("save-view.png")
    page.get_by_role("button", name="Save the view").click()
    expect(page.locator(".d-chip", has_text="City trees")).to_have_attribute("aria-current", "page")

    page = desk.open("/admin/team/")
    page.get_by_role("button", name="Return to the queue").click()
    expect(page.get_by_text("Free for everybody: 1.")).to_be_visible()
