"""The schedule as people see it: every entry with its last and next run, to be run now or switched off."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_celery_beat.models import PeriodicTask

from claims import vitals
from claims.admin.access import person
from claims.models import JobRun, LedgerAnchor, SnapshotFault
from claims.operations import timekeeping

RUNS = 50
FAULTS = 20


def show(request: HttpRequest) -> HttpResponse:
    """The whole schedule, and the last runs that did something."""
    _only_root(request)
    found = vitals.entries()
    names = {entry.task: entry.name for entry in found}
    runs = list(JobRun.objects.select_related("job")[:RUNS])
    context = {
        **admin.site.each_context(request),
        "title": _("Schedule"),
        "entries": [{"entry": entry, "title": _(entry.name)} for entry in found],
        "begun": any(entry.job for entry in found),
        "queues": [queue for queue in vitals.queues() if queue.due or queue.dead],
        "bloated": vitals.bloated(),
        "broken": _broken(),
        "faults": list(SnapshotFault.objects.select_related("document").defer("document__text")[:FAULTS]),
        "runs": [{"run": run, "title": _(names.get(run.job.task, run.job.task))} for run in runs],
    }
    return TemplateResponse(request, "admin/claims/schedule.html", context)


def _broken() -> list[LedgerAnchor]:
    """The last verification of each ledger that did not fit."""
    of_broken = LedgerAnchor.objects.filter(newsroom__slug__in=vitals.broken_ledgers()).select_related("newsroom")
    return list(of_broken.order_by("newsroom_id", "-pk").distinct("newsroom_id"))


@require_POST
def run_now(request: HttpRequest, task: str) -> HttpResponse:
    """Ask the workers for a run now."""
    _only_root(request)
    name = _entry_of(task).name
    if timekeeping.want(task, by=person(request)):
        messages.success(request, _("“%(name)s” was sent to the workers.") % {"name": _(name)})
    else:
        messages.error(request, _("The broker does not answer; try again when it does."))
    return HttpResponseRedirect(reverse("admin:desk_schedule"))


@require_POST
def switch(request: HttpRequest, task: str) -> HttpResponse:
    """Switch an entry off, or on again. Beat follows within seconds."""
    _only_root(request)
    entry = _entry_of(task)
    row = PeriodicTask.objects.filter(pk=entry.pk).first()
    if row is None:
        messages.error(request, _("Beat has not started yet; it writes the schedule down when it does."))
    else:
        row.enabled = not row.enabled
        row.save()  # tells beat, which an update of the table would not
        said = _("“%(name)s” is on.") if row.enabled else _("“%(name)s” is off.")
        messages.success(request, said % {"name": _(entry.name)})
    return HttpResponseRedirect(reverse("admin:desk_schedule"))


def _only_root(request: HttpRequest) -> None:
    if not person(request).is_superuser:
        raise PermissionDenied


def _entry_of(task: str) -> vitals.Entry:
    for entry in vitals.entries():
        if entry.task == task:
            return entry
    raise Http404
