"""Keeping: the bytes of documents that came along are written to a file of their own in the folder of snapshots."""

from __future__ import annotations

import base64
import os
import tempfile
from pathlib import Path

from django.conf import settings

from claims import snapshots
from claims.models import Document
from claims.parcels.packing import SNAPSHOT
from claims.parcels.reading import BadParcel, Parcel


def keep(parcel: Parcel) -> int:
    """Write the records that came along and point their documents there. Returns how many.

    Each record is proved by its digest; when one is not what its document names, no file is left behind.
    """
    if not parcel.counts.get(SNAPSHOT):
        return 0
    folder = Path(settings.SNAPSHOT_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"moved-{parcel.slug}-{parcel.sha256[:12]}.warc.gz"
    number = 0
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".moved-", delete=False) as out:
        place = Path(out.name)
        try:
            for line in parcel.rows(SNAPSHOT):
                if "record" not in line.fields:
                    continue
                document = Document.objects.filter(pk=line.pk).defer("text").first()
                if document is None:
                    raise BadParcel(f"There is no document {line.pk} to this snapshot.", line=line.number)
                record = base64.b64decode(line.fields["record"])
                offset = out.tell()
                out.write(record)
                out.flush()
                ref = snapshots.SnapshotRef(place.name, offset, len(record), document.payload_digest)
                try:
                    snapshots.replay(ref)
                except snapshots.SnapshotMissing as exc:
                    raise BadParcel(f"The snapshot is not what document {line.pk} names.", line=line.number) from exc
                Document.objects.filter(pk=line.pk).update(warc_file=name, warc_offset=offset, warc_length=len(record))
                number += 1
        except BaseException:
            place.unlink()
            raise
    place.chmod(0o644)
    os.replace(place, folder / name)
    return number
