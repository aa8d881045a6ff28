"""The words the machine reads in: spans, facts, claims, passages, alignments, origins.

Every object that stands in a text carries a `Span` on the stored, never-normalised text, so
that `text[span.start:span.end] == obj.text` holds for all of them (tests/analysis proves it by
property). All are frozen dataclasses without behaviour beyond reading themselves; `to_json`
turns any of them into plain JSON and `fact_from_json` reads a fact back.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import functools
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points: `text[start:end]`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def shifted(self, by: int) -> Span:
        return Span(self.start + by, self.end + by)

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, heading or list item of a text."""

    span: Span
    text: str
    kind: Literal["sentence", "heading"] = "sentence"
    paragraph: int = 0


class Modifier(enum.StrEnum):
    """How a number is hedged. The interval it allows is worked out in alignment, not here."""

    EXACT = "="
    ABOUT = "~"  # etwa, rund, about, some
    NEARLY = "<~"  # knapp, fast, nearly
    JUST_OVER = ">~"  # gut, just over
    MORE_THAN = ">"  # mehr als, über, more than
    LESS_THAN = "<"  # weniger als, unter, fewer than
    AT_MOST = "<="  # bis zu, höchstens, up to, as many as
    AT_LEAST = ">="  # mindestens, at least
    RANGE = "range"  # 10 bis 20, between 10 and 20
    VAGUE = "vague"  # Tausende, dozens


@dataclass(frozen=True, slots=True)
class Counted:
    """The thing a quantity counts: its class in tables/counted.tsv, or the bare lemma when it has none."""

    name: str  # "casualty", "soldier", "balloon"; a lower-case lemma otherwise
    text: str
    span: Span
    known: bool = True  # False when no table row stands behind the name


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A typed, located part of a text."""

    kind: ClassVar[str]
    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity(Fact):
    """A number with what it measures or counts. `lo == hi` unless it is a range.

    `unit` is the canonical symbol ("km", "percent", "percentage_point", "EUR", "" for a bare
    count), `dimension` what can be compared with what ("length", "share", "points",
    "money:EUR", "count", "age", ...). `lo` and `hi` are in `unit`; `base_lo`/`base_hi` are the same
    in the base unit of the dimension (metre, second, ...). `digits_after` is the number of printed decimals
    and `step` half the worth of the last printed digit in base units: conversion tolerance.
    """

    kind: ClassVar[str] = "quantity"
    lo: float
    hi: float
    unit: str = ""
    dimension: str = "count"
    base_lo: float | None = None
    base_hi: float | None = None
    modifier: Modifier = Modifier.EXACT
    modifier_span: Span | None = None
    counted: Counted | None = None
    event: str = ""  # event class of the verb or noun beside it, tables/events.tsv
    step: float = 0.0
    role: str = ""  # "age", "ordinal", "share", "ratio", "money", "multiple" where that matters
    alternatives: tuple[tuple[float, float], ...] = ()  # other readings of the same digits, as (lo, hi)


@dataclass(frozen=True, slots=True, kw_only=True)
class Date(Fact):
    """A point or stretch of time, as far as the text says it.

    `first` and `last` are inclusive days (None where open or unknown); `precision` is what was
    said, never more. `timex` is the TimeML value ("2024-10", "P3D", "XXXX-06", "PRESENT_REF").
    A year taken from the publication date sets `year_inferred`, with the next best year in
    `alternatives` as (first, last). Without a publication date `month`/`day` still compare.
    """

    kind: ClassVar[str] = "date"
    first: dt.date | None
    last: dt.date | None
    # minute hour day week weekend month quarter season halfyear year decade century
    precision: str
    type: str = "DATE"  # DATE TIME DURATION SET
    relation: str = "on"  # on since until before after from_to about
    timex: str = ""
    time: str = ""  # "14:30" where a clock time was said
    end_time: str = ""
    month: int | None = None
    day: int | None = None
    year_inferred: bool = False
    relative: bool = False  # resolved against the publication date
    modifier: str = ""  # START MID END APPROX as in TimeML
    event: str = ""
    alternatives: tuple[tuple[dt.date, dt.date], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity(Fact):
    """A named thing. `id` is canonical: "iso:KP", "org:jcs-kr", "alias:<desk id>", "wd:Q423", "name:kim jong un"."""

    kind: ClassVar[str] = "entity"
    id: str
    type: str  # country capital place organisation person language group other
    via: str  # gazetteer demonym metonym alias capitals wikidata
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker(Fact):
    """Who is said to have said it. `id` as in Entity where one stands behind it, else "name:<lower case>"."""

    kind: ClassVar[str] = "speaker"
    id: str
    attribution: str  # direct indirect conjunctive hearsay publisher
    said: Span | None = None  # the words laid in the speaker's mouth
    cue: Span | None = None  # the reporting verb or preposition
    named: bool = True  # False for "Geheimdienstkreise", "it is believed"
    inferred: bool = False  # a pronoun, or the speaker of the sentence before


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation(Fact):
    """Words between quotation marks (`text` is without the marks), and who said them where that is known."""

    kind: ClassVar[str] = "quotation"
    speaker: Speaker | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One signed term of a score: what spoke for or against, how much, and where it stands."""

    feature: str
    weight: float
    spans: tuple[Span, ...] = ()


CLAIM_KINDS = ("quantity", "causation", "rule", "prediction", "experience", "quotation", "other")


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """A statement found in a text. `status` is "claim", "candidate" or "none"; nothing is dropped silently."""

    span: Span
    text: str
    sentence: Span
    score: float  # 0..1
    kind: str  # one of CLAIM_KINDS
    status: Literal["claim", "candidate", "none"]
    reasons: tuple[Reason, ...] = ()
    facts: tuple[Fact, ...] = ()  # spans on the whole text
    claimant: Speaker | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """A desk flag: something about the article itself a person should look at."""

    # dropped_hedge two_values unnamed_attribution missing_date loaded_words single_origin speaker_conflict ...
    code: str
    message: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as read: everything found in it."""

    language: str
    covered: bool  # False: no tables for this language; only numbers, dates, countries by CLDR
    sentences: tuple[Sentence, ...]
    facts: tuple[Fact, ...]
    claims: tuple[ClaimDraft, ...]
    flags: tuple[Flag, ...] = ()
    notes: tuple[str, ...] = ()  # what was not possible, in words for people


class Outcome(enum.StrEnum):
    """What one fact of a claim meets in a passage."""

    MATCH = "match"
    COMPATIBLE = "compatible"
    VALUE_ONLY = "value_only"
    MISMATCH = "mismatch"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Passage:
    """One to three sentences of a document, with the facts in them (spans on the whole document)."""

    document: str  # id of the document within one check
    span: Span
    text: str
    language: str
    facts: tuple[Fact, ...] = ()
    context: Span | None = None  # the sentence before, read for "diese ..." only


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of the claim against one passage."""

    fact: Fact
    outcome: Outcome
    found: Fact | None = None  # the passage's fact it was held against
    note: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Alignment:
    """A claim held against one passage, fact by fact."""

    passage: Passage
    score: float  # topic score; agreement of values never enters it
    lexical: float
    entities: float
    slots: float
    rows: tuple[Row, ...]
    stance: Literal["agrees", "disagrees", "mixed", "related"] = "related"


@dataclass(frozen=True, slots=True)
class SourceText:
    """A document as the origin finder sees it."""

    id: str
    text: str
    language: str
    title: str = ""
    url: str = ""
    canonical_url: str = ""
    domain: str = ""
    publisher: str = ""
    owner: str = ""
    credit: str = ""  # credit line or byline as printed
    links: tuple[str, ...] = ()
    published: dt.datetime | None = None
    fetched: dt.datetime | None = None
    agencies: tuple[tuple[str, tuple[str, ...]], ...] = ()  # registered by the desk: name and credit codes


@dataclass(frozen=True, slots=True)
class Edge:
    """Why two documents are not independent (or why a document hangs on an origin)."""

    source: str
    target: str
    kind: str  # same_url same_owner credit copy partly_derived attribution link human
    reason: str
    score: float = 1.0
    merges: bool = True  # False: shown, not merged ("partly derived")
    name: str = ""  # what the target is called, where it is no document


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a piece of information really comes from."""

    id: str
    name: str
    kind: str  # primary agency outlet unnamed circular unknown
    documents: tuple[str, ...]
    counts: bool = True  # unnamed and circular origins never count
    first_seen: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Origins:
    """Documents of one check, grouped by where their information comes from."""

    documents: int
    origins: tuple[Origin, ...]
    edges: tuple[Edge, ...] = field(default=())

    @property
    def independent(self) -> int:
        return sum(origin.counts for origin in self.origins)


_PLAIN = frozenset({str, int, float, bool})


@functools.cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in dataclasses.fields(kind))


def to_json(value: Any) -> Any:
    """Any object of this module as plain JSON; facts carry their `kind`."""
    if value is None or type(value) in _PLAIN:
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        plain = {name: to_json(getattr(value, name)) for name in _names(type(value))}
        if isinstance(value, Fact):
            span = plain.pop("span")
            plain = {"kind": value.kind, "start": span["start"], "end": span["end"], **plain}
        return plain
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): to_json(item) for key, item in value.items()}
    return value


def _span(plain: dict[str, int] | None) -> Span | None:
    return None if plain is None else Span(plain["start"], plain["end"])


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def fact_from_json(plain: dict[str, Any]) -> Fact:
    """The inverse of `to_json` for facts. Unknown keys are refused loudly by the dataclass."""
    given = dict(plain)
    kind = given.pop("kind")
    span = Span(given.pop("start"), given.pop("end"))
    match kind:
        case "quantity":
            counted = given.pop("counted", None)
            if counted:
                counted = Counted(**{**counted, "span": _span(counted["span"])})
            given["modifier"] = Modifier(given.get("modifier", "="))
            given["modifier_span"] = _span(given.get("modifier_span"))
            given["alternatives"] = tuple((lo, hi) for lo, hi in given.get("alternatives", ()))
            return Quantity(span=span, counted=counted, **given)
        case "date":
            given["first"], given["last"] = _day(given["first"]), _day(given["last"])
            given["alternatives"] = tuple(
                (dt.date.fromisoformat(a), dt.date.fromisoformat(b)) for a, b in given.get("alternatives", ())
            )
            return Date(span=span, **given)
        case "entity":
            return Entity(span=span, **given)
        case "speaker":
            given["said"], given["cue"] = _span(given.get("said")), _span(given.get("cue"))
            return Speaker(span=span, **given)
        case "quotation":
            speaker = given.pop("speaker", None)
            read = fact_from_json(speaker) if speaker else None
            return Quotation(span=span, speaker=read if isinstance(read, Speaker) else None, **given)
        case _:
            raise ValueError(f"unknown kind of fact: {kind!r}")
