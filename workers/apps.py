from django.apps import AppConfig


class WorkersConfig(AppConfig):
    name = "workers"

    def ready(self) -> None:
        from claims.operations import inheriting
        from workers import claimimport, receivers  # noqa: F401

        inheriting.read_reviews_with(claimimport.for_the_desk)
