from django.apps import AppConfig


class FactcheckConfig(AppConfig):
    """Makes our Celery application the current one in every Django process, so that hints find the broker."""

    name = "factcheck"

    def ready(self) -> None:
        from factcheck import celery  # noqa: F401
