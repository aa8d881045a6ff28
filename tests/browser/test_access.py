"""WCAG 2.2 AA as far as axe can tell, on every page of the desk, light and dark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from claims.roles import Role
from tests import make
from tests.browser.conftest import Desk, Sit

axe = pytest.importorskip("axe_playwright_python", reason="needs the package axe-playwright-python")

pytestmark = pytest.mark.django_db(transaction=True)
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def _faults(desk: Desk, path: str) -> list[str]:
    page = desk.open(path)
    page.evaluate((Path(axe.__file__).parent / "axe.min.js").read_text())
    found: list[dict[str, Any]] = page.evaluate(
        "levels => axe.run(document, {runOnly: levels}).then(result => result.violations)", LEVELS
    )
    return [
        f"{path} {fault['id']}: {node['target']} {node['html'][:160]}" for fault in found for node in fault["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_hold_what_axe_can_check(sit: Sit, scheme: str):
    claim = make.claim_in_review()
    room = claim.newsroom
    approval, published = make.claim_in_approval(room), make.claim_published(room)
    article = make.article_read(room)
    document = claim.evidence.all()[0].document_id
    desk = sit(make.member(room, Role.DESK_LEAD, Role.ADMIN), color_scheme=scheme)
    faults = [
        fault
        for path in (
            "/admin/",
            "/admin/claims/claim/?tab=all",
            "/admin/claims/claim/?tab=mine",
            f"/admin/claims/claim/{claim.pk}/change/",
            f"/admin/claims/claim/{approval.pk}/change/",
            f"/admin/claims/claim/{published.pk}/change/",
            f"/admin/claims/article/{article.pk}/change/",
            f"/admin/claims/document/{document}/change/?claim={claim.pk}",
            f"/admin/claims/publication/{published.publications.get().pk}/change/",
            "/admin/claims/article/add/",
            "/admin/claims/membership/add/",
            "/admin/stuck/",
            "/admin/account/notices/",
            "/admin/chats/new/",
            "/admin/team/",
        )
        for fault in _faults(desk, path)
    ]
    assert not faults, "\n".join(faults)
