"""Is the process alive, and can it do its work? For load balancers and people."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from redis.exceptions import RedisError

from claims import vitals
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
