"""The rules of the desk on its pages: open conditions with ticks, replies, the blindfold, stepping back, the policy."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim, Interest, LedgerEntry, Policy, Recusal, Reply, Tick, User
from claims.operations import conflicts, reviewing
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import bench, buttons, do, words

pytestmark = pytest.mark.django_db


def policy(claim: Claim, **rules: object) -> Policy:
    return Policy.objects.create(newsroom=claim.newsroom, severity=claim.severity, **rules)


def review(claim: Claim, slug: str = "false", reasons: str = "I counted.") -> User:
    by = make.member(claim.newsroom, Role.REVIEWER)
    reviewing.submit(claim, by=by, rating=make.rating(claim.newsroom, slug), reasons=reasons)
    return by


def propose(client: Client, claim: Claim) -> object:
    return do(client, claim, "propose", rating=make.rating(claim.newsroom).pk, headline="Fewer", reasons="900.")


def test_the_workbench_lists_what_is_still_missing_and_a_refusal_names_it(signed_in: SignIn):
    claim = make.claim_in_review()
    policy(claim, reviews_required=2, checklist=["Names spelt right"], reply_required=True)
    client = signed_in(make.reviewer(claim.newsroom))
    text = words(client.get(bench(claim)))
    assert "What the verdict needs" in text and "0 of 2" in text and "Names spelt right" in text
    refusal = propose(client, claim)
    assert refusal.status_code == 422
    assert "Nobody was asked for a reply" in words(refusal)
    assert "Not ticked off on the checklist: Names spelt right." in words(refusal)


def test_a_german_reviewer_reads_every_open_condition_in_german(signed_in: SignIn):
    claim = make.claim_in_review()
    policy(claim, reviews_required=2, reply_required=True)
    client = signed_in(make.reviewer(claim.newsroom))
    client.cookies["django_language"] = "de"
    refusal = words(propose(client, claim))
    assert "Für ein Urteil nötige Gutachten: 2" in refusal and "Niemand wurde um Stellungnahme gebeten" in refusal


def test_a_line_is_ticked_off_and_taken_back_with_a_button(signed_in: SignIn):
    claim = make.claim_in_review()
    policy(claim, checklist=["Names spelt right"])
    person = make.researcher(claim.newsroom)
    client = signed_in(person)
    do(client, claim, "tick", item="Names spelt right", done="on", step=claim.step)
    assert Tick.objects.get(claim=claim).by == person
    assert "Take back" in words(client.get(bench(claim)))
    do(client, claim, "tick", item="Names spelt right", step=claim.step)
    assert not Tick.objects.exists()


def test_a_question_and_its_answer_are_logged_on_the_workbench(signed_in: SignIn):
    claim = make.claim_in_review()
    client = signed_in(make.researcher(claim.newsroom))
    until = (timezone.localtime() + dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    do(client, claim, "ask_reply", reply="new", party="The mayor", channel="mail", deadline=until)
    reply = Reply.objects.get(claim=claim)
    assert "an answer is awaited" in words(client.get(bench(claim)))
    do(client, claim, "answer_reply", reply=reply.pk, answer="We counted twice.")
    assert "We counted twice." in words(client.get(bench(claim)))


def test_a_question_without_a_deadline_comes_back_as_it_was_typed(signed_in: SignIn):
    claim = make.claim_in_review()
    page = do(signed_in(make.researcher(claim.newsroom)), claim, "ask_reply", reply="new", party="The mayor")
    assert page.status_code == 400 and 'value="The mayor"' in page.content.decode()


def test_asking_nobody_is_said_with_its_reason(signed_in: SignIn):
    claim = make.claim_in_review()
    client = signed_in(make.researcher(claim.newsroom))
    do(client, claim, "waive_reply", reply="new", reason="A public statistic.")
    assert "Nobody was asked" in words(client.get(bench(claim)))


def test_a_blind_reviewer_sees_that_a_review_is_in_but_not_what_it_says(signed_in: SignIn):
    claim = make.claim_in_review()
    policy(claim, reviews_required=2, blind=True)
    review(claim, "mixed", reasons="Zwiebelkuchen")
    client = signed_in(make.member(claim.newsroom, Role.REVIEWER))
    page = client.get(bench(claim))
    assert "1 review is in. You read it when yours is." in words(page)
    assert "Zwiebelkuchen" not in page.content.decode()
    assert "Reviewed: mixed" not in words(page)
    do(client, claim, "review", rating=make.rating(claim.newsroom).pk, reasons="Mine.")
    page = client.get(bench(claim))
    assert "Zwiebelkuchen" in page.content.decode()
    assert "The reviews differ:" in words(page)


def test_the_ledger_page_keeps_the_blindfold_on(signed_in: SignIn):
    claim = make.claim_in_review()
    policy(claim, reviews_required=2, blind=True)
    review(claim, reasons="Zwiebelkuchen")
    entry = LedgerEntry.objects.get(kind="review.submitted")
    address = reverse("admin:claims_ledgerentry_change", args=[entry.pk])
    lead = signed_in(make.member(claim.newsroom, Role.DESK_LEAD))
    assert "Zwiebelkuchen" not in lead.get(address, follow=True).content.decode()
    auditor = signed_in(make.member(claim.newsroom, Role.AUDITOR))
    assert "Zwiebelkuchen" in auditor.get(address).content.decode()


def test_who_stepped_back_is_offered_no_review_and_is_let_back_by_an_editor(signed_in: SignIn):
    claim = make.claim_in_review()
    client = signed_in(make.reviewer(claim.newsroom))
    do(client, claim, "recuse", reason="My sister works there.")
    page = client.get(bench(claim))
    assert not buttons(page) & {"review", "take"}
    assert "My sister works there." in words(page)
    do(signed_in(make.editor(claim.newsroom)), claim, "readmit", recusal=Recusal.objects.get().pk)
    assert "review" in buttons(client.get(bench(claim)))


def test_a_declared_interest_is_said_on_the_workbench(signed_in: SignIn):
    claim = make.claim_in_review(text="Eulenburg planted 1,250 trees in 2024.")
    person = make.reviewer(claim.newsroom)
    conflicts.declare(claim.newsroom, user=person, words="Eulenburg", by=person)
    assert "You declared an interest in Eulenburg." in words(signed_in(person).get(bench(claim)))


def test_a_colleague_is_offered_the_approval_where_the_policy_leaves_it_to_them(signed_in: SignIn):
    claim = make.claim_in_approval()
    policy(claim, approver=Policy.Approver.COLLEAGUE)
    assert "approve" in buttons(signed_in(make.member(claim.newsroom, Role.REVIEWER)).get(bench(claim)))


def test_the_admin_edits_the_policy_and_two_at_once_do_not_overwrite_each_other(signed_in: SignIn):
    room = make.newsroom()
    client = signed_in(make.member(room, Role.ADMIN))
    given = {
        "newsroom": room.pk, "severity": 3, "reviews_required": 3, "agreeing_required": 2, "approver": "lead",
        "conflicts": "block", "origins_required": 2, "checklist": "Names spelt right\nDates checked\n",
    }  # fmt: skip
    client.post(reverse("admin:claims_policy_add"), given)
    kept = Policy.objects.get(newsroom=room)
    assert (kept.reviews_required, kept.checklist) == (3, ["Names spelt right", "Dates checked"])
    assert "2 of 3 agree" in words(client.get(reverse("admin:claims_policy_changelist")))
    address = reverse("admin:claims_policy_change", args=[kept.pk])
    client.post(address, {**given, "reviews_required": 4, "seen": 1})
    page = client.post(address, {**given, "reviews_required": 5, "seen": 1})
    assert "Someone else has saved meanwhile" in words(page)
    kept.refresh_from_db()
    assert kept.reviews_required == 4
    client.post(address, {**given, "reviews_required": 5, "seen": kept.version})
    kept.refresh_from_db()
    assert kept.reviews_required == 5
    assert LedgerEntry.objects.filter(kind="policy.changed").count() == 2


def test_a_policy_that_nobody_could_meet_is_refused(signed_in: SignIn):
    room = make.newsroom()
    client = signed_in(make.member(room, Role.ADMIN))
    given = {"newsroom": room.pk, "severity": 3, "reviews_required": 1, "agreeing_required": 2}
    page = client.post(
        reverse("admin:claims_policy_add"), {**given, "approver": "lead", "conflicts": "warn", "origins_required": 0}
    )
    assert "Not more agreeing reviews than reviews" in words(page)
    assert not Policy.objects.exists()


def test_people_declare_and_end_their_own_interests(signed_in: SignIn):
    room = make.newsroom()
    person, other = make.reviewer(room), make.editor(room)
    client = signed_in(person)
    given = {"newsroom": room.pk, "user": person.pk, "words": "Ada Lindgren", "note": "", "active": "on"}
    client.post(reverse("admin:claims_interest_add"), given)
    interest = Interest.objects.get()
    assert interest.user == person
    assert "Ada Lindgren" not in words(signed_in(other).get(reverse("admin:claims_interest_changelist")))
    refused = client.post(reverse("admin:claims_interest_add"), {**given, "user": other.pk})
    assert "You may declare your own interests only." in words(refused)
    client.post(reverse("admin:claims_interest_change", args=[interest.pk]), {"note": ""})
    interest.refresh_from_db()
    assert not interest.active


def test_who_saved_meanwhile_and_what_differs_is_shown_and_the_own_text_can_be_sent_again(signed_in: SignIn):
    claim = make.claim_in_review()
    first, second = signed_in(make.researcher(claim.newsroom)), signed_in(make.member(claim.newsroom, Role.REVIEWER))
    evidence = claim.evidence.all()[0]
    given = {"evidence": evidence.pk, "included": "on", "version": claim.version, "step": claim.step}
    do(first, claim, "judge", stance="agrees", note="As the mayor said.", **given)
    page = do(second, claim, "judge", stance="disagrees", note="The union said otherwise.", **given)
    assert page.status_code == 409
    text = words(page)
    assert "As the mayor said." in text and "The union said otherwise." in text and "saved meanwhile." in text
    claim.refresh_from_db()
    assert f'name="version" value="{claim.version}"' in page.content.decode()
    do(
        second,
        claim,
        "judge",
        stance="disagrees",
        note="The union said otherwise.",
        **{**given, "version": claim.version},
    )
    evidence.refresh_from_db()
    assert evidence.note == "The union said otherwise."


def test_two_proposals_at_once_are_laid_side_by_side(signed_in: SignIn):
    claim = make.claim_reviewed()
    first, second = (signed_in(make.member(claim.newsroom, Role.REVIEWER)) for _ in range(2))
    given = {"rating": make.rating(claim.newsroom).pk, "reasons": "900.", "step": claim.step}
    do(first, claim, "propose", headline="Fewer trees", **given)
    page = do(second, claim, "propose", headline="Not so many trees", **given)
    text = words(page)
    assert page.status_code == 409
    assert "Fewer trees" in text and "Not so many trees" in text and "different" in text
