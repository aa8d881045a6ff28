"""An auditor reads everything and writes nothing. Made from the operations, the API's and the desk's addresses."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

import claims.operations
from claims.models import Claim, LedgerEntry
from claims.roles import PERMISSIONS, Role
from claims.workflow import MOVES, Permission
from tests import make
from tests.admin.pages import bench, buttons
from tests.admin.test_strangers import _addresses as desk_addresses
from tests.api.addresses import addresses, claim_with_everything, ids_in, path_of
from tests.api.client import program_of

OPERATIONS = sorted(Path(claims.operations.__file__).parent.glob("*.py"))
MAY = PERMISSIONS[Role.AUDITOR]
READS = {"match", "notices_read"}  # what stores nothing, or only that one has read one's own notices
# Operations that change nothing but the caller's own desk, account or notices, or write down that somebody read.
OWN = {
    "signing_in.end",
    "arranging.keep",
    "arranging.drop",
    "noticing.read",
    "noticing.prefer",
    "mailing.accept_again",
    "noticing.read_claim",
    "auditing.pack",
    "exporting.export",
    "timekeeping.want",  # of the installation, for superusers: they hold no role
}
INNER = {"signing_in.tell", "noticing.tell", "staffing.found"}  # called by operations and commands, by no door


def functions() -> dict[str, ast.FunctionDef]:
    found = {}
    for path in OPERATIONS:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= {f"{path.stem}.{node.name}": node for node in tree.body if isinstance(node, ast.FunctionDef)}
    for path in OPERATIONS:  # what a module took over by name from another
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("claims.operations."):
                for one in node.names:
                    origin = f"{(node.module or '').rpartition('.')[2]}.{one.name}"
                    if origin in found:
                        found.setdefault(f"{path.stem}.{one.asname or one.name}", found[origin])
    return found


def named(node: ast.AST) -> str:
    return ast.unparse(node)


def refuses(name: str, known: dict[str, ast.FunctionDef], seen: frozenset[str] = frozenset()) -> bool:
    """Whether a function asks for a permission auditors lack, itself or through one it calls."""
    if name in seen or name not in known:
        return False
    module = name.partition(".")[0]
    for call in (node for node in ast.walk(known[name]) if isinstance(node, ast.Call)):
        called = named(call.func)
        if called in ("transitions.require", "transitions.advance", "require", "advance"):
            told = " ".join(named(one) for one in [*call.args, *(word.value for word in call.keywords)])
            asked = set(re.findall(r"Permission\.(\w+)", told))
            if called.endswith("advance") or not asked or not asked <= {one.name for one in MAY}:
                return True
        elif re.search(r"\bmay$", called) and not set(re.findall(r"Permission\.(\w+)", named(call))) <= {
            one.name for one in MAY
        }:
            return True
        inner = called if "." in called else f"{module}.{called}"
        if refuses(inner, known, seen | {name}):
            return True
    return False


def test_auditors_may_read_and_audit_and_no_move_of_the_table_asks_for_that_only():
    assert {Permission.READ, Permission.AUDIT} == MAY
    assert not [move.name for move in MOVES.values() if move.permission in MAY]


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, node in functions().items()
        if not node.name.startswith("_") and any(one.arg == "by" for one in node.args.kwonlyargs)
    ],
)
def test_every_operation_of_a_person_asks_for_a_permission_auditors_lack(name: str):
    assert refuses(name, functions()) or name in OWN | INNER


def everything() -> dict[str, Any]:
    """What the domain's tables hold."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_app_config("claims").get_models()
        if model._meta.model_name not in ("signin", "secondfactor", "user", "apikey", "keyusage", "keptanswer")
    }


@pytest.mark.django_db
def test_no_address_of_the_api_lets_an_auditor_change_anything():
    claim = claim_with_everything()
    ids = ids_in(claim)
    auditor = program_of(make.member(claim.newsroom, Role.AUDITOR), claim.newsroom)
    before = everything()
    for pattern in addresses():
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            given = {"reason": "x", "text": "x", "label": "x", "url": "https://example.org/x", "scopes": ["read"]}
            answer = auditor.call(method, path_of(pattern, ids), given)
            assert pattern.name in READS or answer.status_code >= 400, (method, pattern.name)
    assert everything() == before


@pytest.mark.django_db
def test_no_address_of_the_desk_lets_an_auditor_change_anything():
    room = make.newsroom()
    claim = make.claim_published(room)
    world = {
        "room": room,
        "claim": claim,
        "article": make.article_read(room),
        "member": make.member(room, Role.DESK_LEAD),
    }
    client = Client()
    client.force_login(make.member(room, Role.AUDITOR))
    before = everything()
    given = {"reason": "x", "text": "x", "step": claim.step, "version": claim.version, "roles": ["editor"]}
    asked = 0
    for name, address in desk_addresses(world):
        if name in ("logout", "desk_language"):
            continue
        client.post(address, given)
        asked += 1
    assert asked > 40
    assert everything() == before


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["claim_submitted", "claim_in_review", "claim_in_approval", "claim_published"])
def test_the_workbench_shows_an_auditor_everything_and_no_button(state: str):
    claim: Claim = getattr(make, state)()
    client = Client()
    client.force_login(make.member(claim.newsroom, Role.AUDITOR))
    page = client.get(bench(claim))
    assert page.status_code == 200
    assert buttons(page) == set()
    assert _forms(page) == []


@pytest.mark.django_db
def test_no_page_of_the_desk_shows_an_auditor_a_button_that_changes_something():
    room = make.newsroom()
    claim = make.claim_published(room)
    world = {"room": room, "claim": claim, "article": make.article_read(room), "member": make.member(room)}
    client = Client()
    client.force_login(make.member(room, Role.AUDITOR))
    found = {}
    for name, address in desk_addresses(world):
        if name in ("logout", "login") or "account" in address or "password" in address:
            continue
        page = client.get(address)
        if (
            page.status_code == 200
            and "html" in page["Content-Type"]
            and (_forms(page) or b'name="bulk"' in page.content)
        ):
            found[name] = _forms(page)
    assert found == {}


@pytest.mark.django_db
def test_an_auditor_reads_the_ledger():
    claim = make.claim_published()
    client = Client()
    client.force_login(make.member(claim.newsroom, Role.AUDITOR))
    entry = LedgerEntry.objects.filter(newsroom=claim.newsroom).order_by("-pk")[0]
    assert client.get("/admin/claims/ledgerentry/").status_code == 200
    assert client.get(f"/admin/claims/ledgerentry/{entry.pk}/change/").status_code == 200


def _forms(page: Any) -> list[str]:
    """Where the forms of a page would be sent, but for those of its frame."""
    found = re.findall(r"<form\b[^>]*>", page.content.decode())
    frame = re.compile('logout|language|id="changelist-form"|idate|/claim/views/|data-bulk')
    return [form for form in found if re.search(r"method=.?post", form, re.IGNORECASE) and not frame.search(form)]
