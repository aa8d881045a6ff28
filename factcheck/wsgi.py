"""The web application, as gunicorn loads it."""

import contextlib
import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")

with contextlib.suppress(OSError):  # where nobody ran collectstatic, files are served from their packages
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)

application = get_wsgi_application()
