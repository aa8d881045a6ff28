"""A newsroom with a row of every kind: what the workflow did not make in it is written down as it is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone

from claims.models import (
    Addition,
    Alias,
    ArchiveFile,
    ArchiveJob,
    CallbackCursor,
    Chat,
    ChatPost,
    CheckworthinessModel,
    Claim,
    Consultation,
    Correction,
    Delivery,
    EarlierCheck,
    Errand,
    Escalation,
    FollowedItem,
    FollowedSource,
    Handback,
    LateFinding,
    Lookup,
    Mail,
    ModelCall,
    Newsroom,
    Notice,
    Occurrence,
    Policy,
    Publisher,
    Recheck,
    Renewal,
    SavedView,
    Schedule,
    Takeover,
    Tick,
    Watch,
)
from claims.operations import archiving, talking
from claims.parcels import contents
from claims.sealing import seal
from tests import make
from tests.api.addresses import claim_with_everything, ids_in

DAY = dt.date(2026, 10, 31)


def newsroom_with_everything() -> Newsroom:
    claim = claim_with_everything()
    ids_in(claim)
    room, person = claim.newsroom, make.researcher(claim.newsroom)
    talking.comment(claim, by=person, text="Ärger mit „Anführungszeichen“ \\ \n\t und 🙂.", private=True)
    for model, given in _rows(claim).items():
        if not contents.rows(model, room).exists():
            model._default_manager.create(**{name: one() if callable(one) else one for name, one in given.items()})
    archiving.index(ArchiveFile.objects.filter(newsroom=room))
    return room


def _rows(claim: Claim) -> dict[type[models.Model], dict[str, Any]]:
    room, person, now = claim.newsroom, make.researcher(claim.newsroom), timezone.now()
    of_room, of_claim = {"newsroom": room}, {"claim": claim, "cycle": 1}
    document = claim.evidence.first().document  # type: ignore[union-attr]
    publication = claim.publications.get()
    source = lambda: FollowedSource.objects.get(newsroom=room)  # noqa: E731
    return {
        Handback: {"membership": room.memberships.first(), "away_from": DAY, "claims": [claim.pk]},
        Escalation: {**of_room, "role": "desk_lead", "after_hours": 8},
        Policy: {**of_room, "severity": 3, "checklist": ['with "quotes", {braces} and \\', "a, b"]},
        Alias: {**of_room, "written": "Selenskyj", "canonical": "Volodymyr Zelenskyy", "kind": "person"},
        Publisher: {**of_room, "domain": "own.example", "name": "Own", "credit_codes": ["dpa", "a b"]},
        ArchiveFile: {
            **of_room, "archive": "press", "path": "a.txt", "content": bytes(range(256)), "content_type": "text/plain",
            "sha256": "0" * 64, "modified_at": now, "indexed_at": now, "url": "file:///a.txt", "text": "Trees.",
        },
        EarlierCheck: {**of_room, "identifier": "x", "claim_text": "Trees.", "language": "en", "keys": ["t:tree"]},
        CheckworthinessModel: {
            **of_room, "language": "en", "outcome": "superseded", "decisions": 9, "worth": 3, "trained_at": now,
            "weights": {"a": 0.1, "b": -1e-12}, "hand_f1": 0.1 + 0.2,
        },
        SavedView: {**of_room, "owner": person, "name": "Mine"},
        FollowedSource: {**of_room, "name": "Feed", "url": "https://feed.example/", "every_minutes": 60},
        FollowedItem: {
            **of_room, "source": source, "address": "feed.example/1", "url": "https://feed.example/1",
            "digest": "0" * 64,
        },
        Takeover: {
            "claim": claim, "kind": "claim", "origin_slug": "bote", "origin_name": "Bote", "origin_number": 7,
            "taken_by": person,
        },
        Occurrence: {"claim": claim, "kind": "asked", "text": "Trees?", "asked_by": person, "asked_on": DAY},
        Addition: {
            **of_claim, "lookup": lambda: Lookup.objects.create(**of_claim, source=Lookup.BY_HAND),
            "url": "https://brought.example/", "fingerprint": "0" * 64, "added_by": person,
        },
        Consultation: {**of_room, "claim": claim, "job": "queries"},
        ModelCall: {**of_room, "job": "queries", "model": "m", "prompt_sha256": "0" * 64, "cost": Decimal("0.000123")},
        ArchiveJob: {**of_room, "document": document},
        Renewal: {**of_room, "claim": claim, "source": "gdelt"},
        LateFinding: {
            **of_claim, "source": "gdelt", "kind": "origin", "what": "x", "fingerprint": "x", "document": document,
            "start": 0, "end": 1, "quote": document.text[0],
        },
        Tick: {**of_claim, "item": "Called back?", "by": person, "at": now},
        Schedule: {
            "verdict": publication.verdict, "content_hash": "0" * 64, "publish_at": now, "set_by": person,
            "outcome": "published",
        },
        Correction: {"publication": publication, "kind": "update", "notice": "More trees.", "by": person},
        Watch: {"publication": publication, "evidence": claim.evidence.first()},
        Recheck: {"watch": lambda: Watch.objects.filter(publication=publication).first(), "outcome": "unchanged"},
        Errand: {"claim": claim, "text": "Call the mayor.", "made_by": person, "due_on": DAY},
        Mail: {**of_room, "person": person, "claim": claim, "rhythm": "instant"},
        Notice: {**of_room, "person": person, "claim": claim, "kind": "comment", "subject": "x"},
        CallbackCursor: {**of_room, "told_through": 3},
        Delivery: {"webhook": room.webhooks.get, "entry": room.ledger.first(), "tries": [{"at": now.isoformat()}]},
        Chat: {
            **of_room, "label": "Desk", "style": "slack", "sealed_url": seal("https://chat.example/hook-secret"),
            "host": "chat.example", "kinds": ["comment"], "language": "de",
        },
        ChatPost: {"chat": lambda: Chat.objects.get(newsroom=room), "kind": "comment", "subject": "x"},
    }  # fmt: skip
