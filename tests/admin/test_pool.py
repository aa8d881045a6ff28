"""The pool in the desk: read it, search it, take over, co-sign, take one's name back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims import earlier, pool
from claims.models import Claim, CoSignature, Newsroom, Publication
from claims.operations import publishing
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import words

pytestmark = pytest.mark.django_db
POOL = "/admin/pool/"


@pytest.fixture
def check() -> Publication:
    return make.publication(make.newsroom(shares_published=True, shares_open_claims=True))


@pytest.fixture
def room() -> Newsroom:
    return make.newsroom()


def sign(client: Client, check: Publication, **given: object) -> object:
    return client.post(f"{POOL}sign/{check.pk}/", {"content": pool.content_hash(check), **given})


def test_an_editor_reads_the_pool_and_finds_by_words(signed_in: SignIn, check: Publication, room: Newsroom) -> None:
    claim = make.claim_gathering(check.newsroom, text="Adlerstadt closed 12 libraries in 2023.")
    client = signed_in(make.editor(room))

    checks, claims = words(client.get(POOL)), words(client.get(f"{POOL}?view=claims"))

    assert check.content["headline"] in checks
    assert check.newsroom.name in checks
    assert claim.text in claims
    assert check.content["headline"] in words(client.get(f"{POOL}?q=eulenburg"))
    assert "Nothing in the pool has these words." in words(client.get(f"{POOL}?q=libraries"))
    assert "Nothing in the pool has these words." in words(client.get(f"{POOL}?view=claims&q=trees"))
    for odd in ("?view=x", "?page=x", "?page=-1", "?q=%00", "?view=signed&q=x"):
        assert client.get(POOL + odd).status_code == 200
    assert client.get(f"{POOL}sign/{check.pk}/").status_code == 302
    assert client.post(f"{POOL}burn/{check.pk}/").status_code == 404


def test_more_rows_ask_the_database_no_more_often(
    signed_in: SignIn, check: Publication, room: Newsroom, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        make.publication(check.newsroom)
    client = signed_in(make.editor(room))
    client.get(POOL)

    with django_assert_max_num_queries(20):
        page = words(client.get(POOL))

    assert page.count("Take over") >= 4


def test_a_newsroom_that_does_not_share_shows_nothing_here(signed_in: SignIn, room: Newsroom) -> None:
    check, claim = make.publication(), make.claim_gathering()
    client = signed_in(make.editor(room))

    for view in ("checks", "claims"):
        assert "No other newsroom of this installation shares" in words(client.get(f"{POOL}?view={view}"))
    assert client.post(f"{POOL}take-check/{check.pk}/", {"newsroom": room.pk}).status_code == 404
    assert client.post(f"{POOL}take-claim/{claim.pk}/", {"newsroom": room.pk}).status_code == 404
    assert getattr(sign(client, check, rating=make.rating(room).pk), "status_code") == 404  # noqa: B009


def test_taking_over_puts_it_into_the_queue(signed_in: SignIn, check: Publication, room: Newsroom) -> None:
    theirs = make.claim_gathering(check.newsroom)
    client = signed_in(make.researcher(room))

    for address in (f"take-check/{check.pk}/", f"take-claim/{theirs.pk}/"):
        done = client.post(POOL + address, {"newsroom": room.pk}, follow=True)
        assert "It is in your queue now." in words(done)
        assert f"Taken over from {check.newsroom.name}" in words(done)
    assert Claim.objects.filter(newsroom=room).count() == 2
    elsewhere = make.newsroom()
    assert client.post(f"{POOL}take-check/{check.pk}/", {"newsroom": elsewhere.pk}).status_code == 422
    assert not Claim.objects.filter(newsroom=elsewhere).exists()


def test_an_editor_co_signs_and_takes_the_name_back(signed_in: SignIn, check: Publication, room: Newsroom) -> None:
    client = signed_in(make.editor(room))
    sign(client, check, rating=make.rating(room, "mixed").pk, note="We agree in part.")
    made = CoSignature.objects.get()

    assert "We agree in part." in words(client.get(f"{POOL}?view=signed"))
    publisher = signed_in(make.editor(check.newsroom))
    assert room.name in words(publisher.get(f"/admin/claims/publication/{check.pk}/change/"))
    assert f"Co-signed by {room.name}" in words(publisher.get(f"/admin/claims/claim/{check.claim_id}/change/"))
    client = signed_in(make.editor(room))
    assert client.post(f"{POOL}revoke/{made.pk}/", {"reason": ""}).status_code == 422
    client.post(f"{POOL}revoke/{made.pk}/", {"reason": "Counted anew."})
    assert "Revoked" in words(client.get(f"{POOL}?view=signed"))
    assert "Counted anew." in words(client.get(f"{POOL}?view=signed"))


def test_a_refusal_stands_beside_the_form_with_what_was_typed(
    signed_in: SignIn, check: Publication, room: Newsroom
) -> None:
    client = signed_in(make.editor(room))
    client.cookies["django_language"] = "de"
    read = pool.content_hash(check)
    publishing.correct(
        check, by=make.editor(check.newsroom), kind="correction", notice="N", field="headline", after="Fewer trees"
    )

    page = client.post(
        f"{POOL}sign/{check.pk}/", {"content": read, "rating": make.rating(room).pk, "note": "We agree in part."}
    )

    assert page.status_code == 422
    assert "Die Prüfung wurde geändert, seit Sie sie geöffnet haben." in words(page)
    assert "We agree in part." in words(page)
    assert not CoSignature.objects.exists()


def test_who_may_not_publish_gets_no_form_and_no_way_round(
    signed_in: SignIn, check: Publication, room: Newsroom
) -> None:
    client = signed_in(make.reviewer(room))

    assert f"{POOL}sign/" not in client.get(POOL).content.decode()
    sign(client, check, rating=make.rating(room).pk)

    assert not CoSignature.objects.exists()


def test_an_admin_switches_sharing_on_in_the_settings(signed_in: SignIn, room: Newsroom) -> None:
    client = signed_in(make.member(room, Role.ADMIN))

    assert "no published checks, no open claims" in words(client.get(POOL))
    page = client.get(f"/admin/claims/newsroom/{room.pk}/change/").content.decode()
    assert 'name="shares_published"' in page
    assert 'name="shares_open_claims"' in page


def test_the_workbench_offers_checks_of_the_pool_that_fit_the_claim(
    signed_in: SignIn, check: Publication, room: Newsroom
) -> None:
    earlier.forget_statistics()
    text = check.content["claim"]
    claim = make.claim_submitted(room, text=f"{text} It is said.")
    other = make.claim_submitted(room, text="Adlerstadt closed 12 libraries in 2023.")
    client = signed_in(make.editor(room))

    def panel(of: Claim) -> str:
        return client.get(reverse("admin:claims_claim_earlier", args=[of.pk]) + "?part=1").content.decode()

    shown = panel(claim)
    assert "Checked by another newsroom" in shown and check.content["headline"] in shown
    assert f"{POOL}sign/{check.pk}/" in shown and f"{POOL}take-check/{check.pk}/" in shown
    assert "Checked by another newsroom" not in panel(other)
    client.post(f"{POOL}take-check/{check.pk}/", {"newsroom": room.pk})
    taken = Claim.objects.get(newsroom=room, takeover__origin_number=check.pk)
    assert f"take-check/{check.pk}/" not in panel(claim)
    assert reverse("admin:claims_claim_change", args=[taken.pk]) in panel(claim)
    Newsroom.objects.filter(pk=check.newsroom_id).update(shares_published=False)
    assert check.content["headline"] not in panel(claim)


def test_who_only_reviews_sees_the_fitting_check_and_signs_nothing(
    signed_in: SignIn, check: Publication, room: Newsroom
) -> None:
    earlier.forget_statistics()
    claim = make.claim_submitted(room, text=check.content["claim"])

    shown = signed_in(make.member(room, Role.AUDITOR)).get(reverse("admin:claims_claim_earlier", args=[claim.pk]))

    assert check.content["headline"] in words(shown)
    assert "/sign/" not in shown.content.decode() and "take-check" not in shown.content.decode()
