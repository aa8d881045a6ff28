"""The clock of simulated years is one for both: what the database says is due, Python says is due."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from claims.models import Watch
from tests import make
from tests.clock import starting_at

pytestmark = pytest.mark.django_db


def test_both_clocks_show_the_same_moment():
    moment = dt.datetime(2031, 5, 4, 3, 2, 1, tzinfo=dt.UTC)
    with starting_at(moment) as clock:
        clock.pass_by(days=1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement_timestamp()")
            (seen,) = cursor.fetchone()
        assert seen == timezone.now() == moment + dt.timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        assert cursor.fetchone()[0].year < 2031


def test_a_passage_is_due_when_its_hour_has_passed_and_not_before():
    with starting_at(dt.datetime(2031, 1, 1, tzinfo=dt.UTC)) as clock:
        make.publication()
        assert not Watch.objects.due().exists()
        clock.pass_by(minutes=61)
        assert Watch.objects.due().exists()
