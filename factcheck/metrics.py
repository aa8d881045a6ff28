"""`/metrics` for Prometheus: what waits, what was given up, what sources answer, and how the clock goes.

Read from the database and the broker at each scrape, so that it does not matter which process answers.
Kept shut unless METRICS_TOKEN is set; the scraper sends it as a bearer token.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from claims import vitals
from factcheck.celery import app


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures in Prometheus' text format; 404 without the token."""
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(sent.encode(), settings.METRICS_TOKEN.encode()):
        return HttpResponseNotFound()
    registry = CollectorRegistry()
    registry.register(_Vitals())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Vitals(Collector):
    def collect(self) -> Iterator[Metric]:
        yield from _steps()
        yield from _sources()
        yield from _jobs()
        yield from _broker()
        yield from _tables()

    def describe(self) -> list[Metric]:
        return []


def _steps() -> Iterator[Metric]:
    due = GaugeMetricFamily("factcheck_steps_due", f"Steps that are due, at most {vitals.MOST}.", labels=["kind"])
    lag = GaugeMetricFamily(
        "factcheck_steps_lag_seconds",
        "How long the oldest due step has waited: of watch the recheck lag, of delivery the delivery lag.",
        labels=["kind"],
    )
    dead = GaugeMetricFamily("factcheck_steps_dead", f"Dead letters, at most {vitals.MOST}.", labels=["kind"])
    for queue in vitals.queues():
        due.add_metric([queue.kind], queue.due)
        lag.add_metric([queue.kind], queue.oldest)
        dead.add_metric([queue.kind], queue.dead)
    yield from (due, lag, dead)


def _sources() -> Iterator[Metric]:
    asked = GaugeMetricFamily(
        "factcheck_lookups_last_hour", "Lookups opened in the last hour, by outcome.", labels=["source", "outcome"]
    )
    for (source, outcome), many in sorted(vitals.lookups().items()):
        asked.add_metric([source, outcome or "asking"], many)
    yield asked


def _jobs() -> Iterator[Metric]:
    last = GaugeMetricFamily("factcheck_job_started_timestamp_seconds", "When the job last began.", labels=["job"])
    took = GaugeMetricFamily("factcheck_job_seconds", "How long its last run took.", labels=["job"])
    failures = GaugeMetricFamily("factcheck_job_failures", "Failures in a row.", labels=["job"])
    alarm = GaugeMetricFamily("factcheck_job_alarm", "1 while a job is late, stuck or failing.", labels=["job"])
    for entry in vitals.entries():
        alarm.add_metric([entry.name], bool(entry.alarm))
        if entry.job is None:
            continue
        failures.add_metric([entry.name], entry.job.failures)
        if entry.job.started_at:
            last.add_metric([entry.name], entry.job.started_at.timestamp())
        if entry.job.seconds is not None:
            took.add_metric([entry.name], entry.job.seconds)
    yield from (last, took, failures, alarm)


def _broker() -> Iterator[Metric]:
    """Messages that wait in the broker. A broker that is away gives -1: the rows above still count."""
    waiting = GaugeMetricFamily("factcheck_queue_messages", "Messages waiting, -1: no answer.", labels=["queue"])
    names = sorted({route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} | {app.conf.task_default_queue})
    counts = dict.fromkeys(names, -1)
    try:
        with app.connection_for_read() as line:
            line.ensure_connection(max_retries=1, timeout=2)
            channel: Any = line.default_channel
            counts = {name: channel._size(name) for name in names}  # kombu has no public way to ask without a consumer
    except (OperationalError, RedisError):
        pass
    for name, count in counts.items():
        waiting.add_metric([name], count)
    yield waiting


def _tables() -> Iterator[Metric]:
    dead = GaugeMetricFamily(
        "factcheck_table_dead_rows",
        "Dead rows of tables that PostgreSQL's own cleaning falls behind on.",
        labels=["table"],
    )
    for table in vitals.bloated():
        dead.add_metric([table.name], table.dead)
    broken = GaugeMetricFamily("factcheck_ledgers_broken", "Newsrooms whose ledger does not fit its hashes.")
    broken.add_metric([], len(vitals.broken_ledgers()))
    yield from (dead, broken)
