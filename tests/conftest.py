"""The test world's servers: a real PostgreSQL and a real Valkey, found through the environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pgtrigger
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import TransactionTestCase

LEDGER_GUARD = "claims.LedgerEntry:ledger_is_not_emptied"
MADE_BY_MIGRATE = {"auth_permission", "django_content_type"}
LONG = {"chaos", "browser", "factcheck"}  # folders of tests that start processes or a browser


def pytest_configure(config: pytest.Config) -> None:
    if not os.environ.get("DATABASE_URL"):
        raise pytest.UsageError("Run the tests with `python3 manage.py test`: it starts the servers they need.")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: a lane that meets one of them last would end alone."""
    items.sort(key=lambda item: item.path.parent.name not in LONG)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Tests own their database, as `migrate` does; processes under test and `as_application` do not."""
    owner = settings.OWNER_DATABASE
    settings.DATABASES["default"].update({key: owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT")})


@pytest.fixture(scope="session", autouse=True)
def emptied_after_committing_tests() -> Iterator[None]:
    """A test that commits is followed by deleting what it wrote. Emptying every table instead takes half a second."""
    original = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = lambda _: delete_everything()  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[attr-defined]


def delete_everything() -> None:
    """Rows of every table, by the owner, whom no trigger stops; references are looked at in the end."""
    with transaction.atomic(), pgtrigger.ignore(), connection.cursor() as cursor:
        tables = set(connection.introspection.django_table_names(only_existing=True)) - MADE_BY_MIGRATE
        cursor.execute(" UNION ALL ".join(f"SELECT '{each}' WHERE EXISTS (SELECT 1 FROM {each})" for each in tables))
        for (written,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {written}")


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
