"""Suggesting: statements a machine model points at become candidates, where they stand in the article word for word."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from claims.analysis import anchoring
from claims.analysis.types import Span
from claims.models import Claim, Consultation
from claims.operations import consulting, intake


def suggest_claims(
    consultation: Consultation, quotes: Sequence[str], *, model: str, malformed: int = 0, note: str = ""
) -> list[Claim]:
    """Keep as candidates what a model pointed at and the rules had not found. Safe to call twice.

    What does not stand in the article is left out and counted. Sources are asked only once a person has picked.
    """
    article = consultation.article
    if article is None:
        return []
    spans = Claim.objects.filter(article=article).values_list("start", "end")
    known = [Span(start, end) for start, end in spans if start is not None and end is not None]
    found = anchoring.claims(
        quotes, article.text, language=article.language, published=article.published_on, known=known
    )
    with transaction.atomic():
        claims = [intake.record_suggestion(article, draft, model=model) for draft in found.drafts]
        kept = consulting.keep(
            consultation, [claim.pk for claim in claims], model=model, dropped=found.dropped + malformed, note=note
        )
        if not kept:
            transaction.set_rollback(True)
            return []
    return claims
