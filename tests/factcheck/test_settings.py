"""Settings: typed, loud when wrong, safe by forgetting."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from factcheck import env

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "not-used-anywhere-else-" + "q7Zx4" * 10,
    "PUBLIC_URL": "https://desk.example",
    "ALLOWED_HOSTS": "desk.example",
    "DEBUG": "0",
}


def read(**settings: str) -> subprocess.CompletedProcess[str]:
    """What a process does that reads its settings, and nothing else."""
    return start("-c", "import factcheck.settings", **settings)


def start(*command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    browser = {"DJANGO_ALLOW_ASYNC_UNSAFE"}  # set while Playwright drives tests of this run
    kept = {name: value for name, value in os.environ.items() if name not in {*env.READ, *browser}}
    servers = {name: os.environ[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")}
    return subprocess.run(
        [sys.executable, *command],
        env={**kept, **servers, "PYTHONPATH": str(ROOT), **settings},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_production_mode_passes_the_deployment_check():
    check = ["-m", "django", "check", "--deploy", "--fail-level", "WARNING", "--settings", "factcheck.settings"]
    done = start(*check, **PRODUCTION)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"SECRET_KEY": ""}, "Setting SECRET_KEY is missing"),
        ({"DEBUG": "maybe"}, "Setting DEBUG must be yes or no"),
        ({"LEASE_SECONDS": "soon"}, "Setting LEASE_SECONDS must be a whole number"),
        ({"LEASE_SECONDS": "0"}, "Setting LEASE_SECONDS must be 1 or more"),
        ({"DATABASE_URL": "mysql://db"}, "Setting DATABASE_URL must begin with postgres://"),
        ({"REDIS_URL": "http://redis"}, "Setting REDIS_URL must begin with redis://"),
        ({"FETCH_ALLOWED_NETWORKS": "everywhere"}, "Setting FETCH_ALLOWED_NETWORKS must hold networks"),
        ({"LOG_LEVEL": "LOUD"}, "Setting LOG_LEVEL must be one of"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_wrong_value_stops_the_process_with_one_sentence(wrong: dict[str, str], said: str):
    done = read(**{**PRODUCTION, **wrong})
    assert done.returncode != 0
    assert done.stderr.strip().startswith(said), done.stderr
    assert "Traceback" not in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_a_secret_may_stand_in_a_file(tmp_path: Path):
    file = tmp_path / "key"
    file.write_text("w9" * 40)
    settings = {**PRODUCTION, "SECRET_KEY": "", "SECRET_KEY_FILE": str(file)}
    assert read(**settings).returncode == 0


def test_the_database_may_be_reached_through_a_socket_folder(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SOME_URL", "postgresql://me:pa%40ss@/desk?host=/run/pg&sslmode=disable")
    read = env.database("SOME_URL", default="", about="")
    env.READ.pop("SOME_URL")
    assert (read["HOST"], read["USER"], read["PASSWORD"], read["NAME"]) == ("/run/pg", "me", "pa@ss", "desk")
    assert read["OPTIONS"] == {"sslmode": "disable"}
