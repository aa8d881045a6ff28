"""Quantities: numbers with what they measure or count, how they are hedged, and what happened to the counted thing."""

from __future__ import annotations

from collections.abc import Sequence

from claims.analysis import context, postal
from claims.analysis.amounts import HYPHENS, Amounts, Draft
from claims.analysis.cardinals import times
from claims.analysis.tokens import glued
from claims.analysis.types import Modifier, Quantity, Span

_RANGE_WORDS = {
    "de": ("bis", "und"), "en": ("to", "and"), "fr": ("à", "et"), "es": ("a", "y"), "it": ("a", "e"),
    "nl": ("tot", "en"), "pl": ("do", "a"), "uk": ("до", "і"), "ru": ("до", "и"),
}  # fmt: skip
_BETWEEN = frozenset(["zwischen", "between", "entre", "tra", "fra", "tussen", "między", "між", "между"])
_FROM = frozenset(["von", "from", "de", "da", "van", "od", "від", "от"])


def find(text: str, language: str, taken: Sequence[Span] = ()) -> list[Quantity]:
    """The quantities of `text`, in order; digits inside `taken` (dates found before) are left alone."""
    return _Finder(text, language[:2].lower(), taken).all()


class _Finder(Amounts):
    """The quantities of one text, found in one pass from left to right."""

    def all(self) -> list[Quantity]:
        drafts: list[Draft] = []
        addresses = postal.spans(self.text, self.language) if self.numerals else []
        for numeral in self.numerals:
            if any(span.start < numeral.end and numeral.start < span.end for span in addresses):
                continue
            if numeral.code or (numeral.kind == "article" and not self._measured(numeral)):
                continue
            if any(span.start < numeral.end and numeral.start < span.end for span in self.taken):
                continue
            if drafts and numeral.first < drafts[-1].last:
                continue
            draft = self._draft(numeral)
            if draft is not None:
                drafts.append(draft if self._free(draft) else Draft.bare(numeral))
        drafts = self._joined_ranges(drafts)
        for draft in drafts:
            self._hedge(draft)
        found = [self._quantity(draft) for draft in drafts if self._means_something(draft)]
        return sorted([*found, *self._word_ages()], key=lambda quantity: quantity.span)

    def _free(self, draft: Draft) -> bool:
        """False when the unit of the number reaches into a date found before."""
        start, end = self.ts[draft.first].start, self.ts[draft.last - 1].end
        return not any(span.start < end and start < span.end for span in self.taken)

    def _joined_ranges(self, drafts: list[Draft]) -> list[Draft]:
        """Two numbers with "bis", "to", "and" after "between", or a dash between them become one."""
        joined: list[Draft] = []
        for draft in drafts:
            left = joined[-1] if joined else None
            if left is not None and self._ranges(left, draft):
                scale = draft.numeral.scale if left.numeral.scale == 1 and left.lo < draft.lo else 1.0
                scale = scale if left.lo * scale <= draft.hi else 1.0
                left.lo, left.hi = times(left.lo, scale), draft.hi
                left.alternatives = ()
                left.last, left.unit = draft.last, left.unit or draft.unit
                left.role, left.modifier = left.role or draft.role, Modifier.RANGE
            else:
                joined.append(draft)
        return joined

    def _ranges(self, left: Draft, right: Draft) -> bool:
        if left.modifier is Modifier.RANGE or left.role == "multiple" or right.role == "multiple":
            return False
        if left.unit is not None and right.unit is not None and left.unit != right.unit:
            return False
        if left.unit is not None and right.unit is None:
            return False
        between = self.ts[left.last : right.first]
        if len(between) != 1 or right.hi < left.lo:
            return False
        mark = between[0]
        if mark.text in HYPHENS:
            return glued(self.ts[left.last - 1], mark) == glued(mark, self.ts[right.first]) and right.hi > left.lo
        words = _RANGE_WORDS.get(self.language, ())
        opener = self.ts[left.first - 1].low if left.first else ""
        if not words or mark.low not in words:
            return False
        if mark.low == words[1]:
            return opener in _BETWEEN
        if opener in _FROM:
            return context.event(self.ts, left.first, right.last, self.language) not in ("rise", "fall")
        return right.hi > left.lo

    def _hedge(self, draft: Draft) -> None:
        if draft.numeral.kind == "vague" and draft.modifier is Modifier.EXACT:
            draft.modifier = Modifier.VAGUE
        before = context.hedge_before(self.ts, draft.first, self.language)
        if before is not None:
            modifier, first, stop = before
            if draft.modifier in (Modifier.EXACT, Modifier.VAGUE):
                draft.modifier = modifier
            draft.modifier_span = Span(self.ts[first].start, self.ts[stop - 1].end)
            return
        after = context.hedge_after(self.ts, draft.last, self.language)
        if after is not None and draft.modifier is Modifier.EXACT:
            draft.modifier, draft.after = after
            draft.modifier_span = Span(self.ts[draft.last].start, self.ts[draft.after - 1].end)

    def _means_something(self, draft: Draft) -> bool:
        """A bare "one", a lone year or a number in a list is no fact."""
        if draft.unit is not None or draft.role or draft.modifier is not Modifier.EXACT:
            return True
        numeral = draft.numeral
        counts = context.counted(self.ts, draft.after or draft.last, self.language)
        if numeral.kind in ("cardinal", "both", "article") and abs(numeral.value) < 3 and not numeral.in_digits:
            return counts is not None and counts.known
        if numeral.year_like and 1500 <= numeral.value <= 2099:
            return counts is not None and counts.known
        return True

    def _quantity(self, draft: Draft) -> Quantity:
        start, end = self.ts[draft.first].start, max(self.ts[draft.last - 1].end, draft.numeral.end)
        unit, dimension, counted = draft.unit, "count", None
        if draft.numeral.first < draft.first:
            start = draft.numeral.start
        if unit is not None:
            dimension = "age" if draft.role == "age" else unit.dimension
        elif draft.role in ("share", "ratio"):
            dimension = "share"
        elif draft.role == "multiple":
            dimension = "multiple"
        if draft.role != "age" and dimension not in ("points", "multiple"):
            counted = context.counted(self.ts, draft.after or draft.last, self.language)
        last_digit = draft.numeral.scale * 10.0**-draft.numeral.decimals
        return Quantity(
            span=Span(start, end),
            text=self.text[start:end],
            lo=draft.lo,
            hi=draft.hi,
            unit=unit.symbol if unit else "",
            dimension=dimension,
            base_lo=unit.to_base(draft.lo) if unit else draft.lo,
            base_hi=unit.to_base(draft.hi) if unit else draft.hi,
            modifier=draft.modifier,
            modifier_span=draft.modifier_span,
            counted=counted,
            event=context.event(self.ts, draft.first, draft.last, self.language),
            step=last_digit * (unit.factor if unit else 1.0) / 2,
            role=draft.role,
            alternatives=draft.alternatives,
        )
