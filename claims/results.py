"""The result of an article as plain JSON: what the demo writes and docs/result.md describes.

Spans count from the article's first character, so that `text[start:end]` are the article's own words.
"""

from __future__ import annotations

from typing import Any

from claims import flagging
from claims.models import Article, Assessment, Claim, Document, Lookup
from claims.protection import protected_urls


def of_article(article: Article) -> dict[str, Any]:
    """Everything found in an article: its claims in the order they stand, with facts, rows and origins."""
    claims = list(article.claims.order_by("start", "end"))
    assessments = {
        (one.claim_id, one.cycle): one for one in Assessment.objects.filter(claim__in=claims, made_at__isnull=False)
    }
    lookups: dict[int, list[Lookup]] = {}
    for lookup in Lookup.objects.filter(claim__in=claims).order_by("source"):
        lookups.setdefault(lookup.claim_id, []).append(lookup)
    found = Document.objects.filter(hits__lookup__claim__in=claims).defer("text", "facts").distinct()
    documents = found.exclude(url__in=protected_urls(article.newsroom_id)).in_bulk()  # a CMS may print what it gets
    return {
        "article": {
            "id": article.pk,
            "title": article.title,
            "language": article.language,
            "language_guessed": article.language_guessed,
            "language_covered": article.language_covered,
            "published_on": article.published_on.isoformat() if article.published_on else None,
            "sha256": article.sha256,
            "characters": len(article.text),
            "notes": article.notes,
        },
        "flags": flagging.of_article(article),
        "claims": [
            _claim(claim, assessments.get((claim.pk, claim.cycle)), lookups.get(claim.pk, []), documents)
            for claim in claims
        ],
    }


def _claim(
    claim: Claim, assessment: Assessment | None, lookups: list[Lookup], documents: dict[int, Document]
) -> dict[str, Any]:
    offset = claim.start or 0
    return {
        "id": claim.pk,
        "text": claim.text,
        "start": claim.start,
        "end": claim.end,
        "score": round(claim.score, 4),
        "kind": claim.kind,
        "status": claim.suggestion,
        "workflow": {"status": claim.status, "cycle": claim.cycle},
        "claimant": claim.claimant or None,
        "reasons": claim.reasons,
        "facts": [fact(one, offset) for one in claim.facts],
        "rows": [_row(row, offset, documents) for row in assessment.table] if assessment else [],
        "documents": assessment.documents_count if assessment else 0,
        "origins": assessment.origins_count if assessment else 0,
        "origin_list": _origins(assessment, documents) if assessment else [],
        "lookups": [
            {"source": lookup.source, "outcome": lookup.outcome or "asking", "reason": lookup.reason}
            for lookup in lookups
            if lookup.cycle == claim.cycle
        ],
    }


def fact(plain: dict[str, Any], offset: int) -> dict[str, Any]:
    """A fact with its span on the article and one readable `value`."""
    return {**plain, "start": plain["start"] + offset, "end": plain["end"] + offset, "value": value(plain)}


def value(plain: dict[str, Any]) -> Any:
    """The one value people compare: a number or a range, a TimeML date, a canonical id, the quoted words."""
    match plain["kind"]:
        case "quantity":
            return plain["lo"] if plain["lo"] == plain["hi"] else [plain["lo"], plain["hi"]]
        case "date":
            return plain["timex"] or "/".join(filter(None, (plain["first"], plain["last"])))
        case "entity" | "speaker":
            return plain["id"]
        case _:
            return plain["text"]


def _row(row: dict[str, Any], offset: int, documents: dict[int, Document]) -> dict[str, Any]:
    return {
        "fact": fact(row["fact"], offset),
        "outcome": row["outcome"],
        "note": row["note"],
        "agreeing": _side(row["agreeing"], documents),
        "disagreeing": _side(row["disagreeing"], documents),
    }


def _side(side: dict[str, Any] | None, documents: dict[int, Document]) -> dict[str, Any] | None:
    if side is None:
        return None
    document = documents.get(side["document"])
    found = side["found"]
    return {
        "quote": side["quote"],
        "start": side["start"],
        "end": side["end"],
        "outcome": side["outcome"],
        "note": side["note"],
        "found": {**found, "value": value(found)} if found else None,
        "document": None
        if document is None
        else {
            "id": document.pk,
            "title": document.title,
            "url": document.url,
            "publisher": document.publisher_name,
            "language": document.language,
            "published_at": document.published_at.isoformat() if document.published_at else None,
            "fetched_at": document.fetched_at.isoformat(),
            "sha256": document.sha256,
        },
    }


def _origins(assessment: Assessment, documents: dict[int, Document]) -> list[dict[str, Any]]:
    return [
        {
            "name": origin["name"],
            "kind": origin["kind"],
            "counts": origin["counts"],
            "documents": [
                {"id": int(pk), "title": documents[int(pk)].title if int(pk) in documents else ""}
                for pk in origin["documents"]
            ],
        }
        for origin in assessment.origins.get("origins", [])
    ]
