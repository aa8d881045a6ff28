"""Reading a body in pieces: gzip only, decoded size and ratio capped, always on the clock."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from workers import wire
from workers.errors import BadResponse, TooLarge

RATIO = 100  # decoded to received; ordinary pages stay under 20
RATIO_FROM = 1024 * 1024  # below this a high ratio harms nobody


def capped(
    stream: Iterator[bytes], codings: list[str], *, max_bytes: int, max_pdf_bytes: int, cut: bool = False
) -> Iterator[bytes]:
    """The decoded body in small pieces, never more than the cap and never past the deadline.

    With `cut` a longer body ends at the cap instead of being refused.
    """
    codings = [part.strip().lower() for value in codings for part in value.split(",")]
    codings = [coding for coding in codings if coding not in ("", "identity")]
    if codings and codings not in (["gzip"], ["x-gzip"]):
        raise BadResponse(f"The answer is encoded as {', '.join(codings)[:60]}, which was not asked for.")
    chunks = _pieces(stream)
    pieces = _gunzipped(chunks) if codings else ((piece, len(piece)) for piece in chunks)
    given = taken = 0
    cap = max_bytes
    for piece, received in pieces:
        if not given and piece.lstrip().startswith(b"%PDF-"):
            cap = max(max_bytes, max_pdf_bytes)
        given += len(piece)
        taken += received
        if given > cap or taken > cap:
            if cut:
                yield piece[: max(0, len(piece) - (given - cap))]
                return
            raise TooLarge(f"The answer is larger than {cap:,} bytes.")
        if given > RATIO_FROM and given > RATIO * taken:
            raise TooLarge("The answer is compressed beyond reason.")
        yield piece


def _pieces(stream: Iterator[bytes]) -> Iterator[bytes]:
    for piece in stream:
        wire.remaining()
        yield piece


def _gunzipped(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, int]]:
    """Decoded pieces of at most 64 kB, each with the received bytes it newly accounts for."""
    inflater = zlib.decompressobj(31)
    started = False
    for piece in pieces:
        fresh = len(piece)
        while piece:
            if inflater.eof:
                inflater = zlib.decompressobj(31)
                if not piece.startswith(b"\x1f\x8b"):
                    return  # padding after the end; browsers ignore it too
            try:
                decoded = inflater.decompress(piece, 65536)
            except zlib.error as exc:
                raise BadResponse("The answer says it is compressed, but is not.") from exc
            started = True
            yield decoded, fresh
            fresh = 0
            piece = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    if started and not inflater.eof:
        raise BadResponse("The answer ends in the middle of its compressed data.")
