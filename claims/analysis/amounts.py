"""What a number measures: money, units, ages. The part of quantities.py that looks right beside the number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from claims.analysis import context, numerals, tables, units
from claims.analysis.cardinals import times
from claims.analysis.numerals import Numeral
from claims.analysis.tokens import glued, tokens
from claims.analysis.types import Modifier, Quantity, Span
from claims.analysis.units import Unit

HYPHENS = frozenset("-‐‑–")
_AGE_WORDS = {"de": ("alt", "alte", "alter", "alten", "altes", "altem"), "en": ("old",)}
_GERMAN_AGE = re.compile(r"(?P<unit>jähr|monat|wöch|tägig)\w*$")
_COMPOUND_AGE = re.compile(
    r"(?P<number>.+?)(?P<unit>jährig|monatig|wöchig|tägig|stündig|minütig)(?P<end>e|en|er|es|em|)$"
)
_AGE_UNITS = {"jähr": "year", "jährig": "year", "monat": "month", "monatig": "month", "wöch": "week", "wöchig": "week",
              "tägig": "d", "stündig": "h", "minütig": "min"}  # fmt: skip
_DEFINITE = frozenset(["die", "den", "der", "diese", "diesen", "dieser", "alle", "letzten", "ersten"])
_MILLION_CODE = re.compile(r"M([A-Z]{3})")
_OF = frozenset(["de", "d", "di", "'", "’"])
_ANGLE_WORDS = tables.words("beside_words", "angle")


@dataclass(slots=True)
class Draft:
    """A quantity while its unit, range and hedges are found. Tokens `first..last`."""

    numeral: Numeral
    first: int
    last: int
    lo: float
    hi: float
    unit: Unit | None = None
    role: str = ""
    alternatives: tuple[tuple[float, float], ...] = ()
    modifier: Modifier = Modifier.EXACT
    modifier_span: Span | None = None
    after: int = 0  # the token after a hedge that follows

    @classmethod
    def bare(cls, numeral: Numeral) -> Draft:
        """A number with nothing beside it."""
        return cls(numeral, numeral.first, numeral.last, numeral.value, numeral.high or numeral.value)

    def scale(self, factor: float) -> None:
        """Take the next token in as a factor."""
        self.lo, self.hi = times(self.lo, factor), times(self.hi, factor)
        self.last += 1


class Amounts:
    """The numbers of one text with the units beside them."""

    def __init__(self, text: str, language: str, taken: Sequence[Span]) -> None:
        self.text, self.language, self.taken = text, language, taken
        self.ts = tokens(text)
        self.numerals = numerals.find(text, language)
        self.by_first = {numeral.first: numeral for numeral in self.numerals}

    def _measured(self, numeral: Numeral) -> bool:
        """ "ein Euro", "einen Kilometer": an article counts only before a unit."""
        unit = units.measure(self.ts, numeral.last, self.language)
        if unit is not None:
            return unit.unit.dimension != "time" and len(self.ts[numeral.last].text) > 2
        money = units.currency_after(self.ts, numeral.last, self.language)
        return money is not None and self.ts[money.last - 1].kind == "word"

    def _draft(self, numeral: Numeral) -> Draft | None:
        draft = Draft.bare(numeral)
        draft.alternatives = tuple((other, other) for other in numeral.alternatives)
        if numeral.kind == "ordinal":
            return None
        if numeral.kind == "both" and numeral.first and self.ts[numeral.first - 1].low in _DEFINITE:
            return None
        if numeral.kind in ("multiple", "both"):
            draft.role = "multiple" if numeral.kind == "multiple" else ""
            return draft
        if numeral.kind in ("fraction", "ratio"):
            draft.role = "ratio" if numeral.kind == "ratio" else "share"
        if not self._attach_money(draft):
            self._attach_unit(draft)
        return draft

    def _attach_money(self, draft: Draft) -> bool:
        before = units.currency_before(self.ts, draft.first, self.language)
        after = units.currency_after(self.ts, self._skip_joint(draft), self.language)
        if (
            before is not None
            and after is not None
            and after.last < len(self.ts)
            and self.ts[after.last].kind == "digits"
        ):
            after = None  # "rmb 10 usd 20": the second name leads the next sum
        if before is None and after is None and self._million_code(draft):
            return True
        if before is None and after is None:
            return False
        if before is not None and not (
            after is not None and before[0] != after[0] and self.ts[draft.first - 1].kind == "word"
        ):
            draft.unit, draft.first = before
            if (
                after is not None
                and after.unit == draft.unit
                and self.ts[after.last - 1].kind == "word"
                and draft.numeral.scale > 1
            ):
                draft.last = after.last
            self._million_letter(draft)
        elif after is not None:
            draft.unit, draft.last = after
            self._trailing_scale(draft)
            self._minor_units(draft)
        draft.role = "money"
        return True

    def _million_code(self, draft: Draft) -> bool:
        """ "48.5 MGBP", "MAUD 60"."""
        for place in (draft.last, draft.first - 1):
            token = self.ts[place] if 0 <= place < len(self.ts) else None
            code = _MILLION_CODE.fullmatch(token.text) if token is not None else None
            unit = units.by_code(code[1], self.language) if code else None
            if unit is not None:
                draft.unit, draft.role = unit, "money"
                draft.lo, draft.hi = times(draft.lo, 1e6), times(draft.hi, 1e6)
                draft.first, draft.last = min(draft.first, place), max(draft.last, place + 1)
                return True
        return False

    def _million_letter(self, draft: Draft) -> None:
        """ "$5m" is five million dollars; "5 m" alone is five metres."""
        token = self.ts[draft.last] if draft.last < len(self.ts) else None
        if token is not None and token.text in ("m", "mn") and token.start == self.ts[draft.last - 1].end:
            draft.lo, draft.hi, draft.last = (
                times(draft.lo, 1e6),
                times(draft.hi, 1e6),
                draft.last + 1,
            )

    def _trailing_scale(self, draft: Draft) -> None:
        """ "75 USD million"."""
        token = self.ts[draft.last] if draft.last < len(self.ts) else None
        scale = {"million": 1e6, "billion": 1e9, "thousand": 1e3}.get(token.low) if token is not None else None
        if scale and draft.numeral.scale == 1:
            draft.lo, draft.hi, draft.last = (
                times(draft.lo, scale),
                times(draft.hi, scale),
                draft.last + 1,
            )

    def _minor_units(self, draft: Draft) -> None:
        """ "3 dollars 50 cents", "15 Dollar und 15 Cent", "13 dollars forty five"."""
        if draft.unit is None or draft.unit.factor != 1 or draft.numeral.decimals or draft.numeral.kind != "cardinal":
            return
        j = draft.last
        joined = j < len(self.ts) and self.ts[j].low in ("and", "und")
        j += joined
        text_like = self.by_first.get(j)
        if text_like is None or not 1 <= text_like.value <= 99 or text_like.value != int(text_like.value):
            return
        minor = units.currency_after(self.ts, text_like.last, self.language)
        bare_end = text_like.last >= len(self.ts) or self.ts[text_like.last].text in ".,;"
        if minor is not None and minor.unit.factor == 0.01:
            last = minor.last
        elif minor is None and bare_end and self.ts[j - 1].kind == "word":
            last = text_like.last
        else:
            return
        draft.lo = draft.hi = draft.lo + text_like.value / 100
        draft.last = last

    def _skip_hyphen(self, i: int) -> int:
        tight = (
            0 < i < len(self.ts) - 1
            and self.ts[i].text in HYPHENS
            and glued(self.ts[i - 1], self.ts[i])
            and glued(self.ts[i], self.ts[i + 1])
        )
        return i + 1 if tight else i

    def _skip_joint(self, draft: Draft) -> int:
        """Past a hyphen ("12-cent") or, after a scale word, past "de" ("3 millions d'euros")."""
        j = self._skip_hyphen(draft.last)
        while draft.numeral.scale > 1 and j < len(self.ts) and self.ts[j].low in _OF:
            j += 1
        return j

    def _attach_unit(self, draft: Draft) -> None:
        start = self._skip_joint(draft)
        found = units.measure(self.ts, start, self.language)
        if found is None and start < len(self.ts) - 2 and self.ts[start].text in "[{<":
            found = units.measure(self.ts, start + 1, self.language)
            if found is None or found.last >= len(self.ts) or self.ts[found.last].text not in "]}>":
                return
            found = units.Match(found.unit, found.last + 1)
        if found is None:
            if self.language == "de":
                self._german_age(draft, start)
            return
        if found.last == start + 1 and self._is_word_not_unit(start, draft):
            return
        draft.unit, draft.last = found
        if draft.unit.symbol == "degree":
            angle = context.near(self.ts, draft.first, _ANGLE_WORDS)
            draft.unit = Unit("°", "angle" if angle else "temperature", 1.0)
        if draft.unit.dimension == "time":
            self._age(draft)
        elif draft.unit.symbol == "ft":
            self._inches(draft)

    def _is_word_not_unit(self, i: int, draft: Draft) -> bool:
        """One-letter symbols count only right behind digits, and never before an apostrophe or a hyphenated word."""
        token = self.ts[i]
        if token.kind != "word" or len(token.text) > 2:
            return False
        if not draft.numeral.in_digits:
            return True
        following = self.ts[i + 1] if i + 1 < len(self.ts) else None
        if following is not None and following.text in ("'", "’", "."):
            return token.text in ("t", "m", "s", "g", "K") and following.text != "." and following.end < len(self.ts)
        return token.text in ("s", "h", "K", "t") and self.language == "en" and token.start > self.ts[i - 1].end

    def _inches(self, draft: Draft) -> None:
        """ "5 ft 2 in", "5 feet and 2 inches"."""
        j = draft.last + (draft.last < len(self.ts) and self.ts[draft.last].low == "and")
        more = self.by_first.get(j)
        if more is None or not more.value < 12 or more.last >= len(self.ts):
            return
        unit = units.measure(self.ts, more.last, self.language)
        if (unit is not None and unit.unit.symbol == "in") or self.ts[more.last].low == "in":
            draft.lo = draft.hi = draft.lo + more.value / 12
            draft.last = unit.last if unit is not None else more.last + 1

    def _age(self, draft: Draft) -> None:
        j = self._skip_hyphen(draft.last)
        if j < len(self.ts) and self.ts[j].low in _AGE_WORDS.get(self.language, ()):
            draft.last, draft.role = j + 1, "age"
        elif self.language == "en" and j + 1 < len(self.ts) and self.ts[j].low == "of" and self.ts[j + 1].low == "age":
            draft.last, draft.role = j + 2, "age"
        elif (
            self.language == "de"
            and draft.first >= 3
            and [t.low for t in self.ts[draft.first - 3 : draft.first]] == ["im", "alter", "von"]
        ):
            draft.role = "age"

    def _german_age(self, draft: Draft, i: int) -> None:
        """ "53-Jährige", "10-wöchig"."""
        if i >= len(self.ts) or i == draft.last or self.ts[i].kind != "word":
            return
        match = _GERMAN_AGE.match(self.ts[i].low)
        if match is None:
            return
        symbol = _AGE_UNITS[match["unit"]]
        draft.unit, draft.last = _time_unit(symbol), i + 1
        draft.role = "age" if match["unit"] in ("jähr", "monat") else ""

    def _word_ages(self) -> list[Quantity]:
        """ "zweijährig", "zehnwöchige": number and unit in one word."""
        found = []
        for token in self.ts if self.language == "de" else ():
            match = _COMPOUND_AGE.match(token.low) if token.kind == "word" and len(token.low) < 40 else None
            word = numerals.word_value(match["number"], self.language) if match else None
            span = Span(token.start, token.end)
            if match is None or word is None or any(other.overlaps(span) for other in self.taken):
                continue
            unit = _time_unit(_AGE_UNITS[match["unit"]])
            found.append(
                Quantity(
                    span=span,
                    text=token.text,
                    lo=word,
                    hi=word,
                    unit=unit.symbol,
                    dimension="time",
                    base_lo=unit.to_base(word),
                    base_hi=unit.to_base(word),
                    step=unit.factor / 2,
                )
            )
        return found


def _time_unit(symbol: str) -> Unit:
    factors = {"year": 31557600.0, "month": 2629800.0, "week": 604800.0, "d": 86400.0, "h": 3600.0, "min": 60.0}
    return Unit(symbol, "time", factors[symbol])
