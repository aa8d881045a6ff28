"""The capacity model: arithmetic over measured figures, in which more is never less."""

import dataclasses
import subprocess
import sys

import pytest

from factcheck import capacity
from tests.factcheck.watching import ROOT

FIGURES = capacity.measured()


def test_every_figure_says_how_it_was_measured():
    rows = [line.split("\t") for line in capacity.MEASURED.read_text().splitlines()[1:]]
    assert all(len(row) == 4 and row[3] for row in rows)
    assert all(value > 0 for value in FIGURES.values())


def test_every_figure_is_used():
    for name in FIGURES:
        doubled = {**FIGURES, name: 2 * FIGURES[name]}
        assert capacity.need(1000, doubled) != capacity.need(1000, FIGURES), name


def test_ten_times_the_newsrooms_need_ten_times_as_much():
    one, ten = capacity.need(20, FIGURES), capacity.need(200, FIGURES)
    assert ten.documents == pytest.approx(10 * one.documents)
    assert ten.gathering == pytest.approx(10 * one.gathering)
    assert ten.warc == pytest.approx(10 * one.warc)


def test_the_arithmetic_by_hand():
    habits = dataclasses.replace(capacity.Habits(), people=0, articles=0, published=0)
    found = capacity.need(1, dict.fromkeys(FIGURES, 0.0) | {"extract": 10.0, "warc": 20.0}, habits)
    assert found.documents == 30 * 20 * 250
    assert found.gathering == pytest.approx(600 * 10 / 1000 * 4 / 86_400 / 0.7)
    assert found.warc == pytest.approx(600 * 20 * 250 / 1e6)


def test_it_answers_for_any_number_of_newsrooms():
    asked = [sys.executable, "-m", "factcheck.capacity", "--newsrooms", "50"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "| 50 |" in told
