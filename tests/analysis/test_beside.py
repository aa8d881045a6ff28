"""Two versions side by side: the words that changed are marked, the rest is left out."""

from claims.analysis.beside import lay

OLD = "First. Second. The city planted 1,250 trees. Fourth. Fifth. Sixth."


def test_the_very_words_that_changed_are_marked_on_both_sides():
    rows = lay(OLD, OLD.replace("1,250", "2,250"))
    changed = next(row for row in rows if row.kind == "changed")
    assert [part.text for part in changed.old if part.changed] == ["1,250"]
    assert [part.text for part in changed.new if part.changed] == ["2,250"]
    assert "".join(part.text for part in changed.new) == "The city planted 2,250 trees."


def test_long_unchanged_stretches_are_skipped_and_counted():
    rows = lay(OLD, OLD.replace("1,250", "2,250"))
    assert [(row.kind, row.count) for row in rows] == [
        ("skipped", 1), ("same", 0), ("changed", 0), ("same", 0), ("skipped", 2)
    ]  # fmt: skip


def test_what_was_taken_away_and_what_came_new_have_no_counterpart():
    assert [row.kind for row in lay("One. Two.", "One.")] == ["same", "gone"]
    assert [row.kind for row in lay("One.", "One.\nCorrection: not two.")] == ["same", "new"]


def test_nothing_differs_in_the_same_text():
    assert [row.kind for row in lay(OLD, OLD)] == ["skipped"]


def test_a_text_without_ends_is_compared_in_bounded_time():
    assert lay("word " * 50_000, "sword " * 50_000)[0].kind == "changed"
