"""Twelve sources that ask a loopback server as connectors do: through the door, JSON, a host of their own each."""

from __future__ import annotations

import os
from typing import ClassVar

from workers.sources import asking
from workers.sources.base import Finding, Findings, Query

NUMBER = 12
TEXT = "The mayor's office of Eulenburg said that some 1,250 trees were planted in March 2024. Told by source {number}."


class Answering:
    """Source `number` asks 127.0.2.`number`; its answer holds one text."""

    number: ClassVar[int]
    slug: ClassVar[str]
    name: ClassVar[str]
    languages: ClassVar[tuple[str, ...]] = ()
    polite: ClassVar[bool] = False

    def available(self) -> str | None:
        return None

    def search(self, query: Query) -> Findings:
        port = os.environ["ANSWERING_PORT"]
        url = f"http://127.0.2.{self.number}:{port}/{self.number}"
        asking.get_json(url, name=self.name, kept_for=0)
        return Findings(
            (
                Finding(
                    url=f"https://source{self.number}.example/trees",
                    title=f"Trees {self.number}",
                    content=TEXT.format(number=self.number).encode(),
                    content_type="text/plain",
                    language="en",
                ),
            )
        )


def _source(number: int) -> type[Answering]:
    named = {"number": number, "slug": f"source-{number}", "name": f"Source {number}", "__module__": __name__}
    return type(f"Source{number}", (Answering,), named)


SOURCES = [_source(number) for number in range(1, NUMBER + 1)]
globals().update({source.__name__: source for source in SOURCES})
PATHS = [f"{__name__}.{source.__name__}" for source in SOURCES]
