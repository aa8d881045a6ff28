"""The locked requirements files hold what pyproject.toml asks for, for every Python, and name no address."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from factcheck import bootstrap
from tests.factcheck.watching import ROOT

PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>[^\\]+?))?\s*\\?$", re.MULTILINE)
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
PYTHONS = ("3.11", "3.12", "3.13")


def text(kind: str) -> str:
    return (ROOT / "requirements" / f"{kind}.txt").read_text()


def pins(kind: str, python: str) -> dict[str, str]:
    """Name and version of each package that Python gets on Linux."""
    machine = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux"}
    found: dict[str, str] = {}
    for pin in PIN.finditer(text(kind)):
        whole = Requirement(f"{pin['name']}=={pin['version']}" + (f" ; {pin['marker']}" if pin["marker"] else ""))
        if whole.marker is None or whole.marker.evaluate(machine):
            assert canonicalize_name(pin["name"]) not in found, f"{pin['name']} is pinned twice"
            found[canonicalize_name(pin["name"])] = pin["version"]
    return found


def asked(kind: str) -> Iterator[Requirement]:
    wanted = list(PROJECT["project"]["dependencies"])
    if kind != "base":
        wanted += PROJECT["project"]["optional-dependencies"]["local"]
    if kind == "dev":
        wanted += PROJECT["dependency-groups"]["dev"]
    return (Requirement(each) for each in wanted)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("kind", bootstrap.KINDS)
def test_every_dependency_is_locked_at_a_version_that_was_asked_for(kind: str, python: str) -> None:
    locked = pins(kind, python)
    machine = {"python_version": python, "python_full_version": f"{python}.0"}
    stale = [
        str(each)
        for each in asked(kind)
        if (each.marker is None or each.marker.evaluate(machine))
        and Version(locked.get(canonicalize_name(each.name), "0")) not in each.specifier
    ]

    assert not stale, "run `python3 manage.py lock`"


@pytest.mark.parametrize("python", PYTHONS)
def test_the_sets_agree_with_each_other(python: str) -> None:
    base, local, dev = (pins(kind, python).items() for kind in bootstrap.KINDS)

    assert base <= local <= dev


@pytest.mark.parametrize("kind", bootstrap.KINDS)
def test_every_package_has_hashes(kind: str) -> None:
    entries = re.split(r"\n(?=\S)", text(kind).strip())

    assert [each for each in entries if not each.startswith("#") and "--hash=sha256:" not in each] == []


@pytest.mark.parametrize("kind", bootstrap.KINDS)
def test_no_address_and_no_machine_is_named(kind: str) -> None:
    assert not re.search(r"://|index|(?<!\w)/[a-z]", text(kind).split("\n", 1)[1])
