"""An audit pack is written, made again byte for byte, and verified without a database; whatever is changed is named."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zipfile
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from claims.audit.ledger_proof import GENESIS, canonical
from claims.audit.proof import CHAINED, FILES, LEDGER, MANIFEST, README, STAMP, row_hash, seal_of
from claims.errors import NotPermitted
from claims.models import Claim, Complaint, Evidence, LedgerEntry, Newsroom, Publication
from claims.operations import auditing, complaining, deciding, publishing, researching, reviewing
from claims.reports.periods import Period, of_days
from tests import make

Files = dict[str, bytes]


def now() -> str:
    return dt.datetime.now(dt.UTC).isoformat()


def pack(room: Newsroom, place: Path, first: str = "2020-01-01", last: str = "") -> Path:
    call_command("audit_pack", str(place), newsroom=room.slug, first=first, last=last or now(), stdout=StringIO())
    return place


def verify(place: Path, **options: Any) -> str:
    out = StringIO()
    call_command("verify_ledger", str(place), stdout=out, **options)
    return out.getvalue()


def rows(place: Path, name: str) -> list[dict[str, Any]]:
    with zipfile.ZipFile(place) as opened:
        return [json.loads(line) for line in opened.read(name).splitlines()]


def complain(publication: Publication) -> Complaint:
    return complaining.receive(
        publication,
        by=make.editor(publication.newsroom),
        text="There were more trees.",
        door=Complaint.Door.DESK,
        complainant="Gus Grumble",
        contact="gus@mail.example",
    )


@pytest.fixture
def room(db: None) -> Newsroom:
    """A newsroom with two publications, one corrected and complained about, and a verdict that waits."""
    publication = make.publication(claimant="Ada Lindgren")
    editor = make.editor(publication.newsroom)
    publishing.correct(publication, by=editor, kind="correction", notice="A typo.", field="headline", after="Trees")
    complain(publication)
    make.claim_published(publication.newsroom)
    make.claim_decided(publication.newsroom)
    return publication.newsroom


@pytest.fixture
def packed(room: Newsroom, tmp_path: Path) -> Path:
    return pack(room, tmp_path / "pack.zip")


def read(place: Path) -> Files:
    with zipfile.ZipFile(place) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def write(place: Path, files: Files) -> None:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, content)


def forge(place: Path, change: Callable[[dict[str, list[dict[str, Any]]]], object]) -> None:
    """Change rows and make every hash of the pack fit again, as somebody would who knows how packs are written."""
    files = read(place)
    held = {name: [json.loads(line) for line in files[name].splitlines()] for name in CHAINED}
    change(held)
    manifest = json.loads(files[MANIFEST])
    for name, some in held.items():
        last = GENESIS
        for number, row in enumerate(some, 1):
            row.update(row=number, previous_hash=last)
            last = row["hash"] = row_hash(row)
        files[name] = "".join(canonical(row) + "\n" for row in some).encode()
        manifest["files"][name].update(
            sha256=hashlib.sha256(files[name]).hexdigest(), bytes=len(files[name]), rows=len(some), head=last
        )
    manifest["seal"] = seal_of(manifest)
    files[MANIFEST] = (canonical(manifest) + "\n").encode()
    write(place, files)


def refused(place: Path, **options: Any) -> str:
    with pytest.raises(CommandError) as found:
        verify(place, **options)
    assert found.value.returncode == 1
    return str(found.value)


def test_a_pack_holds_the_period_and_verifies_offline(packed: Path, django_db_blocker: Any) -> None:
    with django_db_blocker.block():
        said = verify(packed)

    assert "checks.jsonl: 3 rows" in said
    assert "corrections.jsonl: 1 rows" in said
    assert "complaints.jsonl: 1 rows" in said
    assert [row["state"] for row in rows(packed, "checks.jsonl")] == ["published", "published", "approved"]
    source = rows(packed, "sources.jsonl")[0]
    assert source["url"].startswith("https://courier.example/")
    assert source["publisher"] == "Courier"
    assert len(source["sha256"]) == 64
    assert source["quote"]
    assert {row["part"] for row in rows(packed, "reviews.jsonl")} >= {"reviewer", "proposer"}
    assert {row["by"] for row in rows(packed, "balance.jsonl")} == {"speaker", "party", "topic"}


def test_the_one_who_objects_is_not_in_the_pack(packed: Path) -> None:
    everything = b"".join(read(packed).values()).decode()

    assert "There were more trees." in everything
    assert "Gus" not in everything
    assert "gus@mail" not in everything


def test_a_pack_made_again_has_the_same_bytes_whatever_happened_since(room: Newsroom, tmp_path: Path) -> None:
    end = now()
    before = pack(room, tmp_path / "one.zip", last=end)
    publication = Publication.objects.filter(newsroom=room, complaints__isnull=False).get()
    editor = make.editor(room)
    publishing.correct(publication, by=editor, kind="update", notice="New.", field="headline", after="Other trees")
    complaint = Complaint.objects.get(publication=publication)
    complaining.take(complaint, by=editor)
    complaining.answer(complaint, by=editor, outcome="rejected", answer="There were not.")
    publishing.withdraw(publication.claim, by=editor, reason="Wrong city.")
    make.claim_published(room)

    again = pack(room, tmp_path / "two.zip", last=end)

    assert again.read_bytes() == before.read_bytes()
    later = pack(room, tmp_path / "three.zip")
    assert {row["state"] for row in rows(later, "checks.jsonl")} == {"withdrawn", "published", "approved"}
    assert verify(later)


@pytest.mark.parametrize("name", FILES)
def test_a_changed_byte_is_named_in_every_kind_of_file(packed: Path, name: str) -> None:
    files = read(packed)
    at = len(files[name]) // 2
    files[name] = files[name][:at] + bytes([files[name][at] ^ 1]) + files[name][at + 1 :]
    write(packed, files)

    said = refused(packed)

    assert said.startswith(name)
    if name not in (README, MANIFEST):
        assert f"{name}, row " in said


@pytest.mark.parametrize("name", [*CHAINED, LEDGER])
@pytest.mark.parametrize("at", [0, -1])
def test_a_dropped_row_is_named(packed: Path, name: str, at: int) -> None:
    files = read(packed)
    lines = files[name].splitlines(keepends=True)
    row = 1 if at == 0 else len(lines)
    del lines[at]
    files[name] = b"".join(lines)
    write(packed, files)

    assert refused(packed).startswith(f"{name}, row {row} ")


@pytest.mark.parametrize("name", ["checks.jsonl", "sources.jsonl", "reviews.jsonl", "balance.jsonl", LEDGER])
def test_swapped_rows_are_named(packed: Path, name: str) -> None:
    files = read(packed)
    lines = files[name].splitlines(keepends=True)
    lines[0], lines[1] = lines[1], lines[0]
    files[name] = b"".join(lines)
    write(packed, files)

    assert refused(packed).startswith(f"{name}, row 1 ")


def test_damage_to_the_zip_itself_is_named(packed: Path) -> None:
    raw = bytearray(packed.read_bytes())
    with zipfile.ZipFile(packed) as opened:
        start = opened.getinfo(LEDGER).header_offset
    raw[start + 400] ^= 255
    packed.write_bytes(raw)

    assert refused(packed).startswith(LEDGER)


def test_a_file_that_does_not_belong_or_is_missing_is_named(packed: Path) -> None:
    files = read(packed)
    write(packed, {**files, "note.txt": b"hello"})
    assert refused(packed).startswith("note.txt does not belong")

    del files["people.jsonl"]
    write(packed, files)
    assert refused(packed).startswith("people.jsonl is missing")


def test_a_row_whose_hashes_were_made_to_fit_is_found_by_the_ledger(packed: Path) -> None:
    forge(packed, lambda held: held["checks.jsonl"][1].update(approved_by=999))

    assert refused(packed).startswith("checks.jsonl, row 2 is not the verdict that the ledger says")


def test_a_publication_left_out_with_all_its_hashes_made_to_fit_is_found_by_the_ledger(packed: Path) -> None:
    def leave_out(held: dict[str, list[dict[str, Any]]]) -> None:
        gone = held["checks.jsonl"].pop(0)["check"]
        for name in ("sources.jsonl", "reviews.jsonl"):
            held[name] = [row for row in held[name] if row["check"] != gone]

    forge(packed, leave_out)

    assert "checks.jsonl lacks publication" in refused(packed)


def test_a_source_left_out_or_a_complaint_reworded_is_found(packed: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.zip"
    copy.write_bytes(packed.read_bytes())

    forge(packed, lambda held: held["sources.jsonl"].pop())
    assert refused(packed).startswith("sources.jsonl has not as many sources")

    forge(copy, lambda held: held["complaints.jsonl"][0].update(text="All is well."))
    assert refused(copy).startswith("complaints.jsonl, row 1 is not the text that came in")


def test_a_pack_written_anew_differs_from_the_seal_and_the_head_noted_elsewhere(packed: Path, room: Newsroom) -> None:
    noted = LedgerEntry.objects.filter(newsroom=room, kind="audit.packed").get().payload["seal"]
    assert f"seal {noted}" in verify(packed, seal=noted)

    forge(packed, lambda held: held["people.jsonl"][0].update(username="somebody"))

    assert verify(packed)
    assert "seal is not the one noted elsewhere" in refused(packed, seal=noted)
    assert refused(packed, head=[f"{room.pk}:3:{'0' * 64}"]).startswith("ledger.jsonl, row 3 differs")


def test_a_protected_source_is_withheld_and_can_be_proved(room: Newsroom, tmp_path: Path) -> None:
    claim = make.claim_in_review(
        room, drafts=[make.draft(text="A clerk of Eulenburg counted 812 trees in March 2024.")]
    )
    evidence = Evidence.objects.filter(claim=claim).select_related("document").first()
    assert evidence is not None
    researching.protect(evidence, by=make.researcher(room), reason="Would lose her job.")
    claim = Claim.objects.get(pk=claim.pk)
    reviewing.submit(claim, by=make.reviewer(room), rating=make.rating(room), reasons="The union counted 900.")
    verdict = deciding.propose(
        claim, by=make.reviewer(room), rating=make.rating(room), headline="Fewer trees", reasons="It counted 900."
    )
    deciding.approve(Claim.objects.get(pk=claim.pk), by=make.editor(room), content=verdict.content_hash)
    publishing.publish(Claim.objects.get(pk=claim.pk), by=make.editor(room))

    place = pack(room, tmp_path / "pack.zip")

    said, everything = verify(place), b"".join(read(place).values()).decode()
    assert "their content is withheld" in said
    for secret in (evidence.document.url, evidence.document.sha256, "Would lose her job."):
        assert secret not in everything
    row = next(row for row in rows(place, "sources.jsonl") if row["evidence"] == evidence.pk)
    assert row["protected"] is True
    assert "quote" not in row
    out = StringIO()
    call_command("audit_pack", newsroom=room.slug, reveal=evidence.pk, stdout=out)
    shown = dict(line.split(" ", 1) for line in out.getvalue().splitlines())
    assert evidence.document.url in shown["fields"]
    assert hashlib.sha256(f"{shown['salt']}\n{shown['fields']}".encode()).hexdigest() == row["commitment"]


def test_an_entry_without_its_body_is_no_export(packed: Path, tmp_path: Path) -> None:
    """Bodies may be withheld in a pack, which says how many; nowhere else."""
    entries = rows(packed, LEDGER)
    entries[2]["body"] = None
    place = tmp_path / "ledger.jsonl"
    place.write_text("".join(json.dumps(entry) + "\n" for entry in entries))

    with pytest.raises(CommandError):
        verify(place)


def test_a_pack_holds_nothing_of_another_newsroom(room: Newsroom, tmp_path: Path) -> None:
    other = make.publication()
    place = pack(other.newsroom, tmp_path / "pack.zip")

    assert [row["claim"] for row in rows(place, "checks.jsonl")] == [other.claim_id]
    assert {entry["newsroom"] for entry in rows(place, LEDGER)} == {other.newsroom_id}


def test_a_period_without_anything_makes_a_pack_too(room: Newsroom, tmp_path: Path) -> None:
    place = pack(room, tmp_path / "pack.zip", first="2020-01-01", last="2020-01-31")

    assert "checks.jsonl: 0 rows" in verify(place)


def test_what_is_approved_in_one_period_and_published_in_the_next_stands_in_both(tmp_path: Path, db: None) -> None:
    claim = make.claim_decided()
    middle = now()
    publishing.publish(claim, by=make.editor(claim.newsroom))

    one = pack(claim.newsroom, tmp_path / "one.zip", last=middle)
    two = pack(claim.newsroom, tmp_path / "two.zip", first=middle)

    assert [row["state"] for row in rows(one, "checks.jsonl")] == ["approved"]
    assert [row["state"] for row in rows(two, "checks.jsonl")] == ["published"]
    assert verify(one)
    assert verify(two)


def test_only_those_who_audit_make_packs(room: Newsroom, tmp_path: Path) -> None:
    today = dt.date(2026, 1, 1)
    period: Period = of_days(room, today, today)
    with (tmp_path / "pack.zip").open("wb") as out, pytest.raises(NotPermitted):
        auditing.pack(room, period=period, by=make.reviewer(room), out=out)


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-02-01", "2026-01-01"), ("yesterday", "2026-01-01"), ("2026-01-01T12:00", "2026-01-02")],
)
def test_a_period_that_is_none_is_refused(room: Newsroom, tmp_path: Path, first: str, last: str) -> None:
    with pytest.raises(CommandError):
        pack(room, tmp_path / "pack.zip", first=first, last=last)
    assert not list(tmp_path.iterdir())


def test_days_are_those_of_the_newsrooms_clock(db: None) -> None:
    period = of_days(make.newsroom(time_zone="Europe/Berlin"), dt.date(2026, 3, 28), dt.date(2026, 3, 29))

    assert period == Period(dt.datetime(2026, 3, 27, 23, tzinfo=dt.UTC), dt.datetime(2026, 3, 29, 22, tzinfo=dt.UTC))
