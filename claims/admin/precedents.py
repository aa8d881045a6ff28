"""Earlier checks beside a claim: fetched after the workbench stands, as a part of it or as a page of their own."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from claims import earlier
from claims.admin.access import person
from claims.admin.deed import Standing
from claims.admin.deeds import DEEDS
from claims.admin.forms import DeskForm
from claims.admin.marking import Mark, marked
from claims.admin.pool import fitting
from claims.admin.relations import RELATIONS, difference_words
from claims.admin.workbench import claim_of
from claims.analysis.types import Span
from claims.earlier import Found
from claims.models import Claim, EarlierCheck, User

SHOWN_FIRST = 4  # checks; the others unfold


@dataclass(frozen=True, slots=True)
class Precedent:
    """One earlier check as the panel shows it."""

    check: EarlierCheck
    relation: tuple[object, str, str]
    why: str
    here: SafeString
    there: SafeString
    own: bool
    form: DeskForm | None


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The earlier checks of a claim; with `?part=1` only the part that the workbench takes in."""
    claim, user = claim_of(request, pk), person(request)
    found = [one for one in earlier.match(claim, user=user) if one.match.highlights]
    order = list(RELATIONS)
    rows = [_row(one, claim, user) for one in sorted(found, key=lambda one: order.index(one.match.relation))]
    context = {
        "claim": claim,
        "checks": rows[:SHOWN_FIRST],
        "others": rows[SHOWN_FIRST:],
        "disagreeing": [one.check for one in earlier.disagreeing(found)],
        "among": 0 if rows else earlier.among(user, claim.newsroom_id),
        "cite": DEEDS["cite"],
        **fitting(request, claim),
    }
    if request.GET.get("part"):
        return TemplateResponse(request, "admin/claims/parts/earlier.html", context)
    frame = {**admin.site.each_context(request), "title": _("Earlier checks of claim %(number)s") % {"number": pk}}
    return TemplateResponse(request, "admin/claims/earlier.html", {**frame, **context})


def _row(one: Found, claim: Claim, user: User) -> Precedent:
    cite = DEEDS["cite"]
    citable = one.check.url.startswith("http") and cite.possible(Standing(claim, user))
    return Precedent(
        check=one.check,
        relation=RELATIONS[one.match.relation],
        why=difference_words(one.match.difference),
        here=_lit(claim.text, one.match.highlights),
        there=_lit(one.check.claim_text, one.match.candidate_highlights),
        own=one.check.newsroom_id is not None,
        form=cite.form(claim=claim, user=user, key=one.check.pk, initial={"check": one.check.pk}) if citable else None,
    )


def _lit(text: str, spans: tuple[Span, ...]) -> SafeString:
    return marked(text, [Mark(span.start, span.end, "d-shared") for span in spans])
