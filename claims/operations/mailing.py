"""Mailing: digests are written when the desk opens; what came of every mail is noted; anybody can stop it.

A mail is a row, made with what it tells (`noticing.tell`, `write_digests`). A worker carries it and says here what came
of it. A notice belongs to one mail at most, a digest to one day: nothing is mailed twice, however often the clock
ticks.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from claims import transitions
from claims.calendars import first_opening_of_week, last_opening
from claims.errors import InvalidInput, RuleBroken
from claims.models import Mail, Newsroom, Notice, RefusedAddress, Rhythm, Step, User
from claims.operations import noticing
from claims.signals import announce_work
from claims.workflow import Permission

MINUTE, HOUR = 60, 3600
SCHEDULE = (MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR)
JITTER = 0.2
DIGESTS = (Rhythm.DAILY, Rhythm.WEEKLY)
EVERYTHING = "all"
_SALT = "factcheck.mail.stop"


def newsrooms_with_digests() -> list[int]:
    """Ids of the newsrooms in which something waits for a digest."""
    waiting = Notice.objects.filter(mail__isnull=True, rhythm__in=DIGESTS)
    return list(waiting.order_by("newsroom").values_list("newsroom", flat=True).distinct())


def write_digests(newsroom: Newsroom, *, now: dt.datetime | None = None) -> int:
    """Write the digests that are due since the desk last opened: by its own clock, on working days. Returns how many.

    After days without a clock there is one, of everything. What was read meanwhile is left out; of nothing, no mail.
    """
    now = now or timezone.now()
    calendar = newsroom.calendar()
    written = 0
    for rhythm, opening in (
        (Rhythm.DAILY, last_opening(now, calendar)),
        (Rhythm.WEEKLY, first_opening_of_week(now, calendar)),
    ):
        waiting = Notice.objects.filter(newsroom=newsroom, rhythm=rhythm, mail__isnull=True, at__lt=opening)
        for person in list(waiting.order_by("person").values_list("person", flat=True).distinct()):
            written += _write(newsroom, person, rhythm, opening.date(), waiting.filter(person=person))
    return written


@transaction.atomic
def _write(newsroom: Newsroom, person: int, rhythm: str, slot: dt.date, waiting: QuerySet[Notice]) -> bool:
    waiting.filter(read_at__isnull=False).update(rhythm="")
    if not noticing.mail_is_on() or not waiting.exists():
        return False
    mail, made = Mail.objects.get_or_create(newsroom=newsroom, person_id=person, rhythm=rhythm, slot=slot)
    if not made:  # that of today is on its way: the rest goes with the next
        return False
    waiting.update(mail=mail)
    announce_work(Mail, [mail.pk])
    return True


def contents(mail: Mail) -> list[Notice]:
    """What a mail tells: what its person has not read meanwhile, still wants by mail and may still see."""
    notices = Notice.objects.of(mail.person).unread().filter(mail=mail).select_related("claim", "actor")
    stopped = {kind for kind, rhythm in noticing.preferences_of(mail.person).items() if rhythm == Rhythm.OFF}
    return list(notices.exclude(kind__in=stopped).defer("claim__search").order_by("pk"))


def address_of(mail: Mail) -> str:
    """Where a mail goes; empty when its person has no address, or one that refuses mail."""
    address: str = mail.person.email
    if not address or RefusedAddress.objects.filter(person=mail.person, address=address).exists():
        return ""
    return address


def thread_of(mail: Mail) -> Mail:
    """The first mail to this person about this claim: what the later ones answer."""
    if mail.claim_id is None:
        return mail
    first = Mail.objects.filter(person=mail.person_id, claim=mail.claim_id).order_by("pk").first()
    return first or mail


def settle(mail: Mail, outcome: Mail.Outcome) -> bool:
    """Note that a mail we hold was sent, or that there is nothing to send."""
    with transaction.atomic():
        if not Mail.objects.settle(mail):
            return False
        Mail.objects.filter(pk=mail.pk).update(outcome=outcome, last_error="")
    return True


def failed(mail: Mail, *, reason: str) -> None:
    """Note that a mail could not be sent, and when it is tried next; after the last try it is a dead letter."""
    if mail.attempts > len(SCHEDULE):
        Mail.objects.bury(mail, error=reason)
        return
    wait = SCHEDULE[mail.attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  spreads load, hides nothing
    Mail.objects.filter(pk=mail.pk, lease_token=mail.lease_token, state=Step.State.OPEN).update(
        leased_until=None, last_error=reason[:4000], next_attempt_at=Now() + dt.timedelta(seconds=wait)
    )


def rejected(mail: Mail, *, reason: str) -> None:
    """Note that this mail, not its address, was refused for good: a dead letter for a person to look at."""
    Mail.objects.bury(mail, error=reason)


@transaction.atomic
def refused(mail: Mail, *, address: str, reason: str) -> None:
    """Note that an address takes no mail for good. Its owner is told in the desk, and nothing more is sent there."""
    if not Mail.objects.settle(mail):
        return
    Mail.objects.filter(pk=mail.pk).update(outcome=Mail.Outcome.REFUSED, last_error=reason[:4000])
    made, _new = RefusedAddress.objects.get_or_create(
        person_id=mail.person_id, address=address, defaults={"reason": reason[:2000]}
    )
    Notice.objects.filter(person=mail.person_id, mail__isnull=True).update(rhythm="")
    noticing.tell([mail.person_id], Notice.Kind.MAIL_STOPPED, subject=f"address:{made.pk}", newsroom=mail.newsroom_id)


def accept_again(person: User, *, by: User) -> int:
    """Send to the person's addresses again: they mended what refused the mail."""
    if by.pk != person.pk:
        raise InvalidInput("Everybody says this for themselves.", code="not_yours")
    gone, _each = RefusedAddress.objects.filter(person=person).delete()
    return gone


@transaction.atomic
def retry(mail: Mail, *, by: User) -> None:
    """Try a mail that was given up once more."""
    transitions.require(by, Permission.PICK, mail.newsroom_id)
    mail = Mail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    if mail.state != Step.State.DEAD:
        raise RuleBroken("Only what was given up can be tried again.", code="not_dead")
    Mail.objects.revive(mail.pk)
    announce_work(Mail, [mail.pk])


def stop_token(person: User, what: str) -> str:
    """What stands in the address that stops mail: no sign-in is needed, and it opens nothing else. Never runs out."""
    return signing.dumps([person.pk, what], salt=_SALT, compress=True)


def read_token(token: str) -> tuple[User, str] | None:
    """Whose mail a token stops, and which: a kind of notice, a rhythm, or everything."""
    try:
        pk, what = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.filter(pk=pk, is_active=True).first()
    return (person, str(what)) if person else None


def stop(person: User, what: str) -> None:
    """Stop mail to a person: of one kind, of one rhythm, or all of it. Doing it twice changes nothing."""
    now = noticing.preferences_of(person)
    noticing.prefer(person, dict.fromkeys(_meant(now, what), Rhythm.OFF), by=None)


def _meant(now: dict[str, str], what: str) -> Iterable[str]:
    if what == EVERYTHING:
        return list(now)
    return [kind for kind, rhythm in now.items() if what in (kind, rhythm)]
