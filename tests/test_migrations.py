"""A new database is made in one step; one that exists goes the long way. Both must arrive at the same tables."""

from django.apps import apps
from django.core.management.commands.makemigrations import Command as MakeMigrations
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState


def described(changes: dict) -> list[str]:
    return [operation.describe() for migration in changes.get("claims", []) for operation in migration.operations]


def triggers(state: ProjectState) -> set[tuple[str, str, str]]:
    of_models = ((name, model.options.get("triggers", [])) for (_, name), model in state.models.items())
    return {(name, each.name, each.install_sql) for name, found in of_models for each in found}


def test_the_step_that_replaces_migrations_leaves_what_they_leave():
    loader = MigrationLoader(None)
    replacing = [each for (app, _), each in loader.disk_migrations.items() if app == "claims" and each.replaces]
    assert replacing
    for short in replacing:
        before = loader.project_state(short.dependencies)
        long = before.clone()
        for replaced in short.replaces:
            long = loader.disk_migrations[replaced].mutate_state(long)
        made = short.mutate_state(before)
        assert described(MigrationAutodetector(long, made)._detect_changes()) == []
        assert triggers(made) == triggers(long)


def test_the_migrations_hold_every_change_of_the_models():
    made, wanted = MigrationLoader(None).project_state(), ProjectState.from_apps(apps)
    assert described(MakeMigrations.autodetector(made, wanted)._detect_changes()) == []
