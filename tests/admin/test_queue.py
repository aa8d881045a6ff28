"""The queue: who finds what where, in pages that neither skip nor repeat, without counting everything."""

from __future__ import annotations

import datetime as dt
import re
import threading

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim, Membership
from claims.operations import deciding, gathering, reviewing, triaging
from claims.paging import SORTS
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import bench, do, words

pytestmark = pytest.mark.django_db
QUEUE = "/admin/claims/claim/"


def _numbers(page: object) -> list[int]:
    return [int(pk) for pk in re.findall(r'class="d-row-text" href="/admin/claims/claim/(\d+)/', page.content.decode())]


def test_each_person_begins_where_their_role_is_waited_for(signed_in: SignIn):
    room = make.newsroom()
    picked = make.claim_submitted(room)
    free = make.claim_in_review(room)
    waiting = make.claim_in_approval(room)

    assert _numbers(signed_in(make.researcher(room)).get(QUEUE)) == [picked.pk]
    assert _numbers(signed_in(make.member(room, Role.REVIEWER)).get(QUEUE)) == [free.pk]
    assert _numbers(signed_in(make.editor(room)).get(QUEUE)) == [waiting.pk]


def test_what_is_mine_comes_first(signed_in: SignIn):
    claim = make.claim_in_review()
    make.claim_in_review(claim.newsroom)
    ralf = make.reviewer(claim.newsroom)
    reviewing.assign(claim, to=ralf, by=ralf)
    assert _numbers(signed_in(ralf).get(QUEUE)) == [claim.pk]


def test_pages_go_on_where_the_last_one_ended_although_new_claims_came_in(signed_in: SignIn, monkeypatch):
    monkeypatch.setattr("claims.admin.queue.PAGE", 3)
    room = make.newsroom()
    claims = [make.claim_submitted(room) for _ in range(8)]
    client = signed_in(make.researcher(room))
    first = client.get(QUEUE, {"tab": "pick", "sort": "newest"})
    make.claim_submitted(room)

    seen, page = _numbers(first), first
    while found := re.search(r'rel="next" href="([^"]+)"', page.content.decode()):
        page = client.get(QUEUE + found.group(1).replace("&amp;", "&"))
        seen += _numbers(page)
    assert seen == [claim.pk for claim in reversed(claims)]

    back = re.search(r'rel="prev" href="([^"]+)"', page.content.decode())
    assert back is not None
    assert _numbers(client.get(QUEUE + back.group(1).replace("&amp;", "&"))) == seen[3:6]


@pytest.mark.parametrize("sort", ["score", "newest", "oldest", "waiting"])
def test_every_order_shows_every_claim_once(signed_in: SignIn, monkeypatch, sort: str):
    monkeypatch.setattr("claims.admin.queue.PAGE", 2)
    room = make.newsroom()
    claims = {make.claim_submitted(room, text=f"In {2000 + n} there were {n} trees in Eulenburg.").pk for n in range(5)}
    client = signed_in(make.researcher(room))
    page, seen = client.get(QUEUE, {"tab": "all", "sort": sort}), []
    while True:
        seen += _numbers(page)
        found = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
        if not found:
            break
        page = client.get(QUEUE + found.group(1).replace("&amp;", "&"))
    assert sorted(seen) == sorted(claims)


def test_a_page_counts_nothing_and_takes_as_many_queries_for_many_claims_as_for_one(signed_in: SignIn):
    room = make.newsroom()
    make.claim_in_review(room)
    client = signed_in(make.desk_lead(room) if hasattr(make, "desk_lead") else make.member(room, Role.DESK_LEAD))
    client.get(QUEUE, {"tab": "all"})
    with CaptureQueriesContext(connection) as one:
        client.get(QUEUE, {"tab": "all"})
    for _ in range(6):
        make.claim_in_review(room)
    with CaptureQueriesContext(connection) as many:
        client.get(QUEUE, {"tab": "all"})
    assert len(many) == len(one) < 25
    assert not [query["sql"] for query in many.captured_queries if "COUNT(*)" in query["sql"].upper()]


def test_search_finds_words_persons_and_numbers(signed_in: SignIn):
    room = make.newsroom()
    trees = make.claim_submitted(room, text="Eulenburg planted 1,250 trees.", claimant="Ada Lindgren")
    roads = make.claim_submitted(room, text="Eulenburg built 40 kilometres of cycle paths.")
    client = signed_in(make.researcher(room))
    assert _numbers(client.get(QUEUE, {"q": "trees"})) == [trees.pk]
    assert _numbers(client.get(QUEUE, {"q": "Lindgren"})) == [trees.pk]
    assert _numbers(client.get(QUEUE, {"q": f"#{roads.pk}"})) == [roads.pk]
    assert "Nothing here fits" in words(client.get(QUEUE, {"q": "zeppelin"}))


@pytest.mark.parametrize("query", ["'", '"', "a\x00b", "&|!()", "9" * 40, "<b>", "-", '"open'])
def test_no_search_breaks_the_page(signed_in: SignIn, query: str):
    room = make.newsroom()
    assert signed_in(make.researcher(room)).get(QUEUE, {"q": query}).status_code == 200


@pytest.mark.parametrize("key", ["x", "0.5", "0.5~x", "nan~1", "~", "0.5~99999999999999999999", "1e999~5"])
def test_an_address_somebody_edited_shows_the_queue_all_the_same(signed_in: SignIn, key: str):
    claim = make.claim_submitted()
    client = signed_in(make.researcher(claim.newsroom))
    assert client.get(QUEUE, {"tab": "pick", "sort": "score", "after": key}).status_code == 200


def test_filters_narrow_by_status_kind_language_and_person(signed_in: SignIn):
    room = make.newsroom()
    german = make.claim_submitted(room, text="Eulenburg pflanzte 1.250 Bäume.", language="de")
    make.claim_submitted(room)
    held = make.claim_in_review(room)
    ralf = make.reviewer(room)
    reviewing.assign(held, to=ralf, by=ralf)
    client = signed_in(make.researcher(room))
    assert _numbers(client.get(QUEUE, {"tab": "all", "language": "de"})) == [german.pk]
    assert _numbers(client.get(QUEUE, {"tab": "all", "status": "in_review"})) == [held.pk]
    assert _numbers(client.get(QUEUE, {"tab": "all", "assignee": ralf.pk})) == [held.pk]
    assert "Select a valid choice" in words(client.get(QUEUE, {"tab": "all", "status": "eaten"}))


def test_somebody_without_a_newsroom_is_told_whom_to_ask(signed_in: SignIn, django_user_model):
    user = django_user_model.objects.create_user("alone", is_staff=True)
    assert "not a member of a newsroom yet" in words(signed_in(user).get(QUEUE))


@pytest.mark.django_db(transaction=True)
def test_two_people_who_take_the_next_one_at_once_get_different_claims(signed_in: SignIn):
    room = make.newsroom()
    for _ in range(4):
        make.claim_in_review(room)
    people = [make.member(room, Role.REVIEWER) for _ in range(4)]
    clients = [signed_in(one) for one in people]
    barrier = threading.Barrier(len(clients))

    def take(client: object) -> None:
        barrier.wait()
        client.post(reverse("admin:claims_claim_next"))  # type: ignore[attr-defined]
        connection.close()

    threads = [threading.Thread(target=take, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    held = list(Claim.objects.filter(assignee__isnull=False).values_list("assignee", flat=True))
    assert sorted(held) == sorted(one.pk for one in people)


def test_late_claims_stand_in_a_tab_of_their_own_the_latest_first_and_say_so_in_words(signed_in: SignIn):
    room = make.newsroom(due_hours=0)
    dora, now = make.researcher(room), timezone.now()
    little, much, ahead, done = (
        make.claim_submitted(room),
        make.claim_in_review(room),
        make.claim_submitted(room),
        make.claim_in_review(room),
    )
    for claim, hours in ((little, -2), (much, -72), (ahead, 3), (done, -9)):
        triaging.schedule(claim, by=dora, due_at=now + dt.timedelta(hours=hours, seconds=30))
    deciding.dismiss(done, by=dora, reason="Not checkable.")
    client = signed_in(dora)
    late = client.get(QUEUE, {"tab": "late"})
    assert _numbers(late) == [much.pk, little.pk]
    assert "late by 2 days" in words(late)
    assert "late by 1 hour" in words(late)
    everything = client.get(QUEUE, {"tab": "all", "sort": "due"})
    assert _numbers(everything) == [much.pk, little.pk, ahead.pk]
    assert "due in 3 hours" in words(everything)


def test_filters_narrow_by_age_demand_and_what_the_sources_brought(signed_in: SignIn):
    room = make.newsroom()
    dora = make.researcher(room)
    with time_machine.travel(timezone.now() - dt.timedelta(days=20)):
        old = make.claim_submitted(room)
    asked, twice, found = make.claim_gathering(room), make.claim_submitted(room), make.claim_in_review(room)
    nothing = make.claim_assessing(room, drafts=[])
    again = make.claim_submitted(room)
    deciding.mark_duplicate(again, of=twice, by=dora)
    failing = make.claim_gathering(room)
    gathering.abandon(make.lookup_taken(failing), reason="The source is down.")
    client = signed_in(dora)

    def shown(**given: str) -> set[int]:
        return set(_numbers(client.get(QUEUE, {"tab": "all", **given})))

    assert shown(demand="2") == {twice.pk}
    assert shown(source="asking") == {asked.pk}
    assert shown(source="found") == {found.pk}
    assert shown(source="nothing") == {nothing.pk, failing.pk}
    assert shown(source="unavailable") == {failing.pk}
    Claim.objects.filter(pk=old.pk).update(submitted_at=timezone.now() - dt.timedelta(days=20))
    assert shown(age="month") - shown(age="week") == {old.pk}
    assert shown(age="older") == set()


def test_topic_severity_and_deadline_are_set_on_the_workbench_and_told_in_its_history(signed_in: SignIn):
    claim = make.claim_submitted()
    client = signed_in(make.researcher(claim.newsroom))
    do(client, claim, "triage", topic="energy", severity="3", due_at="2026-12-01T15:30")
    claim.refresh_from_db()
    assert (claim.topic, claim.severity) == ("energy", 3)
    assert claim.due_at == dt.datetime(2026, 12, 1, 15, 30, tzinfo=dt.UTC)
    assert "Topic: energy · Severity: high · Due: 1 Dec 2026, 15:30" in words(client.get(bench(claim)))
    assert "claim is" in words(do(client, make.claim_in_approval(claim.newsroom), "triage", topic="", severity="1"))


@pytest.mark.parametrize("sort", ["score", "newest", "oldest", "waiting", "due"])
def test_somebody_of_two_newsrooms_reads_their_claims_in_one_order(signed_in: SignIn, monkeypatch, sort: str):
    monkeypatch.setattr("claims.admin.queue.PAGE", 3)
    first, second = make.newsroom(), make.newsroom()
    dora = make.researcher(first)
    Membership.objects.create(newsroom=second, user=dora, roles=[Role.RESEARCHER])
    dora.forget_roles()
    make.claim_submitted()  # a stranger's
    now = timezone.now()
    for number in range(8):
        claim = make.claim_submitted(first if number % 3 else second)
        triaging.schedule(claim, by=dora, due_at=now + dt.timedelta(hours=(number * 5) % 8))
    order = SORTS[sort].keys
    wanted = list(Claim.objects.filter(newsroom__in=[first, second]).order_by(*order).values_list("pk", flat=True))
    client = signed_in(dora)
    page, seen = client.get(QUEUE, {"tab": "all", "sort": sort}), []
    while True:
        seen += _numbers(page)
        found = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
        if not found:
            break
        page = client.get(QUEUE + found.group(1).replace("&amp;", "&"))
    assert seen == wanted


@pytest.mark.django_db(transaction=True)
def test_the_next_claim_is_taken_past_one_that_somebody_is_about_to_take():
    room = make.newsroom()
    best, other = make.claim_in_review(room), make.claim_in_review(room)
    for claim, severity in ((best, 3), (other, 2)):
        triaging.weigh(claim, by=make.researcher(room), severity=severity)
    ralf, rosa = make.reviewer(room), make.member(room, Role.REVIEWER)
    got: list[Claim | None] = []

    def take() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '5s'")
        got.append(reviewing.take([room.pk], by=rosa))
        connection.close()

    with transaction.atomic():
        assert reviewing.take([room.pk], by=ralf) == best
        held = threading.Thread(target=take)
        held.start()
        held.join(4)
    held.join()
    assert got == [other]
