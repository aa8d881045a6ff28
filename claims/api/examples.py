"""An example of every request and every answer in the OpenAPI document, made from its schema in the words of the trade.

Made, not written: no operation can lack one, and none can differ from what its schema says (a test validates them all).
"""

from __future__ import annotations

import re
from typing import Any

TEXT = "The city of Eulenburg planted 1,250 trees in March 2024."
PAGE = "https://paper.example/2024/trees"
VALUES: dict[str, Any] = {
    "action": "cut",
    "allowed_moves": ["gather", "dismiss"],
    "allowed_networks": ["192.0.2.0/24"],
    "answer": "We counted saplings; the figure stands corrected.",
    "appearance": PAGE,
    "assignee": "ada",
    "asked_by": "ada",
    "attr": "published_on",
    "by": "ada",
    "callback": "https://cms.example/factcheck/4711",
    "callback_secret": "",
    "channel": "mail",
    "claimant": "The mayor of Eulenburg",
    "code": "in_future",
    "complainant": "R. Ahorn",
    "contact": "r.ahorn@example.org",
    "content_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "detail": "2031-01-01 is in the future.",
    "disabled_reason": "",
    "external_id": "cms-4711",
    "field": "reasons",
    "headline": "1,205 trees, not 1,250",
    "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "item": "sources",
    "label": "CMS",
    "labels": {"en": "False", "de": "Falsch"},
    "language": "en",
    "languages": ["en", "de"],
    "last_error": "",
    "name": "The Eulenburg Post",
    "newsroom": "demo",
    "note": "Compare the city's own register.",
    "notice": "We gave the year as 2023; it was 2024.",
    "origin_name": "City of Eulenburg",
    "party": "Mayor's office",
    "previous": None,
    "problem": "",
    "publisher": "The Eulenburg Post",
    "quote": "planted 1,205 trees",
    "rating": "false",
    "reason": "The statement is an opinion.",
    "reasons": "The city's register counts 1,205 trees for March 2024.",
    "reviewer": "ben",
    "scopes": ["read", "submit"],
    "secret": "",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "slug": "eulenburg-trees-2024",
    "stance": "disagrees",
    "target": "gathering",
    "text": TEXT,
    "title": "Trees for Eulenburg",
    "topic": "environment",
    "type": "claim.moved",
    "types": ["publication.published"],
    "url": PAGE,
    "user": "ada",
    "words": "trees",
}
ERRORS: dict[str, tuple[str, str, str, str | None]] = {
    "400": ("validation_error", "in_future", "2031-01-01 is in the future.", "published_on"),
    "401": ("client_error", "authentication_failed", "Invalid key.", None),
    "403": ("client_error", "permission_denied", "You may not publish checks in this newsroom.", None),
    "404": ("client_error", "not_found", "Not found.", None),
    "406": ("client_error", "not_acceptable", "Could not satisfy the request Accept header.", None),
    "409": ("client_error", "move_not_allowed", "Cannot publish a claim that is in review.", None),
    "413": ("client_error", "too_large", "The body is too large. Send it in parts.", None),
    "415": ("client_error", "unsupported_media_type", 'Unsupported media type "text/plain" in request.', None),
    "422": ("client_error", "four_eyes", "Nobody approves their own work.", None),
    "503": ("server_error", "unavailable", "The database does not answer. Try again shortly.", None),
    "429": ("client_error", "throttled", "Request was throttled. Expected available in 12 seconds.", None),
}
DEEPEST = 7


def add_examples(result: dict[str, Any], generator: Any, **kwargs: Any) -> dict[str, Any]:
    """Postprocessing hook, the last one."""
    made = Examples(result["components"]["schemas"])
    for methods in result["paths"].values():
        for operation in methods.values():
            for media in operation.get("requestBody", {}).get("content", {}).values():
                media["example"] = made.of(media["schema"], sent=True)
            for status, response in operation["responses"].items():
                for media in response.get("content", {}).values():
                    media["example"] = _error(status) if status in ERRORS else made.of(media.get("schema", {}))
    return result


def _error(status: str) -> dict[str, Any]:
    kind, code, detail, attr = ERRORS[status]
    told: dict[str, Any] = {"type": kind, "errors": [{"code": code, "detail": detail, "attr": attr}]}
    return told | ({"allowed_moves": ["send_back"]} if status == "409" else {})


class Examples:
    def __init__(self, components: dict[str, Any]) -> None:
        self.components = components

    def of(self, schema: dict[str, Any], *, sent: bool = False, name: str = "", depth: int = 0) -> Any:
        """A value that fits; `sent` ones hold what is written, others what is read."""
        schema = self._whole(schema)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._chosen(schema["enum"], name)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                options = [one for one in schema[word] if one.get("type") != "null" and one.get("const") != ""]
                return self.of((options or schema[word])[0], sent=sent, name=name, depth=depth)
        kinds = schema.get("type", "object" if "properties" in schema else None)
        if isinstance(kinds, list):
            if VALUES.get(name, ...) is None and "null" in kinds:
                return None
            kinds = next(kind for kind in kinds if kind != "null")
        if kinds == "object":
            return self._object(schema, sent=sent, name=name, depth=depth)
        if kinds == "array":
            return self._array(schema, sent=sent, name=name, depth=depth)
        return self._plain(kinds, schema, name)

    def _whole(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema with what it points at; what stands beside a reference adds to it."""
        found = dict(schema)
        while "$ref" in found or "allOf" in found:
            parts = [self.components[found.pop("$ref").rpartition("/")[2]]] if "$ref" in found else found.pop("allOf")
            for part in parts:
                found = {**part, **found}
        return found

    def _chosen(self, choices: list[Any], name: str) -> Any:
        given = VALUES.get(name)
        if given in choices and given is not None:
            return given
        return next((one for one in choices if one not in ("", None)), choices[0])

    def _object(self, schema: dict[str, Any], *, sent: bool, name: str, depth: int) -> dict[str, Any]:
        skipped = "readOnly" if sent else "writeOnly"
        required = set(schema.get("required", ()))
        made = {}
        for each, about in schema.get("properties", {}).items():
            if self._whole(about).get(skipped) or (depth >= DEEPEST and each not in required):
                continue
            made[each] = self.of(about, sent=sent, name=each, depth=depth + 1)
        if not made and isinstance(VALUES.get(name), dict):
            return dict(VALUES[name])
        return made

    def _array(self, schema: dict[str, Any], *, sent: bool, name: str, depth: int) -> list[Any]:
        items = schema.get("items", {})
        given = VALUES.get(name)
        if isinstance(given, list) and self._whole(items).get("type") == "string":
            options = self._whole(items).get("enum")
            if options is None or set(given) <= set(options):
                return list(given)
        if depth >= DEEPEST and not schema.get("minItems"):
            return []
        one = self.of(items, sent=sent, name=name.removesuffix("s"), depth=depth + 1)
        return [one] * max(1, schema.get("minItems", 1))

    def _plain(self, kind: str | None, schema: dict[str, Any], name: str) -> Any:
        if kind == "boolean":
            return name in ("active", "met", "included", "language_covered", "done")
        if kind in ("integer", "number"):
            low, high = schema.get("minimum", 0), schema.get("maximum", 2**31)
            value = min(max(7 if kind == "integer" else 0.87, low), high)
            return int(value) if kind == "integer" else value
        if kind != "string":
            return None if kind is None else {}
        dated = {"date": "2024-04-02", "date-time": "2026-01-31T12:00:00Z", "uri": PAGE, "binary": "(the file)"}
        if schema.get("format") in dated:
            value = dated[schema["format"]]
            return f"{PAGE}?cursor=cD03" if name == "next" else value
        given = VALUES.get(name)
        value = given if isinstance(given, str) else name.replace("_", " ").capitalize()
        if "pattern" in schema and not re.search(schema["pattern"], value):
            value = name.replace("_", "-") or "x"
        return value[: schema.get("maxLength", len(value))].ljust(schema.get("minLength", 0), "x")
