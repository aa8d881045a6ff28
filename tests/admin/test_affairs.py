"""The newsroom's affairs: changed by its admins through operations, told to the ledger, never by others."""

from __future__ import annotations

import pytest

from claims.models import Membership, Publisher, Rating, User
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import words

pytestmark = pytest.mark.django_db


def _rating(**fields: object) -> dict[str, object]:
    return {
        "label_en": "Satire",
        "label_de": "Satire",
        "slug": "satire",
        "order": 9,
        "shared": "unproven",
        "value": "",
        "colour": "#445566",
        "shape": "question",
        "active": "on",
        **fields,
    }


def test_an_admin_adds_a_rating_and_the_ledger_tells_it(signed_in: SignIn):
    room = make.newsroom()
    client = signed_in(make.member(room, Role.ADMIN))
    page = client.post("/admin/claims/rating/add/", {"newsroom": room.pk, **_rating()}, follow=True)
    assert Rating.objects.get(slug="satire").labels == {"en": "Satire", "de": "Satire"}, words(page)
    assert room.ledger.filter(kind="rating.added").count() == 1


def test_a_rating_that_verdicts_carry_keeps_its_short_name(signed_in: SignIn):
    claim = make.claim_in_approval()
    rating = make.rating(claim.newsroom)
    client = signed_in(make.member(claim.newsroom, Role.ADMIN))
    page = client.post(f"/admin/claims/rating/{rating.pk}/change/", _rating(slug="wrong"))
    rating.refresh_from_db()
    assert rating.slug == "false"
    assert "Retire the rating instead" in words(page)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.DESK_LEAD, Role.AUDITOR, Role.RESEARCHER])
def test_nobody_but_an_admin_changes_the_scale(signed_in: SignIn, role: str):
    room = make.newsroom()
    rating = make.rating(room)
    client = signed_in(make.member(room, role))
    assert client.get(f"/admin/claims/rating/{rating.pk}/change/").status_code == 200
    assert client.post(f"/admin/claims/rating/{rating.pk}/change/", _rating()).status_code == 403
    assert client.get("/admin/claims/rating/add/").status_code == 403


def test_a_publisher_every_newsroom_shares_is_seen_and_not_changed(signed_in: SignIn):
    room = make.newsroom()
    shared = Publisher.objects.create(domain="northwire.example", name="Northwire", kind="agency")
    client = signed_in(make.member(room, Role.ADMIN))
    assert "Northwire" in words(client.get(f"/admin/claims/publisher/{shared.pk}/change/"))
    assert client.post(f"/admin/claims/publisher/{shared.pk}/change/", {"name": "Mine"}).status_code == 403


def test_an_admin_brings_a_person_in_who_chooses_a_password_once(signed_in: SignIn, client: object):
    room = make.newsroom()
    admin = signed_in(make.member(room, Role.ADMIN))
    page = admin.post(
        "/admin/claims/membership/add/",
        {"newsroom": room.pk, "username": "nora.neu", "first_name": "Nora", "roles": ["reviewer"]},
        follow=True,
    )
    nora = User.objects.get(username="nora.neu")
    assert Membership.objects.get(user=nora).roles == ["reviewer"]
    assert nora.is_staff
    assert not nora.is_superuser

    address = page.context["address"]
    assert "/admin/welcome/" in address
    given = {"new_password1": "eulen im park 77", "new_password2": "eulen im park 77"}
    chosen = client.get(address, follow=True)  # type: ignore[attr-defined]
    client.post(chosen.request["PATH_INFO"], given)  # type: ignore[attr-defined]
    nora.refresh_from_db()
    assert nora.check_password("eulen im park 77")
    assert "used already" in words(client.get(address, follow=True))  # type: ignore[attr-defined]


def test_nobody_changes_their_own_roles(signed_in: SignIn):
    room = make.newsroom()
    me = make.member(room, Role.ADMIN)
    mine = room.memberships.get(user=me)
    page = signed_in(me).post(f"/admin/claims/membership/{mine.pk}/change/", {"roles": ["admin", "editor"]})
    mine.refresh_from_db()
    assert mine.roles == ["admin"]
    assert "Somebody else has to change your roles" in words(page)


def test_a_newsrooms_admin_makes_no_password_address_for_somebody_who_works_elsewhere_too(signed_in: SignIn):
    room, other = make.newsroom(), make.newsroom()
    both = make.member(room, Role.REVIEWER)
    Membership.objects.create(newsroom=other, user=both, roles=["editor"])
    member = room.memberships.get(user=both)
    page = signed_in(make.member(room, Role.ADMIN)).post(f"/admin/claims/membership/{member.pk}/link/", follow=True)
    assert "reaches beyond your newsroom" in words(page)
    assert not page.context["address"]


@pytest.mark.parametrize(
    "address", ["/admin/claims/user/", "/admin/django_celery_beat/periodictask/", "/admin/auth/group/"]
)
def test_what_belongs_to_the_installation_is_closed_to_a_newsrooms_admin(signed_in: SignIn, address: str):
    client = signed_in(make.member(make.newsroom(), Role.ADMIN, Role.DESK_LEAD))
    assert client.get(address).status_code in (403, 404)


def test_a_superuser_sees_every_newsroom_and_decides_in_none(signed_in: SignIn, django_user_model):
    claim = make.claim_in_approval()
    root = django_user_model.objects.create_superuser("root")
    client = signed_in(root)
    page = client.get(f"/admin/claims/claim/{claim.pk}/change/")
    assert page.status_code == 200
    assert "data-deed" not in page.content.decode()
    for address in ("claims/user/", "django_celery_beat/periodictask/", "django_celery_beat/crontabschedule/"):
        assert client.get(f"/admin/{address}").status_code == 200
