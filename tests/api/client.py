"""Callers of the API: a program with a key."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from claims.models import Newsroom, User
from claims.operations import keying
from claims.roles import Scope


class Program:
    """Speaks JSON to `/api/v1/` with a key."""

    def __init__(self, secret: str = "") -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = body if isinstance(body, bytes | str) else json.dumps({} if body is None else body)
        path = path if path.startswith(("/", "http")) else f"/api/v1/{path}"
        given = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if method == "GET":
            return self.client.get(path, headers=given)
        return self.client.generic(method, path, data, content_type="application/json", headers=given)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("PUT", path, body, **headers)


def program_of(user: User, newsroom: Newsroom, *scopes: str) -> Program:
    """A program with a key of this person's in this newsroom; all scopes unless some are named."""
    _, secret = keying.issue(
        newsroom, user=user, by=None, label="test program", scopes=list(scopes) or list(Scope.values)
    )
    return Program(secret)


def only(response: Any) -> dict[str, Any]:
    """The one error of an answer, whose shape is checked on the way."""
    body = response.json()
    assert set(body) <= {"type", "errors", "allowed_moves"}, body
    [error] = body["errors"]
    assert set(error) == {"code", "detail", "attr"}
    return {**error, **{key: body[key] for key in ("type", "allowed_moves") if key in body}}
