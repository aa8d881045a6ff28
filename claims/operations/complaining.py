"""Complaining: somebody objects to what was published; the desk answers within the newsroom's working days.

The ledger tells that a complaint came in and how it ended, with the hash of its text: never who objected or how to
reach them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from claims import transitions
from claims.calendars import add_business_days
from claims.errors import InvalidInput, MoveNotAllowed, RuleBroken
from claims.models import Complaint, Correction, Notice, Publication, User
from claims.operations import noticing
from claims.workflow import Permission

LONGEST = 10_000  # characters


@transaction.atomic
def receive(
    publication: Publication,
    *,
    by: User | None,
    text: str,
    door: str,
    complainant: str = "",
    contact: str = "",
    received_at: dt.datetime | None = None,
) -> Complaint:
    """Take in a complaint and start its clock. `by=None`: a reader, at the public page.

    What comes in by a page or a program is acknowledged by its answer; by hand, somebody says so (`acknowledge`).
    """
    newsroom = publication.newsroom
    transitions.require(by, Permission.SUBMIT, newsroom)
    now = timezone.now()
    if not text.strip():
        raise InvalidInput("Say what is wrong.", field="text", code="blank")
    if len(text) > LONGEST:
        raise InvalidInput(f"At most {LONGEST} characters.", field="text", code="too_long")
    for field, given in (("complainant", complainant), ("contact", contact)):
        if len(given.strip()) > 200:
            raise InvalidInput("At most 200 characters.", field=field, code="too_long")
    for field, given in (("text", text), ("complainant", complainant), ("contact", contact)):
        if "\x00" in given:
            raise InvalidInput("Control characters are not allowed here.", field=field, code="control_characters")
    if received_at is not None and received_at > now:
        raise InvalidInput("A complaint cannot come in later than now.", field="received_at", code="future")
    at = received_at or now
    complaint = Complaint.objects.create(
        newsroom=newsroom,
        publication=publication,
        complainant=complainant.strip(),
        contact=contact.strip(),
        text=text.strip(),
        door=door,
        token=secrets.token_urlsafe(18),
        received_at=at,
        received_by=by,
        due_at=add_business_days(at, newsroom.complaint_days, newsroom.calendar()),
        acknowledged_at=None if door == Complaint.Door.DESK else now,
    )
    transitions.record(
        "complaint.received",
        newsroom=newsroom,
        by=by,
        claim=publication.claim,
        publication=publication.pk,
        complaint=complaint.pk,
        door=door,
        due_at=complaint.due_at.isoformat(),
        sha256=hashlib.sha256(complaint.text.encode()).hexdigest(),
    )
    noticing.tell(
        noticing.holders(Permission.PUBLISH, newsroom),
        Notice.Kind.COMPLAINT,
        subject=f"complaint:{complaint.pk}",
        newsroom=newsroom,
        claim=publication.claim,
        by=by,
    )
    return complaint


@transaction.atomic
def acknowledge(complaint: Complaint, *, by: User) -> Complaint:
    """Note that the complainant was told their complaint is here."""
    complaint = _held(complaint, by)
    if complaint.acknowledged_at:
        raise MoveNotAllowed("The complainant was told already.")
    complaint.acknowledged_at = timezone.now()
    complaint.save(update_fields=["acknowledged_at"])
    _tell("complaint.acknowledged", complaint, by)
    return complaint


@transaction.atomic
def take(complaint: Complaint, *, by: User) -> Complaint:
    """Look into a complaint, or take it over from a colleague."""
    complaint = _held(complaint, by)
    _still_open(complaint)
    if complaint.taken_by_id == by.pk:
        raise MoveNotAllowed("This complaint is yours already.")
    complaint.taken_at, complaint.taken_by = timezone.now(), by
    complaint.save(update_fields=["taken_at", "taken_by"])
    _tell("complaint.taken", complaint, by)
    return complaint


@transaction.atomic
def answer(
    complaint: Complaint, *, by: User, outcome: str, answer: str, correction: Correction | None = None
) -> Complaint:
    """Close a complaint with reasons the complainant is told.

    Whatever is upheld has changed the check: a correction of the same claim, or its withdrawal, has to be there.
    """
    complaint = _held(complaint, by)
    _still_open(complaint)
    if complaint.taken_at is None:
        raise MoveNotAllowed("Take the complaint before you answer it.")
    if outcome not in Complaint.Outcome.values:
        raise InvalidInput("Choose upheld, partly upheld or rejected.", field="outcome", code="unknown")
    if not answer.strip():
        raise InvalidInput("Give the reasons the complainant is told.", field="answer", code="blank")
    publication = complaint.publication
    if correction is not None and correction.publication.claim_id != publication.claim_id:
        raise InvalidInput("This correction belongs to another check.", field="correction", code="foreign")
    if outcome == Complaint.Outcome.REJECTED:
        correction = None
    elif correction is None and publication.state not in (Publication.State.WITHDRAWN, Publication.State.REPLACED):
        raise RuleBroken(
            "Correct or withdraw the check first, then name the correction here.",
            code="no_correction",
            field="correction",
        )
    complaint.outcome, complaint.answer, complaint.correction = outcome, answer.strip(), correction
    complaint.closed_at, complaint.closed_by = timezone.now(), by
    complaint.save(update_fields=["outcome", "answer", "correction", "closed_at", "closed_by"])
    _tell(
        "complaint.answered",
        complaint,
        by,
        outcome=outcome,
        correction=correction.pk if correction else None,
        late=complaint.closed_at > complaint.due_at,
        answer_sha256=hashlib.sha256(complaint.answer.encode()).hexdigest(),
    )
    return complaint


@transaction.atomic
def resume(complaint: Complaint, *, by: User, reason: str) -> Complaint:
    """Look into an answered complaint once more. Its clock runs on as it was."""
    complaint = _held(complaint, by)
    if not complaint.outcome:
        raise MoveNotAllowed("This complaint is open.")
    if not reason.strip():
        raise InvalidInput("Give a reason.", field="reason", code="blank")
    before = complaint.outcome
    complaint.outcome, complaint.answer, complaint.correction = "", "", None
    complaint.closed_at = complaint.closed_by = None
    complaint.taken_at, complaint.taken_by = timezone.now(), by
    complaint.alarm_at = timezone.now()
    complaint.save(
        update_fields=[
            "outcome", "answer", "correction", "closed_at", "closed_by", "taken_at", "taken_by", "alarm_at",
        ]
    )  # fmt: skip
    _tell("complaint.resumed", complaint, by, before=before, reason=reason.strip())
    return complaint


def _held(complaint: Complaint, by: User) -> Complaint:
    transitions.require(by, Permission.PUBLISH, complaint.newsroom_id)
    return (
        Complaint.objects.select_for_update(of=("self",))
        .select_related("publication__claim", "newsroom")
        .get(pk=complaint.pk)
    )


def _still_open(complaint: Complaint) -> None:
    if complaint.outcome:
        raise MoveNotAllowed("This complaint was answered already.")


def _tell(kind: str, complaint: Complaint, by: User, **given: object) -> None:
    transitions.record(
        kind,
        newsroom=complaint.newsroom_id,
        by=by,
        claim=complaint.publication.claim,
        publication=complaint.publication_id,
        complaint=complaint.pk,
        **given,
    )
