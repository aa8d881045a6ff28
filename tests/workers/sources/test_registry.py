import logging
import re
import sys
import types
from pathlib import Path

import pytest

from workers.sources import registry
from workers.sources.base import Finding, Findings, Query, SourceUnavailable, fingerprint

DOCS = Path(__file__).resolve().parents[3] / "docs" / "sources.md"


@pytest.fixture
def town_hall(monkeypatch, loopback_allowed):
    """The source shown in docs/sources.md, as a package of its own."""
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert len(code.strip().splitlines()) <= 45
    module = types.ModuleType("townhall")
    exec(compile(code, "docs/sources.md", "exec"), module.__dict__)  # noqa: S102  our own page
    monkeypatch.setitem(sys.modules, "townhall", module)
    loopback_allowed.SOURCES = ["townhall.TownHall"]
    return module


def test_the_source_shown_in_the_docs_works(town_hall, service):
    town_hall.ADDRESS = f"{service.url}/search"
    service.on("/search", {"minutes": [{"url": "https://council.example/1", "title": "Bäume"}]}, {"error": "closed"})
    source = registry.get("townhall")

    assert source.search(Query(text="Bäume", language="de")).hits[0].title == "Bäume"
    with pytest.raises(SourceUnavailable, match="unknown shape"):
        source.search(Query(text="Radwege", language="de"))


def test_every_source_is_in_the_docs():
    shown = set(re.findall(r"^\| `(\w+)` \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE))
    assert shown >= set(registry.every())


def test_an_unknown_source_says_so():
    with pytest.raises(registry.UnknownSource, match="no source called 'nobody'"):
        registry.get("nobody")


class Whole:
    slug, name, languages, polite = "whole", "Whole", (), False

    def available(self):
        return None

    def search(self, query):
        return Findings()


class Double(Whole):
    pass


class Halved:
    slug, name, languages, polite = "halved", "Halved", (), False


class Nameless(Whole):
    slug = "nameless"

    def __getattribute__(self, name):
        if name == "polite":
            raise AttributeError(name)
        return super().__getattribute__(name)


class Breaking(Whole):
    def __init__(self):
        raise RuntimeError("no database of mine")


def test_a_source_that_does_not_keep_the_contract_is_left_out_and_the_others_work(settings, caplog):
    here = __name__
    settings.SOURCES = [f"{here}.{name}" for name in ("Halved", "Nameless", "Breaking", "Whole", "Double")]
    settings.SOURCES += ["nowhere.at.All"]
    with caplog.at_level(logging.ERROR):
        found = registry.every()

    assert "whole" in found
    assert not {"halved", "nameless"} & set(found)
    for word in ("search(query)", "polite", "cannot be loaded", "is taken"):
        assert word in caplog.text


def test_the_same_question_has_the_same_fingerprint():
    assert fingerprint("x", {"a": 1, "b": 2}) == fingerprint("x", {"b": 2, "a": 1})
    assert fingerprint("x", "a") != fingerprint("x", "b")


def test_a_query_says_what_to_search_in_each_language():
    query = Query(text="Bäume in Eulenburg", language="de", entities=("Eulenburg",), terms={"fr": ("arbres",)})
    assert query.asked_in == ("de",)
    assert query.searches("de") == ("Bäume in Eulenburg",)
    assert query.searches("en") == ("Eulenburg",)
    assert query.searches("fr") == ("arbres",)
    assert Query(text="x").asked_in == ("en",)
    assert Finding(url="https://bote.example/").content is None
