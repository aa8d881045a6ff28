"""`Idempotency-Key`: a request that is repeated has its effect once, and gets the same answer every time.

The key is taken, the effect happens and the answer is kept in one transaction. A repeat that comes while the
first is still at work waits for it at the unique index, then gets its answer. An answer that saved nothing is not kept:
what was refused may be tried again.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django.db import OperationalError, transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from psycopg import errors as postgres
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from claims.api.permissions import actor, newsroom_of
from claims.models import KeptAnswer, Newsroom

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
WAIT_SECONDS = 20  # for a first request that is still at work
_KEPT_HEADERS = ("Content-Type", "Location", "Factcheck-Existing")
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class KeyReused(APIException):
    status_code = 409
    default_code = "idempotency_key_reused"


class StillAtWork(APIException):
    status_code = 409
    default_code = "in_progress"
    wait = 5


class Replay(Exception):
    """Carries a kept answer past the handler."""

    def __init__(self, answer: KeptAnswer) -> None:
        super().__init__(answer.key)
        self.answer = answer


class Idempotent(APIView):
    """Mix into views that change something; without the header nothing is different."""

    kept: int | None = None  # the row that waits for the answer

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.method not in METHODS or HEADER not in request.headers:
            return super().dispatch(request, *args, **kwargs)
        with transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)
            if self.kept is not None:
                if response.status_code < 300:
                    self._keep(self.kept, response)
                else:
                    transaction.set_rollback(True)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method in METHODS and HEADER in request.headers:
            claim = getattr(self, "claim", None)
            self.kept = take_key(request, claim.newsroom if claim else newsroom_of(request, None))

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, Replay):
            return replayed(exc.answer)
        return super().handle_exception(exc)

    def _keep(self, kept: int, response: Any) -> None:
        response.render()
        headers = {name: response[name] for name in _KEPT_HEADERS if name in response.headers}
        KeptAnswer.objects.answered(kept, status=response.status_code, headers=headers, body=response.content)


def take_key(request: Request, newsroom: Newsroom) -> int:
    """Reserve the key for this request. Raises `Replay` when it was answered before."""
    key = request.headers[HEADER]
    if not _KEY.fullmatch(key):
        raise ValidationError({HEADER: [_("Use 1 to 255 visible ASCII characters, such as a UUID.")]}, "invalid")
    user = actor(request)
    parts = (str(user.pk), str(request.method), request.get_full_path(), hashlib.sha256(request.body).hexdigest())
    fingerprint = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    try:
        taken = KeptAnswer.objects.take(
            newsroom=newsroom.pk, key=key, request=fingerprint, user=user.pk, wait=WAIT_SECONDS
        )
    except OperationalError as exc:
        if isinstance(exc.__cause__, postgres.LockNotAvailable):
            transaction.set_rollback(True)  # nothing was done, and this transaction can do nothing more
            raise StillAtWork(_("The first request with this key is still at work.")) from exc
        raise
    if taken is not None:
        return taken
    answer = KeptAnswer.objects.get(newsroom=newsroom, key=key)
    if answer.request != fingerprint:
        raise KeyReused(_("This key was used for another request. Use a new one for each."))
    raise Replay(answer)


def replayed(answer: KeptAnswer) -> HttpResponse:
    """The kept answer, to the byte, marked as a repeat."""
    return HttpResponse(bytes(answer.body or b""), status=answer.status, headers={**answer.headers, REPLAYED: "true"})
