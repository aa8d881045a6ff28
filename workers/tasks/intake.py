"""Articles that wait are read."""

from celery import shared_task

from claims.models import Article
from claims.operations import intake
from workers.tasks.steps import held


@shared_task
def read_article(article_id: int) -> None:
    """Read one article and keep its claims. Safe to deliver twice."""
    with held(Article.objects.all(), article_id) as article:
        if article is not None:
            intake.record_claims(article, intake.read(article))
