"""A newsroom leaves in one file, comes into an empty house out of it, and is the same there."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.utils import timezone

from claims import snapshots, transitions
from claims.audit import ledger_export, ledger_proof
from claims.errors import NotPermitted, RuleBroken
from claims.models import ApiKey, Chat, Claim, Document, LedgerEntry, Newsroom, Rating, User, Webhook
from claims.operations import inviting, moving, telling
from claims.parcels import contents, loading, reading
from claims.parcels.reading import BadParcel
from claims.workflow import Permission
from tests import make
from tests.operations.everything import newsroom_with_everything
from workers import archive

pytestmark = pytest.mark.django_db


@dataclass
class Packed:
    """A newsroom in which nearly everything has happened, packed beside another one and gone from the database."""

    content: bytes
    secrets: list[str]
    editor: str


@pytest.fixture(scope="module")
def gone(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Packed:
    with django_db_blocker.unblock(), transaction.atomic():
        other = make.claim_published()
        room = newsroom_with_everything()
        make.member(room, "admin", name="emil")
        make.member(other.newsroom, "admin", name="zoe")
        editor = make.editor(room)
        Newsroom.objects.filter(pk=room.pk).update(reviews_required=2)  # after the verdicts
        User.objects.filter(pk=editor.pk).update(email="alba@example.org")
        secrets = [
            editor.password,
            *Webhook.objects.values_list("sealed_secret", flat=True),
            *ApiKey.objects.values_list("digest", flat=True),
            *Chat.objects.values_list("sealed_url", flat=True),
        ]
        content = b"".join(moving.pack(room, by=None))
        transaction.set_rollback(True)
    return Packed(content, secrets, editor.username)


@pytest.fixture
def away(gone: Packed, tmp_path: Path) -> Path:
    place = tmp_path / "all.jsonl"
    place.write_bytes(gone.content)
    return place


def packed(room: Newsroom, place: Path, **asked: Any) -> Path:
    place.write_bytes(b"".join(moving.pack(room, by=None, **asked)))
    return place


def row_lines(place: Path) -> list[bytes]:
    return place.read_bytes().splitlines()[1:-1]


def test_every_model_is_exported_or_left_out_with_a_reason() -> None:
    known = {*contents.BY_LABEL, *contents.LEFT_OUT}
    there = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
    assert there == known, (
        "New models go into claims/parcels/contents.py: into ORDER, or into LEFT_OUT with the reason."
    )
    assert all(contents.LEFT_OUT.values())


def test_a_newsroom_that_came_in_is_exported_again_the_same(away: Path, tmp_path: Path) -> None:
    found = moving.unpack(reading.read(away))

    again = packed(found.newsroom, tmp_path / "again.jsonl")
    before = row_lines(away)
    added = [line for line in row_lines(again) if line not in set(before)]
    assert [line for line in row_lines(again) if line not in added] == before
    assert [json.loads(line)["fields"]["kind"] for line in added] == ["newsroom.imported", "newsroom.exported"]
    head = json.loads(away.read_bytes().splitlines()[0])["ledger"]
    heads = {found.newsroom.pk: (head["sequence"], head["hash"])}
    assert ledger_proof.verify(ledger_export.entries(), heads=heads)[1] is None


def test_the_parcel_of_these_tests_holds_every_kind_of_row(away: Path) -> None:
    counts = json.loads(away.read_bytes().splitlines()[0])["counts"]
    assert not [name for name, number in counts.items() if not number], "Add a row to tests/operations/everything.py."


def test_what_a_parcel_refers_to_stands_before_it() -> None:
    for at, model in enumerate(contents.ORDER):
        for field in contents.fields(model):
            if field.is_relation:
                assert field.related_model in contents.ORDER[: at + 1], f"{model.__name__}.{field.name}"


def test_work_goes_on_in_the_new_house(away: Path) -> None:
    found = moving.unpack(reading.read(away))

    User.objects.update(is_active=True)
    Newsroom.objects.filter(pk=found.newsroom.pk).update(reviews_required=1)
    found.newsroom.refresh_from_db()

    claim = make.claim_published(found.newsroom)

    assert claim.status == "published"
    with pytest.raises(DatabaseError, match="Cannot insert"), transaction.atomic():
        Claim.objects.create(newsroom=found.newsroom, text="x", language="en", status="decided")


def test_no_secret_of_a_person_or_program_is_in_a_parcel(gone: Packed) -> None:
    text = gone.content.decode()

    assert gone.editor in text
    assert "https://cms.example/" in text
    assert len(gone.secrets) >= 4
    assert not [secret for secret in gone.secrets if secret in text]
    assert not [name for name in ("password", "sealed", "secret", "lease_token") if f'"{name}"' in text]


def test_nothing_of_another_newsroom_is_in_a_parcel(away: Path) -> None:
    rows = [json.loads(line) for line in row_lines(away)]

    assert len({row["id"] for row in rows if row["model"] == "claims.newsroom"}) == 1
    assert len({row["fields"]["newsroom"] for row in rows if row["fields"].get("newsroom")}) == 1
    names = {row["fields"].get("username") for row in rows}
    assert "emil" in names
    assert "zoe" not in names
    ids = {row["id"] for row in rows if row["model"] == "claims.claim"}
    assert {row["fields"]["claim"] for row in rows if row["fields"].get("claim")} <= ids


def test_of_somebody_who_was_never_a_member_only_the_name_is_told(tmp_path: Path) -> None:
    claim = make.claim_submitted()
    guest = User.objects.create_user("root", email="root@example.org")
    transitions.record("claim.triaged", newsroom=claim.newsroom, by=guest, claim=claim)
    User.objects.filter(pk=make.editor(claim.newsroom).pk).update(email="alba@example.org")

    text = packed(claim.newsroom, tmp_path / "all.jsonl").read_text()

    assert '"username":"root"' in text
    assert "root@example.org" not in text
    assert "alba@example.org" in text


def test_only_an_admin_of_the_newsroom_takes_everything_home() -> None:
    room = make.newsroom()
    for person in (make.editor(room), make.person(room, "auditor"), make.member(make.newsroom(), "admin")):
        with pytest.raises(NotPermitted):
            moving.pack(room, by=person)
    admin = make.member(room, "admin")

    assert len(list(moving.pack(room, by=admin))) > 10
    assert LedgerEntry.objects.get(newsroom=room, kind="newsroom.exported").actor == admin


def test_people_come_in_without_a_password_and_are_opened_by_a_link(away: Path) -> None:
    found = moving.unpack(reading.read(away))

    assert not User.objects.filter(is_active=True).exists()
    assert not [one for one in User.objects.all() if one.has_usable_password() or one.is_superuser]
    inviting.let_in(found.newsroom, username="emil", password="a password of the new house")
    emil = User.objects.get(username="emil")
    member = found.newsroom.memberships.exclude(user=emil).filter(active=True).first()
    assert member is not None
    inviting.link(member, by=emil)
    member.user.refresh_from_db()
    assert member.user.is_active
    assert {one.is_active for one in User.objects.exclude(pk__in=[emil.pk, member.user_id])} == {False}
    with pytest.raises(RuleBroken, match="in use"):
        inviting.let_in(found.newsroom, username="emil", password="another password")


def test_a_link_does_not_open_an_account_that_somebody_closed() -> None:
    room = make.newsroom()
    closed = make.editor(room)
    User.objects.filter(pk=closed.pk).update(is_active=False)

    with pytest.raises(RuleBroken):
        inviting.link(room.memberships.get(user=closed), by=make.member(room, "admin"))


def test_a_webhook_waits_until_somebody_gives_it_a_new_secret(away: Path) -> None:
    moving.unpack(reading.read(away))

    webhook = Webhook.objects.get()
    assert webhook.disabled_at
    assert "rotate the secret" in webhook.disabled_reason
    assert len(telling.secrets_of(webhook)) == 1


def test_whoever_is_here_already_stays_and_gives_way_with_the_number(gone: Packed, away: Path) -> None:
    parcel = reading.read(away)
    editor = next(line for line in parcel.rows("claims.user") if line.fields["username"] == gone.editor)
    root = User.objects.create_superuser("root", password="the password of root")
    loading.renumber(User, root.pk, editor.pk)
    User.objects.create_user("alba-here", email="Alba@example.org", password="her own password here")

    found = moving.unpack(parcel)

    known = User.objects.get(username="alba-here")
    assert found.met == {"claims.user": {editor.pk: "alba-here"}}
    assert (known.pk, known.is_active, known.check_password("her own password here")) == (editor.pk, True, True)
    assert known.may(Permission.APPROVE, found.newsroom)
    root = User.objects.get(username="root")
    assert root.pk != editor.pk
    assert root.check_password("the password of root")
    assert not root.newsroom_ids()


def test_a_newsroom_that_is_here_is_not_overwritten(away: Path) -> None:
    moving.unpack(reading.read(away))

    with pytest.raises(RuleBroken, match="empty instance"):
        moving.unpack(reading.read(away))


def test_two_newsrooms_of_one_house_come_in_together(tmp_path: Path) -> None:
    with transaction.atomic():
        page = make.draft()
        rooms = [make.newsroom(), make.newsroom()]
        guest = make.member(rooms[0], "auditor", name="fay")
        rooms[1].memberships.create(user=guest, roles=["auditor"])
        for room in rooms:
            make.claim_in_review(room, drafts=[page])
        parcels = [reading.read(packed(room, tmp_path / f"{room.slug}.jsonl")) for room in rooms]
        transaction.set_rollback(True)

    first, second = moving.unpack_all(parcels)

    assert not first.met
    assert set(second.met) == {"claims.user", "claims.document"}
    assert list(second.met["claims.user"].values()) == ["fay"]
    assert Document.objects.get(url=page.url).hits.count() == 2


def test_numbers_that_others_have_here_are_refused(away: Path) -> None:
    parcel = reading.read(away)
    line = next(parcel.rows("claims.rating"))
    loading.raise_sequence(Rating, line.pk - 1)
    make.newsroom("the-first-here")

    with pytest.raises(BadParcel, match=r"Line \d+: duplicate key"), transaction.atomic():
        moving.unpack(parcel)

    assert Newsroom.objects.get().slug == "the-first-here"


def test_a_dry_run_does_everything_and_keeps_nothing(away: Path) -> None:
    parcel = reading.read(away)

    found = moving.unpack(parcel, dry_run=True)

    assert found.rows == sum(parcel.counts.values())
    assert not Newsroom.objects.exists()
    assert not User.objects.exists()


def test_the_bytes_of_fetched_pages_come_along_when_asked_for(tmp_path: Path, settings: Any) -> None:
    ref = archive.keep_content(
        "https://courier.example/1", b"The page.", content_type="text/html", seen_at=timezone.now()
    )
    place = {"warc_file": ref.file, "warc_offset": ref.offset, "warc_length": ref.length, "payload_digest": ref.digest}
    with transaction.atomic():
        claim = make.claim_in_review(drafts=[make.draft(**place)])
        away = packed(claim.newsroom, tmp_path / "all.jsonl", with_snapshots=True)
        transaction.set_rollback(True)
    settings.SNAPSHOT_DIR = tmp_path / "new"

    found = moving.unpack(reading.read(away))

    document = Document.objects.exclude(warc_file="").get()
    assert found.snapshots == 1
    assert snapshots.replay(snapshots.ref_of(document))[1] == b"The page."  # type: ignore[arg-type]


# Bad files


def changed(place: Path, change: Callable[[list[Any]], None]) -> Path:
    """The parcel with other rows, and a trailer and counts that fit them."""
    rows = [json.loads(line) for line in place.read_bytes().splitlines()]
    change(rows)
    rows[0]["counts"] = dict.fromkeys(rows[0]["counts"], 0) | Counter(row["model"] for row in rows[1:-1])
    lines = [json.dumps(row).encode() + b"\n" for row in rows[:-1]]
    rows[-1]["sha256"] = hashlib.sha256(b"".join(lines)).hexdigest()
    place.write_bytes(b"".join(lines) + json.dumps(rows[-1]).encode() + b"\n")
    return place


def first(rows: list[Any], model: str, **wanted: Any) -> Any:
    return next(
        row
        for row in rows
        if row["model"] == f"claims.{model}" and all(row["fields"][key] == value for key, value in wanted.items())
    )


def _no_status(rows: list[Any]) -> None:
    first(rows, "claim", status="published")["fields"]["status"] = "in_review"


def _no_approval(rows: list[Any]) -> None:
    rows.remove(first(rows, "publication"))
    first(rows, "verdict")["fields"].update(approved_by=None, approved_at=None)


def _own_approval(rows: list[Any]) -> None:
    verdict = first(rows, "verdict")["fields"]
    row = first(rows, "contribution", claim=verdict["claim"])["fields"]
    row["user"], row["at"] = verdict["approved_by"], verdict["proposed_at"]


WRONG = {
    "another claimed status": (_no_status, "does not tell how claim"),
    "no approval": (_no_approval, "without an approved verdict|point nowhere|There is no"),
    "approved by who worked on it": (_own_approval, "had worked on it"),
    "no reviews": (lambda rows: rows.remove(first(rows, "review")), "has no review"),
    "another quote": (
        lambda rows: first(rows, "evidence")["fields"].update(quote="Nobody said this."), r"Line \d+: the quote"
    ),
    "another ledger": (
        lambda rows: first(rows, "ledgerentry", kind="verdict.approved")["fields"].update(body="{}"), "was changed"
    ),
    "a ledger without its tail": (
        lambda rows: rows.remove([row for row in rows if row["model"] == "claims.ledgerentry"][-1]), "tail was cut off"
    ),
    "points nowhere": (
        lambda rows: first(rows, "claim", article=None)["fields"].update(submitted_by=999_999),
        r"Line \d+: There is no submitted_by 999999",
    ),
    "a day that is none": (
        lambda rows: first(rows, "claim")["fields"].update(said_on="2026-02-30"), r"Line \d+: .*date.* out of range"
    ),
    "NUL": (lambda rows: first(rows, "claim")["fields"].update(claimant="a\x00b"), r"Line \d+: .*NUL"),
    "a list for a text": (lambda rows: first(rows, "claim")["fields"].update(claimant=["a"]), r"Line \d+: claimant"),
    "a field nobody knows": (lambda rows: first(rows, "claim")["fields"].update(truth=1), r"Line \d+: .*truth"),
    "a field less": (lambda rows: first(rows, "claim")["fields"].pop("text"), r"Line \d+: text is missing"),
    "another model": (lambda rows: first(rows, "claim").update(model="auth.group"), r"Line \d+: 'auth.group'"),
    "the same twice": (
        lambda rows: rows.insert(rows.index(first(rows, "claim")), first(rows, "claim")), r"Line \d+: .*twice"
    ),
    "of another newsroom": (
        lambda rows: first(rows, "rating")["fields"].update(newsroom=999), r"Line \d+: There is no newsroom 999"
    ),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_file_that_does_not_hold_together_is_refused_whole(wrong: str, away: Path) -> None:
    change, said = WRONG[wrong]
    changed(away, change)

    with pytest.raises(BadParcel, match=said), transaction.atomic():
        moving.unpack(reading.read(away))

    assert not Newsroom.objects.exists()
    assert not User.objects.exists()


def test_a_file_that_is_not_whole_is_refused_before_anything_is_loaded(gone: Packed, tmp_path: Path) -> None:
    place, whole = tmp_path / "all.jsonl", gone.content
    lines = whole.splitlines(keepends=True)
    broken = {
        "not the header": b"".join(lines[1:]),
        "This is not JSON": lines[0] + b"{nonsense\n" + b"".join(lines[1:]),
        "cut off": whole[:-100],
        "ends before its trailer": b"".join(lines[:-1]),
        "SHA-256 does not fit": whole.replace(b"desk-", b"disk-", 1),
        "Nothing may follow": whole + lines[1],
        "Version 99": whole.replace(b'"version":1', b'"version":99', 1),
        "damaged or cut off": gzip.compress(whole)[:-200],
    }
    for said, content in broken.items():
        place.write_bytes(content)
        with pytest.raises(BadParcel, match=said):
            reading.read(place)
    place.write_bytes(b"")
    with pytest.raises(BadParcel):
        reading.read(place)
