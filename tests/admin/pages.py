"""What tests of the desk read off its pages, and how they press its buttons."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from claims.models import Claim


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.skipped = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.skipped += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self.skipped -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.words.append(data)


def words(response: Any) -> str:
    """What a reader sees on a page, in one line."""
    parser = _Words()
    parser.feed(response.content.decode())
    return " ".join(" ".join(parser.words).split())


def bench(claim: Claim) -> str:
    return reverse("admin:claims_claim_change", args=[claim.pk])


def do(client: Client, claim: Claim, name: str, **given: Any) -> Any:
    """Press a button of the workbench with this form."""
    return client.post(reverse("admin:claims_claim_do", args=[claim.pk, name]), given)


def buttons(response: Any) -> set[str]:
    """The deeds a page offers."""
    return set(re.findall(r'data-deed="(\w+)"', response.content.decode()))
