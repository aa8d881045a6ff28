"""The local PostgreSQL and Valkey: two servers from wheels, for trying and testing on a machine that has neither.

They listen on Unix sockets in folders that only their user can enter, keep their data under `.local/`, and run
as long as somebody uses them: whoever calls `ensure()` holds them until its process ends, however that happens,
and the last one out takes them down (see `factcheck.keeper`). Set DATABASE_URL and REDIS_URL and none of this runs.
"""

import atexit
import contextlib
import fcntl
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from factcheck import cluster, place
from factcheck.cluster import OWNER, PLAIN, plainly
from factcheck.cluster import LocalServersError as LocalServersError
from factcheck.place import NoPlace, Place

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
LEAVE_SECONDS = 20
LOG_BYTES = 5_000_000

# Small: the demo, its workers and both servers are to fit a laptop. Data is safe (fsync stays on).
POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_connections": "100",
    "max_wal_size": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_parallel_workers_per_gather": "0",
    "autovacuum_max_workers": "1",
    "io_method": "sync",
    "jit": "off",
    "huge_pages": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
VALKEY_SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "databases": "64",
    "save": "",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "maxmemory": "256mb",
    "maxmemory-policy": "noeviction",
}


@dataclass(frozen=True)
class Servers:
    """Addresses of the running servers. Both database addresses name the same database, as two roles."""

    database_url: str  # as the plain role that owns nothing
    owner_url: str  # as the role that owns the database and may create others
    redis_url: str  # as redis-py reads it
    broker_url: str  # the same server and database, as Celery reads it


@dataclass(frozen=True)
class Status:
    """What runs: process numbers, or `None` for what does not."""

    keeper: int | None
    postgres: int | None
    valkey: int | None


_held: tuple[int, int, Path] | None = None  # the lock we hold, the process that holds it, its folder


def folder() -> Path:
    """Where the local servers keep locks, logs and, mostly, data. FACTCHECK_LOCAL names another place."""
    return Path(os.environ.get("FACTCHECK_LOCAL") or ROOT / ".local").resolve()


def ensure(*, redis_db: int = 0) -> Servers:
    """Start the servers, or join those that run. They stay until this process ends (or calls `release`)."""
    try:
        local = _make_folder(folder())
        _hold(local)
        with _lock(local / "start.lock"):
            where = place.find(local)
            if not _keeper_is_ready(local):
                cluster.prepare(where)
                _start_keeper(where)
    except NoPlace as exc:
        raise LocalServersError(str(exc)) from exc
    except OSError as exc:
        raise LocalServersError(plainly(exc)) from exc
    return _addresses(where, redis_db)


def release() -> None:
    """Leave the servers. If nobody else uses them, they are down when this returns."""
    global _held
    if _held is None or _held[1] != os.getpid():
        return
    lock, _, local = _held
    _held = None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # granted only to the last one
        alone = True
    except OSError:
        alone = False
    if alone:
        _stop_keeper(local)
        os.close(lock)
        return
    fcntl.flock(lock, fcntl.LOCK_UN)
    deadline = time.monotonic() + LEAVE_SECONDS
    while _is_locked(local / "keeper.lock") and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)  # refused only while the keeper takes them down
            break
        time.sleep(0.02)
    os.close(lock)


def stop() -> None:
    """Take the servers down, whoever uses them."""
    _stop_keeper(folder())


def status() -> Status:
    """Which processes run now."""
    state = _state(folder())
    return Status(state.get("keeper"), state.get("postgres"), state.get("valkey"))


def environment(*, redis_db: int = 0) -> dict[str, str]:
    """Settings that make this process and its children use the local servers, where the environment names none.

    Starts nothing when DATABASE_URL and REDIS_URL are both set.
    """
    found: dict[str, str] = {}
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        servers = ensure(redis_db=redis_db)
        if not os.environ.get("DATABASE_URL"):
            found |= {"DATABASE_URL": servers.database_url, "DATABASE_OWNER_URL": servers.owner_url}
        if not os.environ.get("REDIS_URL"):
            found["REDIS_URL"] = servers.redis_url
            if not os.environ.get("BROKER_URL"):
                found["BROKER_URL"] = servers.broker_url
        if not (os.environ.get("SECRET_KEY") or os.environ.get("SECRET_KEY_FILE")):
            found["SECRET_KEY"] = _secret_key(folder())
    return found


def _addresses(where: Place, redis_db: int) -> Servers:
    sockets, valkey = quote(str(where.sockets)), quote(str(where.sockets / "valkey.sock"))
    return Servers(
        database_url=f"postgresql://{PLAIN}@/{PLAIN}?host={sockets}",
        owner_url=f"postgresql://{OWNER}@/{PLAIN}?host={sockets}",
        redis_url=f"unix://{valkey}?db={redis_db}",
        broker_url=f"redis+socket://{valkey}?virtual_host={redis_db}",
    )


def _make_folder(local: Path) -> Path:
    if not local.exists():
        local.mkdir(parents=True, exist_ok=True)
        local.chmod(0o755)  # of our own making, and the servers' user has to pass it
    if not os.access(local, os.W_OK | os.X_OK):
        raise LocalServersError(f"{local} cannot be written to: run this as its owner, or remove it.")
    (local / "logs").mkdir(exist_ok=True)
    return local


def _secret_key(local: Path) -> str:
    """A secret of this checkout alone, made once."""
    file = local / "secret_key"
    with _lock(local / "start.lock"):
        if not file.exists():
            with contextlib.suppress(OSError):
                (local / "secret_key.new").unlink()
            descriptor = os.open(local / "secret_key.new", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as new:
                new.write(secrets.token_urlsafe(50))
            (local / "secret_key.new").rename(file)
    return file.read_text()


# Holding, and finding out who else does


def _hold(local: Path) -> None:
    """Take the shared lock of a user. Waits while a keeper is taking the servers down."""
    global _held
    if _held is not None and _held[1] == os.getpid():
        if _held[2] == local:
            return
        release()
    if _held is None:
        atexit.register(release)
    lock = os.open(local / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    fcntl.flock(lock, fcntl.LOCK_SH)
    _held = (lock, os.getpid(), local)


@contextlib.contextmanager
def _lock(file: Path) -> Iterator[None]:
    lock = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _is_locked(file: Path) -> bool:
    try:
        lock = os.open(file, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(lock)
    return False


def _state(local: Path) -> dict[str, int]:
    if not _is_locked(local / "keeper.lock"):
        return {}
    with contextlib.suppress(OSError, ValueError):
        state: dict[str, int] = json.loads((local / "servers.json").read_text())
        return state
    return {}


def _keeper_is_ready(local: Path) -> bool:
    """True when a keeper has its servers up, False when there is none. One that is leaving is waited for."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if _state(local):
            return True
        if not _is_locked(local / "keeper.lock"):
            return False
        time.sleep(0.02)
    raise LocalServersError(f"The local servers do not answer: see {local / 'logs'}.")


# Starting and stopping


def _start_keeper(where: Place) -> None:
    logs = where.local / "logs"
    for log in logs.glob("*.log"):
        if log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
    data, broker = where.home / "postgres", where.home / "valkey"
    postgres = [str(where.postgres / "postgres"), "-D", str(data), "-k", str(where.sockets)]
    for name, value in POSTGRES_SETTINGS.items():
        postgres += ["-c", f"{name}={value}"]
    socket = str(where.sockets / "valkey.sock")
    valkey = [str(where.valkey), "--dir", str(broker), "--unixsocket", socket]
    valkey += ["--pidfile", str(broker / "valkey.pid")]
    for name, value in VALKEY_SETTINGS.items():
        valkey += [f"--{name}", value]
    user = {"uid": where.uid, "gid": where.gid}
    plan = {
        "users": str(where.local / "users.lock"),
        "alive": str(where.local / "keeper.lock"),
        "state": str(where.local / "servers.json"),
        "servers": [
            {
                "name": "postgres",
                "command": postgres,
                "data": str(data),
                "socket": str(where.sockets / ".s.PGSQL.5432"),
                "log": str(logs / "postgres.log"),
                "stop_signal": int(signal.SIGINT),  # fast: clients are sent away
                **user,
            },
            {
                "name": "valkey",
                "command": valkey,
                "data": str(broker),
                "socket": socket,
                "log": str(logs / "valkey.log"),
                "stop_signal": int(signal.SIGTERM),
                **user,
            },
        ],
    }
    script = Path(__file__).with_name("keeper.py")
    with (logs / "keeper.log").open("ab") as words:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-S", str(script), json.dumps(plan)],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=words,
            start_new_session=True,  # Ctrl-C and a closed terminal are for its users, not for it
        )
    process.returncode = 0  # it outlives us on purpose: `Popen` must not complain that it still runs
    if process.stdout is None:
        raise LocalServersError("The local servers could not be started.")
    with process.stdout as told:
        answer = json.loads(told.readline() or b"{}")
    if not answer.get("ready"):
        problem = answer.get("error") or f"see {logs / 'keeper.log'}"
        raise LocalServersError(plainly(OSError(f"The local servers did not start: {problem}")))


def _stop_keeper(local: Path) -> None:
    """Ask the keeper to take its servers down and wait until it has."""
    deadline = time.monotonic() + LEAVE_SECONDS
    asked = None
    while _is_locked(local / "keeper.lock") and time.monotonic() < deadline:
        keeper = _state(local).get("keeper")
        if keeper and keeper != asked:
            with contextlib.suppress(ProcessLookupError):
                os.kill(keeper, signal.SIGTERM)
            asked = keeper
        time.sleep(0.01)
