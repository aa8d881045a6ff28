"""Deadlines come near and pass, absences begin: looked at by the clock. The rows decide; two at once do no harm."""

from celery import shared_task

from claims.operations import escalating, returning
from workers.tasks.periodic import Periodic


@shared_task(base=Periodic)
def look_at_deadlines() -> int:
    """Tell whom it concerns of claims, complaints and tasks whose time is near or over. Returns how many there were."""
    looked_at = 0
    for look in (escalating.look_at_claims, escalating.look_at_complaints, escalating.look_at_errands):
        while batch := look():
            looked_at += batch
            if batch < escalating.BATCH:
                break
    return looked_at


@shared_task(base=Periodic)
def return_absent() -> int:
    """Return the claims of people whose absence has begun. Each person on their own: one that fails holds up nobody."""
    return sum(returning.hand_back(pk) is not None for pk in returning.begun())
