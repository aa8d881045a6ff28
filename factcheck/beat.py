"""The scheduler of beat."""

from typing import Any

from django.db.models import QuerySet
from django_celery_beat.schedulers import DatabaseScheduler


class Scheduler(DatabaseScheduler):  # type: ignore[misc]
    """Entries, switches and last runs are rows; what was missed while nobody beat is sent once, at whatever hour.

    The one of the library looks only at entries whose hour is near, to spare thousands of them: what is due at night
    would not be caught up before the next night. Here are two dozen.
    """

    def enabled_models_qs(self) -> QuerySet[Any]:
        return self.Model.objects.enabled()  # type: ignore[no-any-return]
