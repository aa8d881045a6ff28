"""The headers of answers are those the schema declares, whatever was answered."""

from __future__ import annotations

import json
import re
from io import StringIO
from typing import Any

import jsonschema
import pytest
from django.core.management import call_command

from claims.api.headers import ALWAYS, HEADERS
from claims.api.urls import urlpatterns
from claims.models import Newsroom
from claims.roles import Role
from tests import make
from tests.api.addresses import addresses, claim_with_everything, ids_in, path_of
from tests.api.client import Program, program_of

STREAMS = {"progress"}


@pytest.fixture(scope="module")
def schema() -> Any:
    out = StringIO()
    call_command("spectacular", "--format", "openapi-json", stdout=out)
    return json.loads(out.getvalue())


def address_in_schema(name: str) -> str:
    [pattern] = [one for one in urlpatterns if one.name == name]
    return "/api/v1/" + re.sub(r"<(?:int|slug):(\w+)>", r"{\1}", str(pattern.pattern))


def keeps_to(schema: Any, name: str, method: str, answer: Any) -> None:
    where = (method, name, answer.status_code)
    responses = schema["paths"][address_in_schema(name)][method.lower()]["responses"]
    assert str(answer.status_code) in responses, where
    declared = set(responses[str(answer.status_code)]["headers"])
    told = {one for one in HEADERS if one in answer.headers}
    assert told <= declared, (where, told - declared)
    assert {one for one in ALWAYS if one in declared} <= told, where
    for one in told:
        shape = HEADERS[one][1]
        value = int(answer[one]) if shape["type"] == "integer" else answer[one]
        jsonschema.validate(value, shape)


@pytest.mark.django_db
def test_every_operation_answers_with_the_headers_the_schema_declares(schema: Any) -> None:
    """Each as somebody who may everything and sends nothing, then without a key."""
    claim = claim_with_everything()
    ids = ids_in(claim)
    program = program_of(make.member(claim.newsroom, *Role.values), claim.newsroom)
    for pattern in addresses():
        at, name = path_of(pattern, ids), str(pattern.name)
        for method in schema["paths"][address_in_schema(name)]:
            if name in STREAMS and method == "get":
                continue
            answer = program.call(method.upper(), at)
            keeps_to(schema, name, method, answer)
            if method == "get" and answer.status_code == 200 and "ETag" in answer.headers:
                again = program.get(at, If_None_Match=answer["ETag"])
                assert again.status_code in (200, 304)  # 200: our own questions are in some answers
                keeps_to(schema, name, method, again)
            keeps_to(schema, name, method, Program().call(method.upper(), at))


@pytest.mark.django_db
def test_what_is_handed_in_repeated_and_refused_is_as_declared(schema: Any, settings: Any) -> None:
    room = make.newsroom()
    cms = program_of(make.researcher(room), room)
    claim = {"text": "The tower is 90 metres high.", "language": "en"}

    new, again = cms.post("claims/", claim, Idempotency_Key="one"), cms.post("claims/", claim, Idempotency_Key="one")
    known = cms.post("claims/", claim)
    other = cms.post("claims/", {**claim, "text": "The tower is 91 metres high."}, Idempotency_Key="one")
    article = cms.post("articles/", {"text": "The city planted 1,250 trees."})

    for name, answer in (("claims", new), ("claims", again), ("claims", known), ("claims", other)):
        keeps_to(schema, name, "post", answer)
    keeps_to(schema, "articles", "post", article)
    assert [one.status_code for one in (new, again, known, other, article)] == [201, 201, 200, 409, 202]
    assert (again["Idempotency-Replayed"], known["Factcheck-Existing"]) == ("true", "true")
    assert again["Location"] == new["Location"] == known["Location"]
    refused = cms.post(f"claims/{new.json()['id']}/publication/")
    assert refused.status_code in (403, 409)
    keeps_to(schema, "publication", "post", refused)
    settings.API_REQUESTS_PER_KEY = 1
    late = [cms.get("claims/") for _ in range(4)][-1]
    assert late.status_code == 429 and int(late["Retry-After"]) > 0
    keeps_to(schema, "claims", "get", late)


@pytest.mark.django_db
def test_a_taken_over_claim_tells_its_address(schema: Any) -> None:
    check = make.publication(make.newsroom(shares_published=True))
    room = make.newsroom()

    taken = program_of(make.researcher(room), room).post(f"pool/checks/{check.pk}/takeover/")

    keeps_to(schema, "check_takeover", "post", taken)
    assert taken["Location"].endswith(f"/claims/{taken.json()['id']}/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("followed-sources/", {"url": "https://bote.example/feed"}),
        ("webhooks/", {"url": "https://cms.example/hook"}),
    ],
)
def test_somebody_elses_address_is_not_told_as_the_place_of_what_was_made(path: str, body: Any) -> None:
    room: Newsroom = make.newsroom()

    made = program_of(make.member(room, *Role.values), room).post(path, body)

    assert made.status_code == 201, made.json()
    assert "Location" not in made.headers
