"""A real Chromium against real servers: the desk as people use it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from claims.models import User

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PASSWORD = "correct horse battery"
PICTURES = os.environ.get("FACTCHECK_SCREENSHOTS")  # a folder, to renew the pictures of the documentation
EVERY_PICTURE = os.environ.get("FACTCHECK_SCREENSHOTS_ALL")  # of the phone, in German and in the dark too

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs its loop in the thread of the test


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Closed when the tests of other folders begin: its loop would stand in the way of those that run one."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=os.environ["FACTCHECK_CHROMIUM"], args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """No collectstatic in tests: files are served from where they lie."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


class Desk:
    """One person at one browser. Notes whatever goes wrong on a page, and every request that leaves the house."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address = context, address
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        self.page.on("request", self._stays_at_home)

    def _stays_at_home(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"asked an outside host: {request.url}")

    def sign_in(self, user: User) -> Desk:
        """As the form would have; the form itself is walked in test_sign_in.py."""
        client = Client()
        client.force_login(user)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.address}])
        return self

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def picture(self, name: str, *, documented: bool = False, **options: Any) -> None:
        """Renew a picture of the documentation, when that was asked for."""
        if PICTURES and (documented or EVERY_PICTURE):
            self.page.wait_for_load_state("networkidle")
            self.page.screenshot(path=str(Path(PICTURES) / name), **options)


Sit = Callable[..., Desk]


@pytest.fixture
def sit(browser: Browser, live_server: Any) -> Iterator[Sit]:
    """Sit a person down at a browser of their own; at the end nothing may have gone wrong on any page."""
    desks: list[Desk] = []

    def sit_down(user: User | None = None, **options: Any) -> Desk:
        given = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", "reduced_motion": "reduce", **options}
        desk = Desk(browser.new_context(**given), live_server.url)
        desks.append(desk)
        return desk.sign_in(user) if user else desk

    yield sit_down
    for desk in desks:
        desk.context.close()
    assert [complaint for desk in desks for complaint in desk.complaints] == []
