"""Celery tasks: each loads a row, calls one operation, done. The submodules are named so that workers find them."""

from workers.tasks import (
    archiving,
    assessing,
    consulting,
    deadlines,
    delivering,
    gathering,
    intake,
    metering,
    naming,
    noticing,
    publishing,
    rechecking,
    renewing,
    training,
    upkeep,
)

__all__ = [
    "archiving",
    "assessing",
    "consulting",
    "deadlines",
    "delivering",
    "gathering",
    "intake",
    "metering",
    "naming",
    "noticing",
    "publishing",
    "rechecking",
    "renewing",
    "training",
    "upkeep",
]
