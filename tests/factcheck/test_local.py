"""The local servers as their users meet them: real processes, real signals, folders of their own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from factcheck import local, place
from tests.factcheck.watching import ROOT, Talker, eventually, nothing_runs_with, runs

USER = """
import json, sys
from factcheck import local
servers, status = local.ensure(), local.status()
print(json.dumps({**vars(servers), **vars(status)}), flush=True)
sys.stdin.read()
"""
ONLY_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="is about being started by root")

StartUser = Callable[..., tuple[Talker, dict[str, str]]]


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that a plain user may pass, which pytest's own are not."""
    made = Path(tempfile.mkdtemp(prefix="fc-"))
    made.chmod(0o755)
    monkeypatch.setenv("FACTCHECK_LOCAL", str(made / "local"))
    yield made
    local.stop()
    assert eventually(lambda: nothing_runs_with(str(made)))
    shutil.rmtree(made)


@pytest.fixture
def user(folder: Path) -> Iterator[StartUser]:
    """Starts a process that uses the servers; answers with it and with what it was told."""
    started: list[Talker] = []

    def start(**settings: str) -> tuple[Talker, dict[str, str]]:
        talker = Talker(USER, settings)
        started.append(talker)
        return talker, json.loads(talker.hear())

    yield start
    for talker in started:
        talker.kill()


def ask(address: str, question: str) -> object:
    with psycopg.connect(address, autocommit=True) as line:
        row = line.execute(question).fetchone()
    return row[0] if row else None


def tell(address: str, statement: str) -> None:
    with psycopg.connect(address, autocommit=True) as line:
        line.execute(statement)


def test_the_owner_may_make_databases_and_the_plain_role_owns_nothing(user: StartUser) -> None:
    _, told = user()

    assert ask(told["owner_url"], "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'factcheck'") == (
        "factcheck_owner"
    )
    tell(told["owner_url"], "CREATE DATABASE another")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        tell(told["database_url"], "CREATE TABLE mine (id int)")
    assert (
        ask(told["database_url"], "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user") is False
    )


def test_trigrams_of_cyrillic_words_are_not_empty(user: StartUser) -> None:
    _, told = user()
    tell(told["owner_url"], "CREATE EXTENSION pg_trgm")
    tell(told["owner_url"], "CREATE EXTENSION unaccent")

    assert ask(told["database_url"], "SELECT cardinality(show_trgm('инфляция'))") == 9
    assert ask(told["database_url"], "SELECT unaccent('Zürich')") == "Zurich"


def test_data_is_written_safely_and_the_broker_refuses_rather_than_forgets(user: StartUser) -> None:
    _, told = user()
    broker = redis.Redis.from_url(told["redis_url"])

    assert ask(told["database_url"], "SHOW fsync") == "on"
    assert broker.config_get("appendonly") == {"appendonly": "yes"}
    assert broker.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    broker.close()


def test_two_that_start_at_once_share_one_pair_of_servers(folder: Path) -> None:
    both = [Talker(USER, {}), Talker(USER, {})]
    first, second = (json.loads(each.hear()) for each in both)

    assert first == second
    for each in both:
        each.leave()


def test_the_last_one_out_takes_the_servers_down(user: StartUser) -> None:
    first, told = user()
    second, _ = user()

    first.leave()
    assert runs(int(told["postgres"]))
    second.leave()
    assert not any(runs(int(told[name])) for name in ("keeper", "postgres", "valkey"))


def test_killing_the_last_user_leaves_nothing_behind(user: StartUser) -> None:
    talker, told = user()

    talker.kill()

    assert eventually(lambda: not any(runs(int(told[name])) for name in ("keeper", "postgres", "valkey")))


def test_what_was_stored_is_there_at_the_next_start(user: StartUser) -> None:
    first, told = user()
    tell(told["owner_url"], "CREATE TABLE kept AS SELECT 42 AS answer")
    with redis.Redis.from_url(told["redis_url"]) as broker:
        broker.set("kept", "42")
    first.leave()

    _, told = user()

    assert ask(told["owner_url"], "SELECT answer FROM kept") == 42
    with redis.Redis.from_url(told["redis_url"]) as broker:
        assert broker.get("kept") == b"42"


@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_a_killed_server_is_started_again(user: StartUser, name: str) -> None:
    _, told = user()

    os.kill(int(told[name]), signal.SIGKILL)

    assert eventually(lambda: getattr(local.status(), name) not in (None, told[name]))
    assert ask(told["database_url"], "SELECT 1") == 1
    with redis.Redis.from_url(told["redis_url"]) as broker:
        assert eventually(broker.ping)


def test_everything_killed_at_once_is_mended_by_the_next_start(user: StartUser) -> None:
    talker, told = user()
    tell(told["owner_url"], "CREATE TABLE kept AS SELECT 42 AS answer")
    for pid in (told["keeper"], told["postgres"], told["valkey"]):
        os.kill(int(pid), signal.SIGKILL)
    talker.kill()

    _, told = user()

    assert ask(told["owner_url"], "SELECT answer FROM kept") == 42


def test_a_pid_file_that_names_a_stranger_is_no_obstacle(user: StartUser, folder: Path) -> None:
    user()[0].leave()
    stranger = subprocess.Popen(["sleep", "600"])
    data = place.find(folder / "local").home / "postgres"
    (data / "postmaster.pid").write_text(f"{stranger.pid}\n{data}\n0\n5432\n{data}\n\n0 0\nready\n")
    (data / "postmaster.pid").chmod(0o644)

    _, told = user()

    assert ask(told["database_url"], "SELECT 1") == 1
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_asking_twice_in_one_process_answers_the_same(user: StartUser) -> None:
    code = "from factcheck import local; print(local.ensure() == local.ensure()); local.release(); local.release()"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True).stdout == b"True\n"


def test_servers_can_be_taken_down_under_their_users(user: StartUser) -> None:
    _, told = user()

    local.stop()

    assert local.status() == local.Status(None, None, None)
    assert not runs(int(told["postgres"]))


def test_a_path_too_long_for_a_socket_gets_its_sockets_elsewhere(user: StartUser, folder: Path) -> None:
    deep = folder / ("a-folder-with-a-long-name-" * 4)
    deep.mkdir()
    talker, told = user(FACTCHECK_LOCAL=str(deep / "local"))

    assert ask(told["database_url"], "SELECT 1") == 1
    assert str(deep) not in told["database_url"]

    talker.leave()
    again, told_again = user(FACTCHECK_LOCAL=str(deep / "local"))
    assert told_again["database_url"] == told["database_url"]
    again.leave()
    shutil.rmtree(json.loads((deep / "local" / "place.json").read_text())["sockets"])


def test_a_copy_of_a_checkout_gets_data_of_its_own(user: StartUser, folder: Path) -> None:
    talker, told = user()
    tell(told["owner_url"], "CREATE TABLE only_here ()")
    talker.leave()
    closed = folder / "closed"
    closed.mkdir()
    (closed / "place.json").write_text((folder / "local" / "place.json").read_text() if os.geteuid() == 0 else "{}")

    _, copy = user(FACTCHECK_LOCAL=str(closed))

    assert ask(copy["owner_url"], "SELECT to_regclass('only_here')") is None
    subprocess.run(
        [sys.executable, "-c", "from factcheck import local; local.stop()"],
        cwd=ROOT,
        env={**os.environ, "FACTCHECK_LOCAL": str(closed)},
        check=True,
    )


@ONLY_ROOT
def test_started_by_root_the_servers_run_as_a_plain_user(user: StartUser) -> None:
    _, told = user()

    for name in ("postgres", "valkey"):
        owner = subprocess.run(["ps", "-o", "uid=", "-p", str(told[name])], capture_output=True, text=True, check=True)
        assert owner.stdout.strip() != "0"


@ONLY_ROOT
def test_a_closed_parent_folder_keeps_its_mode_and_the_data_goes_elsewhere(user: StartUser, folder: Path) -> None:
    closed = folder / "home"
    closed.mkdir(mode=0o700)
    before = closed.stat()

    talker, told = user(FACTCHECK_LOCAL=str(closed / "local"))

    assert ask(told["database_url"], "SELECT 1") == 1
    assert (closed.stat().st_mode, closed.stat().st_uid) == (before.st_mode, before.st_uid)
    home = Path(json.loads((closed / "local" / "place.json").read_text())["home"])
    assert closed not in home.parents
    talker.leave()
    shutil.rmtree(home)


def test_who_names_servers_of_their_own_starts_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://me@elsewhere/desk")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")

    assert local.environment() == {}
    assert not (folder / "local").exists()


def test_the_environment_names_what_was_not_named(folder: Path) -> None:
    code = "import json; from factcheck import local; print(json.dumps(local.environment(redis_db=3)))"
    bare = {name: value for name, value in os.environ.items() if name not in NAMED}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=bare, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)

    assert set(found) == NAMED
    assert found["REDIS_URL"].endswith("?db=3")
    assert found["BROKER_URL"].endswith("?virtual_host=3")
    assert (folder / "local" / "secret_key").stat().st_mode & 0o077 == 0


NAMED = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "BROKER_URL", "SECRET_KEY"}


def test_a_missing_wheel_is_told_in_a_sentence(folder: Path) -> None:
    code = """
import sys
sys.path = [each for each in sys.path if "site-packages" not in each]
from factcheck import local
try:
    local.ensure()
except local.LocalServersError as exc:
    print(exc)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert "set DATABASE_URL and REDIS_URL" in done.stdout
    assert "Traceback" not in done.stderr


@ONLY_ROOT
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a small file system, as Linux makes them")
def test_a_full_disk_is_told_in_a_sentence(folder: Path) -> None:
    small = folder / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(small)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount a small file system")
    code = "from factcheck import local\ntry: local.ensure()\nexcept local.LocalServersError as exc: print(exc)"
    try:
        settings = {**os.environ, "FACTCHECK_LOCAL": str(small / "local")}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=settings, capture_output=True, text=True, check=True
        )
    finally:
        subprocess.run(["umount", str(small)], check=True)

    assert done.stdout.startswith("The disk is full")
