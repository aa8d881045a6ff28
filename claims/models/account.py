"""A person's account: the second factor at sign-in, its recovery codes, and where the person is signed in."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from claims.models.newsroom import User


class SecondFactor(models.Model):
    """An authenticator app's secret, sealed. It counts once a code of it was entered.

    `last_step` is the time step of the last code that was taken: no code is taken twice.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="second_factor")
    sealed_secret = models.TextField(editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    last_step = models.BigIntegerField(default=-1, editable=False)


class RecoveryCode(models.Model):
    """Stands in once for the authenticator app. Only the digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, editable=False)
    used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once_per_person")]


class SignInQuerySet(models.QuerySet["SignIn"]):
    def open(self) -> SignInQuerySet:
        """Those whose session still lets somebody in."""
        alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=Now())
        return self.filter(Exists(alive), ended_at__isnull=True)


class SignIn(models.Model):
    """One browser a person is signed in with. Ending it deletes its session, which closes the door at once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    address = models.GenericIPAddressField(null=True, editable=False)
    agent = models.CharField(max_length=300, blank=True, editable=False)
    began_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects: Any = SignInQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at", "-pk"]
