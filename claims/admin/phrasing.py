"""What the machine found, in the words of the desk: facts, outcomes, reasons and notes, in the reader's language."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.utils import formats
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

# Each outcome: word, symbol (a Material symbol), css. Never colour alone.
OUTCOMES = {
    "match": (_("match"), "check_circle", "match"),
    "compatible": (_("compatible"), "join_inner", "compatible"),
    "value_only": (_("value only"), "unpublished", "value-only"),
    "mismatch": (_("mismatch"), "cancel", "mismatch"),
    "absent": (_("not found"), "remove", "absent"),
}
KINDS = {
    "quantity": _("number"),
    "date": _("date"),
    "entity": _("name"),
    "speaker": _("speaker"),
    "quotation": _("quotation"),
}
KIND_SYMBOLS = {
    "quantity": "tag",
    "date": "calendar_month",
    "entity": "location_on",
    "speaker": "record_voice_over",
    "quotation": "format_quote",
}
ORIGINS = {
    "primary": _("primary source"),
    "agency": _("news agency"),
    "outlet": _("outlet"),
    "unnamed": _("unnamed source"),
    "circular": _("circular"),
    "unknown": _("unknown"),
}
MODIFIERS = {
    "=": "",
    "~": "≈ ",
    "<~": "≲ ",
    ">~": "≳ ",
    ">": "> ",
    "<": "< ",
    "<=": "≤ ",
    ">=": "≥ ",
    "range": "",
    "vague": "~ ",
}
RELATIONS = {
    "since": _("since"),
    "until": _("until"),
    "before": _("before"),
    "after": _("after"),
    "about": _("about"),
}
UNITS = {"percent": "%", "percentage_point": _("percentage points")}
# Notes of the machine come in English, joined by semicolons; the ones it knows are said in the desk's language.
NOTES = {
    "the digits can be read in another way": _("the digits can be read in another way"),
    "counted thing differs": _("counted thing differs"),
    "another value": _("another value"),
    "another date": _("another date"),
    "year inferred": _("year inferred"),
    "year not stated": _("year not stated"),
    "another year is possible": _("another year is possible"),
    "one date lies within the other": _("one date lies within the other"),
    "the stretches of time overlap": _("the stretches of time overlap"),
    "the same number, but of another subject": _("the same number, but of another subject"),
    "the same date, but of another subject": _("the same date, but of another subject"),
    "another length of time": _("another length of time"),
    "the same length of time, but of another subject": _("the same length of time, but of another subject"),
    "one of the two denies it": _("one of the two denies it"),
    "other passages give another value": _("other passages give another value"),
    "a passage closer to the claim gives another value": _("a passage closer to the claim gives another value"),
    "within what the hedged number allows": _("within what the hedged number allows"),
    "close, both are hedged": _("close, both are hedged"),
    "the hedges allow both, the figures lie far apart": _("the hedges allow both, the figures lie far apart"),
}
# The same for why documents hang together: what the machine writes, with its own words in the braces.
CONNECTIONS = (
    (
        re.compile(r"(?P<percent>\d+) % of the shorter text stands in the other, (?P<run>\d+) words in one run"),
        _("%(percent)s %% of the shorter text stands in the other, %(run)s words in one run"),
    ),
    (
        re.compile(r"(?P<percent>\d+) % of the shorter text stands in the other"),
        _("%(percent)s %% of the shorter text stands in the other"),
    ),
    (re.compile(r"names (?P<who>.+) as the source"), _("names %(who)s as the source")),
    (re.compile(r"signed by (?P<who>.+)"), _("signed by %(who)s")),
)
# And for what the desk should look at in a text; quoted words keep their own language, not their marks.
FLAGS = (
    (
        re.compile(r"(?P<one>“.+”) stands elsewhere as plain (?P<other>“.+”): a hedge was dropped\."),
        _("%(one)s stands elsewhere as plain %(other)s: a hedge was dropped."),
    ),
    (
        re.compile(r"Two figures for what looks like one thing: (?P<one>“.+”) and (?P<other>“.+”)\."),
        _("Two figures for what looks like one thing: %(one)s and %(other)s."),
    ),
    (
        re.compile(r"(?P<what>“.+”) is given to more than one speaker: (?P<who>.+)\."),
        _("%(what)s is given to more than one speaker: %(who)s."),
    ),
    (re.compile(r"Nobody can be asked: (?P<who>.+)\."), _("Nobody can be asked: %(who)s.")),
    (re.compile(r"Quoted words without a speaker\."), _("Quoted words without a speaker.")),
    (
        re.compile(r"Neither the text nor its source says when it was published\."),
        _("Neither the text nor its source says when it was published."),
    ),
    (re.compile(r"The year is not stated: (?P<words>.+)\."), _("The year is not stated: %(words)s.")),
    (re.compile(r"Words that judge: (?P<words>.+)\."), _("Words that judge: %(words)s.")),
    (
        re.compile(r"(?P<count>\d+) of (?P<of>\d+) attributed claims go back to one voice: (?P<name>.+)\."),
        _("%(count)s of %(of)s attributed claims go back to one voice: %(name)s."),
    ),
)
_QUOTED = re.compile("“([^”]*)”")
KEPT_APART = "; kept apart by a person"


def fact_words(fact: dict[str, Any] | None) -> str:
    """A fact as the machine understood it, short: "≈ 1,100 casualty", "Dec 2023", "since May 2024"."""
    match (fact or {}).get("kind"):
        case "quantity":
            return _quantity(fact or {})
        case "date":
            return _date(fact or {})
        case "entity":
            return f"{(fact or {}).get('text', '')} ({(fact or {}).get('id', '')})"
        case "speaker":
            return _speaker(fact or {})
        case "quotation":
            speaker = (fact or {}).get("speaker") or {}
            said = speaker.get("text", "")
            return gettext("said by %(who)s") % {"who": said} if said else gettext("speaker not known")
        case _:
            return ""


def _quantity(fact: dict[str, Any]) -> str:
    unit = fact.get("unit") or ""
    unit = str(UNITS.get(unit, unit))
    low, high = number(fact["lo"]), number(fact["hi"])
    value = low if low == high else f"{low} – {high}"
    counted = (fact.get("counted") or {}).get("name", "")
    words = f"{MODIFIERS.get(fact.get('modifier', '='), '')}{value}"
    return " ".join(part for part in (words, unit, counted if not unit else "") if part)


def number(value: float) -> str:
    """A number as the reader's language writes it, without decimals it does not need."""
    plain = int(value) if float(value).is_integer() else value
    return formats.number_format(plain, use_l10n=True, force_grouping=abs(value) >= 1000)


def _date(fact: dict[str, Any]) -> str:
    first, last = day(fact.get("first")), day(fact.get("last"))
    relation = str(RELATIONS.get(fact.get("relation", "on"), ""))
    if fact.get("type") == "DURATION" or not (first or last):
        said = _duration(fact.get("timex") or "") or fact.get("text", "")
    elif fact.get("precision") == "month" and first:
        said = formats.date_format(first, "YEAR_MONTH_FORMAT")
    elif fact.get("precision") == "year" and first:
        said = str(first.year)
    elif first and last and first != last:
        said = f"{formats.date_format(first, 'SHORT_DATE_FORMAT')} – {formats.date_format(last, 'SHORT_DATE_FORMAT')}"
    else:
        said = formats.date_format(first or last or "", "DATE_FORMAT")
    clock = fact.get("time") or ""
    inferred = gettext("(year inferred)") if fact.get("year_inferred") else ""
    return " ".join(part for part in (relation, said, clock, inferred) if part)


def _duration(timex: str) -> str:
    """ "3 years, 6 months" for "P3Y6M"; nothing for what names no number, such as "PXM" (months)."""
    found = re.fullmatch(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", timex)
    years, months, weeks, days, hours, minutes = (int(part or 0) for part in found.groups()) if found else (0,) * 6
    parts = (
        (years, ngettext("%(n)s year", "%(n)s years", years)),
        (months, ngettext("%(n)s month", "%(n)s months", months)),
        (weeks, ngettext("%(n)s week", "%(n)s weeks", weeks)),
        (days, ngettext("%(n)s day", "%(n)s days", days)),
        (hours, ngettext("%(n)s hour", "%(n)s hours", hours)),
        (minutes, ngettext("%(n)s minute", "%(n)s minutes", minutes)),
    )
    return ", ".join(words % {"n": many} for many, words in parts if many)


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text[:10]) if text else None


def _speaker(fact: dict[str, Any]) -> str:
    how = {
        "direct": gettext("quoted"),
        "indirect": gettext("reported"),
        "conjunctive": gettext("reported"),
        "hearsay": gettext("hearsay"),
        "publisher": pgettext("attribution", "publisher"),
    }.get(fact.get("attribution", ""), "")
    unnamed = "" if fact.get("named", True) else gettext("not named")
    return ", ".join(part for part in (fact.get("text", ""), how, unnamed) if part)


def note_words(note: str) -> str:
    """The machine's note on a row, in the reader's language as far as it is known."""
    parts = [part.removesuffix(".") for part in note.split("; ") if part]
    known = [str(NOTES.get(part[:1].lower() + part[1:], part)) for part in parts]
    words = "; ".join(known)
    return words[:1].upper() + words[1:] + "." if words else ""


def connection_words(reason: str) -> str:
    """The machine's reason why two documents hang together, in the reader's language as far as it is known."""
    plain = reason.removesuffix(KEPT_APART)
    for pattern, words in CONNECTIONS:
        if found := pattern.fullmatch(plain):
            plain = str(words) % found.groupdict()
            break
    return f"{plain}; {gettext('kept apart by a person')}" if reason.endswith(KEPT_APART) else plain


def _in_marks(quoted: re.Match[str]) -> str:
    return pgettext("quotation marks", "“%(words)s”") % {"words": quoted[1]}


def flag_words(message: str) -> str:
    """What the desk should look at, in the reader's language as far as it is known."""
    for pattern, words in FLAGS:
        if found := pattern.fullmatch(message):
            given = {key: _QUOTED.sub(_in_marks, value) for key, value in found.groupdict().items()}
            return str(words) % given
    return message


def origin_words(counts: dict[str, int]) -> str:
    """How many independent origins stand behind each side of a fact: "2 origins agree, 1 disagrees"."""
    agree, disagree = counts.get("agree", 0), counts.get("disagree", 0)
    parts = []
    if agree:
        parts.append(ngettext("%(count)d origin agrees", "%(count)d origins agree", agree) % {"count": agree})
    if disagree:
        words = ngettext("%(count)d origin disagrees", "%(count)d origins disagree", disagree)
        parts.append(words % {"count": disagree})
    return ", ".join(parts)


def reason_words(reasons: list[dict[str, Any]]) -> str:
    """Why a sentence was taken for a claim: every reason with its signed weight."""
    return " · ".join(f"{reason['feature']} {reason['weight']:+.2f}" for reason in reasons)
