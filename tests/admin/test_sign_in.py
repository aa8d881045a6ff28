"""The door of the desk: second factor, lock, sessions."""

from __future__ import annotations

import base64
import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP

from claims.models import LedgerEntry, Membership, Newsroom, SecondFactor, SignIn, User
from claims.operations import securing
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn as SignedIn
from tests.admin.pages import words

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/"
PASSWORD = "correct horse battery"


def code_of(user: User, *, seconds: float = 0) -> str:
    """What the person's phone shows."""
    from claims.sealing import unseal

    clock: Any = TOTP(base64.b32decode(unseal(SecondFactor.objects.get(user=user).sealed_secret)))
    clock.time = (timezone.now() + dt.timedelta(seconds=seconds)).timestamp()
    return f"{clock.token():06d}"


def with_factor(user: User) -> list[str]:
    securing.begin(user)
    with time_machine.travel(timezone.now() - dt.timedelta(minutes=10)):
        return securing.confirm(user, code=code_of(user))


def knock(user: User, password: str = PASSWORD, *, client: Client | None = None, **meta: Any) -> tuple[Client, Any]:
    client = client or Client()
    return client, client.post(LOGIN, {"username": user.get_username(), "password": password}, **meta)


def is_in(client: Client) -> bool:
    return client.get("/admin/account/").status_code == 200


def kinds(room: Newsroom) -> list[str]:
    return list(LedgerEntry.objects.filter(newsroom=room).order_by("sequence").values_list("kind", flat=True))


@pytest.fixture
def room() -> Newsroom:
    return make.newsroom()


def test_without_a_second_factor_the_password_opens(room: Newsroom):
    client, answer = knock(make.editor(room))
    assert answer.status_code == 302
    assert is_in(client)


def test_a_person_sets_a_second_factor_up_by_scanning_and_keeps_recovery_codes(room: Newsroom, signed_in: SignedIn):
    user = make.editor(room)
    client = signed_in(user)
    page = client.get("/admin/account/second-factor/")
    assert "<svg" in page.content.decode()
    typed = re.search(r"data-select>([A-Z2-7 ]+)<", page.content.decode())
    assert typed and len(typed[1].replace(" ", "")) == 32
    assert client.post("/admin/account/second-factor/", {"code": "000000"}).status_code == 400
    assert not securing.is_on(user)
    page = client.post("/admin/account/second-factor/", {"code": code_of(user)})
    assert len(re.findall(r"<code>[a-z0-9]{6}-[a-z0-9]{6}-[a-z0-9]{6}</code>", page.content.decode())) == 10
    assert securing.is_on(user)
    assert is_in(client)
    assert "member.second_factor_on" in kinds(room)


def test_nothing_of_a_secret_or_code_is_kept_readable(room: Newsroom):
    user = make.editor(room)
    secret, _ = securing.begin(user)
    codes = with_factor(user)
    kept = str(list(SecondFactor.objects.values())) + str(list(user.recovery_codes.values()))
    assert secret not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_with_a_second_factor_the_password_alone_opens_nothing(room: Newsroom):
    user = make.editor(room)
    with_factor(user)
    client, answer = knock(user)
    assert answer["Location"] == reverse("admin:desk_code")
    assert not is_in(client)
    answer = client.post("/admin/login/code/", {"code": code_of(user)})
    assert answer["Location"] == "/admin/"
    assert is_in(client)


def test_a_code_opens_once(room: Newsroom):
    user = make.editor(room)
    with_factor(user)
    with time_machine.travel(timezone.now(), tick=False):
        code = code_of(user)
        assert securing.check(user, code=code)
        assert not securing.check(user, code=code)
        assert not securing.check(user, code=code_of(user, seconds=-30)), "an earlier one is worth nothing either"


def test_a_recovery_code_opens_once_and_is_told_to_the_ledger(room: Newsroom):
    user = make.editor(room)
    codes = with_factor(user)
    client, _ = knock(user)
    assert client.post("/admin/login/code/", {"code": codes[0].upper().replace("-", " ")}).status_code == 302
    assert is_in(client)
    assert not securing.check(user, code=codes[0])
    assert "member.recovery_code_used" in kinds(room)


def test_a_password_that_was_right_too_long_ago_is_asked_for_again(room: Newsroom):
    user = make.editor(room)
    with_factor(user)
    client, _ = knock(user)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        assert client.post("/admin/login/code/", {"code": code_of(user)})["Location"] == LOGIN
        assert not is_in(client)


@pytest.mark.parametrize(
    ("policy", "role", "kept_out"),
    [
        ("nobody", Role.EDITOR, False),
        ("publishing", Role.RESEARCHER, False),
        ("publishing", Role.EDITOR, True),
        ("publishing", Role.ADMIN, True),
        ("all", Role.RESEARCHER, True),
        ("all", Role.AUDITOR, True),
    ],
)
def test_a_newsroom_may_ask_for_a_second_factor(room: Newsroom, policy: str, role: Role, kept_out: bool):
    Newsroom.objects.filter(pk=room.pk).update(second_factor=policy)
    user = make.person(room, role)
    client, _ = knock(user)
    answer = client.get("/admin/claims/claim/")
    assert (answer.status_code, answer.get("Location")) == (
        (302, "/admin/account/second-factor/") if kept_out else (200, None)
    )
    assert (client.get("/api/v1/claims/").status_code == 200) is not kept_out
    if kept_out:
        assert "Your newsroom asks for a second factor." in words(client.get("/admin/account/second-factor/"))
        client.post("/admin/account/second-factor/", {"code": code_of(user)})
        assert client.get("/admin/claims/claim/").status_code == 200
        assert client.get("/api/v1/claims/").status_code == 200


def test_who_is_asked_for_a_second_factor_cannot_switch_it_off(room: Newsroom):
    user = make.editor(room)
    with_factor(user)
    Newsroom.objects.filter(pk=room.pk).update(second_factor="all")
    client, _ = knock(user)
    client.post("/admin/login/code/", {"code": code_of(user)})
    answer = client.post("/admin/account/second-factor/off/", {"code": code_of(user, seconds=30)})
    assert "Your newsroom asks for a second factor." in words(answer)
    assert securing.is_on(user)


def test_a_second_factor_is_switched_off_with_a_code_only(room: Newsroom):
    user = make.editor(room)
    with_factor(user)
    client, _ = knock(user)
    client.post("/admin/login/code/", {"code": code_of(user)})
    assert client.post("/admin/account/second-factor/off/", {"code": "123"}).status_code == 400
    assert securing.is_on(user)
    client.post("/admin/account/second-factor/off/", {"code": code_of(user, seconds=30)})
    assert not securing.is_on(user)


def test_an_admin_resets_a_lost_second_factor_with_a_reason(room: Newsroom, signed_in: SignedIn):
    user, boss = make.editor(room), make.member(room, Role.ADMIN)
    with_factor(user)
    inside = signed_in(user)
    member = Membership.objects.get(user=user)
    address = reverse("admin:claims_membership_sign_in", args=[member.pk, "reset"])
    desk = signed_in(boss)
    desk.post(address, {"reason": " "})
    assert securing.is_on(user)
    desk.post(address, {"reason": "Phone lost on the train"})
    assert not securing.is_on(user)
    assert not is_in(inside)
    entry = LedgerEntry.objects.get(newsroom=room, kind="member.second_factor_reset")
    assert "Phone lost on the train" in entry.body


def test_an_admin_does_not_reset_what_protects_another_newsroom(room: Newsroom, signed_in: SignedIn):
    user, boss = make.editor(room), make.member(room, Role.ADMIN)
    Membership.objects.create(newsroom=make.newsroom(), user=user, roles=[Role.EDITOR])
    with_factor(user)
    member = Membership.objects.get(user=user, newsroom=room)
    signed_in(boss).post(reverse("admin:claims_membership_sign_in", args=[member.pk, "reset"]), {"reason": "x"})
    assert securing.is_on(user)


@pytest.mark.parametrize("deed", ["reset", "unlock", "sign-out"])
def test_strangers_and_colleagues_touch_nobodys_account(room: Newsroom, signed_in: SignedIn, deed: str):
    user = make.editor(room)
    with_factor(user)
    inside = signed_in(user)
    address = reverse("admin:claims_membership_sign_in", args=[Membership.objects.get(user=user).pk, deed])
    for other in (make.member(room, Role.DESK_LEAD), make.member(make.newsroom(), Role.ADMIN)):
        assert signed_in(other).post(address, {"reason": "x"}).status_code == 404
    assert is_in(inside)
    assert securing.is_on(user)


def test_an_account_locks_after_five_failures_and_says_so(room: Newsroom, settings: Any):
    user = make.editor(room)
    for _ in range(4):
        assert knock(user, "wrong")[1].status_code == 200
    _, answer = knock(user, "wrong")
    assert answer.status_code == 429
    assert "locked for this address for 15 minutes" in words(answer)
    _, answer = knock(user)
    assert answer.status_code == 429, "the right password does not help"
    assert kinds(room).count("member.locked") == 1
    assert knock(user, REMOTE_ADDR="198.51.100.7")[1].status_code == 302, "from elsewhere the owner gets in"


def test_a_lock_ends_by_itself(room: Newsroom):
    user = make.editor(room)
    for _ in range(5):
        knock(user, "wrong")
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16)):
        assert knock(user)[1].status_code == 302


def test_an_account_that_does_not_exist_answers_like_one_that_does(room: Newsroom):
    real, ghost = make.editor(room), User(username="nobody-here")
    for _ in range(6):
        (_, one), (_, other) = knock(real, "wrong"), knock(ghost, "wrong")
        assert one.status_code == other.status_code
        assert words(one).replace(real.username, "") == words(other).replace(ghost.username, "")


def test_wrong_codes_lock_as_wrong_passwords_do(room: Newsroom):
    user = make.editor(room)
    with_factor(user)
    client, _ = knock(user)
    answers = [client.post("/admin/login/code/", {"code": "000000"}).status_code for _ in range(5)]
    assert answers == [400, 400, 400, 400, 429]
    assert client.post("/admin/login/code/", {"code": code_of(user)}).status_code == 429
    assert not is_in(client)


def test_an_admin_unlocks_a_member(room: Newsroom, signed_in: SignedIn):
    user, boss = make.editor(room), make.member(room, Role.ADMIN)
    for _ in range(5):
        knock(user, "wrong")
    member = Membership.objects.get(user=user)
    desk = signed_in(boss)
    assert "after 5 failed attempts" in words(desk.get(reverse("admin:claims_membership_change", args=[member.pk])))
    desk.post(reverse("admin:claims_membership_sign_in", args=[member.pk, "unlock"]))
    assert knock(user)[1].status_code == 302
    assert kinds(room)[-1] == "member.unlocked"


def test_sessions_are_listed_with_the_browser_and_one_can_be_ended(room: Newsroom):
    user = make.editor(room)
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1"
    phone, _ = knock(user, headers={"user-agent": agent}, REMOTE_ADDR="198.51.100.7")
    desk, _ = knock(user, headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"})
    text = words(desk.get("/admin/account/"))
    assert "Firefox, Linux this one" in text
    assert "Safari, iPhone 198.51.100.7" in text
    desk.post("/admin/account/sessions/end/", {"session": SignIn.objects.get(address="198.51.100.7").pk})
    assert not is_in(phone)
    assert is_in(desk)


def test_all_other_sessions_end_at_once(room: Newsroom):
    user = make.editor(room)
    others = [knock(user)[0] for _ in range(3)]
    desk, _ = knock(user)
    desk.post("/admin/account/sessions/end/", {"session": "others"})
    assert [is_in(one) for one in others] == [False] * 3
    assert is_in(desk)


def test_nobody_ends_the_session_of_somebody_else(room: Newsroom):
    victim, _ = knock(make.editor(room))
    other, _ = knock(make.reviewer(room))
    pk = SignIn.objects.get(user=make.editor(room)).pk
    assert other.post("/admin/account/sessions/end/", {"session": pk}).status_code == 404
    assert other.post("/admin/account/sessions/end/", {"session": "²"}).status_code == 404
    assert is_in(victim)


def test_a_new_password_signs_every_other_browser_out(room: Newsroom):
    user = make.editor(room)
    other, _ = knock(user)
    desk, _ = knock(user)
    fresh = "quite another horse 7"
    given = {"old_password": PASSWORD, "new_password1": fresh, "new_password2": fresh}
    assert desk.post("/admin/password_change/", given).status_code == 302
    assert not is_in(other)
    assert is_in(desk)
    assert words(desk.get("/admin/account/")).count("this one") == 1
    assert user.sign_ins.open().count() == 1


def test_an_admin_signs_a_member_out_everywhere(room: Newsroom, signed_in: SignedIn):
    user, boss = make.editor(room), make.member(room, Role.ADMIN)
    inside, _ = knock(user)
    member = Membership.objects.get(user=user)
    signed_in(boss).post(reverse("admin:claims_membership_sign_in", args=[member.pk, "sign-out"]))
    assert not is_in(inside)
    assert kinds(room)[-1] == "member.signed_out"


def test_signing_out_takes_the_session_off_the_list(room: Newsroom):
    user = make.editor(room)
    client, _ = knock(user)
    client.post("/admin/logout/")
    assert not user.sign_ins.open().exists()


def test_behind_a_proxy_the_address_is_the_one_the_proxy_saw(room: Newsroom, settings: Any):
    settings.TRUSTS_PROXY = True
    user = make.editor(room)
    knock(user, REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": "203.0.113.66, 198.51.100.7"})
    assert user.sign_ins.get().address == "198.51.100.7"
