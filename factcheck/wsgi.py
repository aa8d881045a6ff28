"""The web application, as gunicorn loads it."""

import contextlib
import gc
import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")

with contextlib.suppress(OSError):  # where nobody ran collectstatic, files are served from their packages
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 loads every view now, not at the first request
gc.collect()
gc.freeze()  # what is loaded by now stays: a full collection looked at 200,000 objects again, while nobody was answered
