"""Sources are asked again about claims that were gathered already."""

from celery import shared_task
from django.conf import settings

from claims.models import Lookup, Renewal
from claims.operations import learning, picking, renewing
from claims.signals import announce_work
from workers import lookups
from workers.sources import registry
from workers.sources.base import SourceError, SourceUnavailable
from workers.tasks.periodic import Periodic
from workers.tasks.steps import held

BATCH = 200  # questions handed out per round


@shared_task(base=Periodic)
def renew_due() -> int:
    """Hand out the questions whose turn it is. Two at once do no harm: they get different rows."""
    rows = picking.pick_renewals(BATCH)
    announce_work(Renewal, rows)
    return len(rows)


@shared_task(expires=settings.RECHECKS_HANDED_OUT_SECONDS)  # by then it is handed out anew
def search_again(renewal_id: int) -> None:
    """Ask one source again about one claim. Safe to deliver twice."""
    rows = Renewal.objects.select_related("newsroom", "claim__newsroom", "claim__article")
    with held(rows, renewal_id) as renewal:
        if renewal is None:
            return
        claim = renewal.claim
        if not renewing.is_asked(claim):
            renewing.move_on(renewal, searched=False)
            return
        try:
            answer = lookups.ask(Lookup(claim=claim, cycle=claim.cycle, source=renewal.source))
        except SourceUnavailable as exc:
            renewing.try_later(renewal, seconds=exc.retry_after or 0.0, reason=str(exc))
        except (SourceError, registry.UnknownSource) as exc:
            renewing.move_on(renewal, searched=False, note=str(exc))
        else:
            learning.record(renewal, answer.drafts)
