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
from claims.analysis.numberwords import Word
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


_AND = {"en": ("and",), "de": ("und",), "fr": ("et",), "es": ("y",), "it": ("e",), "nl": ("en",)}
_HYPHENS = ("-", "‐", "‑", "–")
_POINT = {"en": ("point",), "de": ("komma",)}
_MINUS_WORDS = {"en": ("minus", "negative"), "de": ("minus",), "fr": ("moins",)}
_ARTICLES = {"en": ("a", "an"), "de": ("ein", "eine", "einen", "einem", "einer", "eines")}
_RATIO_WORDS = {"en": ("in",), "de": ("von",), "fr": ("sur",), "es": ("de",), "it": ("su",), "nl": ("op",)}
_EVERY = ("jeder", "jede", "jedes", "jeden", "jedem")
_NOT_COUNTING_ONE = frozenset(
    ["this", "that", "which", "the", "each", "every", "another", "no", "any", "some", "only", "last", "next"]
)
_LETTER_SCALES = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "b": 1e9, "G": 1e9, "T": 1e12}
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
            found.append(numeral)
            i = max(i + 1, numeral.last)
    return tuple(found)


def times(value: float, factor: float) -> float:
    """The product as a reader writes it: 16.4 times a million is 16 400 000, not a hair less."""
    return float(f"{value * factor:.15g}")


def word_value(low: str, language: str) -> float | None:
    """What one lower-case word says as a whole number."""
    word = numberwords.word(low, language)
    return word.value if word is not None and word.kind in ("unit", "teen", "ten", "hundred", "cardinal") else None


def _telephone(ts: Sequence[Token], i: int) -> int:
    """The token after "+49-30-1234" or "206-555-1212": three or more groups joined by hyphens, no date; else 0."""
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


def _date_like(groups: list[str]) -> bool:
    return len(groups) == 3 and sorted(map(len, groups))[-1] in (2, 4) and len(groups[1]) <= 2


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a numeral while it is put together; `last` is the token after it."""

    value: float
    last: int
    end: int
    tail: str = ""  # kind of the last word: unit ten scale ...
    in_digits: bool = False
    decimals: int = 0
    scale: float = 1.0
    alternatives: tuple[float, ...] = ()
    code: bool = False
    bare: bool = False  # begins with a scale word: "Millionen", "thousand"
    year_like: bool = False
    grouped: bool = False


class _Parser:
    def __init__(self, text: str, ts: Sequence[Token], language: str) -> None:
        self.text, self.ts, self.language = text, ts, language

    def word(self, i: int) -> Word | None:
        if 0 <= i < len(self.ts) and self.ts[i].kind == "word":
            return numberwords.word(self.ts[i].low, self.language)
        return None

    def low(self, i: int) -> str:
        return self.ts[i].low if 0 <= i < len(self.ts) else ""

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
            or low in _ARTICLES.get(self.language, ())
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
                if not spaced_minus or before.low in _AND.get(self.language, ()):
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
        return self._numeral(i, _Part(1 / word.value, i + 2, self.ts[i + 1].end), "ratio")

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
                i, _Part(word.value, i + 1, self.ts[i].end), "multiple" if word.kind == "multiple" else "both"
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
        if self.low(i) in _ARTICLES.get(self.language, ()) and part.last == i + 1:
            return self._numeral(i, part, "article")
        return self._numeral(i, part, "cardinal")

    def _numeral(self, i: int, part: _Part, kind: NumeralKind, high: float | None = None) -> Numeral:
        after = self.ts[part.last] if part.last < len(self.ts) else None
        touching = after is not None and after.kind == "word" and after.start == part.end
        return Numeral(
            part.value, self.ts[i].start, part.end, i, part.last, kind, part.in_digits, part.decimals, part.scale,
            part.alternatives, high, part.code or self._is_code(i, part), part.year_like, part.grouped, touching,
        )  # fmt: skip

    def _is_code(self, i: int, part: _Part) -> bool:
        """Digits that continue a name ("F-16", "A4", "+49 30 1234") are no quantity."""
        if not part.in_digits or i == 0:
            return False
        before = self.ts[i - 1]
        if not glued(before, self.ts[i]):
            return False
        if before.kind == "word" or before.text in "_#+\\&":
            return before.text not in ("c", "us", "C", "US", "EUR", "USD", "CHF", "GBP", "Rs")
        if before.text in _HYPHENS and i > 1 and glued(self.ts[i - 2], before):
            earlier = self.ts[i - 2]
            return earlier.kind == "word" and earlier.text[0].isupper()
        return False

    # -- cardinals -------------------------------------------------------------------------------------------------

    def _digits(self, i: int) -> _Part | None:
        token = self.ts[i]
        start, lead = token.start, 0
        if token.text == "." and i + 1 < len(self.ts) and self.ts[i + 1].kind == "digits":
            if not glued(token, self.ts[i + 1]) or (i and glued(self.ts[i - 1], token)):
                return None
            start, lead = self.ts[i + 1].start, 1
        elif token.kind != "digits":
            return None
        read = digits.read(self.text, start, self.language)
        if read is None:
            return None
        last = i + lead
        while last < len(self.ts) and self.ts[last].start < read.end:
            last += 1
        if lead:
            plain = self.ts[i + 1].text
            return _Part(float(f"0.{plain}"), i + 2, self.ts[i + 1].end, "digits", True, len(plain))
        plain = self.text[start : read.end]
        return _Part(
            read.value, last, read.end, "digits", True, read.decimals, 1.0, read.alternatives, read.code,
            year_like=len(plain) == 4 and plain.isdecimal(), grouped=read.grouped,
        )  # fmt: skip

    def _cardinal(self, i: int) -> _Part | None:
        begun = self._digits(i)
        if begun is not None:
            return self._letter_scale(begun) if not begun.code else begun
        low = self.low(i)
        article = low in _ARTICLES.get(self.language, ())
        total, current, j, tail, low_scale, scale = 0.0, 0.0, i, "", float("inf"), 1.0
        end, bare, year_like = self.ts[i].end, False, False
        if article:
            following = self.word(i + 1)
            if following is None or following.kind not in ("hundred", "scale", "group"):
                return _Part(1.0, i + 1, end, "article")
            current, j, tail = 1.0, i + 1, "article"
        while j < len(self.ts):
            k = self._joined(j, tail)
            word = self.word(k)
            if word is None:
                more = self._digits(k) if tail == "scale" and k < len(self.ts) and self.ts[k].kind == "digits" else None
                if more is None or more.decimals or more.value >= low_scale or more.code:
                    break
                current, j, end, tail = more.value, more.last, more.end, "digits"
                continue
            kind, value = word.kind, word.value
            if (
                (kind == "unit" and tail in ("", "ten", "hundred", "scale") and (value or not tail))
                or (kind in ("teen", "ten") and tail in ("", "hundred", "scale"))
                or (kind == "ten" and tail == "unit" and self.language == "de" and k == j + 1)
            ):
                current += value
            elif kind in ("teen", "ten") and tail in ("teen", "ten") and not total and 10 <= current <= 20 and k == j:
                current, year_like = current * 100 + value, True
            elif (kind == "cardinal" and tail in ("", "scale", "hundred") and (not tail or value < low_scale)) or (
                kind in ("unit", "teen", "ten", "cardinal")
                and tail == "cardinal"
                and value
                and not current % 100
                and value < 100
            ):
                current += value
            elif kind == "hundred" and tail in ("", "unit", "teen", "ten", "article", "digits", "cardinal"):
                bare = bare or not tail
                current = (current or 1.0) * value
            elif kind in ("scale", "group") and tail != "group":
                bare = bare or not tail
                if tail == "scale" and not current:
                    total, low_scale = total * value, value
                elif value < low_scale:
                    total, low_scale = total + (current or 1.0) * value, value
                else:
                    total, low_scale = (total + current) * value, value
                current, scale, kind = 0.0, value, "scale" if kind == "scale" else "group"
            elif kind == "article" and tail in ("", "scale") and self._counts_on(k):
                current += value
            else:
                break
            tail, j, end = kind, k + 1, self.ts[k].end
        if j == i or (article and j == i + 1):
            return None
        return _Part(total + current, j, end, tail, False, 0, scale, bare=bare, year_like=year_like)

    def _counts_on(self, k: int) -> bool:
        following = self.word(k + 1)
        return following is not None and following.kind in ("hundred", "scale", "group")

    def _joined(self, j: int, tail: str) -> int:
        """The token after a hyphen or "and" that joins two number words, or `j` itself."""
        if not tail or j + 1 >= len(self.ts):
            return j
        token, following = self.ts[j], self.word(j + 1)
        if token.text in _HYPHENS and following is not None:
            return j + 1 if tail in ("ten", "hundred", "unit", "teen") else j
        if token.low in _AND.get(self.language, ()) and following is not None:
            if following.kind == "unit" and tail in ("hundred", "scale") and self._names_part(j + 2):
                return j
            tails = ("hundred", "scale") if self.language in ("en", "de") else ("hundred", "scale", "ten")
            if tail in tails and following.kind in ("unit", "teen", "ten", "cardinal"):
                return j + 1
            if self.language == "de" and tail == "unit" and following.kind == "ten":
                return j + 1
        return j

    def _names_part(self, j: int) -> bool:
        word = self.word(j)
        return word is not None and (word.kind in ("half", "fraction") or (word.kind == "ordinal" and word.plural))

    def _letter_scale(self, part: _Part) -> _Part:
        """ "3 million", "13 lakh crore", "100k", "1.2b"."""
        letters = self.ts[part.last] if part.last < len(self.ts) else None
        if letters is None or letters.kind != "word":
            return part
        touching = letters.start == part.end
        if self.language == "en" and letters.text in _LETTER_SCALES and (touching or letters.text in ("k", "M", "G")):
            generation = letters.text == "G" and not part.decimals
            if not generation and (touching or part.decimals or letters.text == "k"):
                return self._times(part, _LETTER_SCALES[letters.text])
        return self._scaled(part)

    def _times(self, part: _Part, factor: float) -> _Part:
        token = self.ts[part.last]
        return replace(
            part, value=times(part.value, factor), last=part.last + 1, end=token.end, tail="scale", year_like=False,
            scale=part.scale * factor, alternatives=tuple(times(other, factor) for other in part.alternatives),
        )  # fmt: skip

    def _scaled(self, part: _Part) -> _Part:
        """The part times every scale word that follows it: "2.4 billion", "half a million", "3 dozens"."""
        for _ in range(3):
            j = part.last
            if part.tail == "fraction" and self.low(j) in ("a", "an"):
                j += 1
            word = self.word(j)
            if word is None or word.kind not in ("scale", "hundred", "group"):
                break
            glued_letter = len(self.low(j)) == 1
            if glued_letter or (word.kind == "group" and self.low(j) in ("score", "gross")):
                break
            after = _Part(**{name: getattr(part, name) for name in part.__slots__})
            part = self._times(replace(after, last=j), word.value)
            if self.low(part.last) == "." and self.low(j) in ("mio", "mrd", "bill", "tsd", "mill", "mln", "bn"):
                token = self.ts[part.last]
                if glued(self.ts[j], token) and not self._ends_text(part.last):
                    part = replace(part, last=part.last + 1, end=token.end)
        rest = self._after_scale(part) if part.tail == "scale" and part.scale > 1 else None
        return rest or part

    def _ends_text(self, i: int) -> bool:
        return i + 1 >= len(self.ts) or self.ts[i + 1].kind == "break"

    def _after_scale(self, part: _Part) -> _Part | None:
        """ "6 crore and two hundred", "zwei Millionen dreihundert"."""
        j = self._joined(part.last, "scale")
        word = self.word(j)
        if word is None or word.kind not in ("unit", "teen", "ten", "cardinal") or part.decimals:
            return None
        more = self._cardinal(j)
        if more is None or more.value >= part.scale or (j == part.last and part.in_digits and more.value < 100):
            return None
        return replace(part, value=part.value + more.value, last=more.last, end=more.end, tail=more.tail)

    # -- decimals, fractions, ratios, ordinals ---------------------------------------------------------------------

    def _point(self, part: _Part) -> _Part:
        """ "nine point nought four", "drei Komma fünf"."""
        if part.in_digits or self.low(part.last) not in _POINT.get(self.language, ()):
            return part
        j, after = part.last + 1, ""
        while j < len(self.ts):
            word = self.word(j)
            if word is None or word.kind not in ("unit", "teen", "ten", "cardinal"):
                break
            piece = self._cardinal(j)
            if piece is None or piece.value >= 100:
                break
            after, j = after + str(int(piece.value)), piece.last
        if not after:
            return part
        spoken = replace(part, value=float(f"{int(part.value)}.{after}"), last=j, end=self.ts[j - 1].end, tail="point")
        return self._scaled(replace(spoken, decimals=len(after)))

    def _fraction(self, i: int, *, sure: bool = False) -> _Part | None:
        """ "2/3", "½", "two thirds", "a quarter", "half", "drei Viertel"."""
        token = self.ts[i]
        if token.text[:1] in digits.VULGAR and len(token.text) == 1:
            return _Part(digits.VULGAR[token.text], i + 1, token.end, "fraction")
        if token.kind == "digits":
            return self._slash(i)
        word = self.word(i)
        if word is not None and word.kind in ("half", "mixed") and self.low(i) not in ("halves",):
            return _Part(word.value, i + 1, token.end, "fraction")
        if word is not None and word.kind == "fraction" and self.language == "de" and token.text[0].isupper():
            return None
        top, j = self._numerator(i)
        if top is None:
            return None
        if self.low(j) == "-" or self.low(j) in _HYPHENS:
            j += 1
        below = self.word(j)
        if below is None:
            return None
        if below.kind == "ten" and self.language == "en":
            return self._two_word_fraction(i, top, j, below.value)
        if below.kind in ("half", "fraction"):
            if (
                below.kind == "fraction"
                and self.language == "en"
                and self.low(i) in ("a", "one")
                and not (sure or self._part_of(j))
            ):
                return None
            return _Part(top * below.value, j + 1, self.ts[j].end, "fraction")
        if below.kind in ("ordinal", "ordinal_ten", "ordinal_scale") and self.language == "en" and below.value > 2:
            plural_ok = below.plural and self.word(i) is not None
            single_ok = not below.plural and top == 1 and (sure or self.low(i) == "one" or self._part_of(j))
            if plural_ok or single_ok:
                return _Part(top / below.value, j + 1, self.ts[j].end, "fraction")
        return None

    def _two_word_fraction(self, i: int, top: float, j: int, ten: float) -> _Part | None:
        """ "three twenty-firsts", "one twenty-fifth"."""
        k = j + 2 if self.low(j + 1) in _HYPHENS else j + 1
        unit = self.word(k)
        if unit is None or unit.kind != "ordinal" or unit.value > 9 or not (unit.plural or top == 1):
            return None
        if not unit.plural and self.low(i) != "one" and not self._part_of(k):
            return None
        return _Part(top / (ten + unit.value), k + 1, self.ts[k].end, "fraction")

    def _numerator(self, i: int) -> tuple[float | None, int]:
        if self.low(i) in _ARTICLES.get(self.language, ()):
            return 1.0, i + 1
        word = self.word(i)
        if word is None or word.kind not in ("unit", "teen", "ten", "cardinal"):
            return None, i
        part = self._cardinal(i)
        if part is None:
            return None, i
        ten = self.word(part.last - 1)
        hundreds = part.last - 2 > i and self.word(part.last - 2) is not None
        if ten is not None and ten.kind == "ten" and hundreds:  # "one hundred | thirty-fifths"
            return part.value - ten.value, part.last - 1
        return part.value, part.last

    def _part_of(self, j: int) -> bool:
        """True where "a third" can only be a share: before "of", a mark or the end."""
        return (
            j + 1 >= len(self.ts)
            or self.low(j + 1) in ("of", "million", "billion", "more", "less", "higher", "lower")
            or (self.ts[j + 1].kind != "word" and self.ts[j + 1].text not in _HYPHENS)
        )

    def _slash(self, i: int) -> _Part | None:
        """ "3/4" and "1 4/5", but no date and no "2007/08"."""
        whole, j = 0.0, i
        if self._plain(i) and self._plain(i + 1) and self.low(i + 2) == "/" and not glued(self.ts[i], self.ts[i + 1]):
            whole, j = float(self.ts[i].text), i + 1
        elif self._plain(i) and self.low(i + 1)[:1] in digits.VULGAR and len(self.low(i + 1)) == 1:
            return _Part(
                float(self.ts[i].text) + digits.VULGAR[self.low(i + 1)], i + 2, self.ts[i + 1].end, "fraction", True
            )
        if not (self._plain(j) and self.low(j + 1) == "/" and self._plain(j + 2)):
            return None
        top, slash, below = self.ts[j : j + 3]
        if not glued(top, slash) or not glued(slash, below) or len(below.text) > 4 or len(top.text) > 4:
            return None
        tail = self.ts[j + 3] if j + 3 < len(self.ts) else None
        if tail is not None and glued(below, tail) and tail.text in "/.-":
            following = self.ts[j + 4] if j + 4 < len(self.ts) else None
            if following is not None and following.kind == "digits" and glued(tail, following):
                return None
        if (
            j
            and self.ts[j - 1].text in "/.-"
            and glued(self.ts[j - 1], top)
            and j > 1
            and self.ts[j - 2].kind == "digits"
        ):
            return None
        bottom = float(below.text)
        if not bottom or float(top.text) >= 1000 or (len(below.text) == 2 and below.text[0] == "0"):
            return None
        return _Part(whole + float(top.text) / bottom, j + 3, below.end, "fraction", True)

    def _plain(self, i: int) -> bool:
        return 0 <= i < len(self.ts) and self.ts[i].kind == "digits" and len(self.ts[i].text) <= 12

    def _and_fraction(self, part: _Part) -> _Part:
        """ "three and one fourth", "3 million and a half", "fünf und drei Viertel Milliarden"."""
        if self.low(part.last) in _AND.get(self.language, ()) and part.last + 1 < len(self.ts) and not part.decimals:
            fraction = self._fraction(part.last + 1, sure=True) if self.ts[part.last + 1].kind == "word" else None
            if fraction is not None and fraction.value < 1:
                scaled = self._scaled(fraction)
                share = scaled.value if scaled.scale > 1 and part.scale > 1 else fraction.value * part.scale
                grown = replace(part, value=part.value + share, last=fraction.last, end=fraction.end, tail="fraction")
                if part.scale == 1:
                    return self._scaled(grown)
                return replace(grown, last=scaled.last, end=scaled.end)
        if part.in_digits and part.last < len(self.ts) and self.ts[part.last].text in digits.VULGAR:
            token = self.ts[part.last]
            if token.start - part.end <= 1:
                mixed = part.value + digits.VULGAR[token.text]
                return self._scaled(replace(part, value=mixed, last=part.last + 1, end=token.end))
        return part

    def _ratio(self, part: _Part) -> _Part | None:
        """ "one in five", "vier von fünf", "3 out of 10", "1 over 20"."""
        if part.decimals or not 1 <= part.value <= 999 or part.code:
            return None
        j, low = part.last, self.low(part.last)
        if self.language == "en" and low == "out" and self.low(j + 1) == "of":
            return None
        if low not in _RATIO_WORDS.get(self.language, ()) and not (self.language == "en" and low == "over"):
            return None
        word = self.word(j + 1)
        if j + 1 >= len(self.ts) or not (
            self.ts[j + 1].kind == "digits" or (word and word.kind in ("unit", "teen", "ten", "cardinal", "hundred"))
        ):
            return None
        if self._fraction(j + 1) is not None:
            return None
        below = self._cardinal(j + 1)
        if (
            below is None
            or (below.value <= part.value and low != "over")
            or below.decimals
            or below.year_like
            or below.code
        ):
            return None
        if low == "over" and below.last < len(self.ts) and self.ts[below.last].kind == "word":
            return None
        if low != "over" and (below.value > 1000 and below.value % 1000):
            return None
        return replace(
            part, value=part.value / below.value, last=below.last, end=below.end, tail="ratio", year_like=False
        )

    def _ordinal(self, i: int, part: _Part | None) -> Numeral | None:
        """ "21st", "3.", "twenty-fifth", "the three hundred twenty second"; plural ordinals are fractions."""
        j, base = (part.last, part.value) if part is not None else (i, 0.0)
        if part is not None and part.in_digits:
            return self._digit_ordinal(i, part)
        if part is not None and self.low(j) in (*_HYPHENS, *_AND.get(self.language, ())):
            j += 1
        word = self.word(j)
        if word is None or word.kind not in ("ordinal", "ordinal_ten", "ordinal_scale"):
            return None
        value, last = word.value, j + 1
        if word.kind == "ordinal_ten" and self.word(j + 1) is None and self.low(j + 1) in _HYPHENS:
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
        return self._numeral(i, _Part(value, last, self.ts[last - 1].end), "ordinal")

    def _plural_ordinal(self, i: int, part: _Part | None, word: Word, last: int) -> Numeral | None:
        """ "twenty-three fifths", "one hundred thirty-fifths": where the numerator ends depends on the word before."""
        if part is None:
            return None
        return self._numeral(i, _Part(part.value / word.value, last, self.ts[last - 1].end), "fraction")

    def _digit_ordinal(self, i: int, part: _Part) -> Numeral | None:
        following = self.ts[part.last] if part.last < len(self.ts) else None
        if following is None or part.decimals or following.start != part.end:
            return None
        if self.language == "en" and following.low in ("st", "nd", "rd", "th"):
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
        return self._numeral(i, _Part(worth * 2, last, self.ts[last - 1].end), "vague", high=top)
