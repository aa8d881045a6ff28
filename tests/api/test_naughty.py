"""Naughty texts in every field: refused with the field's name, or kept as they came and shown as nothing but text.

A page is held against the same page with plain words, as a browser reads it: no element and no attribute more. Our own
texts take turns in the fields; of a list of somebody else's each stands in every field:
`FACTCHECK_STRINGS=strings.json python3 manage.py test tests/api/test_naughty.py -s`.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import html5lib
import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Claim, Publication
from claims.operations import gathering
from claims.reports import exports
from claims.roles import Role
from tests import make
from tests.api.client import Program, program_of
from tests.api.naughty import strings

pytestmark = pytest.mark.django_db

PLAIN = "Plain words."
FIELDS = ("text", "claimant", "external_id", "title", "comment", "review", "headline", "reasons", "notice", "complaint")
FORMULAS = ("=", "+", "@", "\t", "\r", "\n", "＝")
OUR_OWN_AT_WORK = {
    "details",
    "ol",
    "q",
    "blockquote",
    "summary",
    "span",
    "i",
    "mark",
    "small",
    "strong",
    "ul",
    "li",
    "a",
    "time",
    "dl",
    "dt",
    "dd",
}
OUR_OWN = {"check": {"details", "summary"}, "embedded": set[str](), "workbench": OUR_OWN_AT_WORK}
Shape = set[tuple[str, frozenset[str]]]
LINES: Shape = {("p", frozenset()), ("br", frozenset())}  # where a text has several


def shape(answer: Any) -> Shape:
    """Which elements a browser makes of the page, with which attributes; no address among them runs anything."""
    assert answer.status_code == 200
    found: Shape = set()
    for one in html5lib.parse(answer.content, transport_encoding="utf-8", namespaceHTMLElements=False).iter():
        if isinstance(one.tag, str):
            found.add((one.tag, frozenset(one.attrib)))
            assert not [name for name in one.attrib if name.startswith("on")], one.attrib
            for name in ("href", "src", "action", "formaction"):
                address = "".join(one.attrib.get(name, "").lower().split())
                assert not address.startswith(("javascript:", "data:text", "vbscript:")), one.attrib
    return found - LINES


class Desk:
    """A newsroom whose people put texts into every field and read what became of them."""

    def __init__(self) -> None:
        self.room = make.newsroom(complaints_public=True)
        self.chief = program_of(make.member(self.room, *Role.values), self.room)
        self.reviewer = program_of(make.reviewer(self.room), self.room)
        self.approver = program_of(make.editor(self.room), self.room)
        self.browser = Client()
        self.browser.force_login(make.member(self.room, *Role.values))
        self.kept, self.refused = 0, Counter[str]()
        self.number = 0

    def put(self, program: Program, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What was made. What a field refuses, by its name, plain words replace."""
        answer = program.call(method, path, body)
        if answer.status_code == 400:
            wrong = {one["attr"]: one["code"] for one in answer.json()["errors"]}
            assert set(wrong) <= set(body), (path, body, wrong)
            self.refused.update(wrong.values())
            return self.put(program, method, path, {**body, **dict.fromkeys(wrong, f"{PLAIN} {self.number}")})
        assert answer.status_code < 300, (path, body, answer.content)
        made = dict(answer.json())
        for name, sent in body.items():
            if isinstance(made.get(name), str) and name != "rating":
                as_page = path == "claims/" and "<" not in made[name]  # markup alone is read as the page it may be
                assert sent.strip().startswith(made[name].strip()) or as_page, (path, name)
                self.kept += 1
        return made

    def published(self, texts: dict[str, str]) -> Publication:
        """A check of which each text was told to the API, and the claim to the desk's own form as well."""
        self.number += 1
        given = {"text": f"{texts['text']} {self.number}", "claimant": texts["claimant"], "language": "en"}
        made = self.put(self.chief, "POST", "claims/", {**given, "external_id": texts["external_id"]})
        form = {"newsroom": self.room.pk, "text": f"In a form {self.number}: {texts['text']}", "language": "en"}
        assert self.browser.post(reverse("admin:claims_claim_add"), form).status_code in (302, 400)
        claim, at = Claim.objects.get(pk=made["id"]), f"claims/{made['id']}/"
        assert self.reviewer.post(at + "gathering/").status_code == 201
        title = texts["title"].replace("\x00", "").encode(errors="ignore").decode()
        gathering.record(make.lookup_taken(claim), [make.draft(title=title[:300], text=f"{make.SOURCE} {title}")])
        make.assess(claim)
        self.put(self.reviewer, "POST", at + "comments/", {"text": texts["comment"]})
        self.put(self.reviewer, "POST", at + "reviews/", {"rating": "false", "reasons": texts["review"]})
        verdict = {"rating": "false", "headline": texts["headline"], "reasons": texts["reasons"]}
        proposed = self.put(self.reviewer, "PUT", at + "verdict/", verdict)
        approval = self.approver.post(at + "verdict/approval/", {"content_hash": proposed["content_hash"]})
        assert approval.status_code == 201, approval.content
        assert self.approver.post(at + "publication/").status_code == 201
        notice = {"kind": "clarification", "notice": texts["notice"]}
        self.put(self.approver, "POST", at + "publication/corrections/", notice)
        publication = Publication.objects.get(claim=claim)
        complaint = {"publication": publication.pk, "text": texts["complaint"], "complainant": texts["claimant"]}
        self.put(self.chief, "POST", "complaints/", complaint)
        return publication

    def pages(self, publication: Publication) -> dict[str, Shape]:
        at, visitor = publication.get_absolute_url(), Client()
        work = reverse("admin:claims_claim_change", args=[publication.claim_id])
        told = visitor.get("/checks/oembed", {"url": f"http://testserver{at}"})
        assert told.status_code in (200, 404)
        return {
            "check": shape(visitor.get(at)),
            "embedded": shape(visitor.get(f"{at}embed/")),
            "workbench": shape(self.browser.get(work)),
        }


def turns() -> Iterator[dict[str, str]]:
    """Our own texts one after the other over the fields; those of a list all in each."""
    texts = strings()
    if os.environ.get("FACTCHECK_STRINGS"):
        yield from (dict.fromkeys(FIELDS, text) for text in texts)
        return
    for begin in range(0, len(texts), len(FIELDS)):
        yield {name: texts[(begin + n) % len(texts)] for n, name in enumerate(FIELDS)}


def test_naughty_texts_are_refused_or_text_everywhere() -> None:
    desk = Desk()
    plain = desk.pages(desk.published(dict.fromkeys(FIELDS, PLAIN)))
    made = []
    for texts in turns():
        publication = desk.published(texts)
        made.append(publication)
        for name, found in desk.pages(publication).items():
            more = {(tag, given) for tag, given in found - plain[name] if tag not in OUR_OWN[name]}
            assert not more, (name, texts, more)  # a page says more of some texts, in elements of its own
        _programs_read_what_was_written(publication)
    _feeds_are_well_formed(made[-1])
    _tables_compute_nothing(desk)
    _a_table_comes_in_as_it_was_written(desk)
    if os.environ.get("FACTCHECK_STRINGS"):
        print(f"\n{len(made)} checks, {desk.kept:,} texts kept, refused: {dict(desk.refused)}")  # noqa: T201


def _programs_read_what_was_written(publication: Publication) -> None:
    visitor, content = Client(), publication.content
    page = html5lib.parse(visitor.get(publication.get_absolute_url()).content, namespaceHTMLElements=False)
    [script] = [one for one in page.iter("script") if one.get("type") == "application/ld+json"]
    told = json.loads(script.text or "")
    assert told == visitor.get(f"{publication.get_absolute_url()}claimreview.json").json()
    assert told["claimReviewed"] == content["claim"]


def _feeds_are_well_formed(publication: Publication) -> None:
    visitor = Client()
    for name in ("feed", "corrections"):
        for form in ("rss", "atom"):
            tree = ElementTree.fromstring(visitor.get(f"/checks/{name}.{form}").content)  # noqa: S314  our own
            assert not [one.tag for one in tree.iter() if one.tag.rpartition("}")[2] in ("pwn", "script")]
        assert visitor.get(f"/checks/{name}.json").json()["items"]
    ElementTree.fromstring(visitor.get("/sitemap.xml").content)  # noqa: S314  our own
    assert json.loads(b"".join(visitor.get("/checks/datafeed.json")))
    assert publication.content["headline"] in visitor.get("/checks/feed.json").json()["items"][0]["title"]


def _tables_compute_nothing(desk: Desk) -> None:
    for kind in exports.KINDS:
        table = b"".join(desk.chief.get(f"exports/{kind}/?as=csv").streaming_content).decode("utf-8-sig")
        for row in csv.DictReader(io.StringIO(table, newline="")):
            assert None not in row
            for name, value in row.items():
                assert not value.startswith(FORMULAS), (kind, name, value)
                assert not value.startswith("-") or value[1:].replace(".", "").isdigit(), (kind, name)
        lines = b"".join(desk.chief.get(f"exports/{kind}/?as=jsonl").streaming_content).splitlines()
        assert [json.loads(line) for line in lines if line]


def _a_table_comes_in_as_it_was_written(desk: Desk) -> None:
    texts = [text for text in strings() if text.isprintable() and text.strip() == text and text]
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["text", "language"])
    rows.writerows([f"Row {n}: {text}", "en"] for n, text in enumerate(texts))
    at, sent = "/api/v1/claims/imports/", table.getvalue().encode()
    answer = desk.chief.client.generic("POST", at, sent, content_type="text/csv", headers=desk.chief.headers)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert told["created"] + told["existing"] + told["refused"] == len(texts)
    kept = set(Claim.objects.filter(newsroom=desk.room, text__startswith="Row ").values_list("text", flat=True))
    changed = kept - {f"Row {n}: {text}" for n, text in enumerate(texts)}
    assert not [text for text in changed if "<" in text or len(changed) > 3], changed  # markup alone is read as a page
    assert len(kept) == told["created"]
