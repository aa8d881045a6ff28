"""Language models read the newsroom's checks through the protocol's own client, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from claims.models import Newsroom
from claims.operations import keying
from tests import make

protocol = pytest.importorskip("mcp", reason="needs the extra factcheck[mcp]")
pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def asked(secret: str, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """What the tools answer, through the client of the official package."""
    from claims.api import mcp

    async def talk() -> list[Any]:
        async with protocol.Client(mcp.server(secret)) as client:
            if not calls:
                return list((await client.list_tools()).tools)
            return [await client.call_tool(name, given) for name, given in calls]

    return list(async_to_sync(talk)())


def key_of(room: Newsroom, *scopes: str, **fields: Any) -> str:
    person = make.researcher(room)
    return keying.issue(room, user=person, by=None, label="model", scopes=list(scopes) or ["read"], **fields)[1]


def data(answer: Any) -> Any:
    assert not answer.is_error, answer
    found = answer.structured_content
    if found is None:
        return [json.loads(part.text) for part in answer.content]
    return found["result"] if set(found) == {"result"} else found


def test_the_tools_say_what_they_do_and_that_they_only_read() -> None:
    tools = asked(key_of(make.newsroom()))

    assert {one.name for one in tools} == {"search_checks", "match_claim", "get_evidence"}
    for one in tools:
        assert one.description and one.annotations.read_only_hint
        assert "secret" not in json.dumps(one.input_schema)


def test_checks_are_found_matched_and_shown_with_their_evidence() -> None:
    claim = make.claim_published()
    secret = key_of(claim.newsroom)
    word = claim.text.split()[0]

    found, matched, evidence = asked(
        secret,
        ("search_checks", {"words": word}),
        ("match_claim", {"text": claim.text, "language": claim.language}),
        ("get_evidence", {"claim": claim.pk}),
    )

    [check] = data(found)
    assert (check["claim"], check["statement"]) == (claim.pk, claim.text)
    assert check["url"].startswith("http")
    assert set(data(matched)) == {"results", "ratings_disagree"}
    assert {one["quote"] for one in data(evidence)} == set(claim.evidence.values_list("quote", flat=True))


def test_another_newsrooms_things_are_not_there() -> None:
    claim = make.claim_published()
    secret = key_of(make.newsroom())

    found, evidence = asked(
        secret, ("search_checks", {"words": claim.text.split()[0]}), ("get_evidence", {"claim": claim.pk})
    )

    assert data(found) == []
    assert evidence.is_error and "no such claim" in evidence.content[0].text


@pytest.mark.parametrize("call", [("match_claim", {"text": " "}), ("get_evidence", {"claim": -1})])
def test_what_makes_no_sense_is_refused_in_words(call: tuple[str, dict[str, Any]]) -> None:
    [answer] = asked(key_of(make.newsroom()), call)

    assert answer.is_error


def test_a_key_that_was_revoked_or_may_not_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    room = make.newsroom()
    from claims.api import mcp

    revoked: Callable[..., Any] = keying.revoke
    person = make.researcher(room)
    key, secret = keying.issue(room, user=person, by=None, label="model", scopes=["read"])
    revoked(key, by=None)
    for bad in (secret, "fck_" + "0" * 60, key_of(room, "submit"), key_of(room, allowed_networks=["192.0.2.0/24"])):
        with pytest.raises(mcp.Refused):
            mcp.caller(bad)
        monkeypatch.setenv("FACTCHECK_KEY", bad)
        with pytest.raises(CommandError):
            call_command("mcp")
    monkeypatch.delenv("FACTCHECK_KEY")
    with pytest.raises(CommandError, match="scope read"):
        call_command("mcp")


def entry(secret: str) -> tuple[list[str], dict[str, str]]:
    """The command and the environment an MCP client starts the server with: what its entry names, and little else."""
    host = quote(str(connection.settings_dict["HOST"]))
    database = f"postgresql://{settings.APPLICATION_ROLE}@/{connection.settings_dict['NAME']}?host={host}"
    named = {name: os.environ[name] for name in ("REDIS_URL", "SECRET_KEY", "PATH", "HOME") if name in os.environ}
    return [sys.executable, str(ROOT / "manage.py"), "mcp"], {
        "SECRET_KEY": "x" * 50,
        **named,
        "DATABASE_URL": database,
        "FACTCHECK_KEY": secret,
    }


@pytest.mark.django_db(transaction=True)
def test_a_client_starts_the_process_and_talks_to_it_over_its_pipes() -> None:
    claim = make.claim_published()
    key, secret = keying.issue(
        claim.newsroom, user=make.researcher(claim.newsroom), by=None, label="model", scopes=["read"]
    )
    (command, *words), environment = entry(secret)
    started = protocol.StdioServerParameters(command=command, args=words, env=environment)

    async def talk() -> tuple[Any, ...]:
        async with protocol.Client(started, read_timeout_seconds=60) as client:
            named = {one.name: one for one in (await client.list_tools()).tools}
            answers = [
                await client.call_tool("search_checks", {"words": "eulenburg"}),
                await client.call_tool("match_claim", {"text": claim.text, "language": "en"}),
                await client.call_tool("get_evidence", {"claim": claim.pk}),
            ]
            await sync_to_async(keying.revoke)(key, by=None)
            late = await client.call_tool("search_checks", {"words": "eulenburg"})
            return client.server_info, named, answers, late

    about, named, answers, late = async_to_sync(talk)()

    assert about.name == "factcheck"
    assert set(named) == {"search_checks", "match_claim", "get_evidence"}
    found, matched, evidence = (data(one) for one in answers)
    assert [one["claim"] for one in found] == [claim.pk]
    assert "results" in matched
    assert len(evidence) == claim.evidence.count() > 0
    assert late.is_error and "key" in late.content[0].text.lower()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("secret", "told"),
    [("fck_" + "0" * 60, "Invalid key"), ("", "Set FACTCHECK_KEY to an API key")],
)
def test_a_process_whose_key_does_not_hold_says_so_and_ends(secret: str, told: str) -> None:
    command, environment = entry(secret)

    ended = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False
    )

    assert ended.returncode == 1
    assert told in ended.stderr and "Traceback" not in ended.stderr
    assert ended.stdout == ""
