"""Making the local PostgreSQL's data, once: the cluster, the database and its two roles."""

import errno
import shutil
import subprocess
from pathlib import Path

from factcheck.place import Place

OWNER, PLAIN = "factcheck_owner", "factcheck"
FIRST_STATEMENTS = f"""\
CREATE ROLE {OWNER} LOGIN CREATEDB;
CREATE ROLE {PLAIN} LOGIN;
GRANT {PLAIN} TO {OWNER};
CREATE DATABASE {PLAIN} OWNER {OWNER};
"""


class LocalServersError(Exception):
    """The local servers cannot run; the message is one sentence that says what to do."""


def prepare(where: Place) -> None:
    """Make the servers' folders and, once, the cluster. A half-made one is thrown away."""
    where.folder(where.sockets)
    where.folder(where.home / "valkey")
    data = where.home / "postgres"
    if (data / "PG_VERSION").exists():
        return
    new = where.home / "postgres.new"
    shutil.rmtree(new, ignore_errors=True)
    where.folder(new)
    try:
        made = _initdb(where, new)
        if made.returncode:
            raise LocalServersError(_why("PostgreSQL could not make its database", made))
        single = [str(where.postgres / "postgres"), "--single", "-D", str(new), "-c", "exit_on_error=on", "postgres"]
        told = _run(where, single, FIRST_STATEMENTS)
        if told.returncode:
            raise LocalServersError(_why("PostgreSQL could not make its roles", told))
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    new.rename(data)


def plainly(exc: OSError) -> str:
    """The sentence for a fault of the machine."""
    text = str(exc)
    if exc.errno in (errno.ENOSPC, errno.EDQUOT) or "No space left" in text or "quota exceeded" in text.lower():
        return "The disk is full: free some space (about 300 MB) and run the command again."
    if exc.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{exc.filename} cannot be written to: run this as its owner, or copy the checkout to your own folder."
    return text


def _initdb(where: Place, data: Path) -> subprocess.CompletedProcess[str]:
    """The C library's C.UTF-8, since trigrams of non-Latin words are empty without it."""
    command = [str(where.postgres / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
    command += ["--locale-provider=libc", "--no-instructions", "--no-sync"]
    made = _run(where, [*command, "--locale=C.UTF-8"])
    if made.returncode and "invalid locale" in made.stderr:
        made = _run(where, [*command, "--locale=en_US.UTF-8"])
    return made


def _run(where: Place, command: list[str], text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 the programs are those of the wheel
        command,
        input=text,
        capture_output=True,
        text=True,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
        user=where.uid,
        group=where.gid,
        extra_groups=None if where.uid is None else [],
        check=False,
    )


def _why(what: str, done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    text = next((line for line in lines if "rror:" in line or "FATAL" in line or "PANIC" in line), "".join(lines[-1:]))
    return plainly(OSError(f"{what}: {text or f'it ended with {done.returncode}'}"))
