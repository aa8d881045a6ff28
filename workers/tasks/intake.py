"""Articles that wait are read; one that is an address only is fetched first."""

from celery import shared_task

from claims.models import Article
from claims.operations import intake
from workers.tasks import gathering
from workers.tasks.steps import held


@shared_task
def read_article(article_id: int) -> None:
    """Read one article and keep its claims. Safe to deliver twice."""
    if Article.objects.filter(pk=article_id, sha256="", state=Article.State.OPEN).exists():
        gathering.fetch_article.delay(article_id)  # waits for strangers, so it runs where others wait too
        return
    with held(Article.objects.exclude(sha256=""), article_id) as article:
        if article is not None:
            intake.record_claims(article, intake.read(article))
