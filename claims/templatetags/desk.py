"""What the desk's templates say in one word: outcomes, ratings, people, symbols."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import get_language, gettext

from claims import flagging
from claims.admin import phrasing, rules
from claims.admin.deeds import DEEDS
from claims.admin.forms import DeskForm
from claims.admin.history import name_of
from claims.admin.phrasing import KIND_SYMBOLS, KINDS, ORIGINS, OUTCOMES
from claims.admin.refusals import in_words
from claims.models import Article, Claim, Evidence, Rating, Recheck, User

register = template.Library()

_SHAPES = {"tick": "check_circle", "cross": "cancel", "half": "contrast", "circle": "circle", "question": "help"}
_STANCES = {"agrees": "thumb_up", "disagrees": "thumb_down", "mixed": "thumbs_up_down", "related": "link"}


@register.simple_tag
def symbol(name: str, css: str = "") -> SafeString:
    """A decorative symbol: the word beside it says the same."""
    return format_html('<span class="material-symbols-outlined {}" aria-hidden="true">{}</span>', css, name)


@register.filter
def copy_words(reason: str) -> str:
    """Why a public copy is missing or no good, in the reader's language as far as it is known."""
    return gettext(reason) if reason else ""


@register.filter
def reason_words(reason: str) -> str:
    """Why something could not be done, in the reader's language as far as it is known."""
    return in_words(reason)


@register.simple_tag
def outcome(name: str) -> SafeString:
    """An outcome as symbol and word, coloured."""
    word, icon, css = OUTCOMES.get(name, (name, "help", "absent"))
    return format_html('<span class="d-outcome d-{}">{}{}</span>', css, symbol(icon), word)


@register.simple_tag
def outcome_dot(name: str, title: str = "") -> SafeString:
    """An outcome as a symbol only, its word for those who hover or listen."""
    word, icon, css = OUTCOMES.get(name, (name, "help", "absent"))
    return format_html(
        '<span class="d-dot d-{}" title="{}"><span class="d-sr">{}</span>{}</span>',
        css,
        f"{word}: {title}" if title else word,
        word,
        symbol(icon),
    )


@register.simple_tag
def rating(given: Rating) -> SafeString:
    """A rating with its colour, shape and word."""
    return format_html(
        '<span class="d-rating" style="--rating: {}">{}<span>{}</span></span>',
        given.colour,
        symbol(_SHAPES.get(given.shape, "circle")),
        given.label(get_language() or "en"),
    )


@register.simple_tag
def rating_symbol(given: Rating) -> SafeString:
    return symbol(_SHAPES.get(given.shape, "circle"))


@register.simple_tag
def stance(evidence: Evidence) -> SafeString:
    """Where a passage stands: the person's judgement, else the machine's, as symbol and word."""
    name = evidence.effective_stance
    return format_html(
        '<span class="d-stance d-{}">{}{}</span>', name, symbol(_STANCES.get(name, "link")), Evidence.Stance(name).label
    )


@register.filter
def called(user: User | None) -> str:
    """How a person is called on the desk."""
    return name_of(user)


@register.filter
def initials(user: User) -> str:
    words = (user.get_full_name() or user.get_username()).replace(".", " ").replace("-", " ").split()
    return "".join(word[0] for word in words[:2]).upper()


@register.filter
def kind_symbol(kind: str) -> str:
    return KIND_SYMBOLS.get(kind, "help")


@register.filter
def outcomes_of(claim: Claim) -> list[tuple[str, int]]:
    """How the facts of a claim fared in its current cycle: (outcome, how many), the most telling first."""
    made = [one for one in claim.assessments.all() if one.cycle == claim.cycle]
    counted = Counter(row["outcome"] for one in made for row in one.table)
    return [
        (name, counted[name]) for name in ("mismatch", "match", "compatible", "value_only", "absent") if counted[name]
    ]


@register.filter
def assessment_of(claim: Claim) -> Any:
    """The assessment of the current cycle, from what was loaded with the claim."""
    return next((one for one in claim.assessments.all() if one.cycle == claim.cycle and one.made_at), None)


@register.filter
def percent(score: float) -> int:
    """A score from 0 to 1 as a width."""
    return round(max(0.0, min(1.0, score)) * 100)


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    return mapping.get(key)


@register.simple_tag
def rating_label(given: Rating) -> str:
    return given.label(get_language() or "en")


@register.filter
def kind_word(kind: str) -> str:
    return str(KINDS.get(kind, kind))


@register.filter
def origin_word(kind: str) -> str:
    return str(ORIGINS.get(kind, kind))


@register.simple_tag(takes_context=True)
def row_form(context: template.Context, name: str, pk: int | str) -> DeskForm:
    """The form of a deed on one row: the failed one as it was filled in, else a fresh one."""
    if context["failed_name"] == name and context["failed_row"] == str(pk):
        failed: DeskForm = context["failed_form"]
        return failed
    field = {**rules.ON_ROWS, "retry": "lookup", "close_recheck": "recheck"}.get(
        name, "edge" if name.endswith("_edge") else "evidence"
    )
    return DEEDS[name].form(claim=context["claim"], user=context["request"].user, key=pk, initial={field: pk})


@register.simple_tag(takes_context=True)
def judge_form(context: template.Context, evidence: Evidence) -> DeskForm:
    """The judgement form of a passage, filled with how it was judged."""
    form: DeskForm = row_form(context, "judge", evidence.pk)
    if not form.is_bound:
        form.initial.update(
            stance=evidence.stance,
            note=evidence.note,
            answered=evidence.answered,
            included=evidence.included,
            version=context["claim"].version,
        )
    return form


@register.simple_tag(takes_context=True)
def answer_form(context: template.Context, evidence: Evidence) -> DeskForm:
    """The answer to a passage that speaks against the rating, filled with the one it has."""
    form: DeskForm = row_form(context, "answer", evidence.pk)
    if not form.is_bound:
        form.initial.update(answered=evidence.answered, version=context["claim"].version)
    return form


@register.filter
def flag_words(message: str) -> str:
    return phrasing.flag_words(message)


@register.simple_tag
def flags_of(article: Article) -> list[dict[str, Any]]:
    """What the desk should look at in an article."""
    return flagging.of_article(article)


@register.filter
def recheck_word(outcome: str) -> str:
    return str(dict(Recheck.Outcome.choices).get(outcome, outcome))


@register.filter
def ago(moment: dt.datetime) -> str:
    """How long ago, in its largest unit: "3 hours"."""
    if timezone.now() - moment < dt.timedelta(minutes=1):
        return gettext("just now")
    return timesince(moment, depth=1)
