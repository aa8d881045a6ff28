"""The panel of earlier checks: what it says of each, of disagreement and of none, and whom it tells."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims import earlier
from claims.models import Claim, EarlierCheck, Evidence
from claims.operations import publishing, remembering
from claims.operations.remembering import CheckDraft
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import bench, do, words

pytestmark = pytest.mark.django_db
TREES = "Eulenburg planted 1,250 trees in March 2024."


@pytest.fixture(autouse=True)
def fresh_statistics() -> None:
    earlier.forget_statistics()


def remember(text: str = TREES, *, newsroom=None, **fields) -> EarlierCheck:
    given = {"language": "en", "publisher": "Checkers", "rating": "Pants on fire", "url": "https://checks.example/1"}
    given = {"identifier": f"https://checks.example/{text}", **given, **fields}
    remembering.remember([CheckDraft(claim_text=text, **given)], newsroom=newsroom)
    return EarlierCheck.objects.latest("pk")


def panel(claim: Claim, part: str = "?part=1") -> str:
    return reverse("admin:claims_claim_earlier", args=[claim.pk]) + part


def test_the_workbench_says_where_the_earlier_checks_come_from_and_works_without_scripts(signed_in: SignIn):
    claim = make.claim_submitted(text=TREES)
    remember()
    client = signed_in(make.reviewer(claim.newsroom))
    html = client.get(bench(claim)).content.decode()
    assert f'data-fetch="{panel(claim)}"' in html
    assert f'href="{panel(claim, "")}"' in html
    assert "Pants on fire" in words(client.get(panel(claim, "")))


def test_the_same_claim_is_called_so_and_another_number_is_named_on_both_sides(signed_in: SignIn):
    claim = make.claim_submitted(text=TREES)
    remember()
    remember("Eulenburg planted 3,000 trees in March 2024.")
    page = signed_in(make.reviewer(claim.newsroom)).get(panel(claim))
    text = words(page)
    assert "same claim" in text
    assert "another number: 1,250 against 3,000" in text
    assert '<mark class="d-shared"' in page.content.decode()


def test_a_hostile_check_is_shown_as_text(signed_in: SignIn):
    claim = make.claim_submitted(text=TREES)
    bad = "<script>alert(1)</script>"
    remember(f"{bad} {TREES}", publisher=bad, rating=bad, url="javascript:alert(1)")
    html = signed_in(make.reviewer(claim.newsroom)).get(panel(claim)).content.decode()
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert 'href="javascript' not in html


def test_none_found_says_among_how_many(signed_in: SignIn):
    claim = make.claim_submitted(text=TREES)
    client = signed_in(make.reviewer(claim.newsroom))
    assert "No earlier checks are stored yet" in words(client.get(panel(claim)))
    remember("Lake Orra lost a third of its water.")
    assert "No earlier check found among 1." in words(client.get(panel(claim)))


def test_another_newsrooms_own_check_is_not_shown_and_not_cited(signed_in: SignIn):
    claim = make.claim_in_review(text=TREES)
    check = remember(newsroom=make.newsroom())
    client = signed_in(make.researcher(claim.newsroom))
    assert "Pants on fire" not in words(client.get(panel(claim)))
    assert do(client, claim, "cite", check=check.pk, step=claim.step).status_code == 400
    assert not Evidence.objects.filter(document__source="earlier-checks").exists()


def test_strangers_find_no_panel(signed_in: SignIn):
    claim = make.claim_submitted(text=TREES)
    assert signed_in(make.reviewer(make.newsroom())).get(panel(claim)).status_code == 404


def test_ratings_of_the_same_claim_that_disagree_are_said_plainly(signed_in: SignIn):
    claim = make.claim_submitted(text=TREES)
    remember(publisher="One", rating="Wrong", shared="false")
    remember(identifier="other", publisher="Two", rating="Right", shared="true")
    text = words(signed_in(make.reviewer(claim.newsroom)).get(panel(claim)))
    assert "The same claim was rated differently:" in text
    assert "One: Wrong (false)" in text


def test_an_own_publication_is_a_precedent_for_the_next_claim_but_not_for_itself(signed_in: SignIn):
    published = make.claim_published(text=TREES)
    room = published.newsroom
    again = make.claim_submitted(room, text="The town of Eulenburg planted 1,250 trees in March 2024.")
    client = signed_in(make.reviewer(room))
    assert "own precedent" in words(client.get(panel(again)))
    assert "own precedent" not in words(client.get(panel(published)))
    publishing.withdraw(published, by=make.person(room, "desk_lead"), reason="Wrong source.")
    assert "own precedent" not in words(client.get(panel(again)))


def test_an_earlier_check_is_cited_once_with_its_address_and_rating(signed_in: SignIn):
    claim = make.claim_in_review(text=TREES)
    check = remember()
    client = signed_in(make.researcher(claim.newsroom))
    assert do(client, claim, "cite", check=check.pk, step=claim.step, note="Same wording.").status_code == 302
    evidence = Evidence.objects.get(document__url=check.url)
    assert evidence.quote == f"{TREES}\nCheckers: Pants on fire"
    assert do(client, claim, "cite", check=check.pk, step=claim.step).status_code == 422


def test_more_checks_take_no_more_queries(signed_in: SignIn):
    claim = make.claim_in_review(text=TREES)
    client = signed_in(make.researcher(claim.newsroom))
    counts = []
    for amount in (1, 6):
        for number in range(amount):
            remember(identifier=f"check {number}")
        client.get(panel(claim))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(panel(claim))
        counts.append(len(queries))
    assert counts[0] == counts[1]
