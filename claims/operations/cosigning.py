"""Co-signing: another newsroom vouches for a published check on its own scale, and takes its name back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from claims import pool, transitions
from claims.errors import InvalidInput, MoveNotAllowed, NotPermitted, RuleBroken, StaleClaim
from claims.models import Claim, CoSignature, Newsroom, Publication, Rating, User
from claims.workflow import Permission

LONGEST = 2_000
_LIVE = (Publication.State.LIVE, Publication.State.UNDER_REVIEW)


@transaction.atomic
def cosign(
    publication: Publication, *, newsroom: Newsroom, by: User, rating: Rating, content: str, note: str = ""
) -> CoSignature:
    """Put a newsroom's name under another's check. `content` is the hash of what was read."""
    transitions.require(by, Permission.PUBLISH, newsroom)
    _hold(publication, newsroom.pk)
    publication = Publication.objects.select_related("newsroom", "claim").get(pk=publication.pk)
    if publication.newsroom_id == newsroom.pk:
        raise RuleBroken("A newsroom's own checks are signed already.", code="own_check")
    if publication.newsroom_id in by.newsroom_ids():
        raise RuleBroken("You belong to the newsroom that published it.", code="not_independent")
    if not publication.newsroom.shares_published:
        raise NotPermitted("This newsroom does not share its checks.")
    if publication.state not in _LIVE:
        raise MoveNotAllowed("Only a live check can be co-signed.")
    if rating.newsroom_id != newsroom.pk or not rating.active:
        raise InvalidInput("Choose a rating of your newsroom's scale.", field="rating", code="foreign_rating")
    if len(note) > LONGEST:
        raise InvalidInput("The note is too long.", field="note", code="too_long")
    if content != pool.content_hash(publication):
        raise StaleClaim("The check was changed since you opened it. Read it again, then co-sign.")
    if CoSignature.objects.standing().filter(publication=publication, newsroom=newsroom).exists():
        raise MoveNotAllowed("Your newsroom has co-signed this check.")
    made = CoSignature.objects.create(
        publication=publication,
        newsroom=newsroom,
        rating=rating,
        given={
            "slug": rating.slug,
            "labels": rating.labels,
            "shared": rating.shared,
            "value": rating.value,
            "colour": rating.colour,
            "shape": rating.shape,
        },
        note=note.strip(),
        content_hash=content,
        signed_at=timezone.now(),
        signed_by=by,
    )
    _tell(made, "given", by=by, rating=rating.slug, shared=rating.shared, content_hash=content)
    return made


@transaction.atomic
def revoke(cosignature: CoSignature, *, by: User, reason: str) -> CoSignature:
    """Take the newsroom's name back, with a reason readers are told."""
    transitions.require(by, Permission.PUBLISH, cosignature.newsroom_id)
    _hold(cosignature.publication, cosignature.newsroom_id)
    cosignature = (
        CoSignature.objects.select_for_update(of=("self",))
        .select_related("publication__newsroom", "publication__claim", "newsroom")
        .get(pk=cosignature.pk)
    )
    if cosignature.ended_at is not None:
        raise MoveNotAllowed("This co-signature does not stand any more.")
    if not reason.strip():
        raise InvalidInput("Say why.", field="reason", code="blank")
    if len(reason) > LONGEST:
        raise InvalidInput("The reason is too long.", field="reason", code="too_long")
    _end(cosignature, CoSignature.End.REVOKED, by=by, reason=reason.strip())
    return cosignature


def hold(publication: Publication) -> None:
    """Before a check is changed: nobody signs meanwhile, and all ledgers that will be told are held in one order."""
    _hold(publication)


def void(publication: Publication, *, why: CoSignature.End) -> None:
    """End every co-signature of a check that is not any more what was signed. Call `hold` first."""
    standing = CoSignature.objects.standing().filter(publication=publication)
    for cosignature in standing.select_related("publication__newsroom", "publication__claim", "newsroom"):
        _end(cosignature, why, by=None)


def _end(cosignature: CoSignature, why: CoSignature.End, *, by: User | None, reason: str = "") -> None:
    cosignature.ended_at, cosignature.ended_by = timezone.now(), by
    cosignature.end, cosignature.end_reason = why, reason
    cosignature.save(update_fields=["ended_at", "ended_by", "end", "end_reason"])
    _tell(cosignature, "ended", by=by, outcome=why.value, reason=reason)


def _hold(publication: Publication, *newsrooms: int) -> None:
    Claim.objects.select_for_update().get(pk=publication.claim_id)  # the one lock all who change a check begin with
    signers = CoSignature.objects.standing().filter(publication=publication).values_list("newsroom", flat=True)
    if newsrooms or signers:
        transitions.hold_ledgers({publication.newsroom_id, *signers, *newsrooms})


def _tell(cosignature: CoSignature, what: str, *, by: User | None, **payload: Any) -> None:
    """One entry in the ledger of who signs, one in the publisher's; of persons, each knows only its own."""
    publication = cosignature.publication
    transitions.record(
        f"cosignature.{what}",
        newsroom=cosignature.newsroom_id,
        by=by,
        cosignature=cosignature.pk,
        publisher=publication.newsroom.slug,
        address=publication.get_absolute_url(),
        **payload,
    )
    transitions.record(
        "publication.cosigned" if what == "given" else "publication.unsigned",
        newsroom=publication.newsroom_id,
        by=None,
        claim=publication.claim,
        publication=publication.pk,
        cosignature=cosignature.pk,
        newsroom_name=cosignature.newsroom.name,
        **payload,
    )
