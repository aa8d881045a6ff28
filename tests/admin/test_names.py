"""The desk's own names in the admin."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims.models import Alias
from claims.operations import aliasing, assessing, intake
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import words

pytestmark = pytest.mark.django_db
ROW = {"written": "Kowar", "language": "de", "canonical": "Anna Kovar", "kind": "person", "wikidata": ""}
TABLE = "written;language;canonical;kind;wikidata\nKowar;de;Anna Kovar;person;Q9\nKovář;;Anna Kovar;person;\n"


def _file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("names.csv", text.encode())


def test_a_researcher_adds_changes_and_removes_a_name_and_the_ledger_tells_it(signed_in: SignIn):
    room = make.newsroom()
    client = signed_in(make.member(room, Role.RESEARCHER))
    page = client.post("/admin/claims/alias/add/", {"newsroom": room.pk, **ROW}, follow=True)
    row = Alias.objects.filter(newsroom=room).first()
    assert row is not None, words(page)
    client.post(f"/admin/claims/alias/{row.pk}/change/", {**ROW, "wikidata": "Q9", "fetch": "on"}, follow=True)
    row.refresh_from_db()
    assert (row.wikidata, row.wanted_at is None) == ("Q9", False)
    client.post(f"/admin/claims/alias/{row.pk}/delete/", {"post": "yes"}, follow=True)
    assert not Alias.objects.exists()
    told = list(room.ledger.filter(kind__startswith="alias.").order_by("pk").values_list("kind", flat=True))
    assert told == ["alias.added", "alias.changed", "alias.names_wanted", "alias.removed"]


def test_the_newsroom_is_filled_in_for_whoever_has_one_and_others_are_not_offered(signed_in: SignIn) -> None:
    room, other = make.newsroom(), make.newsroom()
    page = signed_in(make.researcher(room)).get("/admin/claims/alias/add/").content.decode()
    assert f'<option value="{room.pk}" selected' in page
    assert f'<option value="{other.pk}"' not in page


def test_names_are_not_fetched_without_an_id(signed_in: SignIn):
    room = make.newsroom()
    client = signed_in(make.member(room, Role.RESEARCHER))
    page = client.post("/admin/claims/alias/add/", {"newsroom": room.pk, **ROW, "fetch": "on"})
    assert "without a Wikidata id" in words(page)


def test_a_table_comes_in_and_goes_out_again(signed_in: SignIn):
    room = make.newsroom()
    client = signed_in(make.member(room, Role.RESEARCHER))
    assert client.get("/admin/claims/alias/import/").status_code == 200
    page = client.post("/admin/claims/alias/import/", {"newsroom": room.pk, "file": _file(TABLE)}, follow=True)
    assert "2 names are in the table" in words(page)
    out = client.get("/admin/claims/alias/export/").content.decode()

    def key(row: dict[str, str]) -> str:
        return row["written"]

    assert sorted(aliasing.read_table(out).rows, key=key) == sorted(aliasing.read_table(TABLE).rows, key=key)


def test_a_wrong_line_is_named_and_nothing_is_kept(signed_in: SignIn):
    room = make.newsroom()
    client = signed_in(make.member(room, Role.RESEARCHER))
    bad = TABLE + "Nobody;de;;person;\nX;de;Y;robot;\n"
    page = client.post("/admin/claims/alias/import/", {"newsroom": room.pk, "file": _file(bad)})
    assert page.status_code == 422
    assert "Line 4" in words(page) and "Line 5" in words(page)
    assert not Alias.objects.exists()


def test_strangers_and_auditors_change_nothing(signed_in: SignIn):
    room = make.newsroom()
    aliasing.take_in([ROW], newsroom=room, by=None)
    row = Alias.objects.get()
    other = signed_in(make.member(make.newsroom("other"), Role.RESEARCHER))
    assert other.post(f"/admin/claims/alias/{row.pk}/change/", ROW).status_code in (302, 403, 404)
    assert "Kowar" not in other.get("/admin/claims/alias/export/").content.decode()
    auditor = signed_in(make.member(room, Role.AUDITOR))
    assert auditor.post(f"/admin/claims/alias/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert auditor.get("/admin/claims/alias/import/").status_code == 403
    assert Alias.objects.count() == 1


def test_a_name_taught_later_counts_at_the_next_assessment():
    room = make.newsroom()
    claim, _ = intake.submit_claim(room, text="Kowar eröffnete am 3. Mai 2024 das Museum.", by=None, door="api")
    before = assessing.hold(claim, [])
    aliasing.take_in([{**ROW, "wikidata": "Q9"}], newsroom=room, by=None)
    after = assessing.hold(claim, [])
    assert "wd:Q9" not in [getattr(row.fact, "id", "") for row in before.table]
    assert "wd:Q9" in [getattr(row.fact, "id", "") for row in after.table]
