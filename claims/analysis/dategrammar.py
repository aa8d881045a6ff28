"""A small engine for grammars over items: patterns of part names, applied in order, each replacing what it matches.

A pattern such as "dayno of? month (comma? year)?" is a regular expression over items instead of characters. Every
rule runs once over the whole text, so the cost is rules times text, and no pattern nests one repetition in another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from claims.analysis import datescan
from claims.analysis.datescan import Alphabet, Item
from claims.analysis.tokens import Token, tokens

DE, EN = ("de",), ("en",)  # rules that hold in one language only
ROMANCE = ("fr", "es", "it", "pt")  # "last" and "next" stand behind their noun
CLOCK_UNITS = ("second", "minute", "hour", "halfhour", "quarterhour")
_NAME = re.compile(r"(?P<group>\w+)=\(|(?P<name>[A-Za-z_][A-Za-z_0-9]*)|(?P<space>\s+)|(?P<class>\[[^\]]*\])")


class Found:
    """The items one rule has matched, asked by the part they play."""

    def __init__(self, items: Sequence[Item], ts: Sequence[Token], groups: dict[str, tuple[int, int]]) -> None:
        self.items, self.ts, self._groups = items, ts, groups

    def get(self, kind: str, n: int = 0) -> Any:
        """The value of the nth item that plays this part; None when there is none."""
        values = [item.types[kind] for item in self.items if kind in item.types]
        return values[n] if -len(values) <= n < len(values) else None

    def has(self, kind: str) -> bool:
        return any(kind in item.types for item in self.items)

    def group(self, name: str) -> Found:
        start, end = self._groups.get(name, (0, 0))
        return Found(self.items[start:end], self.ts, {})

    def before(self) -> Token | None:
        """The token before the match."""
        first = self.items[0].first
        return self.ts[first - 1] if first else None

    def after(self, n: int = 0) -> Token | None:
        """The nth token after the match."""
        last = self.items[-1].last + n
        return self.ts[last] if last < len(self.ts) else None

    def span(self, name: str) -> tuple[int, int]:
        return self._groups.get(name, (0, 0))

    def low(self, n: int = 0) -> str:
        return self.ts[self.items[n].first].low

    def __len__(self) -> int:
        return len(self.items)


Build = Callable[[Found], Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """`pattern` becomes one item of type `kind`; `build` may return None to leave the text as it is.

    With a group "it" in the pattern only that group is replaced and the rest is context.
    """

    pattern: str
    kind: str
    build: Build
    languages: tuple[str, ...] = ()


class Grammar:
    """Rules compiled for one language."""

    def __init__(self, rules: Sequence[Rule], language: str) -> None:
        self.language = language
        self.rules = [rule for rule in rules if not rule.languages or language in rule.languages]
        self.alphabet = Alphabet()
        self._compiled: dict[int, tuple[int, str, re.Pattern[str]]] = {}
        self._current: tuple[int, list[re.Pattern[str] | None]] = (-1, [])

    def parse(self, text: str) -> list[Item]:
        items = _near_dates(datescan.scan(text, self.language))
        ts = tokens(text)
        string = "".join(item.char(self.alphabet) for item in items)
        patterns = self._patterns()
        for number, rule in enumerate(self.rules):
            pattern = patterns[number]
            if pattern is None:
                pattern = patterns[number] = self._pattern(number, rule)
            if pattern.search(string) is None:  # nearly always: there are hundreds of rules
                continue
            found = list(self._matches(pattern, rule, string, items, ts))
            if found:
                items = _replaced(items, found)
                string = "".join(item.char(self.alphabet) for item in items)
                patterns = self._patterns()
        return items

    def _matches(
        self, pattern: re.Pattern[str], rule: Rule, string: str, items: list[Item], ts: Sequence[Token]
    ) -> Iterator[tuple[int, int, Item]]:
        for match in pattern.finditer(string):
            start, end = match.span("it") if "it" in pattern.groupindex else match.span()
            if start == end:
                continue
            groups = {
                name: (match.start(name) - match.start(), match.end(name) - match.start())
                for name in pattern.groupindex
                if match.start(name) >= 0
            }
            value = rule.build(Found(items[match.start() : match.end()], ts, groups))
            if value is not None:
                yield start, end, Item({rule.kind: value}, items[start].first, items[end - 1].last)

    def _patterns(self) -> list[re.Pattern[str] | None]:
        """One per rule for the alphabet as it stands, made when a text first needs it."""
        size, patterns = self._current
        if size != len(self.alphabet):
            size, patterns = self._current = (len(self.alphabet), [None] * len(self.rules))
        return patterns

    def _pattern(self, number: int, rule: Rule) -> re.Pattern[str]:
        """Compiled for the alphabet as it stands; again when new kinds of items have come up."""
        known = self._compiled.get(number)
        if known is not None and known[0] == len(self.alphabet):
            return known[2]
        size, source = len(self.alphabet), _NAME.sub(self._translate, rule.pattern)
        pattern = known[2] if known is not None and known[1] == source else re.compile(source)
        self._compiled[number] = (size, source, pattern)
        return pattern

    def _translate(self, match: re.Match[str]) -> str:
        if match["group"]:
            return f"(?P<{match['group']}>"
        if match["space"]:
            return ""
        names = [match["name"]] if match["name"] else match["class"].strip("[]^").split()
        chars = "".join(dict.fromkeys("".join(self.alphabet.having(name) for name in names)))
        negated = (match["class"] or "").startswith("[^")
        if not chars:
            return "[^\\s\\S]" if not negated else "[\\s\\S]"
        return f"[{'^' if negated else ''}{chars}]"


# Words that join dates but make none: alone they are not worth a look.
_JOINERS = frozenset(
    ["x", "mark", "break", "of", "in", "on", "at", "for", "by", "to", "from", "between", "and", "or", "since", "before",
     "after", "until", "within", "every", "the", "a", "comma", "dot", "dash", "colon", "slash", "open", "close", "ago",
     "later", "approx", "more", "less", "atmost", "atleast", "past", "vor", "pro", "ab", "few", "another", "dir",
     "same", "mod", "early", "half", "lang", "quarterclock", "plus", "equals", "smaller", "greater", "tilde",
     "code_number",
     "remaining", "todate", "unitish", "oclock", "am", "pm", "ad", "zone", "times", "ish"]
)  # fmt: skip
_REACH = 5


def _near_dates(items: Sequence[Item]) -> list[Item]:
    """The items around anything that may be part of a date; what lies between shrinks to one break."""
    hot = [i for i, item in enumerate(items) if not item.types.keys() <= _JOINERS]
    kept: list[Item] = []
    done = 0
    for i in hot:
        start = max(done, i - _REACH)
        if start > done:
            kept.append(Item({"break": None}, items[done].first, items[start - 1].last))
        end = min(len(items), i + _REACH + 1)
        kept += items[start:end]
        done = max(done, end)
    return kept


def _replaced(items: list[Item], found: list[tuple[int, int, Item]]) -> list[Item]:
    result: list[Item] = []
    at = 0
    for start, end, item in found:
        if start < at:
            continue
        result += items[at:start]
        result.append(item)
        at = end
    return result + items[at:]


_GERMAN_PLURALS = frozenset(
    ["jahre", "jahren", "tage", "tagen", "wochen", "monate", "monaten", "stunden", "minuten", "sekunden", "nächte",
     "nächten", "quartale", "quartalen", "jahrzehnte", "jahrzehnten", "jahrhunderte", "jahrhunderten", "wochenenden",
     "werktage", "werktagen", "arbeitstage", "arbeitstagen"]
)  # fmt: skip


def plural(found: Found) -> bool:
    """True when the unit of the match stands in the plural."""
    for item in found.items:
        if "unit" in item.types:
            low = found.ts[item.last - 1].low
            singular = low.endswith("'s") or low in ("jahres", "tages", "monats", "jahrs", "tags")
            return low in _GERMAN_PLURALS or (low.endswith("s") and not singular)
    return False
