"""Inviting: a newsroom's admin brings a person in; the person chooses the password through a link used once."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from claims import transitions
from claims.errors import InvalidInput, RuleBroken
from claims.models import Membership, Newsroom, User
from claims.operations import staffing
from claims.roles import Role
from claims.workflow import Permission


@transaction.atomic
def invite(
    newsroom: Newsroom,
    *,
    username: str,
    roles: Sequence[str],
    by: User,
    first_name: str = "",
    last_name: str = "",
    email: str = "",
) -> tuple[Membership, bool]:
    """Make a person a member, with a new account when the name is not taken. Returns whether it is new."""
    transitions.require(by, Permission.ADMINISTER, newsroom)
    username = User.normalize_username(username.strip())
    user = User.objects.filter(username=username).first()
    created = user is None
    if user is None:
        user = User(username=username, first_name=first_name, last_name=last_name, email=email, is_staff=True)
        user.set_unusable_password()
        try:
            user.full_clean(exclude=["password"])
        except ValidationError as wrong:
            field, messages = next(iter(wrong.message_dict.items()))
            raise InvalidInput(messages[0], field=field) from wrong
        user.save()
    elif not user.is_active:
        raise RuleBroken("This account is closed.", code="closed_account", field="username")
    return staffing.admit(newsroom, user=user, roles=roles, by=by), created


@transaction.atomic
def link(membership: Membership, *, by: User) -> tuple[str, str]:
    """What a one-time address to choose a password is made of: the account's code and a token.

    Only for people who belong to no newsroom but those `by` administers: a password opens all of them. An account
    that came with an import and was never used is opened by it.
    """
    transitions.require(by, Permission.ADMINISTER, membership.newsroom_id)
    user = membership.user
    if never_used(user) and membership.active and not user.is_superuser:
        user.is_active = True
    elsewhere = [pk for pk in user.newsroom_ids() if not by.may(Permission.ADMINISTER, pk)]
    if user.is_superuser or not user.is_active or elsewhere:
        raise RuleBroken(
            "This account reaches beyond your newsroom: its owner changes the password.", code="beyond_newsroom"
        )
    user.save(update_fields=["is_active"])
    transitions.record("member.link_made", newsroom=membership.newsroom_id, by=by, user=user.pk)
    return urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)


def never_used(user: User) -> bool:
    """Whether an account is closed only because it came with an import and nobody has opened it yet."""
    return not user.is_active and user.last_login is None and not user.has_usable_password()


@transaction.atomic
def let_in(newsroom: Newsroom, *, username: str, password: str) -> Membership:
    """Give the first person of a newsroom that came with an import a password, as one of its admins.

    For whoever runs the installation. Refuses an account that is in use: it has a password.
    """
    user = User.objects.filter(username=username).first() or User(username=username, is_active=False, is_staff=True)
    if user.pk is None:
        user.set_unusable_password()
    if never_used(user):
        user.set_password(password)
        user.is_active = True
        user.save()
    else:
        raise RuleBroken("This account is in use; it keeps its own password.", code="account_in_use")
    membership = Membership.objects.filter(newsroom=newsroom, user=user, active=True).first()
    if membership is not None and Role.ADMIN in membership.roles:
        return membership
    roles = [*(membership.roles if membership else []), Role.ADMIN.value]
    return staffing.admit(newsroom, user=user, roles=roles, by=None)
