"""Names from Wikidata: fetched through the door from a server on the loopback, kept beside the desk's own."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from claims.models import Alias
from claims.operations import aliasing
from tests import make
from tests.workers.sources.conftest import as_json
from workers.tasks import naming

pytestmark = pytest.mark.django_db
ITEM = {
    "id": "Q9",
    "labels": {"de": {"language": "de", "value": "Anna Kowar"}, "en": {"language": "en", "value": "Anna Kovar"}},
    "aliases": {"en": [{"language": "en", "value": "A. Kovář"}]},
}
ROW = {"written": "Kowar", "language": "", "canonical": "Anna Kovar", "kind": "person", "wikidata": "Q9"}


@pytest.fixture
def wikidata(service):
    def answer(request):
        return as_json({"entities": {"Q9": ITEM} if "Q9" in request.args["ids"] else {}})

    service.on("/", answer)
    return service


def test_wanted_names_are_fetched_and_kept_beside_the_desks_own(wikidata):
    room = make.newsroom()
    aliasing.take_in([ROW], newsroom=room, by=None)
    row = Alias.objects.get()
    aliasing.want_names(row, by=make.reviewer(room))
    naming.fetch_wanted()
    row.refresh_from_db()
    assert (row.written, row.source, row.wanted_at) == ("Kowar", "desk", None)
    fetched = set(Alias.objects.filter(source="wikidata").values_list("written", "language"))
    assert fetched == {("Anna Kowar", "de"), ("Anna Kovar", "en"), ("A. Kovář", "en")}
    assert naming.fetch_wanted() == 0


def test_an_id_without_names_says_so_on_the_row(wikidata):
    room = make.newsroom()
    aliasing.take_in([{**ROW, "wikidata": "Q8"}], newsroom=room, by=None)
    row = Alias.objects.get()
    aliasing.want_names(row, by=make.reviewer(room))
    naming.fetch_wanted()
    row.refresh_from_db()
    assert "no names for Q8" in row.note and row.wanted_at is None


def test_the_command_takes_ids(wikidata, capsys):
    make.newsroom("desk")
    call_command("import_labels", "--ids", "Q9", "--newsroom", "desk", "--kind", "person")
    assert "3 names were added" in capsys.readouterr().out
