"""What only served for a time goes; what happened stays."""

import datetime as dt
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.core.checks import run_checks
from django.utils import timezone

from claims.models import Claim, Complaint, FollowedItem, Mail, Notice, Recheck, SignIn, User
from claims.operations import complaining, following, forgetting, mailing, noticing, talking
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


def reader_of(claim: Claim) -> User:
    user = make.member(claim.newsroom, "reviewer")
    user.email = f"{user.username}@mail.example"
    user.save()
    return user


def mailed(claim: Claim, user: User, text: str) -> Mail:
    """A mail about a claim, sent."""
    talking.comment(claim, by=make.editor(claim.newsroom), text=f"@{user.username} {text}")
    return sent(Mail.objects.filter(person=user).latest("pk"))


def sent(mail: Mail) -> Mail:
    held = Mail.objects.take(mail.pk)
    assert held is not None and mailing.settle(held, Mail.Outcome.SENT)
    return held


def years_pass() -> None:
    Mail.objects.update(made_at=timezone.now() - LONG_AGO)
    Mail.objects.filter(state="done").update(settled_at=timezone.now() - LONG_AGO)
    Notice.objects.update(at=timezone.now() - LONG_AGO)


def test_mails_that_are_done_go_and_the_first_of_a_thread_stays(settings):
    settings.EMAIL_HOST = "127.0.0.1"
    claim = make.claim_in_review()
    user = reader_of(claim)
    first, *_rest = [mailed(claim, user, text) for text in ("one", "two", "three")]
    talking.comment(claim, by=make.editor(claim.newsroom), text=f"@{user.username} four")
    waiting = Mail.objects.latest("pk")
    years_pass()
    assert forgetting.forget_old()["mails"] == 2
    assert set(Mail.objects.values_list("pk", flat=True)) == {first.pk, waiting.pk}
    assert mailing.thread_of(mailed(claim, user, "five")) == first


def test_a_notice_whose_mail_was_forgotten_waits_for_no_other(settings):
    settings.EMAIL_HOST = "127.0.0.1"
    settings.RETENTION = {"notices": 0}
    claim = make.claim_in_review()
    user = reader_of(claim)
    noticing.prefer(user, {"comment": "daily"}, by=user)
    noticing.tell([user], Notice.Kind.COMMENT, subject="comment:7", newsroom=claim.newsroom_id, claim=claim)
    years_pass()
    assert mailing.write_digests(claim.newsroom) == 1
    sent(Mail.objects.get())
    years_pass()
    assert forgetting.forget_old()["mails"] == 1
    assert Notice.objects.filter(person=user).exists()
    assert mailing.write_digests(claim.newsroom) == 0


def test_what_the_clock_finds_again_is_never_told_twice_however_old_it_is():
    claim = make.claim_in_review()
    user = reader_of(claim)

    def told(kind: str, subject: str) -> bool:
        return bool(noticing.tell([user], kind, subject=subject, newsroom=claim.newsroom_id, claim=claim))

    assert told("overdue", "claim:7:1") and told("comment", "comment:7")
    years_pass()
    assert forgetting.forget_old()["notices"] == 1
    assert list(Notice.objects.filter(person=user).values_list("kind", flat=True)) == ["overdue"]
    assert not told("overdue", "claim:7:1")


def test_every_kind_of_notice_is_said_to_happen_once_or_to_be_found_again():
    found_again = {
        "due_soon", "overdue", "escalated", "complaint_due", "complaint_late", "errand_due", "check", "mail_stopped",
    }  # fmt: skip
    assert set(Notice.Kind.values) == found_again | set(forgetting.HAPPENS_ONCE)
    assert not found_again & set(forgetting.HAPPENS_ONCE)


def test_items_go_with_their_source_unless_an_article_came_of_them():
    article = make.article()
    editor = make.editor(article.newsroom)
    sources = [
        following.follow(article.newsroom, by=editor, name=name, url=f"https://{name}.example/feed", kind="feed")
        for name in ("gone", "kept")
    ]
    for source in sources:
        for number, of in enumerate((None, article)):
            address = f"{source.name}.example/{number}"
            FollowedItem.objects.create(
                newsroom=article.newsroom, source=source, address=address, url=address, state="done", article=of
            )
    following.unfollow(sources[0], by=editor)
    assert forgetting.forget_old()["followed_items"] == 0
    FollowedItem.objects.update(seen_at=timezone.now() - LONG_AGO)
    type(sources[0]).objects.filter(pk=sources[0].pk).update(removed_at=timezone.now() - LONG_AGO)
    assert forgetting.forget_old()["followed_items"] == 1
    assert set(FollowedItem.objects.values_list("address", flat=True)) == {
        "gone.example/1", "kept.example/0", "kept.example/1",
    }  # fmt: skip


def test_a_kind_is_gone_through_once_in_batches(monkeypatch):
    monkeypatch.setattr(forgetting, "BATCH", 2)
    watch = make.publication().watches.first()
    Recheck.objects.bulk_create(Recheck(watch=watch, outcome="unchanged") for _ in range(8))
    Recheck.objects.update(at=timezone.now() - LONG_AGO)
    assert forgetting.forget_old()["rechecks"] == 7
    assert Recheck.objects.count() == 1


def test_the_handbook_names_every_rule_with_its_days():
    page = (Path(__file__).parents[2] / "docs" / "upkeep.md").read_text()
    for rule in forgetting.RULES:
        names, days = next(
            line.strip("| ").split("|")[:2]
            for line in page.splitlines()
            if line.startswith("|") and f"`{rule.name}`" in line
        )
        assert int(days) == rule.days, names
