"""The pool: what newsrooms of one installation show each other, where each of them chose to.

Of checks: what readers see. Of open claims: text, language and topic. Never drafts, people or notes.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from claims.audit.ledger_proof import canonical
from claims.models import Claim, Publication, User
from claims.protection import protected_urls, without_protected
from claims.workflow import Permission, Status

# From the moment a desk decided to check a claim until its verdict: not what merely came in, not what was dropped.
BEING_CHECKED = (Status.GATHERING, Status.ASSESSING, Status.IN_REVIEW, Status.IN_APPROVAL)


def checks(user: User) -> QuerySet[Publication]:
    """What the newsrooms that share their checks have published, for members of other newsrooms."""
    if not mine(user):
        return Publication.objects.none()
    found = Publication.objects.live().filter(newsroom__shares_published=True)
    return found.exclude(newsroom__in=mine(user)).select_related("newsroom", "verdict")


def readable(user: User) -> QuerySet[Publication]:
    """The checks of the pool, and one's own as others get them."""
    own = Publication.objects.live().filter(newsroom__in=mine(user))
    return (checks(user) | own.select_related("newsroom", "verdict")).order_by("-pk")


def claims(user: User) -> QuerySet[Claim]:
    """What the newsrooms that show their open claims are checking, for members of other newsrooms."""
    if not mine(user):
        return Claim.objects.none()
    found = Claim.objects.filter(newsroom__shares_open_claims=True, status__in=BEING_CHECKED)
    light = ("text", "language", "topic", "newsroom__slug", "newsroom__name", "newsroom__shares_open_claims")
    return found.exclude(newsroom__in=mine(user)).select_related("newsroom").only(*light)


def mine(user: User) -> list[int]:
    """The newsrooms a person reads the pool for; whoever belongs to none reads nothing."""
    return [newsroom for newsroom in user.newsroom_ids() if user.may(Permission.READ, newsroom)]


def checks_about(found: QuerySet[Publication], words: str) -> QuerySet[Publication]:
    """Those whose headline, claim or speaker has all of the words."""
    for word in words.replace("\x00", "").split()[:12]:
        found = found.filter(
            Q(content__headline__icontains=word)
            | Q(content__claim__icontains=word)
            | Q(content__claimant__icontains=word)
        )
    return found


def claims_about(found: QuerySet[Claim], words: str) -> QuerySet[Claim]:
    return found.filter(search=SearchQuery(words.replace("\x00", ""), config="simple", search_type="websearch"))


def content_hash(publication: Publication) -> str:
    """What a co-signature names: exactly this text, these sources."""
    return hashlib.sha256(canonical(publication.content).encode()).hexdigest()


def shown(publication: Publication, hidden: frozenset[str] | None = None) -> dict[str, Any]:
    """The content as others get it: as on the public page, without addresses nobody else can follow.

    `hidden` are the addresses its newsroom protects, where they were asked for already.
    """
    hidden = protected_urls(publication.newsroom_id) if hidden is None else hidden
    content = without_protected(publication.content, hidden)
    return {
        **content,
        "evidence": [
            {**{name: value for name, value in one.items() if name != "id"}, "url": _open(one["url"])}
            for one in content["evidence"]
        ],
    }


def _open(url: str) -> str:
    return url if url.startswith(("https://", "http://")) else ""
