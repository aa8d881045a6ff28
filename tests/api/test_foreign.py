"""What names a thing of another newsroom is answered as if there were no such thing: by any role, in any place.

Made from the schema: the address, the query, the body, what an answer can be expanded by, and the mark of an answer.
"""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from claims.models import Claim, Correction, Rating
from claims.operations import publishing
from claims.roles import Role
from tests import make
from tests.api.addresses import claim_with_everything, ids_in
from tests.api.client import program_of

pytestmark = pytest.mark.django_db

NOWHERE = 2**40  # an id nobody has
SECRET = "Grauwacke"


@pytest.fixture(scope="module")
def operations() -> list[tuple[str, str, dict[str, Any]]]:
    out = StringIO()
    call_command("spectacular", "--format", "openapi-json", stdout=out)
    paths = json.loads(out.getvalue())["paths"]
    return [(method.upper(), path, one) for path, methods in paths.items() for method, one in methods.items()]


class Rooms:
    """A newsroom with everything, and the people of another one with a claim of their own in three states."""

    def __init__(self) -> None:
        self.foreign = claim_with_everything()
        self.room = self.foreign.newsroom
        Claim.objects.filter(pk=self.foreign.pk).update(external_id=SECRET, topic=SECRET)
        Rating.objects.filter(newsroom=self.room, slug="mixed").update(slug=SECRET.lower())
        self.ids = ids_in(self.foreign)
        self.mate = make.member(self.room, "editor", name=SECRET.lower())
        self.insider = program_of(make.member(self.room, *Role.values), self.room)
        self.home = make.newsroom("at-home")
        self.own = claim_with_everything(self.home)
        self.own_ids = ids_in(self.own)
        self.chief = program_of(make.member(self.home, *Role.values), self.home)
        publication = self.foreign.publications.get()
        publishing.correct(publication, by=self.mate, kind="clarification", notice=SECRET)
        self.named: dict[str, tuple[Any, Any]] = {  # what is there, and what is nowhere
            "newsroom": (self.room.slug, "no-such-room"),
            "article": (self.ids["article_id"], NOWHERE),
            "of": (self.foreign.pk, NOWHERE),
            "publication": (publication.pk, NOWHERE),
            "correction": (Correction.objects.get(publication=publication).pk, NOWHERE),
            "document": (self.ids["document_id"], NOWHERE),
            "other": (self.ids["document_id"], NOWHERE),
            "assignee": (self.mate.username, "no-such-person"),
            "user": (self.mate.username, "no-such-person"),
            "rating": (SECRET.lower(), "no-such-rating"),
            "external_id": (SECRET, "no-such-id"),
            "topic": (SECRET, "no-such-topic"),
            "q": (SECRET, "Nirgendwas"),
        }

    def shown(self, answer: Any) -> list[str]:
        """What of the other newsroom stands in the answer."""
        words = (self.room.slug, self.foreign.text, SECRET, self.mate.username)
        return [word for word in words if word.encode() in body_of(answer)]


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def alike(one: Any, other: Any, *, sent: tuple[Any, Any]) -> bool:
    """Whether two answers say the same, apart from what was sent in each."""
    told = [body_of(answer).replace(str(word).encode(), b"-") for answer, word in zip((one, other), sent, strict=True)]
    return one.status_code == other.status_code and told[0] == told[1]


def example_of(operation: dict[str, Any]) -> Any:
    """A body that is right, so that nothing else is wrong than what is named."""
    return operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")


@pytest.fixture
def rooms() -> Rooms:
    return Rooms()


def test_a_foreign_thing_in_an_address_is_not_found_whatever_the_role(operations: Any, rooms: Rooms) -> None:
    strangers = {role: program_of(make.member(rooms.home, role), rooms.home) for role in Role.values}
    nobody = {name: "no-such-thing" if isinstance(value, str) else NOWHERE for name, value in rooms.ids.items()}
    tried = 0
    for method, path, operation in operations:
        if "{" not in path:
            continue
        for role, stranger in strangers.items():
            foreign = stranger.call(method, path.format(**rooms.ids), example_of(operation))
            missing = stranger.call(method, path.format(**nobody), example_of(operation))

            assert foreign.status_code == 404, (method, path, role)
            assert alike(foreign, missing, sent=("", "")), (method, path, role)
            tried += 1
    assert tried > 600


def test_a_foreign_thing_below_an_own_one_is_not_found(operations: Any, rooms: Rooms) -> None:
    for method, path, operation in operations:
        if path.count("{") < 2:
            continue
        at = path.format(**{**rooms.ids, "claim_id": rooms.own.pk})

        assert rooms.chief.call(method, at, example_of(operation)).status_code == 404, (method, path)


def test_a_foreign_thing_in_a_query_narrows_as_one_that_is_not_there(operations: Any, rooms: Rooms) -> None:
    tried = 0
    for method, path, operation in operations:
        if method != "GET" or path.endswith("/progress/"):
            continue
        at = path.format(**rooms.own_ids)
        for parameter in operation.get("parameters", ()):
            name = parameter["name"]
            if parameter["in"] != "query" or name not in rooms.named:
                continue
            foreign, nowhere = (
                rooms.chief.client.get(at, {name: value}, headers=rooms.chief.headers) for value in rooms.named[name]
            )
            assert alike(foreign, nowhere, sent=rooms.named[name]), (path, name)
            tried += 1
        if "cursor" in {one["name"] for one in operation.get("parameters", ())}:
            first = rooms.insider.client.get(path.format(**rooms.ids), {"limit": 1}, headers=rooms.insider.headers)
            _, _, place = (first.json()["next"] or "").partition("?")
            assert rooms.shown(rooms.chief.get(f"{at}?{place}")) == [], path
    assert tried > 20


def test_a_foreign_thing_in_a_body_is_refused_as_one_that_is_not_there(operations: Any, rooms: Rooms) -> None:
    claims = [rooms.own, make.claim_in_review(rooms.home), make.claim_submitted(rooms.home)]
    tried = 0
    for method, path, operation in operations:
        example = example_of(operation)
        for name in rooms.named if isinstance(example, dict) else ():
            if name not in example or name in ("external_id", "topic"):
                continue
            for claim in claims if "{claim_id}" in path else claims[:1]:
                at = path.format(**{**rooms.own_ids, "claim_id": claim.pk})
                foreign, nowhere = (
                    rooms.chief.call(method, at, {**example, name: value}) for value in rooms.named[name]
                )
                assert 400 <= foreign.status_code < 500, (method, path, name)
                assert alike(foreign, nowhere, sent=rooms.named[name]), (method, path, name, foreign.content)
                tried += 1
    assert tried > 20


def test_what_answers_are_expanded_by_shows_nothing_foreign(operations: Any, rooms: Rooms) -> None:
    expanded = 0
    for method, path, operation in operations:
        names = {one["name"]: one for one in operation.get("parameters", ()) if one["in"] == "query"}
        if method != "GET" or "expand" not in names:
            continue
        among = names["expand"]["schema"]["items"]["enum"]
        given = {"expand": ",".join(among)}
        answer = rooms.chief.client.get(path.format(**rooms.own_ids), given, headers=rooms.chief.headers)

        assert answer.status_code == 200, (path, answer.content)
        assert rooms.shown(answer) == []
        expanded += 1
    assert expanded


def test_the_mark_of_a_foreign_answer_opens_nothing(operations: Any, rooms: Rooms) -> None:
    for method, path, _ in operations:
        if method != "GET" or path.endswith("/progress/"):
            continue
        at = path.format(**rooms.ids)
        inside = rooms.insider.get(at)
        mark = inside.headers.get("ETag", '"none"')
        answer = rooms.chief.get(at, If_None_Match=mark)

        if "{" in path:
            assert answer.status_code == 404, path
            assert rooms.chief.get(at, If_None_Match="*").status_code == 404, path
        elif answer.status_code == 304:  # the same to everybody
            assert body_of(inside) == body_of(rooms.chief.get(at)), path
        else:
            assert rooms.shown(answer) == [], path
