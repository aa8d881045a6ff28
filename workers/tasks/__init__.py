"""Celery tasks: each loads a row, calls one operation, done. The submodules are named so that workers find them."""

from workers.tasks import assessing, gathering, intake, rechecking, upkeep

__all__ = ["assessing", "gathering", "intake", "rechecking", "upkeep"]
