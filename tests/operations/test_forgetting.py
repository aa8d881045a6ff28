"""What only served for a time goes; what happened stays."""

import datetime as dt

import pytest
from axes.models import AccessAttempt
from django.core.checks import run_checks
from django.utils import timezone

from claims.models import Complaint, Recheck, SignIn
from claims.operations import complaining, forgetting
from tests import make

pytestmark = pytest.mark.django_db

LONG_AGO = dt.timedelta(days=800)


def complaint_answered(days_ago: int, **policy: int) -> Complaint:
    publication = make.publication(make.newsroom(**policy))
    editor = make.editor(publication.newsroom)
    made = complaining.receive(
        publication, by=None, text="The year is wrong.", door="page", complainant="Ada", contact="ada@reader.example"
    )
    complaining.take(made, by=editor)
    complaining.answer(made, by=editor, outcome="rejected", answer="It is right.")
    Complaint.objects.filter(pk=made.pk).update(closed_at=timezone.now() - dt.timedelta(days=days_ago))
    return Complaint.objects.get(pk=made.pk)


def test_who_complained_is_forgotten_and_how_it_ended_is_not():
    old, young = (
        complaint_answered(31, forget_complainants_days=30),
        complaint_answered(29, forget_complainants_days=30),
    )
    assert forgetting.forget_complainants() == 1
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.complainant, old.contact, old.text) == ("", "", forgetting.FORGOTTEN)
    assert (old.outcome, old.answer) == ("rejected", "It is right.")
    assert old.forgotten_at
    assert young.complainant == "Ada"
    assert old.newsroom.ledger.filter(kind="complaint.forgotten").count() == 1
    assert forgetting.forget_complainants() == 0


def test_a_newsroom_that_forgets_nobody_forgets_nobody():
    kept = complaint_answered(2000, forget_complainants_days=0)
    assert forgetting.forget_complainants() == 0
    kept.refresh_from_db()
    assert kept.complainant == "Ada"


def test_an_open_complaint_is_never_forgotten():
    publication = make.publication(make.newsroom(forget_complainants_days=1))
    made = complaining.receive(publication, by=None, text="Wrong.", door="page", complainant="Ada")
    Complaint.objects.update(received_at=timezone.now() - LONG_AGO)
    assert forgetting.forget_complainants() == 0
    made.refresh_from_db()
    assert made.complainant == "Ada"


def test_visits_that_found_nothing_go_but_for_the_last_and_those_that_told_something():
    watch = make.publication().watches.first()
    for outcome, confirmed in (("unchanged", False), ("material", True), ("unchanged", False), ("unchanged", False)):
        Recheck.objects.create(watch=watch, outcome=outcome, confirmed=confirmed)
    last = Recheck.objects.order_by("pk").last()
    Recheck.objects.update(at=timezone.now() - LONG_AGO)
    assert forgetting.forget_old()["rechecks"] == 2
    assert set(Recheck.objects.values_list("outcome", flat=True)) == {"material", "unchanged"}
    assert Recheck.objects.filter(pk=last.pk).exists()


def test_where_people_were_signed_in_is_forgotten_after_its_days(settings):
    user = make.member(make.newsroom(), "admin")
    SignIn.objects.create(user=user, session_key="old")
    SignIn.objects.update(seen_at=timezone.now() - dt.timedelta(days=181))
    SignIn.objects.create(user=user, session_key="new")
    AccessAttempt.objects.create(username="x", ip_address="192.0.2.1", failures_since_start=1)
    AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(days=89))
    gone = forgetting.forget_old()
    assert (gone["sign_ins"], gone["sign_in_attempts"]) == (1, 0)
    settings.RETENTION = {"sign_in_attempts": 30}
    assert forgetting.forget_old()["sign_in_attempts"] == 1


def test_zero_days_keep_for_good(settings):
    settings.RETENTION = {"sign_ins": 0}
    SignIn.objects.create(user=make.member(make.newsroom(), "admin"), session_key="old")
    SignIn.objects.update(seen_at=timezone.now() - LONG_AGO)
    assert "sign_ins" not in forgetting.forget_old()
    assert SignIn.objects.exists()


def test_a_name_that_is_no_rule_stops_the_process(settings):
    settings.RETENTION = {"claims": 30}
    assert "claims.E001" in [message.id for message in run_checks()]
