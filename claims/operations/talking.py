"""Talking: comments and notes about a claim, and errands given to each other. What is said is never edited.

The ledger tells who spoke and when, with the hash of the words: never a private note.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re

from django.db import transaction
from django.utils import timezone

from claims import transitions
from claims.errors import InvalidInput, MoveNotAllowed, NotPermitted, RuleBroken
from claims.models import Claim, Comment, Errand, Notice, User
from claims.operations import noticing
from claims.workflow import Permission

LONGEST = 5_000  # characters
_MENTION = re.compile(r"(?<![\w@.+-])@([\w.@+-]{1,150})")


@transaction.atomic
def comment(claim: Claim, *, by: User, text: str, private: bool = False) -> Comment:
    """Say something about a claim, to everybody of the newsroom or as a note to oneself.

    Whoever is mentioned (@username) is told, and so are the assignee and those who spoke before.
    """
    transitions.require(by, Permission.SUBMIT, claim.newsroom_id)
    made = Comment.objects.create(
        claim=claim, cycle=claim.cycle, author=by, text=_words(text, LONGEST), private=private
    )
    if private:
        return made
    _record("comment.added", claim, by, comment=made.pk, sha256=hashlib.sha256(made.text.encode()).hexdigest())
    subject = f"comment:{made.pk}"
    mentioned = {person.pk for person in mentions(made)}
    noticing.tell(mentioned, Notice.Kind.MENTION, subject=subject, newsroom=claim.newsroom_id, claim=claim, by=by)
    spoke = set(claim.comments.filter(private=False).values_list("author", flat=True))
    others = (spoke | ({claim.assignee_id} if claim.assignee_id else set())) - mentioned
    noticing.tell(others, Notice.Kind.COMMENT, subject=subject, newsroom=claim.newsroom_id, claim=claim, by=by)
    return made


def mentions(comment: Comment) -> list[User]:
    """The members of the newsroom whom a comment names. Names of others stay plain text."""
    names = {name.rstrip(".-+@") for name in _MENTION.findall(comment.text)}
    return list(
        User.objects.filter(
            username__in=names,
            memberships__newsroom=comment.claim.newsroom_id,
            memberships__active=True,
            is_active=True,
        )
    )


@transaction.atomic
def withdraw(comment: Comment, *, by: User) -> Comment:
    """Take one's own words back. They stay in the row; the desk shows that something was withdrawn."""
    comment = Comment.objects.select_for_update(of=("self",)).select_related("claim").get(pk=comment.pk)
    transitions.require(by, Permission.SUBMIT, comment.claim.newsroom_id)
    if comment.author_id != by.pk:
        raise NotPermitted("Only who said it can take it back.")
    if comment.withdrawn_at:
        raise MoveNotAllowed("This was taken back already.")
    comment.withdrawn_at = timezone.now()
    comment.save(update_fields=["withdrawn_at"])
    Notice.objects.unread().filter(subject=f"comment:{comment.pk}").update(read_at=comment.withdrawn_at)
    if not comment.private:
        _record("comment.withdrawn", comment.claim, by, comment=comment.pk)
    return comment


@transaction.atomic
def give(claim: Claim, *, by: User, text: str, to: User | None = None, due_on: dt.date | None = None) -> Errand:
    """Note something to be done about a claim, for somebody or for whoever comes first."""
    transitions.require(by, Permission.SUBMIT, claim.newsroom_id)
    if to is not None and not to.may(Permission.SUBMIT, claim.newsroom_id):
        raise RuleBroken("This person does not work in this newsroom.", code="not_a_member", field="to")
    made = Errand.objects.create(claim=claim, text=_words(text, 500), assignee=to, due_on=due_on, made_by=by)
    _record("errand.given", claim, by, errand=made.pk, to=to.pk if to else None)
    if to is not None:
        noticing.tell(
            [to], Notice.Kind.ERRAND, subject=f"errand:{made.pk}", newsroom=claim.newsroom_id, claim=claim, by=by
        )
    return made


@transaction.atomic
def call_for(claim: Claim, *, subject: str, text: str) -> Errand | None:
    """Note something to be done that the clock found, for who holds the claim or whoever comes first.

    Once per subject: None when it was called for already, done or not.
    """
    made, created = Errand.objects.get_or_create(
        claim=claim, subject=subject, defaults={"text": _words(text, 500), "assignee": _holder(claim)}
    )
    if not created:
        return None
    transitions.record("errand.given", newsroom=claim.newsroom_id, by=None, claim=claim, errand=made.pk, to=None)
    return made


def settle_call(claim: Claim, *, subject: str, by: User) -> None:
    """What the clock called for is done, by an answer given elsewhere."""
    errand = Errand.objects.filter(claim=claim, subject=subject, done_at__isnull=True).first()
    if errand is not None:
        finish(errand, by=by)


def _holder(claim: Claim) -> User | None:
    held = claim.assignee
    return held if held is not None and held.may(Permission.SUBMIT, claim.newsroom_id) else None


@transaction.atomic
def finish(errand: Errand, *, by: User) -> Errand:
    """Say that it is done."""
    errand = _held(errand, by)
    if errand.done_at:
        raise MoveNotAllowed("This is done already.")
    errand.done_at, errand.done_by = timezone.now(), by
    errand.save(update_fields=["done_at", "done_by"])
    _record("errand.done", errand.claim, by, errand=errand.pk)
    if errand.made_by_id is not None:
        noticing.tell(
            [errand.made_by_id],
            Notice.Kind.ERRAND_DONE,
            subject=f"errand:{errand.pk}",
            newsroom=errand.claim.newsroom_id,
            claim=errand.claim,
            by=by,
        )
    return errand


@transaction.atomic
def undo(errand: Errand, *, by: User) -> Errand:
    """Say that it is not done after all."""
    errand = _held(errand, by)
    if not errand.done_at:
        raise MoveNotAllowed("This is not done yet.")
    errand.done_at = errand.done_by = None
    errand.save(update_fields=["done_at", "done_by"])
    _record("errand.undone", errand.claim, by, errand=errand.pk)
    return errand


def _held(errand: Errand, by: User) -> Errand:
    errand = Errand.objects.select_for_update(of=("self",)).select_related("claim").get(pk=errand.pk)
    transitions.require(by, Permission.SUBMIT, errand.claim.newsroom_id)
    return errand


def _words(text: str, longest: int) -> str:
    if not text.strip():
        raise InvalidInput("Say something.", field="text", code="blank")
    if "\x00" in text:
        raise InvalidInput("Control characters are not allowed here.", field="text", code="control_characters")
    if len(text.strip()) > longest:
        raise InvalidInput(f"At most {longest} characters.", field="text", code="too_long")
    return text.strip()


def _record(kind: str, claim: Claim, by: User, **given: object) -> None:
    transitions.record(kind, newsroom=claim.newsroom_id, by=by, claim=claim, **given)
