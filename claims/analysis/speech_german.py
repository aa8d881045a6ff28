"""Who says what in a German sentence: laut, zufolge, sagte, dass; Konjunktiv; soll ... haben."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claims.analysis.entities import is_role
from claims.analysis.speech import Clause, Speech, Unit, clauses
from claims.analysis.types import Span
from claims.analysis.wording import Cue, Phrase, Word, cues, german_phrase, is_subjunctive, lemma, small, words

_PASSIVE = {"wird", "werden", "wurde", "wurden", "worden", "werde", "würde"}
_PERFECT = {"hat", "haben", "hatte", "hatten", "habe", "hätte", "hätten", "ist", "sind", "war", "waren", "sei"}
_SOURCE_ENDINGS = (
    "angaben", "berichten", "bericht", "aussagen", "aussage", "meldungen", "meldung", "schätzungen", "schätzung",
    "erkenntnissen", "informationen", "untersuchungen", "untersuchung", "ansicht", "ermittlungen", "umfrage", "studie",
    "mitteilung", "berichte", "gesetz", "dokument", "dokumenten", "vorhersage", "protokoll", "statistik",
)  # fmt: skip
# Nouns of these endings are seldom mouths ("Entwicklung", "Möglichkeit"), except the bodies in `grammar_words`.
_THINGS = (
    "ung",
    "ungen",
    "heit",
    "heiten",
    "keit",
    "keiten",
    "tion",
    "tionen",
    "ismus",
    "nis",
    "nisse",
    "zeug",
    "fotos",
    "bilder",
    "fall",
)
_OPEN = {"dass", "daß", "ob", "wonach"}


class Reader:
    """One German unit with its words and clauses."""

    def __init__(self, text: str, unit: Unit, before: Span | None = None, people: frozenset[str] = frozenset()) -> None:
        self.text = text
        self.people = people  # words of the names of people and institutions in the text
        self.before = before  # the unit before this one, for "Das teilte die Polizei mit."
        self.unit = unit
        self.row = words(text, unit.span, unit.quotes, "de")
        self.clauses = clauses(self.row)
        self.end = self._end()

    def _end(self) -> int:
        """Where the content of the unit ends: without the final mark."""
        last = len(self.row)
        while last and (self.row[last - 1].tag == "break" or self.row[last - 1].text in "!?…"):
            last -= 1
        return last

    def span(self, first: int, last: int) -> Span | None:
        last = min(last, self.end)
        while first < last and self.row[first].tag == "break":
            first += 1
        while last > first and self.row[last - 1].tag == "break":
            last -= 1
        return Span(self.row[first].start, self.row[last - 1].end) if first < last else None

    def parts(self, *ranges: tuple[int, int]) -> tuple[Span, ...]:
        return tuple(span for first, last in ranges if (span := self.span(first, last)) is not None)

    def phrase_span(self, phrase: Phrase) -> Span:
        return Span(self.row[phrase.first].start, self.row[phrase.last - 1].end)

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

    # Frames made with a preposition

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
        if at == 0 or clause.before not in (",", "–", ";", "—") and self.row[at - 1].tag != "quote":
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

    # Frames made with a verb

    def _clause_of(self, at: int) -> Clause:
        return next(clause for clause in self.clauses if at < clause.last or clause is self.clauses[-1])

    def _cue(self, at: int) -> Cue | None:
        """The reporting verb at a place, when the particle it needs is there."""
        word = self.row[at]
        if word.tag not in ("verb", "finite", "subjunctive", "other") or word.tag == "quote":
            return None
        for cue in cues("de").get(word.lower, ()):
            if not cue.particle or (word.lower.startswith(cue.particle) and word.lower != cue.particle):
                return cue
            clause = self._clause_of(at)
            if any(
                self.row[place].lower == cue.particle for place in range(at + 1, min(clause.last + 1, len(self.row)))
            ):
                return cue
            if cue.particle in ("bekannt", "deutlich") and any(
                self.row[place].lower == cue.particle for place in range(clause.first, at)
            ):
                return cue
        return next((cue for cue in cues("de").get(word.lower, ()) if not cue.particle), None)

    def _reach(self, clause: Clause) -> int:
        """How far a verb bracket can reach: over appositions and relative clauses, not into another main clause."""
        at = self.clauses.index(clause)
        last = clause.last
        for other in self.clauses[at + 1 : at + 4]:
            if other.before not in (",", "–") or self.row[other.first].tag in ("subjunctor", "coordinator", "finite"):
                break
            if any(word.tag == "subjunctive" for word in self.row[other.first : other.last]):
                break
            last = other.last
            relative = self.row[other.first].lower in small("de", "relative")
            if not relative and self._finite_in(other) is not None:
                break
        return min(last, len(self.row))

    def _first_subject(self, first: int, stop: int) -> Phrase | None:
        """The first noun phrase that can be a nominative, prepositional phrases passed over."""
        at = first
        while at < stop:
            word = self.row[at]
            if word.tag == "preposition":
                inner = german_phrase(self.row, at + 1, stop, attach=False)
                at = inner.last if inner else at + 1
                while at < stop and self.row[at].lower in ("des", "der", "von", "eines", "einer"):
                    inner = german_phrase(self.row, at + (self.row[at].lower == "von"), stop, attach=False)
                    if inner is None or self.row[at].lower in ("der", "einer") and not self._genitive(at):
                        break
                    at = inner.last
                continue
            if (
                word.tag in ("adverb", "verb", "other", "finite", "subjunctive", "coordinator", "mark", "bracket")
                or word.lower == "sich"
            ):
                phrase = german_phrase(self.row, at, stop) if word.tag in ("other", "verb") else None
                if phrase is None or phrase.pronoun:
                    at += 1
                    continue
            else:
                phrase = german_phrase(self.row, at, stop)
            if phrase is None:
                at += 1
                continue
            if phrase.oblique or self.row[phrase.head].text in small("de", "time_noun"):
                at = phrase.last
                continue
            if phrase.last - phrase.first == 1 and self.row[phrase.first].lower == "es":
                at = phrase.last
                continue
            return phrase
        return None

    def _genitive(self, at: int) -> bool:
        return at > 0 and self.row[at - 1].tag in ("noun", "quote", "bracket")

    def subject(self, verb: int) -> tuple[Phrase | None, bool]:
        """The subject of the verb at a place, and whether the verb stands in the passive."""
        clause = self._clause_of(verb)
        finite = verb
        inside = range(clause.first, min(clause.last, len(self.row)))
        helpers = [at for at in inside if self.row[at].tag in ("finite", "subjunctive") and at != verb]
        passive = False
        if helpers and self._is_nonfinite(verb):
            finite = min(helpers, key=lambda at: (at > verb, abs(at - verb)))
            passive = self.row[finite].lower in _PASSIVE and not self._is_infinitive(verb)
            passive = passive or any(self.row[at].lower == "worden" for at in inside)
        elif self._is_nonfinite(verb) and verb != clause.first:
            passive = False
        if passive:
            return self._agent(clause), True
        return self._subject_of(finite, clause, verb) or self._earlier(clause), False

    def _earlier(self, clause: Clause) -> Phrase | None:
        """The subject of the main clause before, when a verb has none of its own: "X hat ..., ... und behauptet"."""
        for other in reversed(self.clauses[: self.clauses.index(clause)]):
            opener = self.row[other.first]
            finite = self._finite_in(other)
            if (
                finite is None
                or opener.tag == "subjunctor"
                or opener.lower in small("de", "relative")
                and self._verb_final(other, finite)
            ):
                continue
            if other.before in (":", ".", ";"):
                return None
            return self._subject_of(finite, other, finite)
        return None

    def _is_nonfinite(self, verb: int) -> bool:
        """Whether a form can be a participle or an infinitive ("erklärt", "gegeben", "sagen"), not "sagte" or "gab"."""
        lower = self.row[verb].lower
        if lower.endswith(("te", "ten")) and not lower.startswith("ge") and lemma(lower, "de") != lower:
            return False
        if lower.endswith("t"):
            return True
        if not lower.endswith("en"):
            return not lower.isalpha() or lower in ("zuversichtlich",)
        return (
            lemma(lower, "de") == lower
            or "ge" in lower[:7]
            or lower.startswith(("be", "er", "ver", "ent", "zer", "emp", "miss"))
        )

    def _is_infinitive(self, verb: int) -> bool:
        lower = self.row[verb].lower
        return lower.endswith("en") and lemma(lower, "de") == lower and not lower.startswith("ge")

    def _cited(self, verb: int, subject: Phrase | None, passive: bool) -> Phrase | None:
        """ "X zitiert Y mit den Worten" and "Y wird mit den Worten zitiert": Y speaks."""
        clause = self._clause_of(verb)
        if passive:
            finite = next(at for at in range(clause.first, clause.last) if self.row[at].lower in _PASSIVE)
            return self._subject_of(finite, clause, verb)
        begin = max(verb + 1, subject.last if subject else 0)
        phrase = german_phrase(self.row, begin, clause.last) if begin < clause.last else None
        return phrase if phrase and not phrase.pronoun else subject

    def _place(self, clause: Clause) -> Phrase | None:
        """ "Aus Regierungskreisen verlautete", "in dem Papier heißt es"."""
        for at in range(clause.first, clause.last):
            if self.row[at].tag == "preposition" and at + 1 < clause.last:
                if self.row[at + 1].lower in small("de", "relative") and at == clause.first and clause.before == ",":
                    return self._antecedent(clause) or german_phrase(self.row, at + 1, clause.last)
                return german_phrase(self.row, at + 1, clause.last)
        return None

    def _agent(self, clause: Clause) -> Phrase | None:
        for at in range(clause.first, clause.last):
            if self.row[at].lower in ("von", "vom", "durch") and at + 1 < clause.last:
                phrase = german_phrase(self.row, at + 1, clause.last)
                if phrase and not phrase.pronoun:
                    return phrase
        return None

    def _subject_of(self, finite: int, clause: Clause, verb: int) -> Phrase | None:
        row, first = self.row, clause.first
        if finite > first and row[first].tag == "coordinator":
            first += 1
        if finite > first and row[finite - 1].tag == "coordinator":
            earlier = [at for at in range(clause.first, finite - 1) if row[at].tag in ("finite", "verb", "subjunctive")]
            if earlier:
                return self._subject_of(earlier[0], clause, verb)
            before = self._previous(clause)
            if before and (place := self._finite_in(before)) is not None:
                return self._subject_of(place, before, place)
        follows = row[finite + 1].lower if finite + 1 < len(row) else ""
        if follows in ("er", "man", "wir", "ich") and row[first].tag != "subjunctor":
            return Phrase(finite + 1, finite + 2, finite + 1, False, True)
        if finite > first:
            opener = row[first]
            if opener.tag == "subjunctor" or (
                clause.before == "," and opener.lower in small("de", "relative") and self._verb_final(clause, finite)
            ):
                found = self._first_subject(first + 1, finite)
                if found is None and opener.lower in ("der", "die", "das", "welcher", "welche", "welches", "wer"):
                    return self._antecedent(clause) or Phrase(first, first + 1, first, False, True)
                return found
            phrase = german_phrase(row, first, finite) if opener.tag not in ("preposition", "adverb") else None
            if phrase and not phrase.oblique and self._only_adverbs(phrase.last, finite):
                object_like = phrase.last - phrase.first == 1 and row[phrase.first].lower in (
                    "es",
                    "das",
                    "dies",
                    "dieses",
                )
                if self._outranked(phrase, finite):
                    return german_phrase(row, finite + 1, min(clause.last, len(row)))
                if object_like and (after := self._first_subject(finite + 1, min(clause.last, len(row)))):
                    return after
                if row[phrase.head].text in small("de", "time_noun"):
                    phrase = None
                elif not self._told(phrase, finite) and row[phrase.first].lower != "es":
                    return phrase
            if (
                opener.lower == "von"
                and row[first + 1].lower == "der"
                and (after := self._first_subject(finite + 1, min(clause.last, len(row)))) is None
            ):
                inner = german_phrase(row, first + 1, finite)  # "Von der Leyen sagte"
                return Phrase(first, inner.last, inner.head) if inner else None
            if opener.tag == "adverb" and (phrase := self._first_subject(first + 1, finite)) and phrase.last == finite:
                return phrase
        elif clause.before == "," and (left := self._left_of(clause)):
            return left
        stop = min(clause.last, len(row))
        return self._first_subject(finite + 1, stop) or (self._left_of(clause) if clause.before in ",–" else None)

    def _outranked(self, phrase: Phrase, finite: int) -> bool:
        """ "Die Anwendung kritisierte der Minister": a thing before the verb, somebody with an office behind it."""
        after = german_phrase(self.row, finite + 1, len(self.row)) if finite + 1 < len(self.row) else None
        if after is None or after.pronoun or after.oblique or self._somebody(phrase):
            return False
        opener = self.row[after.first]
        return self._somebody(after) and (opener.tag == "noun" or opener.lower in ("der", "die", "ein", "eine"))

    def _somebody(self, phrase: Phrase) -> bool:
        """Whether a phrase holds an office, a given name or a name found in the text."""
        return any(
            word.tag == "noun" and (is_role(word.text, "de") or word.text in self.people)
            for word in self.row[phrase.first : phrase.last]
        )

    def _can_speak(self, phrase: Phrase) -> bool:
        """Whether a phrase names people or a body, not a thing or an idea."""
        head = self.row[phrase.head]
        body = head.text in small("de", "body_noun") or head.lower.endswith(
            ("regierung", "kommission", "organisation", "zeitung", "führung")
        )
        return phrase.pronoun or body or self._somebody(phrase) or not head.lower.endswith(_THINGS)

    def _told(self, phrase: Phrase, finite: int) -> bool:
        """ "Der Zeitung sagte er": a feminine dative, not the speaker."""
        row = self.row
        return (
            row[phrase.first].lower == "der"
            and row[phrase.head].lower.endswith(
                ("ung", "heit", "keit", "schaft", "ion", "tät", "tur", "presse", "post")
            )
            and finite + 1 < len(row)
            and row[finite + 1].tag in ("noun", "determiner", "pronoun")
            and row[finite + 1].lower not in small("de", "oblique")
        )

    def _only_adverbs(self, first: int, last: int) -> bool:
        at = first
        while at < last:
            word = self.row[at]
            if word.tag == "preposition":
                inner = german_phrase(self.row, at + 1, last, attach=False)
                at = inner.last if inner else at + 1
                continue
            if word.tag in ("adverb", "other", "bracket", "quote", "verb") or word.lower in ("selbst", "sich"):
                at += 1
                continue
            return False
        return True

    def _verb_final(self, clause: Clause, finite: int) -> bool:
        return finite >= clause.last - 2

    def _previous(self, clause: Clause) -> Clause | None:
        at = self.clauses.index(clause)
        return self.clauses[at - 1] if at else None

    def _finite_in(self, clause: Clause) -> int | None:
        return next(
            (at for at in range(clause.first, clause.last) if self.row[at].tag in ("finite", "subjunctive", "verb")),
            None,
        )

    def _antecedent(self, clause: Clause) -> Phrase | None:
        """The noun phrase a relative pronoun points back to: the last one before the comma."""
        before = self._previous(clause)
        if before is None:
            return None
        for first in range(before.first, before.last):
            if self.row[first].tag in ("determiner", "noun", "number", "quote") or self.row[first].tag == "other":
                phrase = german_phrase(self.row, first, before.last)
                if phrase and phrase.last == before.last:
                    return phrase
        return None

    def _left_of(self, clause: Clause) -> Phrase | None:
        """ "X, Sprecher der Y, sagte": the subject before an apposition or a relative clause."""
        at = self.clauses.index(clause)
        found = None
        for back in range(at - 1, max(-1, at - 7), -1):
            other = self.clauses[back]
            relative = self.row[other.first].lower in small("de", "relative") and self._finite_in(other) is not None
            phrase = german_phrase(self.row, other.first, other.last)
            if phrase and not phrase.oblique and not phrase.pronoun and phrase.last >= other.last - 1:
                found = phrase
            elif not relative or back == 0:
                break
            if other.before not in (",", "–"):
                break
        # One clause alone before the comma is what was said, unless it is a bare name and more follows.
        return found if found is not None and found.last < clause.first - 1 and (at > 1) else None

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
        if cue.kind in ("note", "name", "demand", "plan") or (
            cue.kind in ("say", "think") and self._has_object(clause, verb)
        ):
            if self._is_main(clause):
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
            word.tag == "subjunctive" or is_subjunctive(word.lower) and word.tag in ("verb", "other") for word in inside
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
            if any(word.lower in ("soll", "sollen") for word in inside) and inside[-1].lower in (
                "haben",
                "sein",
                "soll",
                "sollen",
                "werden",
            ):
                if any(word.lower in ("haben", "sein") for word in inside[-2:]):
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
