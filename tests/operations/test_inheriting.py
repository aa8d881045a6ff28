"""Checks that a desk published elsewhere become its earlier checks."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from claims.errors import InvalidInput, NotPermitted
from claims.models import EarlierCheck, Newsroom
from claims.operations import inheriting
from tests import make

pytestmark = pytest.mark.django_db

ITEMS = (
    "Claim,Item page URL,Status,Created by,Submitted at,Social Media Posted at,Report Published at,Number of media,"
    "Tags,Who?\n"
    '"The tower is\n90 metres high.",https://check.example/1,Falsch,Bea,2024-01-02,2024-01-01,2024-01-05,3,'
    '"towers, city",x\n'
    "The bridge is new.,https://check.example/2,Misleading,Bea,2024-01-02,,,1,,\n"
    "The mill is old.,https://check.example/3,In Progress,Bea,2024-01-02,,,1,,\n"
    ",https://check.example/4,False,Bea,2024-01-02,,,1,,\n"
    "No address here.,,False,Bea,2024-01-02,,,1,,\n"
    "The lake is deep.,https://check.example/6,False,Bea,2024-01-02,2024-02-31,2024-03-01,1,,\n"
)
SHARED_FEED = (
    "Fact-check title,Fact-check summary,Fact-check URL,Tags,Workspace,Updated at,Rating\n"
    "The tower is not 90 metres high,It is 80.,https://desk.example/tower,towers,The other desk,2024-01-05,False\n"
)
FACT_CHECKS = (
    "ID,Title,Summary,URL,Language,Report Status,Imported?\n"
    "7,The tower is not 90 metres high,It is 80.,https://desk.example/tower,en,published,false\n"
    "8,Die Brücke ist alt,Sie ist von 1920.,,de,published,false\n"
    "9,A draft,Not yet.,https://desk.example/draft,en,unpublished,false\n"
)
REVIEWS = "\n".join(
    json.dumps(one)
    for one in (
        {
            "@type": "ClaimReview", "claimReviewed": "The tower is 90 metres high.", "url": "https://desk.example/tower",
            "reviewRating": {"alternateName": "False"}, "author": {"name": "The desk"}, "datePublished": "2024-01-05",
        },
        {"@type": "ClaimReview", "url": "https://desk.example/nothing"},
    )
)  # fmt: skip


def inherit(room: Newsroom, content: str, place: Path, **asked: bool) -> inheriting.Inherited:
    place.write_text(content)
    return inheriting.inherit(room, inheriting.read(place, newsroom=room), by=make.member(room, "admin"), **asked)


def test_the_items_of_check_become_earlier_checks(tmp_path: Path) -> None:
    room = make.newsroom()

    done = inherit(room, ITEMS, tmp_path / "items.csv")

    assert (done.new, done.known, done.refused) == (2, 0, 4)
    assert [one.line for one in done.reasons] == [5, 6, 7, 8]
    first = EarlierCheck.objects.get(newsroom=room, identifier="check.example/1")
    assert (first.claim_text, first.rating, first.shared) == ("The tower is\n90 metres high.", "Falsch", "false")
    assert (str(first.checked_on), str(first.claimed_on), first.more) == ("2024-01-05", "2024-01-01", "towers, city")
    assert first.publisher == room.name
    second = EarlierCheck.objects.get(newsroom=room, identifier="check.example/2")
    assert (second.rating, second.shared, second.checked_on) == ("Misleading", "", None)
    assert room.ledger.get(kind="checks.imported").payload == {"new": 2, "known": 0}


@pytest.mark.parametrize(
    ("content", "counts", "identifiers"),
    [
        (SHARED_FEED, (1, 0), {"desk.example/tower"}),
        (FACT_CHECKS, (2, 1), {"desk.example/tower", "the-desk:8"}),
        (REVIEWS, (1, 1), {"desk.example/tower"}),
    ],
    ids=["a shared feed of Check", "the fact-checks of Check", "ClaimReview"],
)
def test_every_shape_is_read(content: str, counts: tuple[int, int], identifiers: set[str], tmp_path: Path) -> None:
    room = make.newsroom("the-desk")

    done = inherit(room, content, tmp_path / "file")

    assert (done.new, done.refused) == counts
    assert set(EarlierCheck.objects.filter(newsroom=room).values_list("identifier", flat=True)) == identifiers


def test_what_is_known_is_brought_up_to_date_and_a_dry_run_keeps_nothing(tmp_path: Path) -> None:
    room = make.newsroom()

    tried = inherit(room, SHARED_FEED, tmp_path / "feed.csv", dry_run=True)
    assert (tried.new, EarlierCheck.objects.count(), room.ledger.count()) == (1, 0, 0)
    inherit(room, SHARED_FEED, tmp_path / "feed.csv")
    again = inherit(room, SHARED_FEED.replace("It is 80.", "It is 81."), tmp_path / "feed.csv")

    assert (again.new, again.known) == (0, 1)
    assert EarlierCheck.objects.get().more == "It is 81. towers"


def test_only_an_admin_of_the_newsroom_gives_it_a_past(tmp_path: Path) -> None:
    room = make.newsroom()
    with pytest.raises(NotPermitted):
        inheriting.inherit(room, [], by=make.editor(room))


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "Claim,Status\nx,y\n", "Claim,Link\nx,https://a.example/\n", ""])
def test_a_table_without_claims_or_addresses_is_refused(content: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        inherit(make.newsroom(), content, tmp_path / "file.csv")


def test_the_command_maps_foreign_ratings_and_reports_every_line(tmp_path: Path) -> None:
    room = make.newsroom()
    place = tmp_path / "items.csv"
    place.write_text(ITEMS)
    out, err = StringIO(), StringIO()

    call_command("import_checks", str(place), newsroom=room.slug, rating=["Misleading=mixed"], stdout=out, stderr=err)

    assert "2 new, 0 known already, 4 refused." in out.getvalue()
    assert "line 5: It was not decided." in err.getvalue()
    assert EarlierCheck.objects.get(newsroom=room, rating="Misleading").shared == "mixed"
    with pytest.raises(CommandError, match="write WORD=STEP"):
        call_command("import_checks", str(place), newsroom=room.slug, rating=["Misleading=so-so"])
