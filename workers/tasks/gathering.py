"""Sources are asked about claims."""

import logging

from celery import shared_task

from claims.models import Article, Lookup
from claims.operations import gathering
from workers import additions, handed_in, lookups
from workers.sources import registry
from workers.sources.base import SourceError, SourceUnavailable
from workers.tasks.steps import held, kept, retry_in, wait_for_storage

logger = logging.getLogger(__name__)


@shared_task
def consult_source(lookup_id: int) -> None:
    """Ask one source about one claim. Safe to deliver twice.

    A source that cannot be asked now is asked again later while the claim goes on; one that never will be is
    settled with its reason. While nothing can be saved the lookup waits. Any other exception is a bug of ours: said
    so on the lookup, and raised.
    """
    lookup = Lookup.objects.select_related("claim__newsroom", "claim__article").take(lookup_id)
    if lookup is None:
        return
    try:
        answer = additions.ask(lookup) if lookup.source == Lookup.BY_HAND else lookups.ask(lookup)
    except SourceUnavailable as exc:
        gathering.abandon(lookup, reason=str(exc), retry_in=exc.retry_after or retry_in(lookup.attempts))
    except (SourceError, registry.UnknownSource) as exc:
        gathering.abandon(lookup, reason=str(exc))
    except Exception as exc:
        if wait_for_storage(Lookup.objects.all(), lookup, exc):
            raise
        reason = f"The connector broke ({type(exc).__name__}); the log has the details."
        gathering.abandon(lookup, reason=reason, retry_in=retry_in(lookup.attempts))
        raise
    else:
        with kept(Lookup.objects.all(), lookup):
            gathering.record(lookup, answer.drafts, queries=answer.queries, note=answer.note)


@shared_task
def fetch_article(article_id: int) -> None:
    """Fetch the page of an article that came as an address. Safe to deliver twice."""
    with held(Article.objects.filter(sha256=""), article_id) as article:
        if article is not None:
            handed_in.fetch(article, wait=retry_in(article.attempts))
