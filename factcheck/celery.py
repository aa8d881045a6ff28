"""The Celery application. Tasks are in `workers/tasks`, the beat entries in `workers/schedule.py`."""

import os

from celery import Celery
from celery.signals import worker_init
from celery.worker import WorkController

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")

app = Celery("factcheck")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["workers"])


@worker_init.connect
def warm(sender: WorkController, **_: object) -> None:
    """Load the tables of the reading before the first task; a pool's children share them with their parent."""
    from workers import warming

    warming.warm(sender.app.amqp.queues.consume_from)
