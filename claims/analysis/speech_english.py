"""Who says what in an English sentence: said, told, according to; "it is believed", reportedly."""

from __future__ import annotations

from collections.abc import Iterator

from claims.analysis.speech import Clause, Speech, Unit, clauses
from claims.analysis.types import Span
from claims.analysis.wording import Cue, cues, small, words

_BE = {"is", "are", "was", "were", "been", "be", "being"}
_HEARSAY = {"reportedly", "allegedly", "supposedly"}
_BELIEVED = {
    "believed",
    "thought",
    "said",
    "reported",
    "understood",
    "alleged",
    "rumored",
    "rumoured",
    "expected",
    "estimated",
}
_PLURAL_STARTS = ("that", "whether", "how", "why", "what")


class Reader:
    """One English unit with its words and clauses."""

    def __init__(self, text: str, unit: Unit, before: Span | None = None, people: frozenset[str] = frozenset()) -> None:
        self.text = text
        self.unit = unit
        self.row = words(text, unit.span, unit.quotes, "en")
        self.clauses = clauses(self.row)
        self.end = len(self.row)
        while self.end and (self.row[self.end - 1].tag == "break" or self.row[self.end - 1].text in "!?…"):
            self.end -= 1

    def speeches(self) -> list[Speech]:
        """All speech in the unit, frames first."""
        return [*self._according(), *self._reports(), *self._hearsay()] if self.row else []

    def weak_mood(self) -> bool:
        """English has no mood of its own for other people's words."""
        return False

    def announced(self) -> Span | None:
        """Who acts before a colon: "The minister put it bluntly: ..." """
        colon = next((at for at, word in enumerate(self.row) if word.text == ":"), None)
        if colon is None or colon == 0 or not self.clauses:
            return None
        clause = self._clause_of(colon - 1)
        return self._phrase(clause.first, self._phrase_end(clause.first, clause.last))

    def valued(self, quote: Span) -> Span | None:
        """Who holds something to be “...”: only frames tell, in English."""
        return None

    def _span(self, first: int, last: int) -> Span | None:
        last = min(last, self.end)
        while first < last and (self.row[first].tag == "break" or self.row[first].lower == "that"):
            first += 1
        while last > first and self.row[last - 1].tag == "break":
            last -= 1
        return Span(self.row[first].start, self.row[last - 1].end) if first < last else None

    def _parts(self, *ranges: tuple[int, int]) -> tuple[Span, ...]:
        return tuple(span for first, last in ranges if (span := self._span(first, last)) is not None)

    def _clause_of(self, at: int) -> Clause:
        return next(clause for clause in self.clauses if at < clause.last or clause is self.clauses[-1])

    def _phrase(self, first: int, last: int) -> Span | None:
        while first < last and (
            self.row[first].tag in ("adverb", "coordinator") or self.row[first].lower in ("but", "and", "that")
        ):
            first += 1
        while last > first and (self.row[last - 1].tag in ("adverb", "finite", "break", "preposition")):
            last -= 1
        return Span(self.row[first].start, self.row[last - 1].end) if first < last else None

    def _phrase_end(self, at: int, stop: int) -> int:
        """The end of the noun phrase that begins at `at`: the first verb, or the end."""
        while at < stop and self.row[at].tag not in ("verb", "finite"):
            at += 1
        return at

    def _according(self) -> Iterator[Speech]:
        for at, word in enumerate(self.row[:-1]):
            if word.lower != "according" or self.row[at + 1].lower != "to" or at + 2 >= len(self.row):
                continue
            clause = self._clause_of(at)
            last = min(clause.last, self.end)
            speaker = self._phrase(at + 2, last)
            parts = self._parts((0, at), (last, self.end))
            if parts and speaker:
                yield Speech(parts, speaker, "indirect", Span(word.start, self.row[at + 1].end))

    def _cue(self, at: int) -> Cue | None:
        if self.row[at].tag != "verb":
            return None
        return next(iter(cues("en").get(self.row[at].lower, ())), None)

    def _reports(self) -> Iterator[Speech]:
        for at in range(len(self.row)):
            cue = self._cue(at)
            if cue is None:
                continue
            clause = self._clause_of(at)
            if self._is_passive(at, clause):
                if self.row[at].lower in _BELIEVED:
                    parts = (
                        self._parts((at + 1, self.end))
                        if self.row[clause.first].lower == "it"
                        else self._parts((clause.first, self.end))
                    )
                    if parts:
                        yield Speech(parts, None, "hearsay", self.row[at].span, hidden=True)
                continue
            found = self._report(at, clause, cue)
            if found:
                yield found

    def _is_passive(self, verb: int, clause: Clause) -> bool:
        before = [word.lower for word in self.row[max(clause.first, verb - 3) : verb] if word.tag != "adverb"]
        return bool(before) and before[-1] in _BE and not self.row[verb].lower.endswith("ing")

    def _report(self, verb: int, clause: Clause, cue: Cue) -> Speech | None:
        row = self.row
        after_quote = clause.first > 0 and (
            row[clause.first - 1].tag == "quote" or row[clause.first].tag == "quote" or clause.before == ","
        )
        subject = self._subject(verb, clause)
        quotes = [(at, at + 1) for at in range(clause.first, min(clause.last + 2, len(row))) if row[at].tag == "quote"]
        if subject is None and verb <= clause.first + 1 and clause.first > 0:  # "...," said the minister
            stop = min(clause.last, self.end)
            speaker = self._phrase(verb + 1, self._noun_end(verb + 1, stop))
            goes_on = clause.last < self.end and self._is_said(clause.last, self.end)
            parts = self._parts((0, clause.first), (clause.last, self.end) if goes_on else (0, 0))
            return Speech(parts, speaker, "indirect", row[verb].span) if parts and speaker else None
        if subject is None:
            return None
        tail = clause.last >= self.end and (verb >= self.end - 3 or self._only_time(verb + 1))
        if (
            after_quote
            and (tail or row[clause.first - 1].tag == "quote")
            and clause.first > 0
            and self._is_said(0, clause.first)
        ):
            parts = self._parts((0, clause.first))
            return Speech(parts, subject, "indirect", row[verb].span) if parts else None
        if cue.kind == "name" and quotes:
            return Speech(self._parts(*quotes), subject, "direct", row[verb].span)
        content = self._content(verb, clause, cue) or (self._parts(*quotes) if quotes else ())
        return Speech(content, subject, "indirect", row[verb].span) if content else None

    def _is_said(self, first: int, last: int) -> bool:
        """Whether words before a frame can be what was said: a quotation, or a clause with a verb."""
        return any(word.tag in ("quote", "verb", "finite") for word in self.row[first:last])

    def _only_time(self, at: int) -> bool:
        """ "... , she said on Monday in Berlin": nothing but a place or a time follows."""
        return not any(
            word.tag in ("verb", "finite", "quote") or word.lower == "that" for word in self.row[at : self.end]
        )

    def _noun_end(self, at: int, stop: int) -> int:
        begin = at
        while at < stop:
            word = self.row[at]
            if word.tag == "preposition" and word.lower not in ("of", "for", "at", "from", "in") and at > begin:
                break
            if word.tag in ("verb", "finite"):
                break
            at += 1
        return at

    def _subject(self, verb: int, clause: Clause) -> Span | None:
        row, first, last = self.row, clause.first, verb
        for at in range(verb - 1, clause.first - 1, -1):
            if row[at].lower in (
                "that",
                "as",
                "when",
                "while",
                "because",
                "after",
                "before",
                "if",
                "who",
                "which",
            ) or row[at].tag in ("quote",):
                first = at + 1
                if row[at].lower in ("who", "which"):
                    first = last
                break
            if (
                row[at].lower in ("and", "but")
                and at > clause.first
                and any(word.tag in ("verb", "finite") for word in row[clause.first : at])
            ):
                first = at + 1
                break
        first = self._past_time(first, last)
        span = self._phrase(first, last)
        if span is None and clause.before == "," and first == clause.first and first >= 2:
            return self._before_comma(clause)
        if span is not None and any(row[at].tag == "verb" for at in range(first, last)):
            return None
        return span

    def _past_time(self, first: int, last: int) -> int:
        """Past a time or place in front of the subject: "in early November Ukrainian officers"."""
        row, at = self.row, first
        if at < last and row[at].tag in ("preposition", "number"):
            at += row[at].tag == "preposition"
            while at < last and (row[at].tag == "number" or row[at].lower in small("en", "time_word")):
                at += 1
            if (
                at == first + 1 and row[first].tag == "preposition"
            ):  # "in Berlin the minister": a place, then a determiner
                opener = next((place for place in range(at, last) if row[place].tag in ("determiner", "pronoun")), None)
                return opener if opener is not None and opener > at else first + 1
        return at if at < last else first

    def _before_comma(self, clause: Clause) -> Span | None:
        """ "X, a spokesman for Y, said": the phrase before the apposition."""
        at = self.clauses.index(clause)
        if at < 2:
            return None
        other = self.clauses[at - 2]
        if other.before not in ("", ",", ".") or any(
            word.tag in ("verb", "finite") for word in self.row[other.first : other.last]
        ):
            return None
        return self._phrase(other.first, other.last)

    def _content(self, verb: int, clause: Clause, cue: Cue) -> tuple[Span, ...]:
        row = self.row
        following = [other for other in self.clauses if other.first > verb]
        colon = next((other for other in following if other.before == ":"), None)
        if colon:
            return self._parts((colon.first, self.end))
        quote = next((at for at in range(verb + 1, self.end) if row[at].tag == "quote"), None)
        if quote is not None and quote <= verb + 3:
            return self._parts((quote, self.end))
        that = next((at for at in range(verb + 1, min(self.end, verb + 14)) if row[at].lower in _PLURAL_STARTS), None)
        if that is not None and cue.kind in ("say", "think", "note"):
            return self._parts((that, self.end))
        if (
            cue.kind in ("say", "think")
            and verb + 2 < self.end
            and row[verb].lower not in ("asked", "told", "found", "reported")
        ):
            inside = row[verb + 1 : self.end]
            if any(word.tag in ("finite", "verb") for word in inside):
                return self._parts((verb + 1, self.end))
        if cue.kind == "demand" and verb + 2 < self.end:
            return self._parts((verb + 1, self.end))
        return ()

    def _hearsay(self) -> Iterator[Speech]:
        for word in self.row:
            if word.lower in _HEARSAY:
                parts = self._parts((0, self.end))
                if parts:
                    yield Speech(parts, None, "hearsay", word.span, hidden=True)
                return
