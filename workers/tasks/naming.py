"""Names the desk wants from Wikidata are fetched."""

from __future__ import annotations

import logging

from celery import shared_task

from claims.models import Alias
from claims.operations import aliasing
from workers.sources import wikidata
from workers.sources.base import SourceError, SourceUnavailable
from workers.tasks.periodic import Periodic

logger = logging.getLogger(__name__)
AT_ONCE = 20


@shared_task(base=Periodic)
def fetch_wanted() -> int:
    """Fetch what was asked for, oldest first; what cannot be asked now is asked again at the next run."""
    done = 0
    for row in Alias.objects.filter(wanted_at__isnull=False).select_related("newsroom").order_by("wanted_at")[:AT_ONCE]:
        languages = [language.split("-")[0] for language in row.newsroom.languages] or ["en"]
        try:
            found = wikidata.names([row.wikidata], languages).get(row.wikidata)
        except SourceUnavailable as exc:
            logger.info("names of %s are fetched later: %s", row.wikidata, exc)
            Alias.objects.filter(pk=row.pk).update(note=str(exc)[:300])
            continue
        except SourceError as exc:
            aliasing.give_up(row, reason=str(exc))
            continue
        if not found:
            aliasing.give_up(row, reason=f"Wikidata has no names for {row.wikidata} in these languages.")
            continue
        done += aliasing.record_names(
            row.newsroom, wikidata=row.wikidata, canonical=row.canonical, kind=row.kind, names=found, by=None
        )
    return done
