"""Staffing: newsrooms are founded, people come and go, roles change."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.text import slugify

from claims import transitions
from claims.errors import InvalidInput, RuleBroken
from claims.models import Membership, Newsroom, User
from claims.roles import Role
from claims.scales import give_default_scale
from claims.workflow import Permission


@transaction.atomic
def found(name: str, *, by: User | None, slug: str = "") -> Newsroom:
    """Found a newsroom with the default rating scale. Returns the one there is when the slug is taken."""
    if not name.strip():
        raise InvalidInput("Give the newsroom a name.", field="name", code="blank")
    newsroom, created = Newsroom.objects.get_or_create(
        slug=slug or slugify(name)[:40], defaults={"name": name.strip()[:120]}
    )
    if created:
        give_default_scale(newsroom)
        transitions.record("newsroom.founded", newsroom=newsroom, by=by, name=newsroom.name)
    return newsroom


@transaction.atomic
def admit(newsroom: Newsroom, *, user: User, roles: Sequence[str], by: User | None) -> Membership:
    """Make a person a member with these roles, or change the roles they have."""
    transitions.require(by, Permission.ADMINISTER, newsroom)
    unknown = sorted(set(roles) - set(Role.values))
    if unknown or not roles:
        raise InvalidInput(f"Choose roles among {', '.join(Role.values)}.", field="roles", code="unknown")
    if by is not None and by.pk == user.pk:
        raise RuleBroken("Somebody else has to change your roles.", code="own_roles")
    membership, _ = Membership.objects.update_or_create(
        newsroom=newsroom, user=user, defaults={"roles": sorted(set(roles)), "active": True}
    )
    user.forget_roles()
    transitions.record("member.admitted", newsroom=newsroom, by=by, user=user.pk, roles=sorted(set(roles)))
    return membership


@transaction.atomic
def dismiss(membership: Membership, *, by: User | None) -> Membership:
    """End a membership. What the person did stays theirs in history."""
    transitions.require(by, Permission.ADMINISTER, membership.newsroom_id)
    if by is not None and by.pk == membership.user_id:
        raise RuleBroken("Somebody else has to end your membership.", code="own_roles")
    membership.active = False
    membership.save(update_fields=["active"])
    transitions.record("member.dismissed", newsroom=membership.newsroom_id, by=by, user=membership.user_id)
    return membership
