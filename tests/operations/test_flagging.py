"""The flag on an article whose claims all go back to one origin."""

from __future__ import annotations

import pytest

from claims import flagging
from claims.models import Claim
from claims.operations import gathering
from tests import make

pytestmark = pytest.mark.django_db

TEXT = (
    "Die Stadt Eulenburg hat im März 2024 genau 1.250 neue Bäume gepflanzt. "
    "Die Stadt Eulenburg baute im März 2024 insgesamt 40 Kilometer Radweg. "
    "In Eulenburg wurden im März 2024 nach Zählung der Stadt 900 Bänke aufgestellt."
)
STORY = (
    "EULENBURG (dpa) - Eulenburg pflanzte im März 2024 genau 1.250 Bäume, baute 40 Kilometer Radweg "
    "und stellte 900 Bänke auf."
)


def test_one_origin_behind_most_claims_is_flagged_with_their_places() -> None:
    article = make.article_read(text=TEXT)
    claims = list(Claim.objects.filter(article=article))
    assert len(claims) >= 3
    assert flagging.one_origin(article) is None
    for claim in claims:
        gathering.open_lookups(claim, by=make.researcher(claim.newsroom), sources=["folder"])
        gathering.record(make.lookup_taken(claim), [make.draft(text=STORY, language="de")])
        make.assess(Claim.objects.get(pk=claim.pk))
    flag = flagging.of_article(article)[-1]
    assert flag["code"] == "one_origin"
    assert [TEXT[span["start"] : span["end"]] for span in flag["spans"]] == [claim.text for claim in claims]
