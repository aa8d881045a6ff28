import json
import os

import pytest
from django.core.management import CommandError, call_command

from claims.models import Newsroom
from claims.models.archive import ArchiveFile
from workers.indexing import index_folder
from workers.sources.base import Query
from workers.sources.folder import FolderArchive

pytestmark = pytest.mark.django_db

FILES = {
    "trees.json": {
        "url": "https://bote.example/trees",
        "title": "Eulenburg plants trees",
        "publisher": "Bote",
        "published_at": "2024-03-20T08:00:00+00:00",
        "language": "en",
        "credit": "(NW)",
        "text": "The city of Eulenburg planted some 1,250 trees in March, the office of the mayor said on Wednesday.",
    },
    "radwege.json": {
        "url": "https://bote.example/radwege",
        "title": "Radwege für Eulenburg",
        "language": "de",
        "published_at": "2024-06-01",
        "text": "Bürgermeisterin Ada Lindgren kündigte 40 Kilometer neue Radwege an. Bäume wurden schon gepflanzt.",
    },
    "fishing.json": {
        "url": "https://bote.example/fishing",
        "title": "A quiet day at the lake",
        "language": "en",
        "text": "Nothing happened at the lake, and everybody was content with the weather and the fish.",
    },
}


@pytest.fixture
def folder(tmp_path):
    for name, record in FILES.items():
        (tmp_path / name).write_text(json.dumps(record), encoding="utf-8")
    return tmp_path


@pytest.fixture
def room():
    return Newsroom.objects.create(slug="bote", name="Bote")


def _search(text, **changes):
    return FolderArchive().search(Query(**({"text": text, "language": "de"} | changes)))


def test_a_file_is_found_by_its_words_and_comes_with_its_bytes(folder):
    index_folder(folder)
    (finding,) = _search("gepflanzte Bäume", languages=("de",)).hits

    assert finding.url == "https://bote.example/radwege"
    assert json.loads(finding.content)["title"] == "Radwege für Eulenburg"
    assert finding.content_type == "application/json"
    assert finding.language == "de"
    assert "Bäume" in finding.snippet


def test_names_are_found_in_every_language(folder):
    index_folder(folder)
    found = _search("Eulenburg hat 1.250 Bäume gepflanzt.", languages=("de", "en"), entities=("Eulenburg",)).hits
    assert {finding.url.rsplit("/", 1)[1] for finding in found} == {"trees", "radwege"}


def test_prepared_searches_are_used_in_their_language(folder):
    index_folder(folder)
    found = _search("x", languages=("de", "en"), terms={"de": ("Unsinn",), "en": ("tree planting Eulenburg",)}).hits
    assert [finding.title for finding in found] == ["Eulenburg plants trees", "Radwege für Eulenburg"]


def test_the_file_with_all_the_words_comes_first(folder):
    index_folder(folder)
    found = _search("x", languages=("en",), terms={"en": ("lake weather Eulenburg", "Eulenburg trees")}).hits
    assert found[0].title == "Eulenburg plants trees"
    assert "A quiet day at the lake" in {finding.title for finding in found[1:]}


def test_a_misspelt_name_is_found_in_a_title(folder):
    index_folder(folder)
    found = _search("zzz", languages=("en",), entities=("Eulenborg",)).hits
    assert {finding.url.rsplit("/", 1)[1] for finding in found} == {"trees", "radwege"}


def test_no_more_than_the_limit_and_no_file_twice(folder):
    index_folder(folder)
    found = _search("Eulenburg Bäume trees Radwege lake", languages=("de", "en"), limit=2).hits
    assert len(found) == len({finding.url for finding in found}) == 2


def test_searched_and_empty_is_an_answer(folder):
    index_folder(folder)
    assert _search("Quastenflosser", languages=("de",)).hits == ()
    assert _search("!!! ???", languages=("de",)).hits == ()


def test_nothing_indexed_is_a_reason_not_an_empty_answer():
    assert "index_archive" in FolderArchive().available()


def test_a_window_of_time_leaves_files_without_a_date_in(folder):
    import datetime as dt

    index_folder(folder)
    found = _search("Eulenburg lake", languages=("en",), until=dt.date(2024, 4, 1)).hits
    assert {finding.url.rsplit("/", 1)[1] for finding in found} == {"trees", "fishing"}


def test_another_newsrooms_archive_is_not_searched(folder, room):
    index_folder(folder, newsroom=room)
    other = Newsroom.objects.create(slug="other", name="Other")

    assert _search("Eulenburg", newsroom=room.pk).hits
    assert _search("Eulenburg", newsroom=other.pk).hits == ()
    assert _search("Eulenburg").hits == ()
    assert FolderArchive().reread("https://bote.example/trees", newsroom=other.pk) is None


def test_a_cited_file_is_read_again_as_it_is_now(folder):
    index_folder(folder)
    assert FolderArchive().reread("https://bote.example/trees", newsroom=None).title == "Eulenburg plants trees"
    assert FolderArchive().reread("https://bote.example/none", newsroom=None) is None


def test_indexing_again_reads_only_what_changed(folder):
    first = index_folder(folder)
    (folder / "fishing.json").unlink()
    changed = folder / "trees.json"
    changed.write_text(json.dumps(FILES["trees.json"] | {"text": "Eulenburg planted 900 trees."}), encoding="utf-8")
    os.utime(changed, (1_700_000_000, 1_700_000_000))
    second = index_folder(folder)

    assert (first.added, first.changed) == (3, 0)
    assert (second.added, second.changed, second.unchanged, second.removed) == (0, 1, 1, 1)
    assert b"900" in FolderArchive().reread("https://bote.example/trees", newsroom=None).content


def test_files_that_cannot_be_read_are_told_with_their_reason(folder, settings):
    settings.FETCH_MAX_BYTES = 2000
    (folder / "list.json").write_text("[1, 2]", encoding="utf-8")
    (folder / "large.txt").write_text("many words " * 500, encoding="utf-8")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / "link.txt").symlink_to("/etc/hostname")
    (folder / ".hidden.txt").write_text("secret", encoding="utf-8")
    done = index_folder(folder)

    assert done.added == 3
    assert {name for name, _ in done.refused} == {"list.json", "large.txt"}


def test_a_file_without_an_address_gets_one_of_the_archive(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "my note.txt").write_text("A plain note about Eulenburg.", encoding="utf-8")
    index_folder(tmp_path)
    assert ArchiveFile.objects.get().url == f"archive:{tmp_path.name}/sub/my%20note.txt"


def test_the_command_says_what_it_did(folder, room, capsys):
    call_command("index_archive", folder, newsroom="bote")
    assert "3 files added" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no newsroom called"):
        call_command("index_archive", folder, newsroom="nobody")
    with pytest.raises(CommandError, match="not a folder"):
        call_command("index_archive", folder / "nowhere")
