"""Alerting: a desk learns what the clock found about its published checks: a task, a notice, an event; each once."""

from __future__ import annotations

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from claims import transitions
from claims.models import Notice, Publication, Recheck, User
from claims.operations import noticing, talking
from claims.workflow import Permission


def tell(recheck: Recheck, *, material: bool) -> None:
    """Tell the desk what two visits saw. By its policy a material change puts the publication under re-review.

    Call it in the transaction that notes the visit.
    """
    publication = Publication.objects.select_for_update().get(pk=recheck.watch.publication_id)
    claim = publication.claim
    if material and publication.newsroom.review_on_change and publication.state == Publication.State.LIVE:
        publication.state = Publication.State.UNDER_REVIEW
        publication.changed_at = timezone.now()
        publication.save(update_fields=["state", "changed_at"])
    transitions.record(
        "recheck.changed" if material else "recheck.unreadable",
        newsroom=publication.newsroom_id,
        by=None,
        claim=claim,
        publication=publication.pk,
        recheck=recheck.pk,
        outcome=recheck.outcome,
        details=recheck.details,
    )
    subject = f"recheck:{recheck.pk}"
    talking.call_for(claim, subject=subject, text=_task(recheck, publication))
    noticing.tell(
        noticing.holders(Permission.PUBLISH, publication.newsroom_id),
        Notice.Kind.CHANGED,
        subject=subject,
        newsroom=publication.newsroom_id,
        claim=claim,
    )


def tell_closed(recheck: Recheck, *, by: User | None) -> None:
    """Note that a change was answered; its task is done."""
    publication = recheck.watch.publication
    transitions.record(
        "recheck.closed",
        newsroom=publication.newsroom_id,
        by=by,
        claim=publication.claim,
        recheck=recheck.pk,
        note=recheck.closing_note,
    )
    if by is not None:
        talking.settle_call(publication.claim, subject=f"recheck:{recheck.pk}", by=by)


def _task(recheck: Recheck, publication: Publication) -> str:
    """What is to be done, in the language of the desk."""
    languages = publication.newsroom.languages
    with override(languages[0] if languages else "en"):
        told = _("A cited passage is not what it was (%(what)s). Does the verdict stand? %(where)s: %(details)s") % {
            "what": recheck.get_outcome_display(),
            "where": recheck.watch.evidence.document.domain or recheck.watch.host,
            "details": " ".join(recheck.details),
        }
    return Truncator(told).chars(500)
