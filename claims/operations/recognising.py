"""Recognising: a claim of a followed article that the desk knows already is noted there instead of coming in anew.

Only what `matching.compare` calls the same, behind its guard, is taken for the same; and a person can take it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import connection, transaction
from django.utils import timezone

from claims import aliases, earlier, transitions
from claims.analysis import matching, terms
from claims.analysis.aliasing import overlay
from claims.analysis.types import Date, Fact, Span, Speaker
from claims.models import Article, Claim, FollowedItem, FollowedSource, Newsroom, Occurrence, User
from claims.operations import noticing
from claims.workflow import Permission, Status

POSTINGS = 200  # claims of one key that are looked at
CANDIDATES = 40
APART_DAYS = 365  # what names no day and was said longer ago is not taken for the same: "prices rose" ages
# What makes a claim of its own of an occurrence when somebody takes it back.
KEPT = ("text", "sha256", "language", "kind", "suggestion", "score", "reasons", "facts", "claimant", "claimant_id",
        "match_keys", "topic", "reach")  # fmt: skip
_NEVER = [Status.WITHDRAWN.value]
_SQL = """
    SELECT found.id FROM unnest(%s::text[]) AS wanted(key) CROSS JOIN LATERAL (
        SELECT c.id FROM claims_claim c
        WHERE c.match_keys @> ARRAY[wanted.key]::varchar[] AND c.newsroom_id = %s LIMIT %s
    ) found
    GROUP BY found.id ORDER BY count(*) DESC, found.id DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A known claim that is the same, and how alike the words are."""

    claim: Claim
    score: float


def one_at_a_time(newsroom: Newsroom | int) -> None:
    """Until this transaction ends nobody else takes in followed claims of this newsroom: two articles that come at
    once and say the same are then seen as what they are."""
    pk = newsroom if isinstance(newsroom, int) else newsroom.pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('claims.recognising'), %s)", [pk])


def source_of(article: Article) -> FollowedSource | None:
    """The source that was followed when this article came in."""
    found = FollowedItem.objects.filter(article=article).select_related("source").order_by("pk").first()
    return found.source if found else None


def known(claim: Claim) -> Recognised | None:
    """The claim of this newsroom that says the same as this one, which is not kept yet; or None.

    What is checked is looked for first, then what is open, or was dismissed. A duplicate leads to the claim that is
    really checked.
    """
    text, facts = _said(claim)
    best: Recognised | None = None
    for other in _candidates(claim):
        their_text, their_facts = _said(other)
        match = matching.compare(
            text, facts, their_text, their_facts, language=claim.language, candidate_language=other.language
        )
        if not match.same or (best is not None and match.score <= best.score) or _too_far_apart(claim, other):
            continue
        if _names(text, claim, match.highlights) and _names(their_text, other, match.candidate_highlights):
            continue
        best = Recognised(other, match.score)
    if best is not None and best.claim.duplicate_of is not None:
        return Recognised(best.claim.duplicate_of, best.score)
    return best


def _candidates(claim: Claim) -> list[Claim]:
    keys = [key for key in claim.match_keys if not key.startswith("e:")]  # a country stands in thousands of claims
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [keys, claim.newsroom_id, POSTINGS, CANDIDATES])
        found = [pk for (pk,) in cursor.fetchall()]
    published = earlier.match_text(
        claim.text, claim.language, claim.read_facts(), newsrooms=[claim.newsroom_id], appeared=claim.said_on
    )
    own = [one.check.identifier for one in published if one.check.newsroom_id == claim.newsroom_id]
    found += [int(name.removeprefix(earlier.OWN)) for name in own if name.startswith(earlier.OWN)]
    rows = Claim.objects.filter(pk__in=found, newsroom=claim.newsroom_id).exclude(status__in=_NEVER)
    if claim.article_id is not None:
        rows = rows.exclude(article=claim.article_id)
    return list(
        rows.select_related("article", "duplicate_of")
        .defer("search", "article__text", "article__search")
        .order_by("pk")
    )


def _said(claim: Claim) -> tuple[str, tuple[Fact, ...]]:
    """What a claim says and the facts in it, without the words that tell who said it: that is kept apart."""
    facts = claim.read_facts()
    for fact in facts:
        if isinstance(fact, Speaker) and fact.said is not None and not fact.said.covers(fact.span):
            said = fact.said
            if 2 * (said.end - said.start) >= len(claim.text):
                within = [replace(one, span=one.span.shifted(-said.start)) for one in facts if said.covers(one.span)]
                text = claim.text[said.start : said.end]
                return text, overlay(text, within, aliases.of(claim.newsroom_id, claim.language))
    return claim.text, overlay(claim.text, facts, aliases.of(claim.newsroom_id, claim.language))


def _names(text: str, claim: Claim, shared: Sequence[Span]) -> list[str]:
    """Words with a capital that only this side has, but for who said it. Where both sides have one, a name may stand
    for another that no table knows: "Adlerstadt" for "Eulenburg". A machine that links by itself does not risk that.
    """
    words = [
        text[term.start : term.end]
        for term in terms.content(text, claim.language)
        if not term.number and not any(span.start <= term.start and term.end <= span.end for span in shared)
    ]
    return [word for word in words if word[:1].isupper() and word not in claim.claimant]


def _too_far_apart(claim: Claim, other: Claim) -> bool:
    if claim.said_on is None or other.said_on is None:
        return False
    days = abs((claim.said_on - other.said_on).days)
    return days > APART_DAYS and not any(isinstance(fact, Date) for fact in claim.read_facts())


def noted(claim: Claim, *, source: FollowedSource | None) -> bool:
    """Whether the desk knows this claim, which is not kept yet, already. Then it was said again, and that is noted
    there; but for another version of the very page it stands on, where nobody said anything again.
    """
    recognised = known(claim)
    if recognised is None:
        return False
    here, there = claim.article, recognised.claim.article
    if here is None or there is None or not here.url or here.url != there.url:
        _note(recognised, claim, source)
    return True


def _note(recognised: Recognised, claim: Claim, source: FollowedSource | None) -> None:
    earlier_claim = recognised.claim
    occurrence, new = Occurrence.objects.get_or_create(
        article=claim.article,
        start=claim.start,
        end=claim.end,
        defaults={
            "claim": earlier_claim,
            "kind": Occurrence.Kind.SAID,
            "text": claim.text,
            "said_by": claim.claimant,
            "said_on": claim.said_on,
            "found_by": source,
            "score": recognised.score,
            "kept": {name: getattr(claim, name) for name in KEPT},
        },
    )
    if not new:
        return
    if source is not None:
        Claim.objects.filter(pk=earlier_claim.pk, reach__lt=source.reach).update(reach=source.reach)
    transitions.record(
        "claim.said_again",
        newsroom=earlier_claim.newsroom_id,
        by=None,
        claim=earlier_claim,
        occurrence=occurrence.pk,
        article=claim.article_id,
        url=claim.appearance,
    )
    if earlier_claim.status == Status.PUBLISHED:
        people = [*noticing.holders(Permission.PUBLISH, earlier_claim.newsroom_id)]
        subject = f"said:{earlier_claim.pk}:{timezone.localdate():%Y%m%d}"  # once a day, however often it was said
        noticing.tell(people, "said", subject=subject, newsroom=earlier_claim.newsroom_id, claim=earlier_claim)


@transaction.atomic
def note_request(claim: Claim, *, by: User | None, external_id: str = "") -> Occurrence | None:
    """Somebody handed in a claim that is there already: it counts, once a day and person. Handing one's own in twice,
    or the same tip of another system again, does not."""
    if by is None or by.pk == claim.submitted_by_id or (external_id and external_id == claim.external_id):
        return None
    transitions.require(by, Permission.SUBMIT, claim.newsroom_id)
    claim = claim.duplicate_of or claim
    occurrence, new = Occurrence.objects.get_or_create(
        claim=claim,
        kind=Occurrence.Kind.ASKED,
        asked_by=by,
        asked_on=timezone.localdate(),
        defaults={"text": claim.text},
    )
    if new:
        transitions.record(
            "claim.asked_again", newsroom=claim.newsroom_id, by=by, claim=claim, occurrence=occurrence.pk
        )
    return occurrence if new else None
