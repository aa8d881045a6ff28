"""Names: countries in many forms, people, institutions, the desk's own aliases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.analysis import entities


def ids(text: str, language: str, **more: dict[str, str]) -> dict[str, str]:
    return {entity.text: entity.id for entity in entities.find(text, language, **more)}


@pytest.mark.parametrize(
    ("language", "text", "word", "code"),
    [
        ("de", "Die Ausfuhren Norwegens stiegen.", "Norwegens", "NO"),
        ("de", "Der portugiesische Minister kam.", "portugiesische", "PT"),
        ("de", "Zwei Niederländerinnen gewannen.", "Niederländerinnen", "NL"),
        ("de", "Aus US-amerikanischen Häfen.", "US-amerikanischen", "US"),
        ("en", "South Korea's economy grew.", "South Korea", "KR"),
        ("en", "The Dutch voted, three Danes did not.", "Danes", "DK"),
        ("en", "Officials in the U.S. agreed.", "U.S.", "US"),
        ("fr", "La Norvège et le Japon ont signé.", "Norvège", "NO"),
        ("uk", "Президент України прибув.", "України", "UA"),
        ("pl", "Rząd Niemiec milczy.", "Niemiec", "DE"),
    ],
)
def test_a_country_is_found_in_all_its_forms(language: str, text: str, word: str, code: str) -> None:
    assert ids(text, language)[word] == f"iso:{code}"


def test_a_capital_stands_for_its_country() -> None:
    (entity,) = entities.find("Oslo lehnte ab.", "de")

    assert (entity.id, entity.type, entity.via) == ("iso:NO", "capital", "metonym")


def test_a_currency_is_no_country() -> None:
    assert "US" not in ids("Das kostete 40 US-Dollar.", "de")
    assert "US" not in ids("It cost 40 US dollars.", "en")


def test_the_north_needs_exactly_one_pair_of_countries() -> None:
    both = "Nordkorea drohte Südkorea. Der Norden schloss die Grenze."

    assert ids(both, "de")["Norden"] == "iso:KP"
    assert "Norden" not in ids("Nordkorea schwieg. Der Norden schloss die Grenze.", "de")
    assert "Norden" not in ids("Nordkorea und Südkorea reden. Der Norden des Landes ist karg.", "de")


def test_an_institution_follows_the_country_beside_it() -> None:
    assert ids("Südkoreas Generalstab widersprach.", "de")["Generalstab"] == "org:jcs-kr"
    assert "Generalstab" not in ids("Der Generalstab widersprach.", "de")


def test_a_person_is_known_by_the_family_name_afterwards() -> None:
    found = entities.find("Präsidentin Hanna Lindqvist kam. Lindqvists Rede war kurz.", "de")

    assert [entity.id for entity in found] == ["name:hanna lindqvist", "name:hanna lindqvist"]
    assert found[0].text == "Hanna Lindqvist"


def test_what_belongs_to_a_person_is_not_part_of_the_name() -> None:
    assert "Peter Holms" in ids("Das ist Peter Holms Regierung.", "de")


def test_german_nouns_in_a_row_are_no_person() -> None:
    assert ids("Ende November kamen Millionen Liter Wasser.", "de") == {}


def test_the_desks_alias_wins() -> None:
    found = ids("Die Blaue Liste gewann in Oslo.", "de", aliases={"blaue liste": "17"})

    assert found == {"Blaue Liste": "alias:17", "Oslo": "iso:NO"}


@given(st.text(max_size=120), st.sampled_from(["de", "en", "fr", "ja", "und"]))
def test_every_span_is_exact_for_any_text(text: str, language: str) -> None:
    for entity in entities.find(text, language, aliases={"ab": "1"}):
        assert entity.span.of(text) == entity.text


def test_decomposed_letters_are_read_like_composed_ones() -> None:
    assert ids("O\u0308sterreich wählt.", "de") == {"O\u0308sterreich": "iso:AT"}
