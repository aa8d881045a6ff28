"""Comments, tasks and notices at the desk."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.models import Comment, Errand, Notice
from claims.operations import talking
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import bench, words
from tests.api.client import program_of

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script> @{}"


def say(client: object, claim: object, name: str, **given: object) -> object:
    return client.post(reverse("admin:desk_talk", args=[claim.pk, name]), given, follow=True)


def test_a_mention_is_seen_in_the_navigation_on_ones_page_and_on_the_workbench(signed_in: SignIn):
    claim = make.claim_in_review()
    author, reader = make.researcher(claim.newsroom), make.reviewer(claim.newsroom)
    page = say(signed_in(author), claim, "comment", text=HOSTILE.format(reader.username))
    assert "<script>alert" not in page.content.decode()
    client = signed_in(reader)
    mine = client.get(reverse("admin:desk_mine"))
    assert "You were mentioned" in words(mine)
    notice = Notice.objects.of(reader).get()
    assert "1 new" in words(client.get(bench(claim)))
    there = client.get(reverse("admin:desk_notice", args=[notice.pk]))
    assert there["Location"] == f"{bench(claim)}#comment-{Comment.objects.get().pk}"
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert "1 new" not in words(client.get(bench(claim)))


def test_a_private_note_is_on_nobody_elses_page(signed_in: SignIn):
    claim = make.claim_in_review()
    author, other = make.researcher(claim.newsroom), make.editor(claim.newsroom)
    say(signed_in(author), claim, "comment", text="Zwiebel note", private="on")
    assert "Zwiebel note" in words(signed_in(author).get(bench(claim)))
    assert "Zwiebel note" not in words(signed_in(other).get(bench(claim)))
    say(signed_in(other), claim, "withdraw", row=Comment.objects.get().pk)
    assert Comment.objects.get().withdrawn_at is None


def test_a_task_is_given_late_done_and_taken_back(signed_in: SignIn):
    claim = make.claim_in_review()
    giver, doer = make.editor(claim.newsroom), make.researcher(claim.newsroom)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    say(signed_in(giver), claim, "task", text="Call the union", to=doer.pk, due_on=yesterday.isoformat())
    client = signed_in(doer)
    text = words(client.get(reverse("admin:desk_mine")))
    assert "Call the union" in text
    assert "overdue" in text
    errand = Errand.objects.get()
    assert f"done by {doer.username}" in words(say(client, claim, "done", row=errand.pk))
    assert "Call the union" not in words(client.get(reverse("admin:desk_mine")))
    say(client, claim, "undone", row=errand.pk)
    errand.refresh_from_db()
    assert errand.done_at is None


def test_what_was_taken_back_is_not_shown_any_more(signed_in: SignIn):
    claim = make.claim_in_review()
    author = make.researcher(claim.newsroom)
    made = talking.comment(claim, by=author, text="Regretted words")
    page = words(say(signed_in(author), claim, "withdraw", row=made.pk))
    assert "Regretted words" not in page
    assert "Taken back by who said it." in page


def test_a_stranger_reads_and_says_nothing_and_nobody_reads_my_notices(signed_in: SignIn):
    claim = make.claim_in_review()
    reader = make.reviewer(claim.newsroom)
    talking.comment(claim, by=make.researcher(claim.newsroom), text=f"@{reader.username} look")
    stranger = signed_in(make.member(make.newsroom(), Role.EDITOR))
    assert say(stranger, claim, "comment", text="Hello").status_code == 404
    notice = Notice.objects.of(reader).get()
    for other in (stranger, signed_in(make.editor(claim.newsroom))):
        assert other.get(reverse("admin:desk_notice", args=[notice.pk])).status_code == 404
    signed_in(make.editor(claim.newsroom)).post(reverse("admin:desk_mine"))
    notice.refresh_from_db()
    assert notice.read_at is None


def test_the_pages_speak_german(signed_in: SignIn):
    claim = make.claim_in_review()
    reader = make.reviewer(claim.newsroom)
    talking.comment(claim, by=make.researcher(claim.newsroom), text=f"@{reader.username} schau")
    client = signed_in(reader)
    client.cookies["django_language"] = "de"
    assert "Sie wurden erwähnt" in words(client.get(reverse("admin:desk_mine")))
    assert "Kommentare und Aufgaben" in words(client.get(bench(claim)))


def test_programs_read_comments_tasks_and_their_persons_notices():
    claim = make.claim_in_review()
    reader, author = make.reviewer(claim.newsroom), make.researcher(claim.newsroom)
    program = program_of(author, claim.newsroom)
    said = program.post(f"claims/{claim.pk}/comments/", {"text": f"@{reader.username} look"})
    assert said.status_code == 201, said.content
    program.post(f"claims/{claim.pk}/comments/", {"text": "for me", "private": True})
    given = program.post(f"claims/{claim.pk}/tasks/", {"text": "Call", "assignee": reader.username})
    assert given.status_code == 201, given.content
    other = program_of(reader, claim.newsroom, "read")
    assert [one["private"] for one in other.get(f"claims/{claim.pk}/comments/").json()["results"]] == [False]
    assert other.get(f"claims/{claim.pk}/tasks/").json()["results"][0]["assignee"] == reader.username
    kinds = [one["kind"] for one in other.get("notices/?unread=true").json()["results"]]
    assert kinds == ["errand", "mention"]
    assert other.post(f"claims/{claim.pk}/comments/", {"text": "no"}).status_code == 403


def test_the_head_of_every_page_says_how_much_is_unread_until_it_is_read(signed_in: SignIn):
    claim = make.claim_in_review()
    told = make.member(claim.newsroom, "researcher")
    client = signed_in(told)
    assert "d-bell" not in client.get("/admin/stuck/").content.decode()
    talking.comment(claim, by=make.editor(claim.newsroom), text=f"@{told.username}, look.")

    assert 'aria-label="1 unread notice"' in client.get("/admin/stuck/").content.decode()

    client.post("/admin/mine/")
    assert "d-bell" not in client.get("/admin/stuck/").content.decode()
