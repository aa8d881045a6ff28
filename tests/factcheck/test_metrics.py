"""What machines that watch the machine read."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from claims.models import Article, ScheduledJob, Watch
from tests import make
from workers.tasks import upkeep

pytestmark = pytest.mark.django_db


def read(token: str) -> dict[tuple[str, tuple[str, ...]], float]:
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (sample.name, tuple(sample.labels.values())): sample.value for family in families for sample in family.samples
    }


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer other"}, {"Authorization": "Bearer "}])
def test_without_the_token_there_is_no_such_page(settings, header):
    settings.METRICS_TOKEN = "right"
    assert Client().get("/metrics", headers=header).status_code == 404


def test_without_a_setting_nobody_comes_in(settings):
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_what_waits_and_how_long_is_told(settings):
    settings.METRICS_TOKEN = "right"
    article = make.article()
    Article.objects.filter(pk=article.pk).update(next_attempt_at=timezone.now() - dt.timedelta(minutes=5))
    found = read("right")
    assert found["factcheck_steps_due", ("article",)] == 1
    assert found["factcheck_steps_lag_seconds", ("article",)] == pytest.approx(300, abs=10)
    assert found["factcheck_steps_dead", ("article",)] == 0
    assert found["factcheck_queue_messages", ("gathering",)] >= 0


def test_the_recheck_lag_counts_from_the_schedule_although_a_busy_site_put_the_visit_off(settings):
    settings.METRICS_TOKEN = "right"
    publication = make.publication()
    watch = publication.watches.all()[0]
    now = timezone.now()
    Watch.objects.filter(pk=watch.pk).update(
        due_at=now - dt.timedelta(hours=2), next_attempt_at=now + dt.timedelta(minutes=9)
    )
    found = read("right")
    assert found["factcheck_steps_lag_seconds", ("watch",)] == pytest.approx(7200, abs=10)
    assert found["factcheck_steps_due", ("watch",)] == 1
    assert Client().get("/readyz/").json()["behind"] == {"watch": pytest.approx(7200, abs=10)}
    Watch.objects.filter(pk=watch.pk).update(due_at=now + dt.timedelta(days=1))
    assert read("right")["factcheck_steps_lag_seconds", ("watch",)] == 0
    assert "behind" not in Client().get("/readyz/").json()


def test_answers_of_sources_and_the_clock_are_told(settings):
    settings.METRICS_TOKEN = "right"
    make.claim_in_review()
    upkeep.sweep()
    found = read("right")
    assert sum(value for (name, _), value in found.items() if name == "factcheck_lookups_last_hour") >= 1
    assert found["factcheck_job_failures", ("sweep stalled steps",)] == 0
    assert found["factcheck_job_alarm", ("sweep stalled steps",)] == 0


def test_a_broker_that_is_away_is_said_and_the_rest_is_told(settings, monkeypatch):
    from factcheck.celery import app

    settings.METRICS_TOKEN = "right"
    monkeypatch.setattr(app.conf, "broker_read_url", "redis://127.0.0.1:1/0")
    found = read("right")
    assert found["factcheck_queue_messages", ("gathering",)] == -1
    assert ("factcheck_steps_due", ("article",)) in found


def test_a_late_job_is_an_alarm_of_the_health_page():
    upkeep.sweep()
    assert "jobs" not in Client().get("/readyz/").json()
    ScheduledJob.objects.update(started_at=timezone.now() - dt.timedelta(minutes=10))
    answer = Client().get("/readyz/")
    assert answer.status_code == 200
    assert answer.json()["jobs"] == {"sweep stalled steps": "late"}
