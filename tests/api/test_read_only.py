"""While the database may only be read: nothing is half-saved, whoever writes is told to come back, reading goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from claims.models import ApiKey, Claim, KeptAnswer, LedgerEntry, Lookup, SignIn
from claims.roles import Role
from tests import make
from tests.api.client import only, program_of
from workers.tasks import gathering

pytestmark = pytest.mark.django_db(transaction=True)

BODY = {"text": "Eulenburg planted 1,250 trees.", "language": "en"}


@contextmanager
def only_reading() -> Iterator[None]:
    """As `ALTER DATABASE ... SET default_transaction_read_only` or a server that became a replica."""
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only TO on")
        try:
            yield
        finally:
            cursor.execute("SET default_transaction_read_only TO off")


@pytest.mark.parametrize("headers", [{}, {"Idempotency_Key": "k-1"}], ids=["plain", "with a key"])
def test_who_sends_work_in_is_told_to_come_back_and_nothing_of_it_is_saved(headers: dict[str, str]) -> None:
    room = make.newsroom()
    cms = program_of(make.researcher(room), room)
    with only_reading():
        refused = cms.post("claims/", BODY, **headers)
    assert refused.status_code == 503
    assert only(refused)["code"] == "unavailable"
    assert "may only be read just now" in only(refused)["detail"]
    assert int(refused["Retry-After"]) > 0
    assert not Claim.objects.exists() and not KeptAnswer.objects.exists()

    assert cms.post("claims/", BODY, **headers).status_code == 201
    assert LedgerEntry.objects.filter(kind="claim.submitted").count() == 1


def test_who_only_reads_is_served() -> None:
    publication = make.publication()
    room = publication.newsroom
    cms = program_of(make.researcher(room), room)
    ApiKey.objects.update(last_used_at=None)  # noting the use would be due
    desk = Client()
    desk.force_login(make.person(room, Role.EDITOR))
    SignIn.objects.update(seen_at=timezone.now())
    with only_reading():
        assert cms.get("claims/").status_code == 200
        assert cms.get(f"claims/{publication.claim_id}/").status_code == 200
        assert desk.get("/admin/").status_code == 200
        assert Client().get(f"/checks/{publication.slug}/").status_code == 200
        assert Client().get("/readyz/").json()["database"] == "read only"
    assert "database" not in Client().get("/readyz/").json()


def test_a_person_is_told_that_nothing_was_saved() -> None:
    person = make.reviewer(make.newsroom())
    person.set_password("a password that is long")
    person.save()
    with only_reading():
        page = Client(raise_request_exception=False).post(
            "/admin/login/", {"username": person.username, "password": "wrong"}
        )
    assert page.status_code == 503
    assert "may only be read just now. Nothing of this was saved" in page.content.decode()


def test_a_worker_leaves_what_it_cannot_note_for_later() -> None:
    lookup = make.claim_gathering().lookups.get()
    with only_reading(), pytest.raises(Exception, match="read-only"):
        gathering.consult_source(lookup.pk)
    lookup.refresh_from_db()
    assert (lookup.state, lookup.attempts, lookup.outcome) == ("open", 0, "")
    assert Lookup.objects.take(lookup.pk) is not None
