"""Securing: a second factor at sign-in. An authenticator app's codes, and recovery codes for when it is lost.

The codes are RFC 6238's, computed by django-otp. Every code opens once: the time step of the last one is kept.
"""

from __future__ import annotations

import base64
import secrets
from typing import Any
from urllib.parse import quote, urlencode

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.oath import TOTP

from claims import transitions
from claims.errors import InvalidInput, RuleBroken
from claims.models import Membership, RecoveryCode, SecondFactor, User
from claims.operations import signing_in
from claims.sealing import seal, unseal
from claims.workflow import Permission

ISSUER = "Factcheck"
TOLERANCE = 1  # steps of 30 seconds a clock may be off
CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for something else


def is_on(user: User) -> bool:
    """Whether a code is asked of this person at sign-in."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


@transaction.atomic
def begin(user: User) -> tuple[str, str]:
    """The secret to be put into an authenticator app, as letters and as an address. Nothing is asked for yet."""
    User.objects.select_for_update().get(pk=user.pk)
    factor = SecondFactor.objects.filter(user=user).first()
    if factor is not None and factor.confirmed_at is not None:
        raise RuleBroken("The second factor is on already.", code="already_on")
    if factor is None:
        factor = SecondFactor.objects.create(
            user=user, sealed_secret=seal(base64.b32encode(secrets.token_bytes(20)).decode())
        )
    secret = unseal(factor.sealed_secret)
    label = quote(f"{ISSUER}:{user.get_username()}")
    return secret, f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER})}"


@transaction.atomic
def confirm(user: User, *, code: str) -> list[str]:
    """Switch the second factor on with a first code. Returns the recovery codes, which are shown once."""
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None or factor.confirmed_at is not None:
        raise RuleBroken("The second factor is on already.", code="already_on")
    if not _takes(factor, code):
        raise InvalidInput("This code is not right. Does the clock of your phone agree?", field="code", code="wrong")
    factor.confirmed_at = timezone.now()
    factor.save(update_fields=["confirmed_at"])
    signing_in.tell(user, "member.second_factor_on", by=user)
    return _fresh_codes(user)


@transaction.atomic
def check(user: User, *, code: str) -> bool:
    """Whether a code of the app, or a recovery code, lets this person in. A code that did is worth nothing after."""
    factor = SecondFactor.objects.select_for_update().filter(user=user, confirmed_at__isnull=False).first()
    if factor is None:
        return False
    if _takes(factor, code):
        return True
    used = RecoveryCode.objects.filter(user=user, digest=_digest(user, code), used_at__isnull=True).update(
        used_at=timezone.now()
    )
    if used:
        left = RecoveryCode.objects.filter(user=user, used_at__isnull=True).count()
        signing_in.tell(user, "member.recovery_code_used", by=user, left=left)
    return bool(used)


@transaction.atomic
def renew_codes(user: User, *, code: str) -> list[str]:
    """New recovery codes; the old ones are worth nothing from now on."""
    if not check(user, code=code):
        raise InvalidInput("This code is not right, or it was used already.", field="code", code="wrong")
    signing_in.tell(user, "member.recovery_codes_renewed", by=user)
    return _fresh_codes(user)


@transaction.atomic
def switch_off(user: User, *, code: str) -> None:
    """Do without the second factor again, where no newsroom asks for it."""
    if user.needs_second_factor():
        raise RuleBroken("Your newsroom asks for a second factor.", code="required")
    if not check(user, code=code):
        raise InvalidInput("This code is not right, or it was used already.", field="code", code="wrong")
    _forget(user)
    signing_in.tell(user, "member.second_factor_off", by=user)


@transaction.atomic
def reset(membership: Membership, *, by: User, reason: str) -> None:
    """Take the second factor off a member who lost it, with a reason. The person is signed out everywhere."""
    transitions.require(by, Permission.ADMINISTER, membership.newsroom_id)
    user = membership.user
    if by.pk == user.pk:
        raise RuleBroken("Somebody else has to reset your second factor.", code="own_account")
    if not reason.strip():
        raise InvalidInput("Give a reason.", field="reason", code="blank")
    if user.is_superuser or any(not by.may(Permission.ADMINISTER, pk) for pk in user.newsroom_ids()):
        raise RuleBroken("This account reaches beyond your newsroom: its second factor stays.", code="beyond_newsroom")
    if not is_on(user):
        raise RuleBroken("This person has no second factor.", code="not_on")
    _forget(user)
    signing_in.end_all(user)
    transitions.record(
        "member.second_factor_reset", newsroom=membership.newsroom_id, by=by, user=user.pk, reason=reason.strip()
    )


def _takes(factor: SecondFactor, code: str) -> bool:
    digits = code.replace(" ", "")
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return False
    clock: Any = TOTP(base64.b32decode(unseal(factor.sealed_secret)))
    if not clock.verify(int(digits), tolerance=TOLERANCE, min_t=factor.last_step + 1):
        return False
    factor.last_step = clock.t()
    factor.save(update_fields=["last_step"])
    return True


def _fresh_codes(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    codes = ["-".join("".join(secrets.choice(_ALPHABET) for _ in range(6)) for _ in range(3)) for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(user, code)) for code in codes)
    return codes


def _digest(user: User, code: str) -> str:
    """Eighteen random characters need no slow hash; the server's key is in it all the same."""
    plain = code.strip().lower().replace(" ", "").replace("-", "")
    return salted_hmac(f"factcheck.recovery.{user.pk}", plain, algorithm="sha256").hexdigest()


def _forget(user: User) -> None:
    SecondFactor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
