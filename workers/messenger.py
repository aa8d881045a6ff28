"""Brings one event to one webhook: signed, through the one door out, and never twice at once."""

from __future__ import annotations

import json
import time
from typing import Any

from claims import signing
from claims.events import as_event, event_id
from claims.models import Delivery, Webhook
from claims.operations import telling
from claims.sealing import Unreadable
from workers import http
from workers.budgets import Pace
from workers.errors import FetchError, Throttled

PACE = Pace(per_second=50.0, in_a_row=50, at_once=16)
DEADLINE_SECONDS = 20.0
ANSWER_BYTES = 16_384  # of a receiver's answer only the beginning is kept, for the delivery log


def bring(delivery: Delivery) -> None:
    """Send a delivery we hold and note what came of it. Only 2xx counts as taken; redirects are not followed."""
    began = time.monotonic()
    try:
        body, headers = signed(delivery)
        answer = http.fetch(
            delivery.webhook.url,
            manner="service",
            pace=PACE,
            method="POST",
            headers={"content-type": "application/json", **headers},
            body=body,
            accept=None,
            max_bytes=ANSWER_BYTES,
            cut=True,
            deadline=DEADLINE_SECONDS,
        )
    except Throttled as exc:
        telling.held_back(delivery, seconds=max(1.0, exc.retry_after or 1.0))
        return
    except (FetchError, Unreadable) as exc:
        shown = exc.shown if isinstance(exc, FetchError) else str(exc)
        telling.failed(delivery, reason=shown, seconds=time.monotonic() - began)
        return
    seconds = time.monotonic() - began
    said = answer.content[: 4 * telling.EXCERPT].decode(errors="replace")
    if 200 <= answer.status < 300:
        telling.arrived(delivery, status=answer.status, seconds=seconds, answer=said)
        return
    telling.failed(
        delivery,
        reason=f"The receiver answered {answer.status}.",
        status=answer.status,
        seconds=seconds,
        retry_after=answer.retry_after,
        answer=said,
    )


def signed(delivery: Delivery) -> tuple[bytes, dict[str, str]]:
    """The body of a delivery and the headers that sign it now."""
    event = as_event(delivery.entry)
    body = json.dumps(
        {
            "type": event["type"],
            "timestamp": event["timestamp"],
            "data": {"sequence": event["sequence"], **event["data"], **_submission(delivery.webhook)},
        }
    ).encode()
    secrets = telling.secrets_of(delivery.webhook)
    return body, signing.headers(secrets, id=event_id(delivery.entry), timestamp=int(time.time()), body=body)


def _submission(webhook: Webhook) -> dict[str, Any]:
    """What a callback is about, with the newsroom's own id of it."""
    about = webhook.article or webhook.claim
    if about is None:
        return {}
    return {"submission": {about._meta.model_name: about.pk, "external_id": about.external_id}}
