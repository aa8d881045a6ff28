"""A broker that is away delays work and loses none: what was accepted is in the database, and no request fails."""

import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.db import connection

from claims.models import Article
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

HAND_IN = """
import django
django.setup()
from claims.models import Newsroom
from claims.operations import intake
room = Newsroom.objects.get()
article, created = intake.submit_article(room, text="Trees: 1,250.", by=None, door="api", language="en")
print("accepted", created)
"""


def test_an_article_is_accepted_while_the_broker_is_away():
    make.newsroom()
    host = quote(str(connection.settings_dict["HOST"]))
    database = f"postgresql://{django_settings.APPLICATION_ROLE}@/{connection.settings_dict['NAME']}?host={host}"
    settings = {
        "DJANGO_SETTINGS_MODULE": "factcheck.settings",
        "DATABASE_URL": database,
        "BROKER_URL": "redis://127.0.0.1:1/0",
    }
    done = subprocess.run(
        [sys.executable, "-c", HAND_IN], env={**os.environ, **settings}, capture_output=True, text=True, timeout=60
    )
    assert "accepted True" in done.stdout, done.stderr
    assert "broker is away" in done.stderr
    assert Article.objects.due().count() == 1
