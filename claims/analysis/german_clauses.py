"""One German sentence as clauses: which verb reports, and who its subject is."""

from __future__ import annotations

from claims.analysis.entities import is_role
from claims.analysis.german_phrases import Phrase, german_phrase
from claims.analysis.speech import Clause, Unit, clauses
from claims.analysis.types import Span
from claims.analysis.wording import Cue, cues, lemma, small, words

PASSIVE = frozenset({"wird", "werden", "wurde", "wurden", "worden", "werde", "würde"})
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


class Clauses:
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
                    if inner is None or (self.row[at].lower in ("der", "einer") and not self._genitive(at)):
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
            passive = self.row[finite].lower in PASSIVE and not self._is_infinitive(verb)
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
                or (opener.lower in small("de", "relative") and self._verb_final(other, finite))
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
            finite = next(at for at in range(clause.first, clause.last) if self.row[at].lower in PASSIVE)
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
