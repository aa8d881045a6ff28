"""What a parcel holds: every model of a newsroom in an order that can be loaded, and what is left out, with the reason.

A test goes over the registry of apps: a model that is neither in `ORDER` nor in `LEFT_OUT` fails it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import QuerySet

from claims.models import (
    Addition,
    Alias,
    ArchiveFile,
    ArchiveJob,
    Article,
    Assessment,
    CallbackCursor,
    Chat,
    ChatPost,
    CheckworthinessModel,
    Claim,
    Comment,
    Complaint,
    Consultation,
    Contribution,
    Correction,
    Delivery,
    Document,
    EarlierCheck,
    Errand,
    Escalation,
    Evidence,
    FollowedItem,
    FollowedSource,
    Handback,
    Hit,
    Interest,
    LateFinding,
    LedgerEntry,
    Lookup,
    Mail,
    Membership,
    ModelCall,
    Newsroom,
    Notice,
    Occurrence,
    OriginEdge,
    Policy,
    Publication,
    Publisher,
    Rating,
    Recheck,
    Recusal,
    Renewal,
    Reply,
    Review,
    SavedView,
    Schedule,
    Takeover,
    Tick,
    User,
    Verdict,
    Watch,
    Webhook,
)

# What a row refers to stands before it. Contributions and recusals follow the verdicts: somebody may well have worked
# on a cycle after its verdict was approved, which the guards on verdicts would take for work before it.
ORDER: tuple[type[models.Model], ...] = (
    Newsroom,
    User,
    Membership,
    Handback,
    Escalation,
    Rating,
    Policy,
    Interest,
    Alias,
    Publisher,
    ArchiveFile,
    EarlierCheck,
    CheckworthinessModel,
    SavedView,
    FollowedSource,
    Article,
    FollowedItem,
    Claim,
    Takeover,
    Occurrence,
    Document,
    Lookup,
    Hit,
    Addition,
    Evidence,
    Assessment,
    Consultation,
    ModelCall,
    OriginEdge,
    ArchiveJob,
    Renewal,
    LateFinding,
    Review,
    Verdict,
    Contribution,
    Recusal,
    Tick,
    Reply,
    Schedule,
    Publication,
    Correction,
    Watch,
    Recheck,
    Complaint,
    Comment,
    Errand,
    Mail,
    Notice,
    LedgerEntry,
    Webhook,
    CallbackCursor,
    Delivery,
    Chat,
    ChatPost,
)

# Rows that the newsrooms of an installation share go along where a row of this newsroom refers to them.
SHARED = (User, Publisher, Document)

_ACCOUNT = "a matter of the account, which the person sets up anew"
_INSTALLATION = "belongs to the installation, not to a newsroom"
LEFT_OUT = {
    "claims.secondfactor": "the secret of an authenticator app: " + _ACCOUNT,
    "claims.recoverycode": "a secret: " + _ACCOUNT,
    "claims.noticepreference": "which mail a person wants: " + _ACCOUNT,
    "claims.refusedaddress": "of a person's address, which the new house finds out itself",
    "claims.signin": "where somebody is signed in: " + _ACCOUNT,
    "claims.user_groups": _INSTALLATION,
    "claims.user_user_permissions": _INSTALLATION,
    "claims.apikey": "a key is its hash; new keys are made in the new house, the ledger tells which there were",
    "claims.keyusage": "counts the requests of keys, which are left out",
    "claims.keptanswer": "answers to repeated requests, kept for a day",
    "claims.cosignature": "between two newsrooms of this installation; the ledger of each tells who signed what",
    "claims.ledgeranchor": "the new house anchors its own; heads noted elsewhere hold, because the ledger comes whole",
    "claims.scheduledjob": _INSTALLATION,
    "claims.jobrun": _INSTALLATION,
    "claims.snapshotfault": "about the files of this installation; verify_archive finds it anew",
    "claims.turn": "which rows the clock of this installation has handed out just now",
    "admin.logentry": _INSTALLATION,
    "auth.permission": _INSTALLATION,
    "auth.group": _INSTALLATION,
    "auth.group_permissions": _INSTALLATION,
    "contenttypes.contenttype": _INSTALLATION,
    "sessions.session": _ACCOUNT,
    "axes.accessfailurelog": _INSTALLATION,
    "axes.accessattempt": _INSTALLATION,
    "axes.accessattemptexpiration": _INSTALLATION,
    "axes.accesslog": _INSTALLATION,
    "django_celery_beat.solarschedule": _INSTALLATION,
    "django_celery_beat.intervalschedule": _INSTALLATION,
    "django_celery_beat.clockedschedule": _INSTALLATION,
    "django_celery_beat.crontabschedule": _INSTALLATION,
    "django_celery_beat.periodictasks": _INSTALLATION,
    "django_celery_beat.periodictask": _INSTALLATION,
}

_LEASE = "who works on it this minute"
_COMPUTED = "computed from other fields"
FIELDS_LEFT_OUT: dict[str, dict[str, str]] = {
    "claims.user": {
        "password": _ACCOUNT,
        "last_login": _ACCOUNT,
        "is_active": _ACCOUNT,
        "is_staff": _INSTALLATION,
        "is_superuser": _INSTALLATION,
    },
    "claims.webhook": {
        "sealed_secret": "a secret",
        "sealed_old_secret": "a secret",
        "old_secret_until": "of a secret",
        "failing_since": "how this house reaches it",
        "disabled_at": "how this house reaches it",
        "disabled_reason": "how this house reaches it",
        "mail_due": "how this house reaches it",
    },
    "claims.chat": {
        "sealed_url": "a secret: whoever has the address can post",
        "failing_since": "how this house reaches it",
        "last_error": "how this house reaches it",
        "disabled_at": "how this house reaches it",
        "disabled_reason": "how this house reaches it",
    },
    "claims.archivefile": {"search": _COMPUTED},
    "claims.article": {"search": _COMPUTED},
    "claims.claim": {"search": _COMPUTED},
    "*": {"leased_until": _LEASE, "lease_token": _LEASE},
}

BY_LABEL = {model._meta.label_lower: model for model in ORDER}


def label(model: type[models.Model]) -> str:
    """The name of a model in a parcel."""
    return model._meta.label_lower


def fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The fields that a line of this model carries, besides its id."""
    left_out = FIELDS_LEFT_OUT["*"] | FIELDS_LEFT_OUT.get(label(model), {})
    return [one for one in model._meta.concrete_fields if not one.primary_key and one.name not in left_out]


def rows(model: type[models.Model], newsroom: Newsroom) -> QuerySet[Any]:
    """The rows of one model that belong to a newsroom, and the shared ones its rows refer to. In no order."""
    found: QuerySet[Any] = model._default_manager.order_by()
    if model is Newsroom:
        return found.filter(pk=newsroom.pk)
    own = found.none() if model is User else found.filter(**{model.NEWSROOM: newsroom})  # type: ignore[attr-defined]
    if model not in SHARED:
        return own
    wanted = [own.values("pk"), *_referred_to(model, newsroom)]
    return found.filter(pk__in=wanted[0].union(*wanted[1:]))


def _referred_to(model: type[models.Model], newsroom: Newsroom) -> Iterator[QuerySet[Any]]:
    """The ids of a shared model that rows of the newsroom name, one query per foreign key."""
    for pointing in ORDER:
        for field in pointing._meta.concrete_fields:
            if field.related_model is model:
                yield rows(pointing, newsroom).filter(**{f"{field.name}__isnull": False}).values(field.attname)
