"""Numbers in running text, in digits or words, before anybody asks what they count.

"3 million and a half", "zweieinhalb Milliarden", "one in five", "Tausende", "the twenty-fifth", "2/3": each becomes one
`Numeral` with its value, its place and how it was written. Parsing goes left to right and never backs up over more
than one word, so it is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from claims.analysis import digits, numberwords
from claims.analysis.cardinals import AND, ARTICLES, HYPHENS, Part
from claims.analysis.numberwords import Word
from claims.analysis.shares import Fractions
from claims.analysis.tokens import Token, glued, tokens

NumeralKind = Literal["cardinal", "ordinal", "fraction", "ratio", "multiple", "both", "article", "vague"]


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as written: characters `start..end`, tokens `first..last` (exclusive)."""

    value: float
    start: int
    end: int
    first: int
    last: int
    kind: NumeralKind = "cardinal"
    in_digits: bool = False
    decimals: int = 0
    scale: float = 1.0
    alternatives: tuple[float, ...] = ()
    high: float | None = None  # the upper end of "Tausende"
    code: bool = False  # a version, an address, a telephone number, "F-16"
    year_like: bool = False  # four digits without a separator, or "nineteen ninety-six"
    grouped: bool = False  # thousands were set apart, so it is no year
    glued: bool = False  # letters follow without a space: "29km", "F-16A"


_MINUS_WORDS = {"en": ("minus", "negative"), "de": ("minus",), "fr": ("moins",)}
_BEYOND_COUNTING = 1e30  # no text counts so far: a typing accident, or an attack
_ORDINAL_MARKS = {
    "fr": ("er", "re", "e", "ère", "ème"),
    "es": ("º", "ª"),
    "it": ("º", "ª"),
    "pt": ("º", "ª"),
    "nl": ("e", "ste", "de"),
}
_EVERY = ("jeder", "jede", "jedes", "jeden", "jedem")
_NOT_COUNTING_ONE = frozenset(
    ["this", "that", "which", "the", "each", "every", "another", "no", "any", "some", "only", "last", "next"]
)
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+")
_VAGUE_FORMS = {
    "de": {"dutzende": 12, "dutzenden": 12, "hunderte": 100, "hunderten": 100, "hunderter": 100, "tausende": 1e3,
           "tausenden": 1e3, "tausender": 1e3, "zehntausende": 1e4, "zehntausenden": 1e4, "hunderttausende": 1e5,
           "hunderttausenden": 1e5, "millionen": 1e6, "milliarden": 1e9},
    "en": {"dozens": 12, "hundreds": 100, "thousands": 1e3, "millions": 1e6, "billions": 1e9, "trillions": 1e12},
}  # fmt: skip


@lru_cache(maxsize=16)
def find(text: str, language: str) -> tuple[Numeral, ...]:
    """Every number of the text, in order and without overlaps."""
    ts = tokens(text)
    addresses = (
        [match.span() for match in _ADDRESS.finditer(text)] if "@" in text or "/" in text or "www" in text else []
    )
    parser = _Parser(text, ts, language)
    found: list[Numeral] = []
    i = 0
    while i < len(ts):
        token = ts[i]
        if token.kind == "break" or any(start <= token.start < end for start, end in addresses):
            i += 1
            continue
        chain = _telephone(ts, i)
        if chain:
            i = chain
            continue
        numeral = parser.at(i)
        if numeral is None:
            i += 1
        else:
            if abs(numeral.value) < _BEYOND_COUNTING:
                found.append(numeral)
            i = max(i + 1, numeral.last)
    return tuple(found)


def word_value(low: str, language: str) -> float | None:
    """What one lower-case word says as a whole number."""
    word = numberwords.word(low, language)
    return word.value if word is not None and word.kind in ("unit", "teen", "ten", "hundred", "cardinal") else None


def _telephone(ts: Sequence[Token], i: int) -> int:
    """The token after "+49-30-1234" or "206-555-1212": three or more groups joined by hyphens, no date; else 0."""
    if ts[i].kind == "digits" and ts[i].text[0] == "0" and len(ts[i].text) >= 4:
        return _dialled(ts, i)
    j = i + (ts[i].text == "+")
    groups = []
    while j < len(ts) and ts[j].kind == "digits":
        groups.append(ts[j].text)
        following = ts[j + 1 : j + 3]
        if len(following) < 2 or following[0].text not in "-/" or following[1].kind != "digits":
            break
        if not (glued(ts[j], following[0]) and glued(*following)):
            break
        j += 2
    return j + 1 if len(groups) >= 3 and sum(map(len, groups)) >= 7 and not _date_like(groups) else 0


def _dialled(ts: Sequence[Token], i: int) -> int:
    """The token after a number with its dialling code, "07231 186-1111"; a clock time such as "0730" is none."""
    if len(ts[i].text) == 4 and int(ts[i].text) < 2400 and int(ts[i].text) % 100 < 60:
        return 0
    j = i + 1
    while j < len(ts) and j < i + 8 and (ts[j].kind == "digits" or (ts[j].text in "-/" and glued(ts[j - 1], ts[j]))):
        j += 1
    return j


def _date_like(groups: list[str]) -> bool:
    return len(groups) == 3 and sorted(map(len, groups))[-1] in (2, 4) and len(groups[1]) <= 2


class _Parser(Fractions):
    """Decides at each token which kind of number begins there."""

    def at(self, i: int) -> Numeral | None:
        """The numeral that begins with token `i`."""
        token = self.ts[i]
        if token.kind == "mark" and token.text not in "-−–.+½⅓⅔¼¾":
            return None
        if token.kind == "word" and not self._may_begin(i):
            return None
        return self._signed(i) or self._every(i) or self._unsigned(i)

    def _may_begin(self, i: int) -> bool:
        low = self.low(i)
        return (
            self.word(i) is not None
            or low in ARTICLES.get(self.language, ())
            or low in _MINUS_WORDS.get(self.language, ())
            or low[:1] in digits.VULGAR
            or (self.language == "de" and (low in _EVERY or low in _VAGUE_FORMS["de"]))
        )

    def _signed(self, i: int) -> Numeral | None:
        token = self.ts[i]
        if token.text in ("-", "−", "–"):
            before = self.ts[i - 1] if i else None
            after = self.ts[i + 1] if i + 1 < len(self.ts) else None
            if after is None or after.kind != "digits":
                return None
            touching = glued(token, after)
            if before is not None and (
                glued(before, token) or (before.kind == "digits") or (not touching and before.kind == "word")
            ):
                measured = i > 1 and self.ts[i - 2].kind == "digits"  # "8am - 1pm", "5 km - 7 km"
                spaced_minus = not touching and before.kind == "word" and not glued(before, token) and not measured
                if not spaced_minus or before.low in AND.get(self.language, ()):
                    return None
            if token.text == "–" and not touching:
                return None
        elif token.low not in _MINUS_WORDS.get(self.language, ()):
            return None
        found = self._unsigned(i + 1)
        if found is None or found.kind not in ("cardinal", "fraction"):
            return None
        return replace(found, value=-found.value, start=token.start, first=i, alternatives=(), year_like=False)

    def _every(self, i: int) -> Numeral | None:
        """ "jeder Fünfte" is one in five."""
        if self.language != "de" or self.low(i) not in _EVERY:
            return None
        word = self.word(i + 1)
        if word is None or word.kind != "ordinal" or word.value < 2:
            return None
        return self._numeral(i, Part(1 / word.value, i + 2, self.ts[i + 1].end), "ratio")

    def _unsigned(self, i: int) -> Numeral | None:
        if i >= len(self.ts):
            return None
        fraction = self._fraction(i)
        if fraction is not None:
            scaled = self._scaled(fraction)
            return self._numeral(i, scaled, "fraction" if scaled.scale == 1 else "cardinal")
        word = self.word(i)
        if word is not None and word.kind in ("multiple", "both"):
            return self._numeral(
                i, Part(word.value, i + 1, self.ts[i].end), "multiple" if word.kind == "multiple" else "both"
            )
        vague = self._vague(i)
        if vague is not None:
            return vague
        part = self._cardinal(i)
        if part is None:
            return self._ordinal(i, None)
        ordinal = self._ordinal(i, part)
        if ordinal is not None:
            return ordinal
        if part.bare and part.last == i + 1 and self.word(i) is not None and self.word(i).kind == "scale":  # type: ignore[union-attr]
            return None
        part = self._and_fraction(self._point(part))
        ratio = self._ratio(part)
        if ratio is not None:
            return self._numeral(i, ratio, "ratio")
        if word is not None and word.kind == "article" and part.last == i + 1:
            return self._numeral(i, part, "article")
        if (
            self.language == "en"
            and self.low(i) == "one"
            and part.last == i + 1
            and self.low(i - 1) in _NOT_COUNTING_ONE
        ):
            return None
        if self.low(i) in ARTICLES.get(self.language, ()) and part.last == i + 1:
            return self._numeral(i, part, "article")
        return self._numeral(i, part, "cardinal")

    def _numeral(self, i: int, part: Part, kind: NumeralKind, high: float | None = None) -> Numeral:
        after = self.ts[part.last] if part.last < len(self.ts) else None
        touching = after is not None and after.kind == "word" and after.start == part.end
        return Numeral(
            part.value, self.ts[i].start, part.end, i, part.last, kind, part.in_digits, part.decimals, part.scale,
            part.alternatives, high, part.code or self._is_code(i, part), part.year_like, part.grouped, touching,
        )  # fmt: skip

    def _is_code(self, i: int, part: Part) -> bool:
        """Digits that continue a name ("F-16", "A4", "+49 30 1234") are no quantity."""
        if not part.in_digits or i == 0:
            return False
        before = self.ts[i - 1]
        if not glued(before, self.ts[i]):
            return False
        if before.kind == "word" or before.text in "_#+\\&":
            return before.text not in ("c", "us", "C", "US", "EUR", "USD", "CHF", "GBP", "Rs")
        if before.text in HYPHENS and i > 1 and glued(self.ts[i - 2], before):
            earlier = self.ts[i - 2]
            return earlier.kind == "word" and earlier.text[0].isupper()
        return False

    def _ordinal(self, i: int, part: Part | None) -> Numeral | None:
        """ "21st", "3.", "twenty-fifth", "the three hundred twenty second"; plural ordinals are fractions."""
        j, base = (part.last, part.value) if part is not None else (i, 0.0)
        if part is not None and part.in_digits:
            return self._digit_ordinal(i, part)
        if part is not None and self.low(j) in (*HYPHENS, *AND.get(self.language, ())):
            j += 1
        word = self.word(j)
        if word is None or word.kind not in ("ordinal", "ordinal_ten", "ordinal_scale"):
            return None
        value, last = word.value, j + 1
        if word.kind == "ordinal_ten" and self.word(j + 1) is None and self.low(j + 1) in HYPHENS:
            pass
        tail = part.tail if part is not None else ""
        if word.kind == "ordinal_scale":
            value = (base or 1.0) * word.value
        elif part is not None:
            fits = tail in ("ten", "hundred", "scale", "article") and (tail != "ten" or word.value < 10)
            if not fits:
                return None
            value = base + word.value if tail != "article" else word.value
        if word.plural:
            return self._plural_ordinal(i, part, word, last)
        return self._numeral(i, Part(value, last, self.ts[last - 1].end), "ordinal")

    def _plural_ordinal(self, i: int, part: Part | None, word: Word, last: int) -> Numeral | None:
        """ "twenty-three fifths", "one hundred thirty-fifths": where the numerator ends depends on the word before."""
        if part is None:
            return None
        return self._numeral(i, Part(part.value / word.value, last, self.ts[last - 1].end), "fraction")

    def _digit_ordinal(self, i: int, part: Part) -> Numeral | None:
        following = self.ts[part.last] if part.last < len(self.ts) else None
        if following is None or part.decimals or following.start != part.end:
            return None
        if self.language == "en" and following.low in ("st", "nd", "rd", "th"):
            return self._numeral(i, replace(part, last=part.last + 1, end=following.end, year_like=False), "ordinal")
        marks = _ORDINAL_MARKS.get(self.language, ())
        if following.low in marks or (following.text == "°" and "º" in marks and part.value == 1):
            return self._numeral(i, replace(part, last=part.last + 1, end=following.end, year_like=False), "ordinal")
        if self.language == "de" and following.text == "." and part.value < 1000 and not part.grouped:
            after = self.ts[part.last + 1] if part.last + 1 < len(self.ts) else None
            if after is not None and after.kind == "word" and not glued(following, after):
                known = self.word(part.last + 1)
                if known is None and not self._opens_sentence(part.last + 1):
                    return self._numeral(i, replace(part, last=part.last + 1, end=following.end), "ordinal")
        return None

    def _opens_sentence(self, i: int) -> bool:
        return self.ts[i].text[0].isupper() and self.low(i) in (
            "der",
            "die",
            "das",
            "ein",
            "eine",
            "er",
            "sie",
            "es",
            "wir",
        )

    def _vague(self, i: int) -> Numeral | None:
        """ "Tausende", "hundreds of thousands", "zehntausende": from twice its worth to the next power of ten."""
        forms = _VAGUE_FORMS.get(self.language, {})
        worth = forms.get(self.low(i))
        if worth is None or (i and self.ts[i - 1].kind == "digits"):
            return None
        last = i + 1
        if (
            self.language == "en"
            and self.low(i + 1) == "of"
            and self.low(i + 2) in forms
            and forms[self.low(i + 2)] > worth
        ):
            worth, last = worth * forms[self.low(i + 2)], i + 3
        if self.language == "de" and self.low(i + 1) == "von" and self.low(i + 2) in forms:
            worth, last = worth * forms[self.low(i + 2)], i + 3
        top = 99 if worth == 12 else worth * 10 - 1
        return self._numeral(i, Part(worth * 2, last, self.ts[last - 1].end), "vague", high=top)
