"""Headers of answers, as the OpenAPI document declares them: which operation's answer carries which."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter

from claims.api.idempotency import Idempotent

_WHOLE = {"type": "integer", "minimum": 0}
_YES_OR_NO = {"type": "string", "enum": ["true", "false"]}
HEADERS: dict[str, tuple[str, dict[str, Any]]] = {
    "RateLimit-Limit": ("How many requests a minute has room for.", _WHOLE),
    "RateLimit-Remaining": ("How many of them are left in this minute.", _WHOLE),
    "RateLimit-Reset": ("Seconds until the next minute begins.", _WHOLE),
    "Retry-After": ("Seconds to wait before asking again.", _WHOLE),
    "ETag": ("Send it back as `If-None-Match`: what has not changed since is answered 304.", {"type": "string"}),
    "Location": ("The address of what was taken in.", {"type": "string", "format": "uri"}),
    "Factcheck-Existing": ("Whether this very thing had been handed in before.", _YES_OR_NO),
    "Idempotency-Replayed": (
        "There when this is the kept answer to an earlier request with the same `Idempotency-Key`.",
        {"type": "string", "const": "true"},
    ),
    "WWW-Authenticate": ("How to say who you are.", {"type": "string"}),
}
EVERYWHERE = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
WAITS = ("409", "429", "503")
ALWAYS = ("Location", "Factcheck-Existing")  # wherever they are declared; the others can be missing when Redis is away


def parameters(method: str, view: Any) -> list[OpenApiParameter]:
    """The headers a request to this operation may carry, beside its key."""
    if method == "GET":
        told = "The `ETag` of an earlier answer: 304 without a body while nothing has changed."
        return [OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description=told)] * tagged(view)
    told = (
        "Any text of your own, new for each request: repeated within 24 hours with the same body, the request has no "
        "second effect and gets the first answer again."
    )
    shape = {"type": "string", "pattern": "^[!-~]{1,255}$"}
    return [OpenApiParameter("Idempotency-Key", shape, OpenApiParameter.HEADER, description=told)] * repeatable(view)


def tagged(view: Any) -> bool:
    """Whether answers carry an `ETag`: all but streams, whose end is not known when they begin."""
    return not getattr(view, "streams", False)


def repeatable(view: Any) -> bool:
    return isinstance(view, Idempotent)


def declare(responses: dict[str, Any], method: str, view: Any) -> None:
    """Name the headers of every answer of one operation."""
    if method == "GET" and tagged(view):
        responses["304"] = {"description": "Not changed since the answer whose `ETag` was sent as `If-None-Match`."}
    for status, response in responses.items():
        names = [*EVERYWHERE]
        if method == "GET" and tagged(view) and status < "500":
            names.append("ETag")
        if method != "GET" and repeatable(view) and status < "300":
            names.append("Idempotency-Replayed")
        if method == "POST" and getattr(view, "takes_in", False) and status < "300":
            names += ALWAYS
        if status in WAITS:
            names.append("Retry-After")
        if status == "401":
            names.append("WWW-Authenticate")
        response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in sorted(names)}


def components() -> dict[str, Any]:
    """The headers themselves, once each."""
    return {
        name: {"description": about, "schema": schema, "required": name in ALWAYS, "example": _example(name, schema)}
        for name, (about, schema) in sorted(HEADERS.items())
    }


def _example(name: str, schema: dict[str, Any]) -> Any:
    given = {
        "RateLimit-Limit": 600,
        "RateLimit-Remaining": 598,
        "RateLimit-Reset": 42,
        "Retry-After": 12,
        "ETag": '"4d186321c1a7f0f354b297e8914ab240"',
        "Location": "https://desk.example/api/v1/articles/7/",
        "WWW-Authenticate": "Bearer",
    }
    return given.get(name, schema.get("const", "true"))
