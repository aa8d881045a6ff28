from pathlib import Path

import pytest

from claims.analysis import tables


@pytest.mark.parametrize("path", sorted(tables.FOLDER.glob("*.tsv")), ids=lambda path: path.stem)
def test_every_table_can_be_read(path: Path) -> None:
    assert tables.rows(path.stem)


def test_rows_for_a_language_are_its_own_and_those_for_all() -> None:
    assert {row["language"] for row in tables.rows("units", "de")} == {"de", "*"}


def test_a_row_with_too_many_cells_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_here.tsv").write_text("# note\nlanguage\tword\nde\ta\tb\n", encoding="utf-8")
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    with pytest.raises(tables.TableError, match=r"broken_here\.tsv, line 3"):
        tables.rows("broken_here")


def test_a_table_without_languages_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mute_here.tsv").write_text("word\na\n", encoding="utf-8")
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    with pytest.raises(tables.TableError, match="no column called language"):
        tables.rows("mute_here")
