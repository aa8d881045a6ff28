"""A source that answers when the test lets it: every search waits for the gate's server on loopback."""

from __future__ import annotations

import hashlib
import os
import urllib.request
from dataclasses import replace
from typing import ClassVar

from workers.sources.base import Finding, Findings, Query

TEXT = "The mayor's office of Eulenburg said that some 1,250 trees were planted in March 2024. Number {number}."


class Gated:
    slug: ClassVar[str] = "gated"
    name: ClassVar[str] = "Gated"
    languages: ClassVar[tuple[str, ...]] = ()
    polite: ClassVar[bool] = False

    def available(self) -> str | None:
        return None

    def search(self, query: Query) -> Findings:
        with urllib.request.urlopen(os.environ["GATE_URL"], timeout=60) as answer:  # noqa: S310 the test's own server
            answer.read()
        return Findings(
            tuple(
                Finding(
                    url=f"https://courier.example/{number}",
                    title=f"Trees {number}",
                    content=TEXT.format(number=number).encode(),
                    content_type="text/plain",
                    language="en",
                )
                for number in range(3)
            )
        )


class Fresh(Gated):
    """Finds pages of its own for every claim, so that every lookup has something to keep."""

    slug: ClassVar[str] = "fresh"
    name: ClassVar[str] = "Fresh"

    def search(self, query: Query) -> Findings:
        mark = hashlib.sha256(query.text.encode()).hexdigest()[:16]
        found = super().search(query).hits
        return Findings(tuple(replace(one, url=f"{one.url}/{mark}", content=_long(one, mark)) for one in found))


def _long(finding: Finding, mark: str) -> bytes:
    return (finding.content or b"") + f" Report {mark}.\n".encode() * 200
