"""Sources named with a preposition: "laut X", "nach Angaben von X", "X zufolge", "so X", "wie X mitteilte"."""

from __future__ import annotations

from collections.abc import Iterator

from claims.analysis.german_clauses import Clauses
from claims.analysis.german_phrases import Phrase, german_phrase
from claims.analysis.speech import Clause, Speech
from claims.analysis.wording import small

_SOURCE_ENDINGS = (
    "angaben", "berichten", "bericht", "aussagen", "aussage", "meldungen", "meldung", "schätzungen", "schätzung",
    "erkenntnissen", "informationen", "untersuchungen", "untersuchung", "ansicht", "ermittlungen", "umfrage", "studie",
    "mitteilung", "berichte", "gesetz", "dokument", "dokumenten", "vorhersage", "protokoll", "statistik",
)  # fmt: skip


class Sources(Clauses):
    """A German unit that can name its sources."""

    def sources(self) -> Iterator[Speech]:
        """ "Laut X", "nach Angaben von X", "X zufolge", "so X", "wie X mitteilte"."""
        for at, word in enumerate(self.row):
            found = None
            if word.lower in ("laut", "gemäß"):
                found = self._source_after(at, at + 1, need=False)
            elif word.lower == "nach":
                found = self._source_after(at, at + 1, need=True) or self._source_before(at)
            elif word.lower == "zufolge":
                found = self._before_zufolge(at)
            elif word.lower == "so" and at + 1 < len(self.row):
                found = self._so(at)
            elif word.lower == "wie":
                found = self._wie(at)
            if found:
                yield found

    def _source_after(self, cue: int, at: int, *, need: bool) -> Speech | None:
        phrase = german_phrase(self.row, at, len(self.row))
        if phrase is None or phrase.pronoun:
            return None
        if need and not self._is_source(phrase):
            return None
        if (
            not need
            and cue + 1 < len(self.row)
            and self.row[cue].lower == "laut"
            and cue
            and self.row[cue - 1].tag == "adverb"
        ):
            return None
        return self._framed(cue, phrase.last, phrase, cue)

    def _is_source(self, phrase: Phrase) -> bool:
        for word in self.row[phrase.first : phrase.last]:
            if word.tag == "noun":
                return word.text in small("de", "source_noun") or word.lower.endswith(_SOURCE_ENDINGS)
        return False

    def _source_before(self, at: int) -> Speech | None:
        """ "seiner Meinung nach", "eigenen Angaben nach"."""
        if at < 2 or self.row[at - 1].text not in small("de", "source_noun"):
            return None
        first = at - 2
        while first > 0 and self.row[first - 1].tag in ("other", "determiner"):
            first -= 1
        return self._framed(first, at + 1, Phrase(first, at, at - 1), at)

    def _before_zufolge(self, at: int) -> Speech | None:
        clause = self._clause_of(at)
        for first in range(clause.first, at):
            phrase = german_phrase(self.row, first, at)
            if phrase and phrase.last == at:
                return self._framed(first, at + 1, phrase, at)
        return None

    def _so(self, at: int) -> Speech | None:
        clause = self._clause_of(at)
        if at != clause.first or not (clause.before or at):
            return None
        if at == 0 or (clause.before not in (",", "–", ";", "—") and self.row[at - 1].tag != "quote"):
            return None
        begin = at + 1
        while begin < clause.last and (self.row[begin].tag == "adverb" or self.row[begin].lower in ("es", "heißt")):
            begin += 1
        phrase = german_phrase(self.row, begin, len(self.row))
        if phrase is None or any(
            word.tag in ("finite", "subjunctive") for word in self.row[clause.first : clause.last]
        ):
            return None
        return self._framed(at, self._frame_end(clause, phrase), phrase, at)

    def _frame_end(self, clause: Clause, phrase: Phrase) -> int:
        """The end of a short frame: its clause, and an apposition up to the next comma."""
        return max(clause.last, phrase.last)

    def _wie(self, at: int) -> Speech | None:
        """ "Wie X mitteilte" and "wie X, Sprecher der Y, mitteilte"; the verb stands last."""
        clause = self._clause_of(at)
        if at != clause.first:
            return None
        begin = self.clauses.index(clause)
        for other in self.clauses[begin : begin + 3]:
            if other is not clause and other.before != ",":
                return None
            last = min(other.last, len(self.row))
            verb = next(
                (
                    place
                    for place in range(last - 1, max(other.first - 1, last - 3), -1)
                    if place > at and self._cue(place)
                ),
                None,
            )
            if (
                verb is None and other is clause and last - at <= 22
            ):  # "wie es in der Mitteilung heißt", "wie X sagte und Y"
                verb = next((place for place in range(last - 1, at, -1) if self._cue(place)), None)
            if verb is not None:
                phrase = self._first_subject(at + 1, clause.last if other is not clause else verb) or self._place(
                    clause
                )
                return self._framed(at, other.last, phrase, verb)
            if other is clause and any(word.tag in ("finite", "subjunctive") for word in self.row[at:last]):
                return None
        return None

    def _framed(self, first: int, last: int, phrase: Phrase | None, cue: int) -> Speech | None:
        """Everything in the sentence but the frame is the content."""
        begin, end = self._around(first, last)
        parts = self.parts((begin, first), (last, end))
        if not parts:
            return None
        return Speech(
            parts, self.phrase_span(phrase) if phrase else None, "indirect", self.row[cue].span, hidden=phrase is None
        )

    def _around(self, first: int, last: int) -> tuple[int, int]:
        begin = 0
        for place in range(first - 1, -1, -1):
            if self.row[place].text in ";:":
                begin = place + 1
                break
        end = self.end
        for place in range(last, self.end):
            if self.row[place].text == ";":
                end = place
                break
        return begin, end
