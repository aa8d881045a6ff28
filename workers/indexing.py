"""Reading an archive folder into the index: what is new or changed is read, what has gone is forgotten."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from django.conf import settings

from claims.models import Newsroom
from claims.models.archive import ArchiveFile
from claims.operations import archiving
from workers import pagetext, reading, sniffing

log = logging.getLogger(__name__)

SUFFIXES = frozenset({".json", ".html", ".htm", ".txt", ".md", ".xml", ".pdf"})


@dataclass(slots=True)
class Indexed:
    """What an indexing run did."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)  # path and reason


def index_folder(folder: Path, *, newsroom: Newsroom | None = None) -> Indexed:
    """Bring the index of one folder up to date. Files that cannot be read are told with their reason."""
    folder = folder.resolve(strict=True)
    rows = ArchiveFile.objects.filter(newsroom=newsroom, archive=str(folder))
    known = {path: (sha256, at) for path, sha256, at in rows.values_list("path", "sha256", "modified_at")}
    done = Indexed()
    seen = set()
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        seen.add(name)
        try:
            _index(path, name, known.get(name), folder, newsroom, done)
        except (pagetext.Unreadable, OSError, ValueError) as exc:
            done.refused.append((name, str(exc)))
    done.removed = archiving.forget(known.keys() - seen, archive=str(folder), newsroom=newsroom)
    return done


def _files(folder: Path) -> Iterator[Path]:
    """All files of a kind we read, links out of the folder left out."""
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(here, name)
            if path.suffix.lower() in SUFFIXES and not name.startswith(".") and not path.is_symlink():
                yield path


def _index(
    path: Path,
    name: str,
    known: tuple[str, dt.datetime] | None,
    folder: Path,
    newsroom: Newsroom | None,
    done: Indexed,
) -> None:
    about = path.stat()
    modified_at = dt.datetime.fromtimestamp(about.st_mtime, dt.UTC)
    if known and known[1] == modified_at:
        done.unchanged += 1
        return
    limit = settings.FETCH_MAX_PDF_BYTES if path.suffix.lower() == ".pdf" else settings.FETCH_MAX_BYTES
    if about.st_size > limit:
        raise ValueError(f"The file is larger than {limit:,} bytes.")
    content = path.read_bytes()
    kind = sniffing.sniff(content)
    page = reading.read(content, content_type=kind)
    archiving.file(
        archiving.FileDraft(
            path=name,
            content=content,
            content_type=kind,
            sha256=hashlib.sha256(content).hexdigest(),
            modified_at=modified_at,
            url=page.url or page.canonical_url or f"archive:{quote(folder.name)}/{quote(name)}",
            text=page.text,
            title=page.title,
            publisher=page.publisher,
            language=page.language,
            published_at=page.published_at,
            credit=page.credit,
        ),
        archive=str(folder),
        newsroom=newsroom,
    )
    if known:
        done.changed += 1
    else:
        done.added += 1
