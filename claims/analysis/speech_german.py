"""Who says what in a German sentence: sagte, dass; die Forderung, ... zu; Konjunktiv; soll ... haben."""

from __future__ import annotations

from collections.abc import Iterator

from claims.analysis.german_phrases import Phrase, german_phrase
from claims.analysis.german_sources import Sources
from claims.analysis.speech import Clause, Speech
from claims.analysis.types import Span
from claims.analysis.wording import Cue, is_subjunctive, small

_OPEN = {"dass", "daß", "ob", "wonach"}


class Reader(Sources):
    """One German unit, read for speech."""

    def speeches(self) -> list[Speech]:
        """All speech in the unit, frames first; Konjunktiv only where no frame covers it."""
        if not self.row:
            return []
        found = [*self.sources(), *self.reports()]
        framed = [one for one in found if one.kind != "reported"]
        found += [one for one in self.nouns() if not any(one.span.overlaps(other.span) for other in framed)]
        opening = self.row[0].start
        covered = any(one.span.start <= opening < one.span.end and one.kind != "reported" for one in found)
        if not covered and self.clauses and self.is_strong(self.clauses[0]):
            return [Speech(self.parts((0, self.end)), None, "conjunctive"), *found]
        for mood in self.moods():
            if not any(one.span.overlaps(mood.span) and one.kind != "reported" for one in found):
                found.append(mood)
        return found

    def reports(self) -> Iterator[Speech]:
        """Verbs that report, each with its content."""
        for at in range(len(self.row)):
            cue = self._cue(at) or self._after_quote(at)
            if cue is None:
                continue
            content = self._content(at, cue)
            if content is None:
                continue
            parts, kind = content
            subject, passive = self.subject(at)
            if cue.verb == "zitieren":
                subject, passive = self._cited(at, subject, passive), False
            if subject is None and cue.verb in ("heißen", "verlauten", "hervorgehen", "lauten"):
                subject = self._place(self._clause_of(at))
            speaker = self.phrase_span(subject) if subject else None
            if kind == "reported" and (subject is None or not self._can_speak(subject)):
                continue
            if speaker and any(part.overlaps(speaker) for part in parts) and kind != "reported":
                speaker = None
            yield Speech(parts, speaker, kind, self.row[at].span, hidden=passive and subject is None)

    def nouns(self) -> Iterator[Speech]:
        """ "Der Vorwurf, ...", "sie vertrat die Ansicht, dass ...": a noun of saying before its content."""
        for at, clause in enumerate(self.clauses[:-1]):
            follow = self.clauses[at + 1]
            place = next(
                (
                    place
                    for place in range(clause.last - 1, max(clause.first, clause.last - 7) - 1, -1)
                    if self.row[place].text in small("de", "speech_noun")
                ),
                None,
            )
            if place is None or follow.before != ",":
                continue
            if not (self.row[follow.first].lower in _OPEN or self.is_strong(follow) or self._zu(follow)):
                continue
            speaker = self._owner(place, clause)
            if speaker is None and (finite := self._finite_in(clause)) is not None:
                subject, _ = self.subject(finite)
                speaker = subject if subject and not subject.first <= place < subject.last else None
            span = self.phrase_span(speaker) if speaker else self.row[place].span
            yield Speech(
                self.parts((follow.first, self.end)), span, "indirect", self.row[place].span, hidden=speaker is None
            )

    def _owner(self, noun: int, clause: Clause) -> Phrase | None:
        """ "die Ankündigung der Regierung, ..." """
        if noun + 1 < clause.last and self.row[noun + 1].lower in ("der", "des", "von", "vom"):
            begin = noun + (2 if self.row[noun + 1].lower in ("von", "vom") else 1)
            return german_phrase(self.row, begin, clause.last)
        return None

    def _after_quote(self, at: int) -> Cue | None:
        """Any verb directly behind a quotation and a comma reports it: "„...“, so charakterisierte ihn X"."""
        if self.row[at].tag != "verb":
            return None
        back = at - 1
        if back >= 0 and self.row[back].lower == "so":
            back -= 1
        if (
            back >= 1
            and self.row[back].text == ","
            and self.row[back - 1].tag == "quote"
            and len(self.row[back - 1].text) > 20
        ):
            return Cue(self.row[at].lower, "", "say")
        return None

    def _content(self, verb: int, cue: Cue) -> tuple[tuple[Span, ...], str] | None:
        row = self.row
        clause = self._clause_of(verb)
        at = self.clauses.index(clause)
        following = self.clauses[at + 1 :]
        if following and following[0].before == ":":
            return self.parts((following[0].first, self.end)), "indirect"
        if (
            row[clause.first].lower in ("das", "dies", "dieses")
            and verb == clause.first + 1
            and not any(self._is_content(other, cue) for other in following[:1])
        ):
            if clause.first:
                return self.parts((0, clause.first)), "indirect"
            return ((self.before,) if self.before else self.parts((0, self.end))), "indirect"
        starts_clause = (
            verb == clause.first
            or (row[clause.first].lower == "so" and verb == clause.first + 1)
            or (row[clause.first].tag == "quote" and verb == clause.first + 1)
        )
        if (
            starts_clause
            and clause.first > 0
            and (clause.before in (",", "–", "!", "?", ".") or row[verb - 1].tag == "quote")
        ):
            before = self._before_verb(clause, verb)
            if before is not None:
                extra = next((other for other in following if self._is_content(other, cue)), None)
                ranges = [before] + ([(extra.first, self.end)] if extra else [])
                return self.parts(*ranges), "indirect"
        inside = [(place, place + 1) for place in range(clause.first, clause.last) if row[place].tag == "quote"]
        if cue.kind == "name" and inside:
            return self.parts(*inside), "direct"
        for offset, other in enumerate(following[:4]):
            if other.before not in (",", "–", ";"):
                break
            if self._is_content(other, cue) and not (offset and row[other.first].lower not in _OPEN):
                return self.parts((other.first, self.end)), "indirect"
        if any(word.tag == "quote" for word in row[clause.first : clause.last]) and cue.kind in (
            "say",
            "name",
            "think",
            "note",
        ):
            quotes = [(place, place + 1) for place in range(clause.first, clause.last) if row[place].tag == "quote"]
            return self.parts(*quotes), "direct"
        if (
            cue.kind in ("note", "name", "demand", "plan")
            or (cue.kind in ("say", "think") and self._has_object(clause, verb))
        ) and self._is_main(clause):
            return self.parts((clause.first, self.end)), "reported"
        return None

    def _has_object(self, clause: Clause, verb: int) -> bool:
        return clause.last - clause.first > 3

    def _is_main(self, clause: Clause) -> bool:
        return self.row[clause.first].tag != "subjunctor"

    def _before_verb(self, clause: Clause, verb: int) -> tuple[int, int] | None:
        """The content in front of ", sagte X": back to the beginning of the sentence."""
        if self._left_of(clause) is not None:
            return None
        begin = 0
        for place in range(clause.first - 2, -1, -1):
            if self.row[place].tag == "break" and self.row[place].text in ";:.!?":
                begin = place + 1
                break
        opener = self.row[begin]
        if opener.tag == "subjunctor" and opener.lower not in small("de", "content"):
            return None  # "Obwohl ..., warnt X": the clause before the verb is not what was said
        return (begin, verb) if verb > begin else None

    def _is_content(self, clause: Clause, cue: Cue) -> bool:
        """Whether a clause after the frame is what was said."""
        row = self.row
        inside = row[clause.first : min(clause.last, len(row))]
        if not inside:
            return False
        opener = row[clause.first].lower
        if opener in _OPEN or (opener in small("de", "content") and cue.kind in ("say", "think", "show", "demand")):
            return True
        if any(word.tag == "quote" for word in inside[:1]):
            return True
        if any(
            word.tag == "subjunctive" or (is_subjunctive(word.lower) and word.tag in ("verb", "other"))
            for word in inside
        ):
            return True
        if cue.kind in ("demand", "plan", "say", "think", "adjective") and self._zu(clause):
            return True
        relative = inside[0].lower in small("de", "relative")
        finite = self._finite_in(clause)
        return (
            not relative
            and finite is not None
            and cue.kind in ("say", "think")
            and inside[0].tag in ("determiner", "noun", "pronoun", "preposition", "adverb")
            and inside[0].lower not in ("und", "aber")
        )

    def _zu(self, clause: Clause) -> bool:
        """ "..., die Lizenz zu entziehen", "..., an zwei Plätzen anzuhalten"."""
        last = min(clause.last, len(self.row))
        for at in range(clause.first, last):
            lower = self.row[at].lower
            if (
                lower == "zu"
                and at + 1 < last
                and self.row[at + 1].lower.endswith("n")
                and self.row[at + 1].tag in ("verb", "other", "finite")
            ):
                return True
            if (
                "zu" in lower[1:6]
                and lower.endswith("en")
                and self.row[at].tag in ("verb", "other")
                and lower not in ("zukünftigen",)
            ):
                return True
        return False

    def announced(self) -> Span | None:
        """Where the one is named who acts before a colon: "Er fuhr fort: ..." """
        phrase = self._announced()
        return self.phrase_span(phrase) if phrase else None

    def _announced(self) -> Phrase | None:
        place = next((at for at, clause in enumerate(self.clauses) if clause.before == ":"), None)
        if place == 0:
            return None
        if place is None and not (self.row and self.row[-1].text == ":"):
            return None
        for clause in reversed(self.clauses[: place if place is not None else len(self.clauses)]):
            finite = self._finite_in(clause)
            if finite is None and clause.before in ("", ".", ","):  # "Der Minister: ..."
                phrase = german_phrase(self.row, clause.first, clause.last)
                if phrase and not phrase.oblique:
                    return phrase
            relative = clause.before == "," and self.row[clause.first].lower in small("de", "relative")
            if finite is not None and self.row[clause.first].tag != "subjunctor" and not relative:
                return self._subject_of(finite, clause, finite)
        return None

    def valued(self, quote: Span) -> Span | None:
        """Who holds something to be „...“: the subject of a clause with als before the quotation."""
        phrase = self._valued(quote)
        return self.phrase_span(phrase) if phrase else None

    def _valued(self, quote: Span) -> Phrase | None:
        for at, word in enumerate(self.row):
            if word.tag == "quote" and word.start == quote.start - 1:
                clause = self._clause_of(at)
                if any(self.row[place].lower == "als" for place in range(max(clause.first, at - 5), at)):
                    finite = self._finite_in(clause)
                    return self.subject(finite)[0] if finite is not None else None
        return None

    # Speech without a frame

    def moods(self) -> Iterator[Speech]:
        """Konjunktiv and "soll ... haben": somebody's words though the sentence names nobody."""
        for clause in self.clauses:
            inside = self.row[clause.first : min(clause.last, len(self.row))]
            strong = any(
                word.tag == "subjunctive"
                and word.lower not in small("de", "weak_subjunctive")
                and not (word.lower == "werde" and any(other.lower == "ich" for other in inside))
                for word in inside
            )
            if strong:
                yield self._mood(clause, "conjunctive")
                return
        for clause in self.clauses:
            inside = self.row[clause.first : min(clause.last, len(self.row))]
            if (
                any(word.lower in ("soll", "sollen") for word in inside)
                and inside[-1].lower
                in (
                    "haben",
                    "sein",
                    "soll",
                    "sollen",
                    "werden",
                )
                and any(word.lower in ("haben", "sein") for word in inside[-2:])
            ):
                yield self._mood(clause, "hearsay")
                return

    def is_strong(self, clause: Clause) -> bool:
        """Whether a clause stands in Konjunktiv I and nobody says "ich" in it."""
        inside = self.row[clause.first : min(clause.last, len(self.row))]
        strong = any(word.tag == "subjunctive" and word.lower not in small("de", "weak_subjunctive") for word in inside)
        return strong and not any(word.lower in ("ich", "es sei denn") for word in inside)

    def _mood(self, clause: Clause, kind: str) -> Speech:
        first = 0
        speaker = None
        at = self.clauses.index(clause)
        main = self.clauses[0]
        if at and kind == "conjunctive":
            finite = self._finite_in(main)
            if (
                finite is not None
                and self.row[finite].tag != "subjunctive"
                and self.row[main.first].tag != "subjunctor"
            ):
                first = clause.first
                subject, _ = self.subject(finite)
                speaker = self.phrase_span(subject) if subject else None
        parts = self.parts((first, self.end))
        return Speech(parts, speaker, kind)

    def weak_mood(self) -> bool:
        """Whether the sentence stands in a form that may stand in for Konjunktiv I."""
        main = self.clauses[0] if self.clauses else None
        return bool(main) and any(
            word.lower in small("de", "weak_subjunctive") or word.lower in ("soll", "sollen") for word in self.row
        )
