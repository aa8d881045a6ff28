"""Working as the role that owns the database, for what the application's role may not do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

KEYS = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


@contextmanager
def as_owner(alias: str = "default") -> Iterator[BaseDatabaseWrapper]:
    """The connection, logged in as the owner for the block. Where there is one role for both, nothing changes."""
    connection = connections[alias]
    connection.close()
    ours = {key: connection.settings_dict[key] for key in KEYS}
    connection.settings_dict.update({key: settings.OWNER_DATABASE[key] for key in KEYS})
    try:
        yield connection
    finally:
        connection.close()
        connection.settings_dict.update(ours)
