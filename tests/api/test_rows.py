"""Lists written without their serializer say what it would have said."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.renderers import JSONRenderer

from claims.api.serializers.intake import ArticleSummarySerializer, ClaimSummarySerializer
from claims.models import Article, Claim, Newsroom
from tests import make
from tests.api.client import program_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Newsroom:
    """Rows with every field filled, and rows with every one empty that may be."""
    claim = make.claim_published()
    room = claim.newsroom
    whole = make.claim_in_review(room, text="The harbour lost 12.5 % of its trade in 2024, says Ada Bell.")
    Claim.objects.filter(pk=whole.pk).update(
        assignee=make.reviewer(room),
        claimant="Ada Bell \u2028",
        said_on=dt.date(2024, 4, 2),
        appearance="https://harbour.example/a?b=1&c=2",
        external_id="cms-1",
        topic="trade",
        severity=3,
        score=0.1 + 0.2,
        due_at=timezone.now(),
        suggested_by="model",
        duplicate_of=claim,
        submitted_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
    )
    make.claim_submitted(room, text="Pesmi štejejo 12 verzov.", language="sl")
    make.article_read(room, url="https://news.example/", published_on=dt.date(2024, 4, 2), title="Trees", language="sl")
    return room


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
@pytest.mark.parametrize(
    ("path", "model", "serializer"),
    [("claims/", Claim, ClaimSummarySerializer), ("articles/", Article, ArticleSummarySerializer)],
)
def test_a_list_is_to_the_byte_what_its_serializer_writes(
    room: Newsroom, path: str, model: Any, serializer: Any, zone: str
) -> None:
    desk = program_of(make.editor(room), room)
    rows = model.objects.filter(newsroom=room).order_by("-pk")

    with timezone.override(zone):
        answer = desk.get(path)
        written = JSONRenderer().render(serializer(rows, many=True).data)

    assert answer.content == b'{"next":null,"previous":null,"results":' + written + b"}"
    assert len(answer.json()["results"]) == rows.count() > 0


def test_pages_of_rows_lead_forth_and_back(room: Newsroom) -> None:
    desk = program_of(make.editor(room), room)
    ids = list(Claim.objects.filter(newsroom=room).order_by("-pk").values_list("pk", flat=True))

    first = desk.get("claims/?limit=1&fields=text").json()
    second = desk.get(first["next"]).json()
    back = desk.get(second["previous"]).json()

    assert first["results"] == back["results"] == [{"text": Claim.objects.get(pk=ids[0]).text}]
    assert second["results"] == [{"text": Claim.objects.get(pk=ids[1]).text}]
