"""Noticing: people are told of what concerns them, once. Notices are the desk's own; nothing leaves the house here."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from claims.models import Claim, Membership, Newsroom, Notice, User
from claims.roles import PERMISSIONS, Role
from claims.workflow import Permission


def tell(
    people: Iterable[User | int],
    kind: str,
    *,
    subject: str,
    newsroom: Newsroom | int,
    claim: Claim | None = None,
    by: User | None = None,
) -> None:
    """Tell these people, except the one who did it. Whoever was told of this subject already is not told again."""
    pks = {one if isinstance(one, int) else one.pk for one in people}
    members = Membership.objects.filter(newsroom=newsroom, active=True, user__in=pks, user__is_active=True)
    Notice.objects.bulk_create(
        [
            Notice(
                newsroom_id=newsroom if isinstance(newsroom, int) else newsroom.pk,
                person_id=person,
                claim=claim,
                kind=kind,
                subject=subject,
                actor=by,
            )
            for person in members.order_by("user").values_list("user", flat=True)
            if by is None or person != by.pk
        ],
        ignore_conflicts=True,
    )


def holders(permission: Permission, newsroom: Newsroom | int) -> list[int]:
    """Ids of the people who hold a permission in a newsroom."""
    roles = [role.value for role in Role if permission in PERMISSIONS[role]]
    members = Membership.objects.filter(newsroom=newsroom, active=True, roles__overlap=roles, user__is_active=True)
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
