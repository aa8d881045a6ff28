"""Shares of a whole in running text: "2/3", "half a million", "drei Viertel", "one in five"."""

from __future__ import annotations

from dataclasses import replace

from claims.analysis import digits
from claims.analysis.cardinals import AND, ARTICLES, HYPHENS, Cardinals, Part
from claims.analysis.tokens import glued

_RATIO_WORDS = {"en": ("in",), "de": ("von",), "fr": ("sur",), "es": ("de",), "it": ("su",), "nl": ("op",)}


class Fractions(Cardinals):
    """Reads fractions, mixed numbers and ratios."""

    def _fraction(self, i: int, *, sure: bool = False) -> Part | None:
        """ "2/3", "½", "two thirds", "a quarter", "half", "drei Viertel"."""
        token = self.ts[i]
        if token.text[:1] in digits.VULGAR and len(token.text) == 1:
            return Part(digits.VULGAR[token.text], i + 1, token.end, "fraction")
        if token.kind == "digits":
            return self._slash(i)
        word = self.word(i)
        if word is not None and word.kind in ("half", "mixed") and self.low(i) not in ("halves",):
            return Part(word.value, i + 1, token.end, "fraction")
        if word is not None and word.kind == "fraction" and self.language == "de" and token.text[0].isupper():
            return None
        top, j = self._numerator(i)
        if top is None:
            return None
        if self.low(j) == "-" or self.low(j) in HYPHENS:
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
            return Part(top * below.value, j + 1, self.ts[j].end, "fraction")
        if below.kind in ("ordinal", "ordinal_ten", "ordinal_scale") and self.language == "en" and below.value > 2:
            plural_ok = below.plural and self.word(i) is not None
            single_ok = not below.plural and top == 1 and (sure or self.low(i) == "one" or self._part_of(j))
            if plural_ok or single_ok:
                return Part(top / below.value, j + 1, self.ts[j].end, "fraction")
        return None

    def _two_word_fraction(self, i: int, top: float, j: int, ten: float) -> Part | None:
        """ "three twenty-firsts", "one twenty-fifth"."""
        k = j + 2 if self.low(j + 1) in HYPHENS else j + 1
        unit = self.word(k)
        if unit is None or unit.kind != "ordinal" or unit.value > 9 or not (unit.plural or top == 1):
            return None
        if not unit.plural and self.low(i) != "one" and not self._part_of(k):
            return None
        return Part(top / (ten + unit.value), k + 1, self.ts[k].end, "fraction")

    def _numerator(self, i: int) -> tuple[float | None, int]:
        if self.low(i) in ARTICLES.get(self.language, ()):
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
            or (self.ts[j + 1].kind != "word" and self.ts[j + 1].text not in HYPHENS)
        )

    def _slash(self, i: int) -> Part | None:
        """ "3/4" and "1 4/5", but no date and no "2007/08"."""
        whole, j = 0.0, i
        if self._plain(i) and self._plain(i + 1) and self.low(i + 2) == "/" and not glued(self.ts[i], self.ts[i + 1]):
            whole, j = float(self.ts[i].text), i + 1
        elif self._plain(i) and self.low(i + 1)[:1] in digits.VULGAR and len(self.low(i + 1)) == 1:
            return Part(
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
        return Part(whole + float(top.text) / bottom, j + 3, below.end, "fraction", True)

    def _plain(self, i: int) -> bool:
        return 0 <= i < len(self.ts) and self.ts[i].kind == "digits" and len(self.ts[i].text) <= 12

    def _and_fraction(self, part: Part) -> Part:
        """ "three and one fourth", "3 million and a half", "fünf und drei Viertel Milliarden"."""
        if self.low(part.last) in AND.get(self.language, ()) and part.last + 1 < len(self.ts) and not part.decimals:
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

    def _ratio(self, part: Part) -> Part | None:
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
