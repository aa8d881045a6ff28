"""Is the process alive, and can it do its work? For load balancers and people."""

import sys

from django.core.cache import cache
from django.db import DatabaseError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.defaults import server_error
from redis.exceptions import RedisError

from claims import storage, vitals
from claims.models import SnapshotFault


def live(request: HttpRequest) -> JsonResponse:
    """The process answers. Asks nobody else."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """The database and Redis answer; 503 with the name of what does not."""
    problems = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as exc:
        problems["database"] = type(exc).__name__
    try:
        cache.get("readyz")
    except RedisError as exc:
        problems["redis"] = type(exc).__name__
    alarms = {} if problems else _alarms()
    return JsonResponse(
        {"status": "unavailable" if problems else "ok", **problems, **alarms}, status=503 if problems else 200
    )


def broken(request: HttpRequest) -> HttpResponse:
    """In place of a page that broke: 503 when nothing can be saved or the database is away, else what it was, a 500."""
    exc = sys.exc_info()[1]
    reason = storage.refusal(exc)
    if not reason and isinstance(exc, OperationalError):
        reason = _("The database does not answer. Nothing of this was saved; try again shortly.")
    if not reason:
        return server_error(request)
    retry = {"Retry-After": "5"}
    if request.path.startswith("/api/"):
        error = {"code": "unavailable", "detail": reason, "attr": None}
        return JsonResponse({"type": "server_error", "errors": [error]}, status=503, headers=retry)
    page = render_to_string("503.html", {"reason": reason, "user": None}, request)
    return HttpResponse(page, status=503, headers=retry)


def _alarms() -> dict[str, object]:
    """What people have to look into although the process can work."""
    found: dict[str, object] = {}
    if _only_reads():
        found["database"] = "read only"
    if faults := SnapshotFault.objects.count():
        found["snapshot_faults"] = faults
    if broken := vitals.broken_ledgers():
        found["ledgers"] = broken
    if jobs := vitals.alarms():
        found["jobs"] = jobs
    if behind := vitals.behind():
        found["behind"] = behind
    return found


def _only_reads() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        return bool(cursor.fetchone()[0] == "on")
