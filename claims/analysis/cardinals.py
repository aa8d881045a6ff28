"""Whole numbers and decimals in running text: "3 million", "zweihundert", "twenty-one trillion three hundred"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from claims.analysis import digits, numberwords, tables
from claims.analysis.numberwords import Word
from claims.analysis.tokens import Token, glued

AND = {"en": ("and",), "de": ("und",), "fr": ("et",), "es": ("y",), "it": ("e",), "nl": ("en",)}
HYPHENS = ("-", "‐", "‑", "–")
ARTICLES = {"en": ("a", "an"), "de": ("ein", "eine", "einen", "einem", "einer", "eines")}
_POINT = {"en": ("point",), "de": ("komma",)}
_LETTER_SCALES = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "b": 1e9, "G": 1e9, "T": 1e12}
_SCORED = tables.words("beside_words", "scored")
_DOTTED_SCALES = ("mio", "mrd", "bill", "tsd", "mill", "mln", "bn")


def times(value: float, factor: float) -> float:
    """The product as a reader writes it: 16.4 times a million is 16 400 000, not a hair less."""
    return float(f"{value * factor:.15g}")


@dataclass(frozen=True, slots=True)
class Part:
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


class Cardinals:
    """Reads cardinals from the tokens of one text."""

    def __init__(self, text: str, ts: Sequence[Token], language: str) -> None:
        self.text, self.ts, self.language = text, ts, language

    def word(self, i: int) -> Word | None:
        if 0 <= i < len(self.ts) and self.ts[i].kind == "word":
            return numberwords.word(self.ts[i].low, self.language)
        return None

    def low(self, i: int) -> str:
        return self.ts[i].low if 0 <= i < len(self.ts) else ""

    def _digits(self, i: int) -> Part | None:
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
            return Part(float(f"0.{plain}"), i + 2, self.ts[i + 1].end, "digits", True, len(plain))
        plain = self.text[start : read.end]
        return Part(
            read.value, last, read.end, "digits", True, read.decimals, 1.0, read.alternatives, read.code,
            year_like=len(plain) == 4 and plain.isdecimal(), grouped=read.grouped,
        )  # fmt: skip

    def _cardinal(self, i: int) -> Part | None:
        begun = self._digits(i)
        if begun is not None:
            return self._letter_scale(begun) if not begun.code else begun
        low = self.low(i)
        article = low in ARTICLES.get(self.language, ())
        total, current, j, tail, low_scale, scale = 0.0, 0.0, i, "", float("inf"), 1.0
        end, bare, year_like = self.ts[i].end, False, False
        if article:
            following = self.word(i + 1)
            if following is None or following.kind not in ("hundred", "scale", "group") or self._kept_score(i + 1):
                return Part(1.0, i + 1, end, "article")
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
            if kind == "group" and self._kept_score(k):
                break
            score = self._french_score(word, current, tail, k > j)
            if score is not None:
                current, tail, j, end = score[0], score[1], k + 1, self.ts[k].end
                continue
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
        return Part(total + current, j, end, tail, False, 0, scale, bare=bare, year_like=year_like)

    def _french_score(self, word: Word, current: float, tail: str, joined: bool) -> tuple[float, str] | None:
        """ "quatre-vingts", "soixante-dix", "quatre-vingt-dix-sept": the sum so far and the kind of its last word."""
        if self.language != "fr":
            return None
        if word.kind == "ten" and word.value == 20 and tail == "unit" and current % 100 == 4 and joined:
            return current + 76, "ten"
        if word.kind == "teen" and tail == "ten" and current % 100 in (60, 80):
            return current + word.value, "teen"
        if word.kind == "unit" and word.value >= 7 and tail == "teen" and current % 10 == 0 and joined:
            return current + word.value, "unit"
        return None

    def _kept_score(self, k: int) -> bool:
        """Whether "score" is a verb or a result; it is twenty only in "a score of protesters" and "three score"."""
        if self.low(k) != "score":
            return False
        before, after = self.word(k - 1), self.ts[k + 1] if k + 1 < len(self.ts) else None
        if self.low(k - 1) in ARTICLES.get(self.language, ()):
            thing = self.ts[k + 2] if k + 2 < len(self.ts) else None
            counts = thing is not None and thing.kind == "word" and self.word(k + 2) is None
            return after is None or after.low != "of" or not counts
        if before is None or before.kind != "unit" or before.value < 2:
            return True
        return after is not None and (after.kind == "digits" or after.low in _SCORED or self.word(k + 1) is not None)

    def _counts_on(self, k: int) -> bool:
        following = self.word(k + 1)
        return following is not None and following.kind in ("hundred", "scale", "group")

    def _joined(self, j: int, tail: str) -> int:
        """The token after a hyphen or "and" that joins two number words, or `j` itself."""
        if not tail or j + 1 >= len(self.ts):
            return j
        token, following = self.ts[j], self.word(j + 1)
        if token.text in HYPHENS and following is not None:
            return j + 1 if tail in ("ten", "hundred", "unit", "teen") else j
        if token.low in AND.get(self.language, ()) and following is not None:
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

    def _letter_scale(self, part: Part) -> Part:
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

    def _times(self, part: Part, factor: float) -> Part:
        token = self.ts[part.last]
        return replace(
            part, value=times(part.value, factor), last=part.last + 1, end=token.end, tail="scale", year_like=False,
            scale=part.scale * factor, alternatives=tuple(times(other, factor) for other in part.alternatives),
        )  # fmt: skip

    def _scaled(self, part: Part) -> Part:
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
            after = Part(**{name: getattr(part, name) for name in part.__slots__})
            part = self._times(replace(after, last=j), word.value)
            if self.low(part.last) == "." and self.low(j) in _DOTTED_SCALES:
                token = self.ts[part.last]
                if glued(self.ts[j], token) and not self._ends_text(part.last):
                    part = replace(part, last=part.last + 1, end=token.end)
        rest = self._after_scale(part) if part.tail == "scale" and part.scale > 1 else None
        return rest or part

    def _ends_text(self, i: int) -> bool:
        return i + 1 >= len(self.ts) or self.ts[i + 1].kind == "break"

    def _after_scale(self, part: Part) -> Part | None:
        """ "6 crore and two hundred", "zwei Millionen dreihundert"."""
        j = self._joined(part.last, "scale")
        word = self.word(j)
        if word is None or word.kind not in ("unit", "teen", "ten", "cardinal") or part.decimals:
            return None
        more = self._cardinal(j)
        if more is None or more.value >= part.scale or (j == part.last and part.in_digits and more.value < 100):
            return None
        return replace(part, value=part.value + more.value, last=more.last, end=more.end, tail=more.tail)

    def _point(self, part: Part) -> Part:
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
