"""Scripted services on loopback: our own payloads in the shapes of the real ones."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug import Request, Response

Reply = Callable[[Request], Response]


def as_json(value: Any, status: int = 200, **headers: str) -> Response:
    return Response(json.dumps(value), status, {**headers}, content_type="application/json")


def as_text(text: str | bytes, status: int = 200, kind: str = "text/plain", **headers: str) -> Response:
    return Response(text, status, {**headers}, content_type=kind)


ADDRESSES = (
    "WIKIDATA_URL",
    "CROSSREF_URL",
    "PUBMED_URL",
    "EUROSTAT_URL",
    "WORLDBANK_URL",
    "GDELT_URL",
    "COMMONCRAWL_URL",
    "COMMONCRAWL_DATA_URL",
    "GOOGLE_FACTCHECK_URL",
    "OPENALEX_URL",
    "DESTATIS_URL",
    "SEARXNG_URL",
    "BRAVE_URL",
    "MEDIACLOUD_URL",
    "WAYBACK_URL",
)


class Service:
    """One service: whatever it is asked, it records and answers by the longest path that fits."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[Request] = []
        self.replies: dict[str, list[Reply]] = {}

    def on(self, path: str, *replies: Any) -> None:
        """Answer requests under this path: one reply after the other, the last one for good. Values become JSON."""
        self.replies[path] = [
            reply if callable(reply) and not isinstance(reply, Response) else (lambda _, reply=reply: _made(reply))
            for reply in replies
        ]

    def handle(self, request: Request) -> Response:
        self.asked.append(request)
        fitting = [path for path in self.replies if request.path.startswith(path)]
        if not fitting:
            return as_text("no such path", 404)
        replies = self.replies[max(fitting, key=len)]
        return (replies.pop(0) if len(replies) > 1 else replies[0])(request)


def _made(reply: Any) -> Response:
    if isinstance(reply, Response):
        return Response(reply.get_data(), reply.status_code, list(reply.headers))
    return as_json(reply)


@pytest.fixture
def service(httpserver, loopback_allowed):
    scripted = Service(httpserver.url_for("").rstrip("/"))
    httpserver.expect_request(re.compile("/.*")).respond_with_handler(scripted.handle)
    scripted.point_to = lambda url: [setattr(loopback_allowed, name, url) for name in ADDRESSES]
    scripted.point_to(scripted.url)
    for name in ("GOOGLE_FACTCHECK_KEY", "OPENALEX_KEY", "DESTATIS_USER", "DESTATIS_PASSWORD", "BRAVE_KEY"):
        setattr(loopback_allowed, name, "key-of-the-desk")
    loopback_allowed.MEDIACLOUD_KEY = loopback_allowed.WAYBACK_KEY = "key-of-the-desk"
    return scripted
