"""Comments, mentions, notes, errands, and who is told."""

from __future__ import annotations

import pytest
from django.db import Error

from claims.errors import InvalidInput, MoveNotAllowed, NotPermitted, RuleBroken
from claims.models import Comment, Notice
from claims.operations import noticing, reviewing, talking
from claims.roles import Role
from tests import make

pytestmark = pytest.mark.django_db


def kinds(user: object) -> list[str]:
    return [one.kind for one in Notice.objects.of(user).order_by("pk")]


def test_who_is_mentioned_is_told_once_and_strangers_are_not():
    claim = make.claim_in_review()
    room = claim.newsroom
    bela = make.member(room, Role.REVIEWER, name="bela.b")
    stranger = make.member(make.newsroom(), Role.REVIEWER, name="zoe")
    dora = make.researcher(room)
    talking.comment(claim, by=dora, text="@bela.b, see page 3 (@zoe too). Mail: x@bela.b @bela.b!")
    assert kinds(bela) == ["mention"]
    assert kinds(stranger) == []
    assert kinds(dora) == []
    comment = Comment.objects.get()
    noticing.tell([bela], "mention", subject=f"comment:{comment.pk}", newsroom=room, claim=claim)
    assert kinds(bela) == ["mention"]


def test_the_assignee_and_those_who_spoke_before_hear_of_a_comment():
    claim = make.claim_in_review()
    room = claim.newsroom
    first, assignee, editor = make.researcher(room), make.reviewer(room), make.editor(room)
    claim = reviewing.assign(claim, to=assignee, by=editor)
    talking.comment(claim, by=first, text="I called the union.")
    talking.comment(claim, by=editor, text="And?")
    assert kinds(first) == ["comment"]
    assert kinds(assignee) == ["assigned", "comment", "comment"]
    assert noticing.read_claim(claim, by=assignee) != []
    assert not Notice.objects.of(assignee).unread().exists()
    assert Notice.objects.of(first).unread().count() == 1


def test_a_private_note_is_for_its_author_alone_and_not_in_the_ledger():
    claim = make.claim_in_review()
    author, colleague = make.researcher(claim.newsroom), make.reviewer(claim.newsroom)
    before = claim.newsroom.ledger.count()
    note = talking.comment(claim, by=author, text=f"@{colleague.username} is wrong, I think.", private=True)
    assert list(Comment.objects.readable_by(author)) == [note]
    assert not Comment.objects.readable_by(colleague).exists()
    assert not Comment.objects.readable_by(make.member(claim.newsroom, Role.AUDITOR)).exists()
    assert kinds(colleague) == []
    assert claim.newsroom.ledger.count() == before


def test_a_comment_is_never_edited_only_taken_back_by_its_author():
    claim = make.claim_in_review()
    author, other = make.researcher(claim.newsroom), make.reviewer(claim.newsroom)
    made = talking.comment(claim, by=author, text=f"@{other.username} look")
    with pytest.raises(NotPermitted):
        talking.withdraw(made, by=other)
    talking.withdraw(made, by=author)
    assert not Notice.objects.of(other).unread().exists()
    with pytest.raises(MoveNotAllowed):
        talking.withdraw(made, by=author)
    with pytest.raises(Error, match="Cannot update rows from claims_comment"):
        Comment.objects.filter(pk=made.pk).update(text="something else")


def test_an_errand_is_given_done_and_undone_and_both_hear_of_it():
    claim = make.claim_in_review()
    giver, doer = make.editor(claim.newsroom), make.researcher(claim.newsroom)
    errand = talking.give(claim, by=giver, text="Call the union", to=doer)
    assert kinds(doer) == ["errand"]
    talking.finish(errand, by=doer)
    assert kinds(giver) == ["errand_done"]
    with pytest.raises(MoveNotAllowed):
        talking.finish(errand, by=doer)
    assert talking.undo(errand, by=giver).done_at is None
    with pytest.raises(MoveNotAllowed):
        talking.undo(errand, by=giver)


def test_outsiders_readers_and_empty_words_are_refused():
    claim = make.claim_in_review()
    author = make.researcher(claim.newsroom)
    stranger = make.member(make.newsroom(), Role.EDITOR)
    for wrong in ("", "  ", "x" * 5_001):
        with pytest.raises(InvalidInput):
            talking.comment(claim, by=author, text=wrong)
    for person in (stranger, make.member(claim.newsroom, Role.AUDITOR)):
        with pytest.raises(NotPermitted):
            talking.comment(claim, by=person, text="Hello")
    with pytest.raises(RuleBroken):
        talking.give(claim, by=author, text="Do it", to=stranger)
