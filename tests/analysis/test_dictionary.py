"""Words across languages: the glossary, and a dictionary the desk has installed."""

from __future__ import annotations

import pytest

from claims.analysis import dictionary, terms

LINES = """# a comment
Ziegel {m} | Ziegel {pl} :: brick | bricks
Dachdecker {m}; Bedachungsfachmann {m} [Ös.] :: roofer | roofers
etw. abdichten {vt} | abdichtend :: to seal sth.; to make sth. tight
kein Trenner in dieser Zeile
Haus und Hof :: house and home
"""


@pytest.fixture
def installed(tmp_path):
    path = tmp_path / "de-en"
    path.write_text(LINES, encoding="utf-8")
    return dictionary.load(path)


def across(bridge, word, source, target):
    return bridge.across(terms.key(word, source), source, target)


def test_the_glossary_leads_from_german_to_english_and_back():
    bridge = dictionary.glossary()

    assert "battlefield" in across(bridge, "Schlachtfeld", "de", "en")
    assert "schlachtfeld" in across(bridge, "battlefield", "en", "de")


def test_inflected_words_and_compounds_are_led_by_their_parts():
    bridge = dictionary.glossary()

    assert "troop" in across(bridge, "Truppen", "de", "en")
    assert {"border", "security"} & across(bridge, "Grenzsicherheitskampagne", "de", "en")


def test_an_installed_dictionary_adds_to_the_glossary(installed):
    assert "brick" in across(installed, "Ziegel", "de", "en")
    assert "roofer" in across(installed, "Dachdecker", "de", "en")
    assert "seal" in across(installed, "abdichten", "de", "en")
    assert "battlefield" in across(installed, "Schlachtfeld", "de", "en")
    assert installed.reaches("de", "en") and not dictionary.glossary().reaches("de", "en")


def test_phrases_of_several_words_are_left_out(installed):
    assert "home" not in across(installed, "Haus", "de", "en")


def test_a_word_nobody_knows_stays_itself(installed):
    assert across(installed, "Xyzzy", "de", "en") == {"xyzzy"}
    assert across(installed, "Ziegel", "de", "de") == {"ziegel"}


def test_a_dictionary_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        dictionary.load(tmp_path / "nowhere")


@pytest.fixture
def own(tmp_path):
    """A desk's own list, in use for the time of a test."""
    path = tmp_path / "own.tsv"
    path.write_text("# ours\nnl\tdakdekker\troofer\nde\tDachdecker\troofer\nbroken line\n", encoding="utf-8")
    dictionary.install([path])
    yield
    dictionary.install([])


def test_a_list_of_the_desks_own_is_used_beside_the_glossary(own):
    bridge = dictionary.standard()
    assert "roofer" in across(bridge, "dakdekker", "nl", "en")
    assert terms.key("Dachdecker", "de") in across(bridge, "roofer", "en", "de")
    assert bridge.reaches("nl", "en")


def test_a_dictionary_that_is_named_and_missing_is_refused_at_once(tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        dictionary.install([tmp_path / "nowhere.tsv"])
