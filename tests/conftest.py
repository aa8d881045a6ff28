"""The test world's servers: a real PostgreSQL and a real Valkey, found through the environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pgtrigger
import pytest
from django.conf import settings
from django.test import TransactionTestCase

LEDGER_GUARD = "claims.LedgerEntry:ledger_is_not_emptied"


def pytest_configure(config: pytest.Config) -> None:
    if not os.environ.get("DATABASE_URL"):
        raise pytest.UsageError("Run the tests with `python3 manage.py test`: it starts the servers they need.")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Tests own their database, as `migrate` does; processes under test and `as_application` do not."""
    owner = settings.OWNER_DATABASE
    settings.DATABASES["default"].update({key: owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT")})


@pytest.fixture(scope="session", autouse=True)
def emptied_after_committing_tests() -> Iterator[None]:
    """A test that commits is followed by a flush, which only the owner may do to the ledger."""
    original = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def teardown(case: Any) -> None:
        with pgtrigger.ignore(LEDGER_GUARD):
            original(case)

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def no_traces_in_the_checkout(settings: Any, tmp_path: Path) -> None:
    settings.SNAPSHOT_DIR = tmp_path / "snapshots"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # people are made by the hundred


@pytest.fixture
def shared() -> Path:
    """The folder of public evaluation data and recorded answers, for tests that measure against it."""
    place = Path(os.environ.get("FACTCHECK_SHARED") or Path(__file__).resolve().parents[2] / "shared")
    if not place.is_dir():
        pytest.skip("needs the public evaluation data, which is not part of the repository (set FACTCHECK_SHARED)")
    return place
