"""What was known when a claim was made, and what was learned later."""

import datetime as dt

import pytest

from claims.models import Claim, Document
from claims.timing import known, said_on
from tests import make

SAID = dt.date(2024, 4, 2)


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (dt.datetime(2024, 4, 1, 12, tzinfo=dt.UTC), "when_said"),
        (dt.datetime(2024, 4, 2, 23, 59, tzinfo=dt.UTC), "when_said"),
        (dt.datetime(2024, 4, 3, 0, 0, tzinfo=dt.UTC), "later"),
        (None, "unknown"),
    ],
)
def test_a_document_was_known_by_the_end_of_the_day(published, expected):
    assert known(SAID, Document(published_at=published)) == expected


def test_without_the_day_of_the_claim_nothing_is_known_or_later():
    assert known(None, Document(published_at=dt.datetime(2024, 4, 1, tzinfo=dt.UTC))) == "unknown"


@pytest.mark.django_db
def test_a_claim_of_an_article_was_made_when_the_article_appeared():
    claim = make.article_read(published_on=SAID).claims.first()
    assert said_on(Claim.objects.get(pk=claim.pk)) == SAID
