from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = _("Fact-checking")

    def ready(self) -> None:
        from claims import checks  # noqa: F401
        from claims.admin import site  # noqa: F401
        from claims.analysis import dictionary

        dictionary.install(Path(name) for name in settings.DICTIONARY_FILES)
