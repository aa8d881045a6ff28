"""The sample is what its README says: our own words, marked as such, with something to find in it."""

import re
from pathlib import Path

import pytest

from claims.analysis.sentences import split
from workers import reading

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
NOTICE = "Written for the Factcheck sample archive; not a real publication."
FILES = sorted(path.name for path in (SAMPLES / "archive").iterdir())


@pytest.fixture(scope="module")
def archive():
    return {name: reading.read((SAMPLES / "archive" / name).read_bytes()) for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_each_document_says_that_it_is_none(name):
    assert NOTICE in (SAMPLES / "archive" / name).read_text(encoding="utf-8")


def test_each_document_says_what_an_archive_needs(archive):
    assert 10 <= len(archive) <= 14
    for name, page in archive.items():
        address = page.url or page.canonical_url
        assert re.match(r"https://[a-z-]+\.example/", address), name
        assert page.title and page.publisher and page.published_at and page.text, name
        assert page.language in ("de", "en"), name
        assert page.published_at.year == 2024, name
    assert len({page.url or page.canonical_url for page in archive.values()}) == len(archive)


def test_the_article_holds_the_two_mistakes_and_what_is_right():
    article = (SAMPLES / "article.de.txt").read_text(encoding="utf-8")
    for words in ("im Dezember 2023", "„leichtfertige Provokation“", "1.100", "40 Kilometer", "7.000", "10.000"):
        assert words in article


def test_the_archive_holds_what_stands_against_the_article(archive):
    texts = "\n".join(page.text for page in archive.values())
    for words in ("October 2024", "reckless provocation", "some 1,100", "more than 3,000", "25-mile", "June 19, 2024"):
        assert words in texts
    (off_topic,) = [name for name, page in archive.items() if "December 2023" in page.text]
    assert off_topic == "fjord-trade-news-welders.json"


def test_the_copies_are_copies(archive):
    story = archive["northwire-casualties.json"].text
    assert archive["harbour-courier-casualties.json"].text == story
    assert archive["lakeside-post-casualties.json"].text == story
    cut = archive["metro-brief-casualties.json"].text
    assert 0.5 < len(cut) / len(story) < 0.7
    assert all(paragraph in story for paragraph in cut.split("\n\n"))


def test_no_sentence_is_taken_from_the_seed_article(shared):
    def sentences(path):
        text = path.read_text(encoding="utf-8")
        return {re.sub(r"\W+", " ", sentence.text).lower().strip() for sentence in split(text, "de")}

    common = sentences(SAMPLES / "article.de.txt") & sentences(shared / "seed/article.de.txt")
    assert common == set()


def test_no_run_of_seven_words_is_taken_from_the_seed_article(shared):
    def runs(path):
        words = re.findall(r"\w+", path.read_text(encoding="utf-8").lower())
        return {tuple(words[i : i + 7]) for i in range(len(words) - 6)}

    assert runs(SAMPLES / "article.de.txt") & runs(shared / "seed/article.de.txt") == set()
