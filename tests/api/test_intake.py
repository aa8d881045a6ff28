"""Handing in articles and claims by API."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from claims.models import Article, Claim, Newsroom
from tests import make
from tests.api.client import Program, only, program_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Any:
    return make.newsroom()


@pytest.fixture
def cms(room: Any) -> Program:
    return program_of(make.researcher(room), room)


def test_an_article_is_taken_and_read_later(cms: Program, room: Any) -> None:
    answer = cms.post("articles/", {"text": make.ARTICLE, "language": "de", "published_on": "2024-04-02"})

    assert answer.status_code == 202
    assert answer["Factcheck-Existing"] == "false"
    article = Article.objects.get()
    assert answer["Location"].endswith(f"/api/v1/articles/{article.pk}/")
    assert answer.json()["state"] == "open"
    assert (article.text, article.door, article.newsroom) == (make.ARTICLE, "api", room)


def test_the_same_article_twice_is_one_and_the_answer_says_so(cms: Program) -> None:
    first = cms.post("articles/", {"text": make.ARTICLE})
    second = cms.post("articles/", {"text": make.ARTICLE})

    assert (first.status_code, second.status_code) == (202, 200)
    assert second["Factcheck-Existing"] == "true"
    assert first.json()["id"] == second.json()["id"]
    assert Article.objects.count() == 1


@pytest.mark.parametrize("kind", ["articles", "claims"])
def test_an_own_id_stands_for_one_text(cms: Program, kind: str) -> None:
    first = cms.post(f"{kind}/", {"text": "The sky is blue.", "external_id": "a-1"})
    again = cms.post(f"{kind}/", {"text": "The sky is blue.", "external_id": "a-1"})
    other = cms.post(f"{kind}/", {"text": "The sky is green.", "external_id": "a-1"})

    assert first.json()["id"] == again.json()["id"]
    assert (other.status_code, only(other)["attr"], only(other)["code"]) == (400, "external_id", "taken")


def test_white_space_is_kept_since_spans_count_it(cms: Program) -> None:
    cms.post("articles/", {"text": "  " + make.ARTICLE + "\n"})

    assert Article.objects.get().text == "  " + make.ARTICLE + "\n"


def test_html_becomes_text_and_the_notes_say_so(cms: Program) -> None:
    html = f"<html><body><article><h1>Trees</h1><p>{make.ARTICLE}</p><p>{make.ARTICLE}</p></article></body></html>"

    answer = cms.post("articles/", {"text": html})

    assert answer.status_code == 202
    assert "<p>" not in answer.json()["text"]
    assert any("HTML" in note for note in answer.json()["notes"])


TOMORROW_AND_MORE = (timezone.now().date() + dt.timedelta(days=3)).isoformat()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n\t "}, "text"),
        ({}, "text"),
        ({"text": None}, "text"),
        ({"text": 7, "language": []}, "language"),
        ({"text": ["a"]}, "text"),
        ({"text": {"a": 1}}, "text"),
        ({"text": "x" * 5_000_000}, "text"),
        ({"text": "Trees\x00grow"}, "text"),
        ({"text": "Trees \ud800 grow"}, "text"),
        ({"text": "<html><body><script>1</script></body></html>"}, "text"),
        ({"text": make.ARTICLE, "language": "klingon!"}, "language"),
        ({"text": make.ARTICLE, "language": "xx-yy-zz"}, "language"),
        ({"text": make.ARTICLE, "published_on": TOMORROW_AND_MORE}, "published_on"),
        ({"text": make.ARTICLE, "published_on": "yesterday"}, "published_on"),
        ({"text": make.ARTICLE, "published_on": "0001-01-01"}, "published_on"),
        ({"text": make.ARTICLE, "published_on": 20240101}, "published_on"),
        ({"text": make.ARTICLE, "url": "javascript:alert(1)"}, "url"),
        ({"text": make.ARTICLE, "title": "x" * 501}, "title"),
        ({"text": make.ARTICLE, "title": "a\x00b"}, "title"),
        ({"text": make.ARTICLE, "external_id": "a\nb"}, "external_id"),
        ({"text": make.ARTICLE, "newsroom": "nobody-s"}, "newsroom"),
        ({"text": make.ARTICLE, "published_at": "2024-04-02"}, "published_at"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_article_is_refused_with_its_field_and_nothing_is_saved(
    cms: Program, body: dict[str, Any], field: str
) -> None:
    answer = cms.post("articles/", body)

    assert answer.status_code == 400, answer.content[:300]
    assert answer.json()["type"] == "validation_error"
    assert field in [error["attr"] for error in answer.json()["errors"]]
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b"NaN",
        b'{"text": NaN}',
        b"[" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b'{"text": ' + b"9" * 5_000 + b"}",
        b"\xff\xfe{}",
        b'{"text": "\xed\xa0\x80"}',
        b"text=hello",
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_is_not_a_json_object_is_refused(cms: Program, body: bytes) -> None:
    answer = cms.post("articles/", body)

    assert answer.status_code == 400, answer.content[:300]
    assert not Article.objects.exists()


def test_a_body_without_end_is_not_read_to_its_end(cms: Program, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    answer = cms.post("articles/", b'{"text": "' + b"a" * 2000 + b'"}')

    assert answer.status_code == 413
    assert only(answer)["code"] == "too_large"


def test_another_content_type_is_refused(cms: Program) -> None:
    answer = cms.client.post("/api/v1/articles/", {"text": make.ARTICLE}, headers=cms.headers)

    assert answer.status_code == 415


def test_a_single_claim_is_read_at_once(cms: Program) -> None:
    answer = cms.post("claims/", {"text": "Eulenburg planted 1,250 trees.", "language": "en", "claimant": "The mayor"})

    assert answer.status_code == 201
    claim = answer.json()
    assert (claim["status"], claim["claimant"], claim["article"]) == ("submitted", "The mayor", None)
    assert [move["name"] for move in claim["allowed_moves"]] == ["gather", "dismiss", "mark_duplicate"]
    assert cms.post("claims/", {"text": "Eulenburg planted 1,250 trees."}).status_code == 200
    assert Claim.objects.count() == 1


@pytest.mark.parametrize("gathered", ["nothing", "claims"])
@pytest.mark.parametrize("callback", [{}, {"callback": "https://cms.example/told"}])
def test_what_is_answered_is_what_is_there(cms: Program, room: Any, gathered: str, callback: dict[str, str]) -> None:
    Newsroom.objects.filter(pk=room.pk).update(gather_automatically=gathered)

    answer = cms.post("claims/", {"text": "Der Bürgermeister sagte, 1.250 Bäume stehen.", "language": "de", **callback})

    taken = answer.json()
    taken.pop("callback_secret")
    assert taken == cms.get(answer["Location"]).json()
    claim = Claim.objects.get(pk=taken["id"])
    assert claim.contributions.get().user == claim.submitted_by
    assert claim.history.first().payload == {"article": None, "sha256": claim.sha256}  # type: ignore[union-attr]


def test_whoever_belongs_to_two_newsrooms_names_one(room: Any) -> None:
    person = make.researcher(room)
    other = make.newsroom()
    other.memberships.create(user=person, roles=["researcher"])
    browser = Program()
    browser.client.force_login(person)

    refused = browser.post("claims/", {"text": "The sky is blue."})
    taken = browser.post("claims/", {"text": "The sky is blue.", "newsroom": other.slug})

    assert (refused.status_code, only(refused)["attr"]) == (400, "newsroom")
    assert (taken.status_code, taken.json()["newsroom"]) == (201, other.slug)


def test_pages_follow_each_other_without_gaps_while_claims_come_in(cms: Program, room: Any) -> None:
    made = [make.claim_submitted(room).pk for _ in range(5)]

    first = cms.get("claims/?limit=2").json()
    make.claim_submitted(room)
    second = cms.get(first["next"]).json()
    third = cms.get(second["next"]).json()

    seen = [claim["id"] for page in (first, second, third) for claim in page["results"]]
    assert seen == sorted(made, reverse=True)
    assert third["next"] is None


@pytest.mark.parametrize(
    "cursor", ["x", "cD0nJw==", "cD14", "cD0xJTAw", "bz05OTk5OTk5OTk5", "%00", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ=="]
)
def test_a_made_up_cursor_is_not_an_error_of_the_server(cms: Program, cursor: str) -> None:
    make.claim_submitted(make.newsroom())

    assert cms.get(f"claims/?cursor={cursor}").status_code in (200, 404)


def test_claims_are_narrowed_by_status_article_language_and_words(cms: Program, room: Any) -> None:
    article = make.article_read(room)
    alone = make.claim_submitted(room, text="Lindgren opened the Heron bridge in 2019.")

    def found(query: str) -> set[int]:
        return {claim["id"] for claim in cms.get(f"claims/?{query}").json()["results"]}

    of_article = set(article.claims.values_list("pk", flat=True))
    assert of_article
    assert found(f"article={article.pk}") == of_article
    assert found("language=en") == {alone.pk}
    assert found("q=heron+bridge") == {alone.pk}
    assert found("status=submitted&status=in_review") == of_article | {alone.pk}
    assert found("status=decided") == set()


def test_articles_are_found_by_title_text_publisher_and_own_id(cms: Program, room: Any) -> None:
    bridge = make.article(
        room, text="Lindgren opened the Heron bridge.", title="A long day", publisher="Bote", external_id="cms-4711"
    )
    tower = make.article(room, text="The tower is 90 metres high.", title="Heron tower", url="https://bote.example/2")
    make.article(make.newsroom(), text="A Heron bridge elsewhere.")

    def found(query: str) -> list[int]:
        return [one["id"] for one in cms.get(f"articles/?{query}").json()["results"]]

    assert found("q=heron") == [tower.pk, bridge.pk]
    assert found('q="heron bridge"') == found("q=long day") == found("q=bote") == found("q=cms-4711") == [bridge.pk]
    assert found("q=heron -bridge") == found("url=https://bote.example/2") == [tower.pk]
    assert found("q=heron&state=done") == found("q=nowhere") == []
    first = cms.get("articles/?q=heron&limit=1").json()
    make.article(room, text="The heron is back.")
    assert [one["id"] for one in cms.get(first["next"]).json()["results"]] == [bridge.pk]


def test_the_longest_article_that_is_taken_is_searched_by_its_beginning(room: Any, settings: Any) -> None:
    words = "".join(f"{chr(0x4E00 + n % 20_000)}{chr(0x20000 + n % 40_000 + n // 20_000)} " for n in range(133_000))
    text = f"anfang {words}"[: settings.ARTICLE_MAX_CHARACTERS - 5] + " ende"

    taken = make.article(room, text=text)

    assert Article.objects.filter(search="anfang").get() == taken
    assert not Article.objects.filter(search="ende").exists()


@pytest.mark.parametrize(
    "query",
    [
        "status=nonsense",
        "article=abc",
        "article=-1",
        "article=99999999999999999999",
        "severity=9",
        "submitted_after=x",
        "q=%00",
    ],
)
def test_a_wrong_parameter_is_named(cms: Program, query: str) -> None:
    answer = cms.get(f"claims/?{query}")

    assert answer.status_code == 400
    assert only(answer)["attr"] == query.split("=")[0]


def test_an_address_that_does_not_exist_says_so_in_json(cms: Program) -> None:
    assert only(cms.get("nothing/"))["code"] == "not_found"
    assert only(cms.post("articles", {"text": make.ARTICLE}))["code"] == "not_found"


@pytest.mark.parametrize(
    "moment", ["3620-12-30T20:55:24+23:18", "0001-01-01T00:00:00+23:00", "9999-12-31T23:59:00-23:00"]
)
def test_a_moment_no_database_knows_breaks_no_list(moment: str) -> None:
    claim = make.claim_submitted()
    program = program_of(make.researcher(claim.newsroom), claim.newsroom)

    for path in ("claims/?submitted_before=", "articles/?received_after="):
        assert program.get(path + moment.replace("+", "%2B")).status_code in (200, 400)
