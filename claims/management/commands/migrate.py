"""Migrates as the role that owns the database, then gives the application's role just what it needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.commands.migrate import Command as DjangoMigrate

from claims.ownership import as_owner

# pgtrigger lets a session switch triggers off by a variable. Only the owner of the tables may: for the
# application's role, whoever speaks through it, every guard stands.
_ONLY_OWNER_IGNORES = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN AS $$
    DECLARE
        ignored TEXT;
    BEGIN
        IF current_user <> (SELECT tableowner FROM pg_tables
                            WHERE schemaname = 'public' AND tablename = 'claims_ledgerentry') THEN
            RETURN FALSE;
        END IF;
        ignored := current_setting('pgtrigger.ignore', TRUE);
        RETURN coalesce(trigger_name = ANY(nullif(ignored, '')::text[]), FALSE);
    END;
$$ LANGUAGE plpgsql;
"""


class Command(DjangoMigrate):
    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner(options["database"]) as connection:
            super().handle(*args, **options)
            with connection.cursor() as cursor:
                if "claims_ledgerentry" in connection.introspection.table_names(cursor):
                    cursor.execute(_ONLY_OWNER_IGNORES)
                    if settings.APPLICATION_ROLE not in ("", settings.OWNER_DATABASE["USER"]):
                        _grant(cursor, connection.ops.quote_name(settings.APPLICATION_ROLE))


def _grant(cursor: Any, role: str) -> None:
    """Reading and writing rows, and nothing else; in the ledger only reading and appending."""
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
    cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
    cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
    cursor.execute(f"REVOKE UPDATE, DELETE ON claims_ledgerentry FROM {role}")
