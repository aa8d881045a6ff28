"""What people were told is mailed: at once or collected, once, in a thread per claim, and stopped with one click.

The mail server is a real one on loopback.
"""

from __future__ import annotations

import datetime as dt
import re
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import signing
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from claims import letters
from claims.models import Claim, Mail, Membership, Newsroom, Notice, RefusedAddress, Rhythm, User
from claims.operations import mailing, noticing, talking
from claims.roles import Role
from tests import make
from tests.workers.mailserver import MailServer, running
from workers.tasks import noticing as tasks

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2031, 3, 3, 8, tzinfo=dt.UTC)  # nine o'clock in Berlin


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with running() as found:
        yield found


@pytest.fixture
def post(server: MailServer, settings: Any) -> MailServer:
    """Mail is on, and goes to a server that has taken nothing yet."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
    settings.DEFAULT_FROM_EMAIL = "desk@desk.example"
    settings.PUBLIC_URL = "https://desk.example"
    server.mails.clear()
    server.raw.clear()
    server.refusals.clear()
    return server


def reader(room: Newsroom, **fields: Any) -> User:
    """Somebody who reads mail."""
    user = make.member(room, Role.REVIEWER)
    for name, value in {"email": f"{user.username}@mail.example", **fields}.items():
        setattr(user, name, value)
    user.save()
    return user


def mention(claim: Claim, user: User, text: str = "look at this") -> None:
    talking.comment(claim, by=make.editor(claim.newsroom), text=f"@{user.username} {text}")


def deliver() -> None:
    """What the workers do with what is due now."""
    Mail.objects.filter(state="open").update(next_attempt_at=timezone.now() - dt.timedelta(hours=1))
    for pk in list(Mail.objects.due().order_by("pk").values_list("pk", flat=True)):
        tasks.carry_mail(pk)


def outcomes(user: User) -> list[tuple[str, str]]:
    return list(Mail.objects.filter(person=user).order_by("pk").values_list("state", "outcome"))


def text_of(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())


def test_a_mention_is_mailed_at_once_and_once(post: MailServer):
    claim = make.claim_in_review()
    user = reader(claim.newsroom)
    mention(claim, user)
    deliver()
    tasks.carry_mail(Mail.objects.get(person=user).pk)  # delivered twice
    [mail] = post.mails
    assert mail["To"] == user.email
    assert mail["Subject"].startswith(f"#{claim.pk} Eulenburg planted")
    assert mail["From"] == f"{claim.newsroom.name} <desk@desk.example>"
    assert "You were mentioned" in text_of(mail)
    assert "look at this" not in text_of(mail)  # what people write stays in the desk
    notice = Notice.objects.get(person=user)
    assert f"https://desk.example/admin/mine/{notice.pk}/" in text_of(mail)
    html = mail.get_body(("html",)).get_content()
    assert f'href="https://desk.example/admin/mine/{notice.pk}/"' in html
    assert outcomes(user) == [("done", "sent")]


def test_the_html_escapes_what_stands_in_a_claim(post: MailServer):
    claim = make.claim_in_review(text="<script>alert(1)</script> planted 1,250 trees & more in March 2024.")
    user = reader(claim.newsroom)
    mention(claim, user)
    deliver()
    html = post.mails[0].get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_mails_about_a_claim_stand_in_one_thread_per_person(post: MailServer):
    claim = make.claim_in_review()
    one, other = reader(claim.newsroom), reader(claim.newsroom)
    for user in (one, other, one):
        mention(claim, user)
        deliver()
    first, apart, second = post.mails
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"] != apart["Message-ID"]
    assert (first["In-Reply-To"], apart["In-Reply-To"]) == (None, None)
    assert first["Subject"] == second["Subject"]
    assert first["Message-ID"].endswith("@desk.example>")


def test_what_was_read_in_the_desk_meanwhile_is_not_mailed(post: MailServer):
    claim = make.claim_in_review()
    user = reader(claim.newsroom)
    mention(claim, user)
    noticing.read_claim(claim, by=user)
    deliver()
    assert post.mails == []
    assert outcomes(user) == [("done", "dropped")]


def test_who_left_the_newsroom_gets_no_mail_of_it(post: MailServer):
    claim = make.claim_in_review()
    user = reader(claim.newsroom)
    mention(claim, user)
    Membership.objects.filter(user=user).update(active=False)
    deliver()
    assert post.mails == []


def test_without_a_mail_server_nothing_is_written_and_nothing_comes_later(post: MailServer, settings: Any):
    settings.EMAIL_HOST = ""
    claim = make.claim_in_review()
    user = reader(claim.newsroom)
    mention(claim, user)
    assert not Mail.objects.exists()
    settings.EMAIL_HOST = "127.0.0.1"
    assert mailing.write_digests(claim.newsroom) == 0
    assert Notice.objects.filter(person=user).count() == 1


def test_german_readers_get_german_mail_by_the_desks_clock(post: MailServer):
    claim = make.claim_in_review(make.newsroom(time_zone="Europe/Berlin"))
    user = reader(claim.newsroom, language="de")
    mention(claim, user)
    Notice.objects.filter(person=user).update(at=dt.datetime(2031, 3, 3, 8, 15, tzinfo=dt.UTC))
    deliver()
    body = text_of(post.mails[0])
    assert "Sie wurden erwähnt" in body
    assert "09:15" in body
    assert "Keine solchen Mails mehr" in body


@pytest.mark.parametrize(
    "hostile",
    [
        "Trees\r\nBcc: all@example.org",
        "Trees\nBcc: all@example.org",
        "Trees\x0bBcc: a",
        "Trees\u2028Bcc: a",
        "\u202eseert",
    ],
)
def test_no_header_can_be_smuggled_in(post: MailServer, hostile: str):
    claim = make.claim_in_review()
    Newsroom.objects.filter(pk=claim.newsroom_id).update(name=f"Desk {hostile}")
    claim.newsroom.refresh_from_db()
    user = reader(claim.newsroom)
    mention(claim, user)
    deliver()
    [mail] = post.mails
    assert mail["Bcc"] is None
    assert mail.get_all("To") == [user.email]
    assert not re.search(rb"(?m)^Bcc:", post.raw[0])  # nor in the text, where a careless reader would see one
    assert letters.plain(hostile) == letters.plain(letters.plain(hostile))
    assert not set(letters.plain(hostile)) & set("\r\n\x0b\u2028\u202e")


def test_a_server_that_is_away_delays_mail_with_growing_waits_and_loses_none(post: MailServer, settings: Any):
    with socket.create_server(("127.0.0.1", 0)) as unused:
        closed = unused.getsockname()[1]
    claim = make.claim_in_review()
    user = reader(claim.newsroom)
    settings.EMAIL_PORT = closed
    mention(claim, user)
    waits = []
    for _ in range(3):
        deliver()
        mail = Mail.objects.get(person=user)
        waits.append((mail.next_attempt_at - timezone.now()).total_seconds())
        assert "could not be reached" in mail.last_error
    assert waits == sorted(waits)
    assert waits[-1] > 1000
    settings.EMAIL_PORT = post.port
    deliver()
    assert len(post.mails) == 1


def test_a_mail_that_never_gets_through_is_a_dead_letter_a_person_revives(post: MailServer):
    claim = make.claim_in_review()
    user = reader(claim.newsroom)
    post.refusals[user.email] = "450 4.2.0 Greylisted, come back later"
    mention(claim, user)
    for _ in range(len(mailing.SCHEDULE) + 1):
        deliver()
    [mail] = Mail.objects.filter(person=user)
    assert mail.state == "dead"
    assert "Greylisted" in mail.last_error
    client = Client()
    client.force_login(make.editor(claim.newsroom))
    assert "Greylisted" in client.get("/admin/stuck/").content.decode()
    post.refusals.clear()
    client.post(f"/admin/stuck/mail/{mail.pk}/")
    deliver()
    assert len(post.mails) == 1


def test_an_address_that_refuses_mail_for_good_is_left_alone_and_its_owner_told_in_the_desk(post: MailServer):
    claim = make.claim_in_review()
    user = reader(claim.newsroom)
    post.refusals[user.email] = "550 5.1.1 No such user here"
    mention(claim, user)
    deliver()
    assert outcomes(user) == [("done", "refused")]
    kinds = list(Notice.objects.filter(person=user).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["mention", "mail_stopped"]
    mention(claim, user)
    assert Mail.objects.filter(person=user).count() == 1
    client = Client()
    client.force_login(user)
    assert "No such user here" in client.get("/admin/account/notices/").content.decode()
    post.refusals.clear()
    client.post("/admin/account/notices/address/")
    mention(claim, user)
    deliver()
    assert len(post.mails) == 1


@pytest.mark.parametrize("said", ["554 5.7.1 Relaying denied", "552 5.2.2 Mailbox full", "451 4.3.0 Busy"])
def test_a_refusal_that_says_nothing_of_the_address_stops_nothing(post: MailServer, said: str):
    claim = make.claim_in_review()
    user = reader(claim.newsroom)
    post.refusals[user.email] = said
    mention(claim, user)
    deliver()
    assert outcomes(user) == [("open", "")]
    assert not RefusedAddress.objects.exists()


def test_a_mail_refused_for_what_it_says_is_a_dead_letter_and_its_address_stays(post: MailServer):
    claim = make.claim_in_review()
    user = reader(claim.newsroom)
    post.refusals["DATA"] = "554 5.6.0 We do not like this message"
    mention(claim, user)
    deliver()
    assert outcomes(user) == [("dead", "")]
    assert not RefusedAddress.objects.exists()


def test_what_is_no_address_is_refused_without_asking_a_server(post: MailServer):
    claim = make.claim_in_review()
    user = reader(claim.newsroom, email="nobody at all")
    mention(claim, user)
    deliver()
    assert (post.mails, outcomes(user)) == ([], [("done", "refused")])


def told(user: User, room: Newsroom, *, at: dt.datetime, subject: str, kind: str = "comment", **fields: Any) -> None:
    noticing.tell([user], kind, subject=subject, newsroom=room, **fields)
    Notice.objects.filter(person=user, subject=subject).update(at=at)


BERLIN = {"time_zone": "Europe/Berlin", "country": "DE"}


def test_a_daily_digest_comes_when_the_desk_opens_and_collects_what_was_not_read(post: MailServer):
    claim = make.claim_in_review(make.newsroom(**BERLIN))
    room, user = claim.newsroom, reader(claim.newsroom)
    friday = MONDAY - dt.timedelta(days=3)
    told(user, room, at=friday, subject="comment:1", claim=claim)
    told(user, room, at=friday, subject="comment:2", claim=claim)
    told(user, room, at=friday, subject="comment:3", claim=claim)
    noticing.read(Notice.objects.filter(subject="comment:3"), by=user)
    assert mailing.write_digests(room, now=MONDAY - dt.timedelta(minutes=1)) == 0  # the weekend is not a morning
    assert mailing.write_digests(room, now=MONDAY) == 1
    assert mailing.write_digests(room, now=MONDAY + dt.timedelta(hours=3)) == 0
    deliver()
    [mail] = post.mails
    assert mail["Subject"] == f"{room.name}: 2 notices"
    assert text_of(mail).count("New comment") == 2


def test_without_news_there_is_no_digest(post: MailServer):
    room = make.newsroom(**BERLIN)
    reader(room)
    assert mailing.newsrooms_with_digests() == []
    assert mailing.write_digests(room, now=MONDAY) == 0


def test_a_weekly_digest_comes_on_the_first_working_day_of_the_week(post: MailServer):
    room = make.newsroom(**BERLIN)
    user = reader(room)
    noticing.prefer(user, {"comment": Rhythm.WEEKLY}, by=user)
    wednesday = MONDAY - dt.timedelta(days=5)
    told(user, room, at=wednesday, subject="comment:1")
    assert mailing.write_digests(room, now=MONDAY - dt.timedelta(days=3)) == 0
    assert mailing.write_digests(room, now=MONDAY) == 1
    easter_monday = dt.datetime(2031, 4, 14, 10, tzinfo=dt.UTC)
    told(user, room, at=easter_monday - dt.timedelta(days=4), subject="comment:2")
    assert mailing.write_digests(room, now=easter_monday) == 0
    assert mailing.write_digests(room, now=easter_monday + dt.timedelta(days=1)) == 1


def test_after_days_without_a_clock_there_is_one_digest_of_everything(post: MailServer):
    room = make.newsroom(**BERLIN)
    user = reader(room)
    for day in range(1, 4):
        told(user, room, at=MONDAY + dt.timedelta(days=day), subject=f"comment:{day}")
    friday = MONDAY + dt.timedelta(days=4, hours=5)
    assert [mailing.write_digests(room, now=friday) for _ in range(3)] == [1, 0, 0]
    deliver()
    assert text_of(post.mails[0]).count("New comment") == 3


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_write_one_digest(post: MailServer):
    room = make.newsroom(**BERLIN)
    user = reader(room)
    for number in range(5):
        told(user, room, at=MONDAY - dt.timedelta(days=3), subject=f"comment:{number}")
    gate = threading.Barrier(4)

    def tick() -> None:
        gate.wait()
        try:
            mailing.write_digests(room, now=MONDAY)
        finally:
            connection.close()

    clocks = [threading.Thread(target=tick) for _ in range(4)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()
    assert Mail.objects.filter(person=user).count() == 1
    assert Notice.objects.filter(person=user, mail__isnull=True).count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_same_told_by_many_at_once_is_mailed_once(post: MailServer):
    room = make.newsroom()
    user = reader(room)
    gate = threading.Barrier(4)

    def tell() -> None:
        gate.wait()
        try:
            noticing.tell([user], Notice.Kind.COMPLAINT, subject="complaint:7", newsroom=room)
        finally:
            connection.close()

    tellers = [threading.Thread(target=tell) for _ in range(4)]
    for one in tellers:
        one.start()
    for one in tellers:
        one.join()
    assert Notice.objects.filter(person=user).count() == Mail.objects.filter(person=user).count() == 1


def test_a_mail_belongs_to_the_transaction_of_its_notice(post: MailServer):
    room = make.newsroom()
    user = reader(room)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        noticing.tell([user], Notice.Kind.COMPLAINT, subject="complaint:7", newsroom=room)
        raise ZeroDivisionError
    assert not Mail.objects.exists()


def stop_path(mail: Any) -> str:
    return str(re.fullmatch(r"<https://desk\.example(/\S+)>", mail["List-Unsubscribe"].strip())[1])  # type: ignore[index]


def test_one_click_stops_this_kind_of_mail_without_a_sign_in_and_looking_stops_nothing(post: MailServer):
    cache.clear()
    claim = make.claim_in_review()
    user = reader(claim.newsroom)
    mention(claim, user)
    deliver()
    path = stop_path(post.mails[0])
    assert post.mails[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert path in text_of(post.mails[0])
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(path).status_code == 200
    assert noticing.preferences_of(user)["mention"] == Rhythm.INSTANT
    answer = stranger.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not answer.cookies
    stranger.post(path, {"List-Unsubscribe": "One-Click"})
    assert noticing.preferences_of(user)["mention"] == Rhythm.OFF
    mention(claim, user)
    deliver()
    assert len(post.mails) == 1
    assert noticing.preferences_of(user)["errand"] == Rhythm.INSTANT


def test_a_digests_click_stops_what_is_collected_and_a_button_stops_everything(post: MailServer):
    room = make.newsroom(**BERLIN)
    user = reader(room)
    told(user, room, at=MONDAY - dt.timedelta(days=3), subject="comment:1")
    mailing.write_digests(room, now=MONDAY)
    deliver()
    path = stop_path(post.mails[0])
    Client().post(path, {"List-Unsubscribe": "One-Click"})
    assert set(noticing.preferences_of(user).values()) == {Rhythm.INSTANT, Rhythm.OFF}
    Client().post(path, {"stop": "all"})
    assert set(noticing.preferences_of(user).values()) == {Rhythm.OFF}


@pytest.mark.parametrize("token", ["x", "WzEsImFsbCJd:1abc:nonsense", "a" * 500], ids=["short", "forged", "long"])
def test_a_forged_token_stops_nothing(token: str):
    assert Client().post(f"/mail/stop/{token}/").status_code == 404


def test_a_token_of_something_else_is_no_token_for_mail():
    user = make.member(make.newsroom(), Role.REVIEWER)
    assert mailing.read_token(mailing.stop_token(user, "mention")) == (user, "mention")
    assert mailing.read_token(signing.dumps([user.pk, "all"])) is None


def test_a_preference_holds_for_what_waits(post: MailServer):
    room = make.newsroom(**BERLIN)
    user = reader(room)
    told(user, room, at=MONDAY - dt.timedelta(days=3), subject="comment:1")
    noticing.prefer(user, {"comment": Rhythm.OFF}, by=user)
    assert mailing.write_digests(room, now=MONDAY) == 0
