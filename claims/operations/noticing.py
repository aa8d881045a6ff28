"""Noticing: people are told of what concerns them, once; and how often each of them is mailed of it.

In the desk everything is there at once. What leaves the house is written down here, in the same transaction: a mail for
whoever wants one at once, a post for every chat that is told of such things. Workers carry them out.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from claims.errors import InvalidInput
from claims.models import (
    Chat,
    ChatPost,
    Claim,
    Mail,
    Membership,
    Newsroom,
    Notice,
    NoticePreference,
    RefusedAddress,
    Rhythm,
    User,
)
from claims.roles import PERMISSIONS, Role
from claims.signals import announce_work
from claims.workflow import Permission

# What people who said nothing are mailed of otherwise than at once.
USUAL = {
    Notice.Kind.COMMENT: Rhythm.DAILY,
    Notice.Kind.ERRAND_DONE: Rhythm.DAILY,
    Notice.Kind.PUBLISHED: Rhythm.DAILY,
    Notice.Kind.LATE_EVIDENCE: Rhythm.DAILY,
    Notice.Kind.MAIL_STOPPED: Rhythm.OFF,
}


def tell(
    people: Iterable[User | int],
    kind: str,
    *,
    subject: str,
    newsroom: Newsroom | int,
    claim: Claim | None = None,
    by: User | None = None,
) -> list[int]:
    """Tell these people, except the one who did it. Whoever was told of this subject already is not told again.

    Returns the ids of those who learn of it now.
    """
    room = newsroom if isinstance(newsroom, int) else newsroom.pk
    pks = {one if isinstance(one, int) else one.pk for one in people}
    if by is not None:
        pks.discard(by.pk)
    told = Notice.objects.filter(person__in=pks, kind=kind, subject=subject)
    members = Membership.objects.filter(newsroom=room, active=True, user__in=pks, user__is_active=True)
    new = sorted(set(members.values_list("user", flat=True)) - set(told.values_list("person", flat=True)))
    rhythms = _rhythms(new, kind)
    with transaction.atomic():
        Notice.objects.bulk_create(
            [
                Notice(
                    newsroom_id=room,
                    person_id=person,
                    claim=claim,
                    kind=kind,
                    subject=subject,
                    actor=by,
                    rhythm=rhythms.get(person, ""),
                )
                for person in new
            ],
            ignore_conflicts=True,
        )
        if Rhythm.INSTANT in rhythms.values():
            _mail(Notice.objects.filter(person__in=new, kind=kind, subject=subject, rhythm=Rhythm.INSTANT))
        _post(room, kind, subject, claim, by)
    return new


def mail_is_on() -> bool:
    """Whether this installation sends mail at all."""
    return bool(settings.EMAIL_HOST)


def _rhythms(people: list[int], kind: str) -> dict[int, str]:
    """How often each of these people is mailed of a kind; those who cannot be mailed at all are missing."""
    if not people or not mail_is_on():
        return {}
    addresses = dict(User.objects.filter(pk__in=people).exclude(email="").values_list("pk", "email"))
    refused = set(RefusedAddress.objects.filter(person__in=people).values_list("person", "address"))
    said = NoticePreference.objects.filter(person__in=people, kind=kind)
    wanted: dict[int, str] = dict(said.values_list("person", "rhythm"))
    usual = USUAL.get(kind, Rhythm.INSTANT)  # type: ignore[call-overload]
    return {
        person: rhythm
        for person, address in addresses.items()
        if (person, address) not in refused and (rhythm := wanted.get(person, usual)) != Rhythm.OFF
    }


def _mail(notices: QuerySet[Notice]) -> None:
    """Write a mail for each of these notices that has none."""
    found = list(notices.filter(mail__isnull=True).select_for_update().order_by("pk"))
    made = Mail.objects.bulk_create(
        Mail(newsroom_id=one.newsroom_id, person_id=one.person_id, claim_id=one.claim_id, rhythm=Rhythm.INSTANT)
        for one in found
    )
    for one, mail in zip(found, made, strict=True):
        one.mail = mail
    Notice.objects.bulk_update(found, ["mail"])
    announce_work(Mail, [mail.pk for mail in made])


def _post(newsroom: int, kind: str, subject: str, claim: Claim | None, by: User | None) -> None:
    """Write a post for each chat that is told of such things and does not know this one."""
    chats = list(Chat.objects.active().filter(newsroom=newsroom, kinds__contains=[kind]).values_list("pk", flat=True))
    if not chats:
        return
    known = set(ChatPost.objects.filter(chat__in=chats, kind=kind, subject=subject).values_list("chat", flat=True))
    ChatPost.objects.bulk_create(
        (
            ChatPost(chat_id=chat, kind=kind, subject=subject, claim=claim, actor=by)
            for chat in chats
            if chat not in known
        ),
        ignore_conflicts=True,
    )
    posts = ChatPost.objects.filter(chat__in=set(chats) - known, kind=kind, subject=subject)
    announce_work(ChatPost, posts.values_list("pk", flat=True))


def holders(permission: Permission, newsroom: Newsroom | int) -> list[int]:
    """Ids of the people who hold a permission in a newsroom."""
    return with_roles([role for role in Role if permission in PERMISSIONS[role]], newsroom)


def with_roles(roles: Iterable[str], newsroom: Newsroom | int) -> list[int]:
    """Ids of the people who have one of these roles in a newsroom."""
    members = Membership.objects.filter(
        newsroom=newsroom, active=True, roles__overlap=[str(role) for role in roles], user__is_active=True
    )
    return list(members.values_list("user", flat=True))


def read(notices: QuerySet[Notice], *, by: User) -> int:
    """Mark notices as read: one's own, nobody else's."""
    return notices.filter(person=by, read_at__isnull=True).update(read_at=timezone.now())


def read_claim(claim: Claim, *, by: User) -> list[str]:
    """Mark what a person was told of a claim as read; returns the subjects that were new to them."""
    new = Notice.objects.filter(person=by, claim=claim, read_at__isnull=True)
    subjects = list(new.values_list("subject", flat=True))
    if subjects:
        new.update(read_at=timezone.now())
    return subjects


def preferences_of(person: User) -> dict[str, str]:
    """How often a person is mailed of each kind of notice."""
    said = dict(NoticePreference.objects.filter(person=person).values_list("kind", "rhythm"))
    return {
        kind: said.get(kind, str(USUAL.get(kind, Rhythm.INSTANT)))  # type: ignore[call-overload]
        for kind in Notice.Kind.values
        if kind != Notice.Kind.MAIL_STOPPED
    }


@transaction.atomic
def prefer(person: User, wanted: dict[str, str], *, by: User | None) -> dict[str, str]:
    """Set how often a person is mailed of some kinds of notices. `by=None`: whoever holds a mail to that person.

    What waits for a digest goes with the new rhythm, or never.
    """
    if by is not None and by.pk != person.pk:
        raise InvalidInput("Everybody says this for themselves.", code="not_yours")
    now = preferences_of(person)
    for kind, rhythm in wanted.items():
        if kind not in now:
            raise InvalidInput("There is no such kind of notice.", field="kinds", code="unknown_kind")
        if rhythm not in Rhythm.values:
            raise InvalidInput("Choose at once, once a day, once a week or never.", field="kinds", code="unknown")
        if now[kind] == rhythm:
            continue
        NoticePreference.objects.update_or_create(person=person, kind=kind, defaults={"rhythm": rhythm})
        waiting = Notice.objects.filter(person=person, kind=kind, mail__isnull=True).exclude(rhythm="")
        digest = rhythm if rhythm in (Rhythm.DAILY, Rhythm.WEEKLY) else ""
        waiting.update(rhythm=digest)
    return preferences_of(person)
