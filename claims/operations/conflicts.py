"""Conflicts of interest: people declare what they are too near to, and step back from claims."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils import timezone

from claims import transitions
from claims.analysis import terms
from claims.errors import InvalidInput, NotPermitted, RuleBroken
from claims.models import Claim, Interest, Newsroom, Policy, Recusal, User
from claims.workflow import Permission

SHORTEST = 3  # characters; fewer would meet every claim


def of(claim: Claim, user: User) -> list[Interest]:
    """The interests a person declared that this claim names."""
    declared = Interest.objects.filter(newsroom=claim.newsroom_id, user=user, active=True)
    if not declared:
        return []
    about = terms.fold(f"{claim.text}\n{claim.claimant}\n{claim.topic}")
    return [one for one in declared if re.search(rf"(?<!\w){re.escape(terms.fold(one.words))}(?!\w)", about)]


def stepped_back(claim: Claim, user: User) -> bool:
    return Recusal.objects.filter(claim=claim, user=user, lifted_at__isnull=True).exists()


def keeps_off(claim: Claim, user: User, *, policy: Policy | None = None) -> bool:
    """Whether this person is not to be given the claim: stepped back, or too near where the policy says so."""
    if stepped_back(claim, user):
        return True
    policy = policy or Policy.in_force(claim)
    return policy.conflicts == Policy.Conflicts.BLOCK and bool(of(claim, user))


def require_none(claim: Claim, user: User, *, policy: Policy | None = None) -> None:
    """Refuse whoever stepped back, and whoever declared an interest where the policy keeps them off."""
    if stepped_back(claim, user):
        raise RuleBroken("You stepped back from this claim. An editor can let you back.", code="stepped_back")
    if (policy or Policy.in_force(claim)).conflicts != Policy.Conflicts.BLOCK:
        return
    met = of(claim, user)
    if met:
        raise RuleBroken(
            f"You declared an interest in {met[0].words}. Step back from this claim.", code="conflict_of_interest"
        )


@transaction.atomic
def declare(newsroom: Newsroom, *, user: User, words: str, note: str = "", by: User) -> Interest:
    """Say what somebody is too near to: oneself, or the newsroom's admin for a colleague."""
    _own_or_admin(newsroom, user, by)
    words = " ".join(words.split())
    if len(terms.fold(words).strip()) < SHORTEST:
        raise InvalidInput(f"At least {SHORTEST} characters.", field="words", code="too_short")
    if newsroom.pk not in user.newsroom_ids():
        raise InvalidInput("Choose somebody of this newsroom.", field="user", code="foreign")
    interest, made = Interest.objects.get_or_create(
        newsroom=newsroom, user=user, words=words[:200], defaults={"note": note.strip()[:300]}
    )
    if not made and interest.active:
        raise RuleBroken("This interest is declared already.", code="declared", field="words")
    interest.active, interest.note = True, note.strip()[:300]
    interest.save(update_fields=["active", "note"])
    transitions.record("interest.declared", newsroom=newsroom, by=by, interest=interest.pk, person=user.pk, words=words)
    return interest


@transaction.atomic
def end(interest: Interest, *, by: User) -> Interest:
    """The interest is one no longer; that it was is in the ledger."""
    _own_or_admin(interest.newsroom, interest.user, by)
    if interest.active:
        interest.active = False
        interest.save(update_fields=["active"])
        transitions.record(
            "interest.ended",
            newsroom=interest.newsroom_id,
            by=by,
            interest=interest.pk,
            person=interest.user_id,
            words=interest.words,
        )
    return interest


@transaction.atomic
def readmit(recusal: Recusal, *, by: User) -> Recusal:
    """Let somebody back who stepped back, by mistake or because the reason has gone. Never oneself."""
    claim = Claim.objects.select_for_update().get(pk=recusal.claim_id)
    transitions.require(by, Permission.APPROVE, claim.newsroom_id)
    recusal = Recusal.objects.select_for_update().get(pk=recusal.pk)
    if recusal.user_id == by.pk:
        raise RuleBroken("Somebody else has to let you back.", code="own_recusal")
    if recusal.lifted_at is None:
        recusal.lifted_by, recusal.lifted_at = by, timezone.now()
        recusal.save(update_fields=["lifted_by", "lifted_at"])
        transitions.record("review.readmitted", newsroom=claim.newsroom_id, by=by, claim=claim, person=recusal.user_id)
    return recusal


def _own_or_admin(newsroom: Newsroom, user: User, by: User) -> None:
    if user.pk == by.pk and by.may(Permission.READ, newsroom):
        return
    if not by.may(Permission.ADMINISTER, newsroom):
        raise NotPermitted("You may declare your own interests only.")
