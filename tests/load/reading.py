"""How long the reading takes, warm: an article of 5 kB, and one claim against 200 documents.

python3 manage.py shell -c "from tests.load import reading; reading.run()"
"""

from __future__ import annotations

import datetime as dt
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from claims.analysis import alignment, extraction, passages, sentences
from claims.analysis.types import Passage

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "article.de.txt"
PUBLISHED = dt.date(2024, 12, 24)
DOCUMENTS, ROUNDS = 200, 15


def run() -> None:
    """Print the median and the slowest of the rounds, on the clock and of the processor."""
    text = SAMPLE.read_text(encoding="utf-8")
    article = (text + text)[:5000]
    _say("article of 5 kB", [_timed(partial(_read, article, number)) for number in range(ROUNDS)])
    claim = extraction.read_claim(text.splitlines()[-1], language="de", published=PUBLISHED)
    said, facts = claim.claims[0].text, claim.claims[0].facts
    found: list[Passage] = []
    for number in range(DOCUMENTS):
        body = _own(text, number)
        read = extraction.facts(body, "de", PUBLISHED)
        found += passages.windows(str(number), body, "de", sentences.split(body, "de"), read)

    def compare() -> None:
        for one in passages.rank(said, "de", facts, found, limit=DOCUMENTS):
            alignment.align(said, "de", facts, one.passage, ranked=one)

    compare()
    _say(f"{DOCUMENTS} documents, {len(found)} windows, ranked and aligned", [_timed(compare) for _ in range(5)])


def _read(article: str, number: int) -> None:
    extraction.read(_own(article, number), language="de", published=PUBLISHED)


def _own(text: str, number: int) -> str:
    """A text nobody has read before, so that nothing comes from a cache."""
    return f"Bericht {number}. " + text.replace(" 1", f" {number % 9 + 1}")


def _timed(work: Callable[[], None]) -> tuple[float, float]:
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


def _say(what: str, times: list[tuple[float, float]]) -> None:
    warm = times[1:]
    clock, processor = [one for one, _ in warm], [one for _, one in warm]
    sys.stdout.write(
        f"{what}: {statistics.median(clock) * 1000:.0f} ms on the clock (slowest {max(clock) * 1000:.0f}), "
        f"{statistics.median(processor) * 1000:.0f} ms of processor time\n"
    )
