"""The API describes itself, without a warning and without the internet."""

from __future__ import annotations

import datetime as dt
import json
import re
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from claims.api.urls import urlpatterns
from tests import make
from tests.api.addresses import claim_with_everything, ids_in
from tests.api.client import program_of


@pytest.fixture(scope="module")
def schema() -> Any:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", stdout=out)
    return json.loads(out.getvalue())


def test_every_address_is_in_the_schema(schema: Any) -> None:
    addresses = {
        "/api/v1/" + re.sub(r"<(?:int|slug):(\w+)>", r"{\1}", str(one.pattern))
        for one in urlpatterns
        if one.name not in {"schema", "docs", "nowhere"}
    }

    assert schema["openapi"].startswith("3.1")
    assert set(schema["paths"]) == addresses


def test_every_operation_says_what_it_does_and_what_it_answers_instead(schema: Any) -> None:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert operation.get("description"), (method, path)
            assert {"400", "401", "403"} <= set(operation["responses"]), (method, path)


@pytest.mark.django_db
def test_the_docs_page_loads_nothing_from_elsewhere() -> None:
    page = Client().get("/api/v1/docs/")

    assert page.status_code == 200
    assert not re.findall(rb'(?:src|href)="(?:https?:)?//', page.content)
    policy = page["Content-Security-Policy"]
    assert "script-src" not in policy
    assert "default-src 'self'" in policy
    for address in re.findall(r'src="([^"]+)"', page.content.decode()):
        with closing(Client().get(address)) as answer:
            assert answer.status_code == 200


def test_every_operation_has_examples_that_keep_to_its_schema(schema: Any) -> None:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            bodies = [*operation["responses"].values(), operation.get("requestBody", {})]
            contents = [media for body in bodies for media in body.get("content", {}).values()]
            assert contents, (method, path)
            for media in contents:
                assert "example" in media, (method, path)
                if "schema" in media:
                    whole = {**media["schema"], "components": schema["components"]}
                    jsonschema.validate(media["example"], whole, format_checker=jsonschema.FormatChecker())


def test_every_link_leads_to_an_operation_and_fills_its_address_from_the_answer(schema: Any) -> None:
    found = [(path, one) for path, methods in schema["paths"].items() for one in methods.values()]
    paths = {operation["operationId"]: path for path, operation in found}
    links = [
        (path, answer, link)
        for path, operation in found
        for status, answer in operation["responses"].items()
        for link in answer.get("links", {}).values()
    ]

    for path, answer, link in links:
        filled = link.get("parameters", {})
        assert set(re.findall(r"{(\w+)}", paths[link["operationId"]])) <= set(filled), link
        for expression in [*filled.values(), *link.get("requestBody", {}).values()]:
            kind, _, where = expression.partition("#/")
            if kind == "$response.body":
                value = answer["content"]["application/json"]["example"]
                for part in where.split("/"):
                    value = value[int(part)] if isinstance(value, list) else value[part]
                assert isinstance(value, int | str), link
            else:
                assert "{" + kind.removeprefix("$request.path.") + "}" in path, link
    assert len(links) > 200


@pytest.mark.django_db
def test_answers_keep_to_the_schema(schema: Any) -> None:
    claim = claim_with_everything()
    program = program_of(make.member(claim.newsroom, "desk_lead", "admin"), claim.newsroom)
    make.article_read(claim.newsroom)
    planned = make.claim_decided(claim.newsroom)
    tomorrow = (timezone.now() + dt.timedelta(days=1)).isoformat()
    editor = program_of(make.editor(claim.newsroom), claim.newsroom)
    assert editor.put(f"claims/{planned.pk}/publication/schedule/", {"publish_at": tomorrow}).status_code == 200
    ids = ids_in(claim) | {"document_id": claim.evidence.first().document_id}  # type: ignore[union-attr]
    for path, methods in schema["paths"].items():
        if "get" not in methods or path.endswith("/progress/") or "/exports/" in path:  # a stream is no JSON
            continue
        at = {**ids, "claim_id": planned.pk} if path.endswith("/schedule/") else ids
        answer = program.get(path.format(**at))
        assert answer.status_code == 200, path
        described = methods["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(answer.json(), {**described, "components": schema["components"]})


def test_the_docs_name_every_address() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text()

    for one in urlpatterns:
        if one.name not in {"schema", "docs", "nowhere"}:
            nouns = [part for part in str(one.pattern).split("/") if part and "<" not in part]
            assert f"{nouns[-1]}/" in text, one.name
