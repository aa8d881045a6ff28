"""What `manage.py test` does before pytest runs."""

import stat
from pathlib import Path

import pytest

from factcheck import chromium, testing
from tests import lanes


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        ([], True),
        (["-x", "-q"], True),
        (["tests"], True),
        (["tests/browser/test_desk.py"], True),
        (["tests/browser"], True),
        (["tests/factcheck"], False),
        (["-k", "browser", "tests/factcheck/test_local.py::test_x"], False),
    ],
)
def test_a_browser_is_looked_for_when_browser_tests_may_run(words: list[str], needed: bool) -> None:
    assert testing.needs_browser(words) is needed


@pytest.mark.parametrize(
    ("words", "several"),
    [
        ([], True),
        (["-q"], True),
        (["-k", "origins"], True),
        (["tests/factcheck"], False),
        (["-n", "3"], False),
        (["-x"], False),
    ],
)
def test_the_whole_suite_runs_on_every_core_and_part_of_it_on_one(
    words: list[str], several: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(testing.os, "cpu_count", lambda: 2)
    assert bool(testing.lanes(words)) is several


@pytest.mark.parametrize(
    ("address", "moved"),
    [
        ("unix:///run/valkey.sock?db=1", "unix:///run/valkey.sock?db=3"),
        ("redis+socket:///run/valkey.sock?virtual_host=1", "redis+socket:///run/valkey.sock?virtual_host=3"),
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/2"),
    ],
)
def test_each_process_of_the_suite_has_a_redis_database_of_its_own(address: str, moved: str) -> None:
    assert lanes.moved(address, 2) == moved


def test_a_chromium_that_was_named_and_does_not_run_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTCHECK_CHROMIUM", "/nowhere/chrome")

    with pytest.raises(chromium.NoBrowser, match="correct it or unset it"):
        chromium.ensure()


def test_a_script_that_only_says_where_to_get_chromium_is_not_taken_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub = tmp_path / "chromium-browser"
    stub.write_text("#!/bin/sh\necho 'install the snap'\n")
    stub.chmod(stub.stat().st_mode | stat.S_IXUSR)
    real = tmp_path / "google-chrome"
    real.write_text("#!/bin/sh\necho '<html><head></head><body></body></html>'\n")
    real.chmod(real.stat().st_mode | stat.S_IXUSR)
    monkeypatch.delenv("FACTCHECK_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert chromium.ensure() == str(real)
