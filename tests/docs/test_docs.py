"""The docs say what the code does: generated parts are current, links lead somewhere, commands exist."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from factcheck import documentation

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
BOOTSTRAP_COMMANDS = {"test", "lock"}


@pytest.mark.parametrize("part", documentation.PARTS, ids=lambda part: part.name)
def test_generated_parts_are_current(part: documentation.Part):
    assert not part.is_stale(), "run `python3 manage.py document`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_that_exist(page: Path):
    for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_named_in_the_docs_exist(page: Path):
    for name in re.findall(r"python3 manage\.py ([a-z_]+)", page.read_text(encoding="utf-8")):
        assert name in BOOTSTRAP_COMMANDS or name in get_commands(), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_paths_named_in_the_docs_exist(page: Path):
    for path in re.findall(
        r"`((?:claims|workers|factcheck|tests|docs|samples)/[\w./-]+\.\w+)`", page.read_text(encoding="utf-8")
    ):
        assert (ROOT / path).exists() or "yours" in path, path


def test_every_setting_named_in_the_example_file_is_read():
    from factcheck import env

    named = set(re.findall(r"^#?\s*([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.M))
    known = set(env.READ) | {f"{name}_FILE" for name in env.READ}
    compose = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    assert named - known - compose == set()
