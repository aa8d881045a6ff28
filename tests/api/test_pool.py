"""The pool, for programs."""

from __future__ import annotations

import pytest

from claims import pool
from claims.models import CoSignature, Newsroom, Takeover
from claims.roles import Role
from tests import make
from tests.api.client import only, program_of

pytestmark = pytest.mark.django_db


def test_an_admin_says_what_the_newsroom_shares_and_nobody_else() -> None:
    room = make.newsroom()
    admin, editor = program_of(make.member(room, Role.ADMIN), room), program_of(make.editor(room), room)
    address = f"newsrooms/{room.slug}/sharing/"
    given = {"shares_published": True, "shares_open_claims": False}

    assert editor.get(address).json() == {"slug": room.slug, "shares_published": False, "shares_open_claims": False}
    assert editor.put(address, given).status_code == 403
    assert admin.put(address, {"shares_published": True}).status_code == 400
    assert admin.put(address, given).json() == {"slug": room.slug, **given}
    assert Newsroom.objects.get(pk=room.pk).shares_published
    assert room.ledger.filter(kind="newsroom.changed").count() == 1
    elsewhere = make.newsroom()
    assert program_of(make.member(elsewhere, Role.ADMIN), elsewhere).put(address, given).status_code == 404


def test_a_program_reads_takes_over_co_signs_and_takes_back() -> None:
    publication = make.publication(make.newsroom(shares_published=True, shares_open_claims=True))
    theirs = make.claim_gathering(publication.newsroom)
    room = make.newsroom()
    program = program_of(make.editor(room), room)

    [listed] = program.get("pool/checks/?q=eulenburg&language=en&shared=false").json()["results"]
    one = program.get(f"pool/checks/{publication.pk}/").json()
    assert one == listed
    assert one["newsroom"] == {"slug": publication.newsroom.slug, "name": publication.newsroom.name}
    assert one["rating"]["shared"] == "false"
    assert not {"claim", "verdict", "published_by"} & set(one)
    assert program.get("pool/checks/?shared=true").json()["results"] == []

    [open_claim] = program.get("pool/claims/").json()["results"]
    assert open_claim == {
        "id": theirs.pk,
        "newsroom": one["newsroom"],
        "text": theirs.text,
        "language": "en",
        "topic": "",
    }
    taken = program.post(f"pool/checks/{publication.pk}/takeover/")
    also = program.post(f"pool/claims/{theirs.pk}/takeover/")
    again = program.post(f"pool/claims/{theirs.pk}/takeover/")
    assert [one.status_code for one in (taken, also, again)] == [201, 201, 200]
    assert [row["kind"] for row in program.get("pool/takeovers/").json()["results"]] == ["claim", "check"]
    assert Takeover.objects.count() == 2

    address = f"pool/checks/{publication.pk}/cosignatures/"
    signed = program.post(address, {"rating": "mixed", "content_hash": one["content_hash"], "note": "We agree."})
    assert (signed.status_code, signed.json()["shared"]) == (201, "mixed")
    assert [row["id"] for row in program.get(address).json()["results"]] == [signed.json()["id"]]
    [standing] = program.get(f"pool/checks/{publication.pk}/").json()["cosignatures"]
    assert (standing["newsroom"]["slug"], standing["rating"]["slug"], standing["note"]) == (
        room.slug,
        "mixed",
        "We agree.",
    )
    back = program.post(f"pool/cosignatures/{signed.json()['id']}/revocation/", {"reason": "Counted anew."})
    assert (back.status_code, back.json()["end"]) == (201, "revoked")
    assert program.get(f"pool/checks/{publication.pk}/").json()["cosignatures"] == []
    assert program.get("pool/cosignatures/").json()["results"][0]["end_reason"] == "Counted anew."


def test_refusals_tell_programs_what_is_wrong() -> None:
    publication = make.publication(make.newsroom(shares_published=True))
    room = make.newsroom()
    program = program_of(make.editor(room), room)
    address = f"pool/checks/{publication.pk}/cosignatures/"
    content = pool.content_hash(publication)

    foreign = program.post(address, {"rating": "baloney", "content_hash": content})
    stale = program.post(address, {"rating": "false", "content_hash": "0" * 64})
    reviewer = program_of(make.reviewer(room), room).post(address, {"rating": "false", "content_hash": content})

    assert (foreign.status_code, only(foreign)["attr"]) == (400, "rating")
    assert (stale.status_code, reviewer.status_code) == (409, 403)
    assert not CoSignature.objects.exists()


def test_the_publisher_sees_who_signed_and_no_person_of_theirs() -> None:
    publication = make.publication(make.newsroom(shares_published=True))
    room = make.newsroom()
    signer = make.member(room, Role.EDITOR, name="secret-signer")
    program_of(signer, room).post(
        f"pool/checks/{publication.pk}/cosignatures/",
        {"rating": "false", "content_hash": pool.content_hash(publication)},
    )
    own = program_of(make.member(publication.newsroom, Role.DESK_LEAD), publication.newsroom)

    for address in (f"pool/checks/{publication.pk}/", f"claims/{publication.claim_id}/history/", "events/"):
        answer = own.get(address)
        assert answer.status_code == 200
        assert "secret-signer" not in answer.content.decode()
    assert own.get(f"pool/checks/{publication.pk}/").json()["cosignatures"][0]["newsroom"]["slug"] == room.slug
    assert own.get(f"pool/checks/{publication.pk}/cosignatures/").json()["results"] == []
    assert own.get("pool/checks/").json()["results"] == []


def test_a_newsroom_that_does_not_share_is_not_there() -> None:
    publication, theirs = make.publication(), make.claim_gathering()
    room = make.newsroom(shares_published=True, shares_open_claims=True)
    program = program_of(make.editor(room), room)

    for path in (
        f"pool/checks/{publication.pk}/",
        f"pool/checks/{publication.pk}/takeover/",
        f"pool/checks/{publication.pk}/cosignatures/",
        f"pool/claims/{theirs.pk}/takeover/",
    ):
        assert program.get(path).status_code in (404, 405)
        assert program.post(path, {}).status_code in (404, 405)
    assert program.get("pool/checks/").json()["results"] == []
    assert program.get("pool/claims/").json()["results"] == []


def test_who_stands_by_a_check_is_told_with_it_and_who_took_the_name_back_is_not() -> None:
    check = make.publication(make.newsroom(shares_published=True))
    own, room, third = check.newsroom, make.newsroom(), make.newsroom()
    desk = program_of(make.editor(own), own, "read")
    signer = program_of(make.editor(room), room)
    given = {"rating": "false", "content_hash": pool.content_hash(check), "note": "We counted, too."}
    signed = signer.post(f"pool/checks/{check.pk}/cosignatures/", given)
    assert signed.status_code == 201

    for path in (f"publications/{check.pk}/", f"claims/{check.claim_id}/publication/"):
        [name] = desk.get(path).json()["cosignatures"]
        assert name["newsroom"] == {"slug": room.slug, "name": room.name}
        assert (name["rating"]["slug"], name["rating"]["shared"], name["note"]) == ("false", "false", given["note"])
        assert "signed_by" not in name
    [listed] = desk.get("publications/?cosigned=true&fields=id,cosignatures&shared=false&language=en").json()["results"]
    assert (listed["id"], listed["cosignatures"]) == (check.pk, [name])
    [claim] = desk.get("claims/?expand=publication&fields=id&status=published").json()["results"]
    assert claim["publication"]["cosignatures"] == [name]
    assert desk.get("publications/?cosigned=false").json()["results"] == []
    for stranger in (signer, program_of(make.editor(third), third)):
        assert stranger.get(f"publications/{check.pk}/").status_code == 404
        assert stranger.get("publications/").json()["results"] == []

    signer.post(f"pool/cosignatures/{signed.json()['id']}/revocation/", {"reason": "We looked again."})
    assert desk.get(f"publications/{check.pk}/").json()["cosignatures"] == []
    assert desk.get("publications/?cosigned=true").json()["results"] == []
    assert desk.get("publications/?published_after=2001-01-01T00:00Z").json()["results"][0]["id"] == check.pk
    assert desk.get("publications/?published_before=2001-01-01T00:00Z").json()["results"] == []
