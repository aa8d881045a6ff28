"""Claims come in from a sheet."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from claims import sheets
from claims.errors import InvalidInput, NotPermitted
from claims.models import Claim, Newsroom
from claims.operations import importing
from tests import make

pytestmark = pytest.mark.django_db

SHEET = (
    "Nr;Behauptung;Sprecher;Datum;Link\r\n"
    '1;"Eulenburg hat 1.250 Bäume\ngepflanzt.";Ada Lindgren;31.03.2024;https://courier.example/1\r\n'
    "2;=HYPERLINK(1);;;\r\n"
    "3;Die Brücke wurde 2019 eröffnet.;;32.01.2024;\r\n"
    "4;Der Turm ist 90 Meter hoch.;;;kein Link\r\n"
    "1;Der Turm ist 80 Meter hoch.;;;\r\n"
    "5;=HYPERLINK(1);;;\r\n"
    "6;;;;\r\n"
    "7;Ein Satz zu viel.;;;;;x\r\n"
).encode("cp1252")
RESULTS = [
    (2, "created"), (4, "created"), (5, "refused"), (6, "refused"), (7, "refused"), (8, "existing"), (9, "refused"),
    (10, "refused"),
]  # fmt: skip


def take_in(room: Newsroom, content: bytes = SHEET, *, dry_run: bool = False) -> importing.Report:
    sheet = sheets.read(content)
    layout = importing.guessed(sheet)
    return importing.take_in(room, sheet, layout, by=make.researcher(room), door="admin", dry_run=dry_run)


def test_every_row_has_its_own_result() -> None:
    room = make.newsroom()

    report = take_in(room)

    assert [(one.line, one.result) for one in report.results] == RESULTS
    claim = Claim.objects.get(newsroom=room, external_id="1")
    assert claim.text == "Eulenburg hat 1.250 Bäume\ngepflanzt."
    assert (claim.claimant, str(claim.said_on), claim.appearance) == (
        "Ada Lindgren", "2024-03-31", "https://courier.example/1",
    )  # fmt: skip
    assert claim.history.get().kind == "claim.submitted"
    assert Claim.objects.filter(newsroom=room, text="=HYPERLINK(1)").count() == 1


def test_a_dry_run_says_the_same_and_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    room = make.newsroom()
    monkeypatch.setattr("claims.operations.batching.AT_ONCE", 2)  # what is doubled stands in other hundreds

    report = take_in(room, dry_run=True)

    assert [(one.line, one.result) for one in report.results] == RESULTS
    assert not Claim.objects.filter(newsroom=room).exists()
    assert not room.ledger.exists()
    assert not [one for one in report.results if one.claim]


def test_who_may_not_hand_in_claims_imports_none() -> None:
    room = make.newsroom()
    sheet = sheets.read(SHEET)

    with pytest.raises(NotPermitted):
        importing.take_in(
            room, sheet, importing.guessed(sheet), by=make.person(make.newsroom(), "researcher"), door="admin"
        )


@pytest.mark.parametrize("columns", [{}, {"text": "Satz"}, {"text": "Behauptung", "truth": "Nr"}])
def test_a_layout_that_does_not_fit_is_refused(columns: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        importing.checked(sheets.read(SHEET), importing.Layout(columns))


def test_the_command_tells_what_stands_where_and_which_rows_are_wrong(tmp_path: Path) -> None:
    room = make.newsroom()
    place = tmp_path / "claims.csv"
    place.write_text('Satz,When\n"The tower is 90 metres high.",1/2/2024\n', encoding="utf-8-sig")
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="which column"):
        call_command("import_claims", str(place), newsroom=room.slug)

    given = {"newsroom": room.slug, "column": ["text=Satz", "said_on=When"], "stdout": out, "stderr": err}
    call_command("import_claims", str(place), **given)
    call_command("import_claims", str(place), **given, dates="mdy", dry_run=True)
    call_command("import_claims", str(place), **given, dates="mdy")

    assert "line 2: 1/2/2024: which is the day" in err.getvalue()
    assert "0 new, 0 known already, 1 refused." in out.getvalue()
    assert "1 new, 0 known already, 0 refused; nothing was kept" in out.getvalue()
    assert str(Claim.objects.get(newsroom=room).said_on) == "2024-01-02"
