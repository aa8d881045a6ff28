"""Co-signing while checks are changed: nothing stands for a text nobody read, and no two wait for each other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from claims import pool
from claims.errors import FactcheckError
from claims.models import CoSignature, Publication
from claims.operations import cosigning, publishing
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 8


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run them in threads that begin together; a refusal is an outcome, anything else is raised."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return work()
        except FactcheckError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


def correct(publication: Publication, text: str) -> Callable[[], Any]:
    editor = make.editor(publication.newsroom)
    given = {"kind": "correction", "notice": "A number was wrong.", "field": "reasons", "after": text}
    return lambda: publishing.correct(publication, by=editor, **given)


def sign(publication: Publication, own: Publication) -> Callable[[], Any]:
    room, content = own.newsroom, pool.content_hash(Publication.objects.get(pk=publication.pk))
    by, rating = make.editor(room), make.rating(room)
    return lambda: cosigning.cosign(publication, newsroom=room, by=by, rating=rating, content=content)


def test_two_newsrooms_that_signed_each_other_s_checks_correct_them_at_once() -> None:
    one, other = (make.publication(make.newsroom(shares_published=True)) for _ in range(2))
    for n in range(ROUNDS):
        sign(one, other)()
        sign(other, one)()

        outcomes = at_once(correct(one, f"Text {n}."), correct(other, f"Text {n}."))

        assert [outcome.field for outcome in outcomes] == ["reasons", "reasons"]  # no deadlock
        assert not CoSignature.objects.standing().exists()


def test_no_signature_stands_for_a_text_that_was_changed_meanwhile() -> None:
    one, other = (make.publication(make.newsroom(shares_published=True)) for _ in range(2))
    for n in range(ROUNDS):
        at_once(sign(one, other), correct(one, f"Text {n}."))

        present = pool.content_hash(Publication.objects.get(pk=one.pk))
        assert not CoSignature.objects.standing().exclude(content_hash=present).exists()


def test_of_many_who_sign_for_one_newsroom_one_does() -> None:
    one, other = (make.publication(make.newsroom(shares_published=True)) for _ in range(2))

    outcomes = at_once(*[sign(one, other)] * 4)

    assert [type(outcome) for outcome in outcomes].count(CoSignature) == 1
    assert CoSignature.objects.standing().count() == 1
