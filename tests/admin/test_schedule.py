"""The schedule in the desk: seen and moved by whoever runs the installation, and by nobody else."""

import datetime as dt

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django_celery_beat.models import PeriodicTask

from claims.models import SnapshotFault, User
from claims.signals import job_wanted
from tests import make
from workers.tasks import upkeep

pytestmark = pytest.mark.django_db

SWEEP = "workers.tasks.upkeep.sweep"


@pytest.fixture
def root() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", password="x"))
    return client


def test_every_entry_is_listed_with_its_last_run(root):
    upkeep.sweep()
    page = root.get(reverse("admin:desk_schedule"))
    text = page.content.decode()
    for name in settings.CELERY_BEAT_SCHEDULE:
        assert name in text
    assert "every 15 s" in text


def test_what_waits_is_told_in_words_and_what_verification_found_stands_first(root):
    publication = make.publication()
    document = publication.claim.evidence.first().document
    SnapshotFault.objects.create(document=document, reason="the file is gone", checked_at=timezone.now())
    publication.watches.update(due_at=timezone.now() - dt.timedelta(hours=3))
    text = root.get(reverse("admin:desk_schedule")).content.decode()
    assert "the file is gone" in text
    assert "3\xa0hours" in text


def test_before_anything_ran_the_page_says_what_to_start(root):
    assert "start beat" in root.get(reverse("admin:desk_schedule")).content.decode()


def test_a_run_can_be_asked_for(root):
    wanted = []

    def note(sender, task, **_):
        wanted.append(task)
        return True

    job_wanted.connect(note)
    try:
        answer = root.post(reverse("admin:desk_schedule_run", args=[SWEEP]), follow=True)
    finally:
        job_wanted.disconnect(note)
    assert wanted == [SWEEP]
    assert "was sent to the workers" in answer.content.decode()


def test_an_entry_is_switched_off_and_on_again(root):
    make.beat_row("sweep stalled steps", SWEEP, seconds=15)
    root.post(reverse("admin:desk_schedule_switch", args=[SWEEP]))
    assert not PeriodicTask.objects.get(task=SWEEP).enabled
    assert "Switch on" in root.get(reverse("admin:desk_schedule")).content.decode()
    root.post(reverse("admin:desk_schedule_switch", args=[SWEEP]))
    assert PeriodicTask.objects.get(task=SWEEP).enabled


def test_a_task_that_is_no_entry_cannot_be_sent(root):
    assert root.post(reverse("admin:desk_schedule_run", args=["os.system"])).status_code == 404


@pytest.mark.parametrize("name", ["desk_schedule", "desk_schedule_run", "desk_schedule_switch"])
def test_an_admin_of_a_newsroom_is_not_whoever_runs_the_installation(name):
    client = Client()
    client.force_login(make.member(make.newsroom(), "admin"))
    address = reverse(f"admin:{name}", args=[] if name == "desk_schedule" else [SWEEP])
    assert client.post(address).status_code == 403


def test_every_name_of_the_schedule_is_said_in_german():
    with translation.override("de"):
        for name in settings.CELERY_BEAT_SCHEDULE:
            assert translation.gettext(name) != name
