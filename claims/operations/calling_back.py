"""Calling back: an address is told what becomes of one submission, as webhooks are told of everything.

A callback is a webhook about one article or one claim: signed, tried again and shown in the same way. The ledger is
read once for all callbacks of a newsroom.
"""

from __future__ import annotations

import base64
import binascii

from django.db import transaction
from django.db.models import Q

from claims import signing, transitions
from claims.errors import InvalidInput, RuleBroken
from claims.events import KINDS
from claims.models import Article, CallbackCursor, Claim, Delivery, LedgerEntry, User, Webhook
from claims.operations import telling
from claims.sealing import seal
from claims.signals import announce_work
from claims.workflow import Permission

MOST = 20  # addresses per submission
BATCH = 500


def checked_secret(secret: str) -> str:
    """A secret of the caller's own, or a new one. Raises `InvalidInput` when it does not do."""
    if not secret:
        return signing.new_secret()
    try:
        key = base64.b64decode(secret.removeprefix(signing.PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(signing.PREFIX) or not 24 <= len(key) <= 64:
        raise InvalidInput(
            "A secret is whsec_ and 24 to 64 bytes in base64.", field="callback_secret", code="bad_secret"
        )
    return secret


@transaction.atomic
def ask(about: Article | Claim, *, by: User | None, url: str, secret: str = "") -> tuple[Webhook, str]:
    """Have an address told of a submission from now on. Returns the callback and its secret, shown once.

    The same address twice is one callback, whose secret stays and is not shown again.
    """
    transitions.require(by, Permission.SUBMIT, about.newsroom_id)
    telling.check_address(url, field="callback")
    sealed = seal(secret := checked_secret(secret))
    thing = {"article": about} if isinstance(about, Article) else {"claim": about}
    known = Webhook.objects.filter(url=url, **thing).first()
    if known is not None:
        return known, ""
    if Webhook.objects.filter(**thing).count() >= MOST:
        raise RuleBroken(f"At most {MOST} addresses are told of one submission.", code="too_many", field="callback")
    entry = transitions.record(
        "callback.asked",
        newsroom=about.newsroom_id,
        by=by,
        claim=thing.get("claim"),  # type: ignore[arg-type]
        url=url,
        **({"article": about.pk} if isinstance(about, Article) else {}),
    )
    entry.refresh_from_db(fields=["sequence"])
    CallbackCursor.objects.get_or_create(newsroom_id=about.newsroom_id, defaults={"told_through": entry.sequence})
    made = Webhook.objects.create(
        newsroom_id=about.newsroom_id,
        url=url,
        sealed_secret=sealed,
        told_through=entry.sequence,
        created_by=by,
        **thing,
    )
    return made, secret


def behind() -> list[int]:
    """The newsrooms whose callbacks have not been told of everything."""
    behind = "SELECT max(sequence) FROM claims_ledgerentry l WHERE l.newsroom_id = claims_callbackcursor.newsroom_id"
    found = CallbackCursor.objects.extra(where=[f"told_through < ({behind})"])  # noqa: S610  nothing from outside
    return list(found.values_list("newsroom_id", flat=True))


@transaction.atomic
def spread(newsroom_id: int) -> bool:
    """Put what happened since the last time on its way to the callbacks it is about. Safe to call at once and often.

    Returns whether there may be more: a batch at a time.
    """
    cursor = CallbackCursor.objects.select_for_update(skip_locked=True).filter(pk=newsroom_id).first()
    if cursor is None:
        return False
    news = LedgerEntry.objects.filter(newsroom=newsroom_id, sequence__gt=cursor.told_through).order_by("sequence")
    entries = list(news.select_related("claim")[:BATCH])
    if not entries:
        return False
    by_claim, by_article = _callbacks(newsroom_id, entries)
    Delivery.objects.bulk_create(
        deliveries := [
            Delivery(webhook=callback, entry=entry, claim_id=entry.claim_id)
            for entry in entries
            if entry.kind in KINDS
            for callback in [*by_claim.get(entry.claim_id, ()), *by_article.get(_article_of(entry), ())]
            if entry.sequence > callback.told_through
        ]
    )
    announce_work(Delivery, [one.pk for one in deliveries])
    CallbackCursor.objects.filter(pk=newsroom_id).update(told_through=entries[-1].sequence)
    return True


def _article_of(entry: LedgerEntry) -> int | None:
    """The article an event is about: its own, or the one its claim was found in."""
    if entry.claim is not None:
        found: int | None = entry.claim.article_id
        return found
    return entry.payload.get("article") if entry.kind.startswith("article.") else None


def _callbacks(
    newsroom_id: int, entries: list[LedgerEntry]
) -> tuple[dict[int | None, list[Webhook]], dict[int | None, list[Webhook]]]:
    claims = {one.claim_id for one in entries} - {None}
    articles = {_article_of(one) for one in entries} - {None}
    by_claim: dict[int | None, list[Webhook]] = {}
    by_article: dict[int | None, list[Webhook]] = {}
    wanted = Webhook.objects.filter(Q(claim__in=claims) | Q(article__in=articles), newsroom=newsroom_id)
    for callback in wanted:
        if callback.claim_id is not None:
            by_claim.setdefault(callback.claim_id, []).append(callback)
        else:
            by_article.setdefault(callback.article_id, []).append(callback)
    return by_claim, by_article
