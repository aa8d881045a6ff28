"""Sharing: a newsroom takes a claim over from the pool into its own queue, with where it came from."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.dateparse import parse_date

from claims import pool, transitions
from claims.errors import NotPermitted
from claims.models import Claim, Door, Newsroom, Publication, Takeover, User
from claims.operations import intake


@transaction.atomic
def take_over_check(
    publication: Publication, *, newsroom: Newsroom, by: User, door: str = Door.ADMIN
) -> tuple[Claim, bool]:
    """The claim of another newsroom's check, as a new claim of one's own. Returns it and whether it is new."""
    if not pool.checks(by).filter(pk=publication.pk).exists():
        raise NotPermitted("This check is not in the pool.")
    content = publication.content
    claim, created = intake.submit_claim(
        newsroom,
        text=content["claim"],
        language=content["claim_language"],
        claimant=content["claimant"],
        said_on=parse_date(content["said_on"]) if content["said_on"] else None,
        appearance=content["appearance"] if content["appearance"].startswith(("http://", "https://")) else "",
        by=by,
        door=door,
    )
    if created:
        address = f"{settings.PUBLIC_URL}{publication.get_absolute_url()}"
        _note(claim, by, Takeover.Kind.CHECK, publication.newsroom, publication.pk, address)
    return claim, created


@transaction.atomic
def take_over_claim(found: Claim, *, newsroom: Newsroom, by: User, door: str = Door.ADMIN) -> tuple[Claim, bool]:
    """What another newsroom is checking, as a new claim of one's own: its text, language and topic, no more."""
    if not pool.claims(by).filter(pk=found.pk).exists():
        raise NotPermitted("This claim is not in the pool.")
    claim, created = intake.submit_claim(newsroom, text=found.text, language=found.language, by=by, door=door)
    if created:
        if found.topic:
            claim.topic = found.topic
            claim.save(update_fields=["topic"])
        _note(claim, by, Takeover.Kind.CLAIM, found.newsroom, found.pk, "")
    return claim, created


def _note(claim: Claim, by: User, kind: Takeover.Kind, origin: Newsroom, number: int, address: str) -> None:
    given: dict[str, Any] = {"origin_slug": origin.slug, "origin_name": origin.name, "address": address}
    Takeover.objects.create(claim=claim, kind=kind, origin_number=number, taken_by=by, **given)
    transitions.record(
        "claim.taken_over",
        newsroom=claim.newsroom_id,
        by=by,
        claim=claim,
        from_kind=kind.value,
        from_newsroom=origin.slug,
        from_name=origin.name,
        from_number=number,
        address=address,
    )
