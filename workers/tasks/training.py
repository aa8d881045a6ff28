"""Check-worthiness is trained anew from what the desks decided."""

from celery import shared_task

from claims.models import Newsroom
from claims.operations import training
from workers.tasks.periodic import Periodic

HALF_AN_HOUR = 30 * 60  # below the broker's visibility timeout


@shared_task(base=Periodic)
def train_due() -> int:
    """Hint every newsroom and language that has new decisions; each is trained in a task of its own."""
    due = [(newsroom.pk, language) for newsroom, language in training.due()]
    for newsroom, language in due:
        train_checkworthiness.delay(newsroom, language)
    return len(due)


@shared_task(soft_time_limit=HALF_AN_HOUR, time_limit=HALF_AN_HOUR + 30)
def train_checkworthiness(newsroom_id: int, language: str) -> None:
    """Train one newsroom and language. Delivered twice, it trains to the same end."""
    newsroom = Newsroom.objects.filter(pk=newsroom_id).first()
    if newsroom is not None:
        training.train(newsroom, language=language, by=None)
