"""The pool: what other newsrooms share - to read, to take over, to co-sign - and what one's own newsrooms co-signed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from claims import earlier, pool
from claims.admin.access import newsrooms_where, person
from claims.admin.refusals import said
from claims.admin.relations import RELATIONS, difference_words
from claims.errors import FactcheckError
from claims.models import Claim, CoSignature, Newsroom, Publication, Rating, Takeover
from claims.operations import cosigning, sharing
from claims.workflow import Permission

PER_PAGE = 20
VIEWS = {
    "checks": gettext_lazy("Published checks"),
    "claims": gettext_lazy("Open claims"),
    "signed": gettext_lazy("Co-signed by us"),
}


class _Form(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "d-input")


class Offer:
    """What a person may choose from, asked for once per page: newsrooms to take over into, ratings to co-sign with."""

    def __init__(self, request: HttpRequest) -> None:
        signing = newsrooms_where(request, Permission.PUBLISH)
        language = get_language() or "en"
        self.rooms = Newsroom.objects.filter(pk__in=newsrooms_where(request, Permission.SUBMIT)).order_by("name")
        self.scale = Rating.objects.filter(newsroom__in=signing, active=True).select_related("newsroom")
        self.room_choices = [(room.pk, room.name) for room in self.rooms]
        self.step_choices = [
            (step.pk, f"{step.newsroom}: {step.label(language)}" if len(signing) > 1 else step.label(language))
            for step in self.scale
        ]


class TakeForm(_Form):
    """Into which newsroom; asked of nobody who has but one."""

    newsroom = forms.ModelChoiceField(Newsroom.objects.none(), label=gettext_lazy("Newsroom"), empty_label=None)

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["newsroom"]
        field.queryset, field.choices = offer.rooms, offer.room_choices
        field.initial = next((pk for pk, _name in offer.room_choices), None)
        if len(offer.room_choices) < 2:
            field.widget = forms.HiddenInput()


class SignForm(_Form):
    """The rating on one's own scale; it names the newsroom too."""

    rating = forms.ModelChoiceField(Rating.objects.none(), label=gettext_lazy("Rating on our scale"))
    note = forms.CharField(
        label=gettext_lazy("Note (optional)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Readers see it beside your newsroom's name."),
    )
    content = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["rating"]
        field.queryset, field.choices = offer.scale, [("", "–"), *offer.step_choices]


class RevokeForm(_Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


def show(request: HttpRequest) -> HttpResponse:
    """What is in the pool, searched by words."""
    return _page(request)


def do(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """Take over, co-sign or take one's name back; a refusal stands beside the form, with what was typed."""
    if name not in _DEEDS:
        raise Http404
    if request.method != "POST":
        return HttpResponseRedirect(reverse("admin:desk_pool"))
    return _DEEDS[name](request, pk)


def _take_check(request: HttpRequest, pk: int) -> HttpResponse:
    check = get_object_or_404(pool.checks(person(request)), pk=pk)
    return _take(request, "checks", pk, sharing.take_over_check, check)


def _take_claim(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(pool.claims(person(request)), pk=pk)
    return _take(request, "claims", pk, sharing.take_over_claim, found)


def _take(request: HttpRequest, view: str, pk: int, operation: Any, found: Any) -> HttpResponse:
    form = TakeForm(request.POST, offer=Offer(request))
    if form.is_valid():
        try:
            claim, created = operation(found, newsroom=form.cleaned_data["newsroom"], by=person(request))
        except FactcheckError as refusal:
            form.add_error(None, said(refusal))
        else:
            done = _("It is in your queue now.") if created else _("Your newsroom has this very claim already.")
            messages.success(request, done)
            return HttpResponseRedirect(reverse("admin:claims_claim_change", args=[claim.pk]))
    return _page(request, view=view, failed=("take", pk, form))


def _sign(request: HttpRequest, pk: int) -> HttpResponse:
    check = get_object_or_404(pool.checks(person(request)), pk=pk)
    form = _sign_form(check, Offer(request), request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            cosigning.cosign(
                check,
                newsroom=given["rating"].newsroom,
                by=person(request),
                rating=given["rating"],
                content=given["content"],
                note=given["note"],
            )
        except FactcheckError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, said(refusal))
        else:
            messages.success(request, _("Your newsroom has co-signed the check."))
            return HttpResponseRedirect(reverse("admin:desk_pool") + "?view=signed")
    return _page(request, view="checks", failed=("sign", pk, form))


def _revoke(request: HttpRequest, pk: int) -> HttpResponse:
    cosignature = get_object_or_404(CoSignature.objects.visible_to(request.user), pk=pk)
    form = RevokeForm(request.POST)
    if form.is_valid():
        try:
            cosigning.revoke(cosignature, by=person(request), reason=form.cleaned_data["reason"])
        except FactcheckError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, said(refusal))
        else:
            messages.success(request, _("Your newsroom's name was taken back."))
            return HttpResponseRedirect(reverse("admin:desk_pool") + "?view=signed")
    return _page(request, view="signed", failed=("revoke", pk, form))


_DEEDS = {"take-check": _take_check, "take-claim": _take_claim, "sign": _sign, "revoke": _revoke}


def _sign_form(check: Publication, offer: Offer, given: Any = None) -> SignForm:
    initial = {"content": pool.content_hash(check)}
    return SignForm(given, offer=offer, auto_id=f"sign-{check.pk}-%s", initial=initial)


def _take_form(pk: int, offer: Offer) -> TakeForm:
    return TakeForm(offer=offer, auto_id=f"take-{pk}-%s")


_Failed = tuple[str, int, forms.Form] | None


def _page(request: HttpRequest, *, view: str = "", failed: _Failed = None) -> HttpResponse:
    user = person(request)
    view = view or request.GET.get("view", "")
    view = view if view in VIEWS else "checks"
    words = request.GET.get("q", "").replace("\x00", "")[:500].strip()
    listed, told = _VIEWS[view]
    rows: list[dict[str, Any]] = []
    offer = Offer(request)
    page = Paginator(listed(request, words), PER_PAGE).get_page(request.GET.get("page"))
    for one in page:
        rows.append(told(request, one, offer, failed if failed and failed[1] == one.pk else None))
    context = {
        **admin.site.each_context(request),
        "title": _("Pool"),
        "view": view,
        "views": VIEWS.items(),
        "words": words,
        "page": page,
        "rows": rows,
        **_may(request),
        "sharing": list(Newsroom.objects.filter(pk__in=pool.mine(user)).order_by("name")),
        "runs": newsrooms_where(request, Permission.ADMINISTER),
    }
    return TemplateResponse(request, "admin/claims/pool.html", context, status=422 if failed else 200)


def fitting(request: HttpRequest, claim: Claim) -> dict[str, Any]:
    """What the workbench shows of the pool: checks of other newsrooms that fit a claim, and what may be done."""
    found = earlier.match_pool(claim, user=person(request))
    checks = _dressed(request, Publication.objects.filter(pk__in=[check.pk for check, _match in found])).in_bulk()
    offer = Offer(request) if found else None
    rows = []
    for check, match in found:
        row = _check_row(request, checks[check.pk], offer, None) if offer else {}
        rows.append({**row, "relation": RELATIONS[match.relation], "why": difference_words(match.difference)})
    return {"pool": rows, **_may(request)}


def _checks(request: HttpRequest, words: str) -> QuerySet[Publication]:
    return pool.checks_about(_dressed(request, pool.checks(person(request))), words).order_by("-pk")


def _dressed(request: HttpRequest, checks: QuerySet[Publication]) -> QuerySet[Publication]:
    """With who stands by them, and the claim they were taken over as."""
    standing = CoSignature.objects.standing().select_related("newsroom")
    taken = Takeover.objects.filter(
        claim__newsroom__in=pool.mine(person(request)), kind=Takeover.Kind.CHECK, origin_number=OuterRef("pk")
    )
    return (
        checks.select_related("newsroom")
        .prefetch_related(Prefetch("cosignatures", standing, to_attr="standing"))
        .annotate(taken=Subquery(taken.values("claim")[:1]))
    )


def _may(request: HttpRequest) -> dict[str, bool]:
    return {
        "may_take": bool(newsrooms_where(request, Permission.SUBMIT)),
        "may_sign": bool(newsrooms_where(request, Permission.PUBLISH)),
    }


def _check_row(request: HttpRequest, check: Any, offer: Offer, failed: _Failed) -> dict[str, Any]:
    kind, form = (failed[0], failed[2]) if failed else ("", None)
    mine = pool.mine(person(request))
    signed = [one for one in check.standing if one.newsroom_id in mine]
    return {
        "check": check,
        "rating": step(check.content["rating"]),
        "others": [(one.newsroom, step(one.given)) for one in check.standing],
        "signed": signed,
        "taken": check.taken,
        "take": form if kind == "take" else _take_form(check.pk, offer),
        "sign": form if kind == "sign" else _sign_form(check, offer),
        "failed": kind,
    }


def _claims(request: HttpRequest, words: str) -> QuerySet[Claim]:
    found = pool.claims(person(request))
    return (pool.claims_about(found, words) if words else found).order_by("-pk")


def _claim_row(request: HttpRequest, claim: Claim, offer: Offer, failed: _Failed) -> dict[str, Any]:
    return {"claim": claim, "take": failed[2] if failed else _take_form(claim.pk, offer), "failed": failed}


def _signed(request: HttpRequest, words: str) -> QuerySet[CoSignature]:
    own = CoSignature.objects.visible_to(request.user)
    if words:
        own = own.filter(publication__in=pool.checks_about(Publication.objects.all(), words))
    return own.select_related("newsroom", "rating", "publication__newsroom", "signed_by", "ended_by").order_by("-pk")


def _signed_row(request: HttpRequest, one: CoSignature, offer: Offer, failed: _Failed) -> dict[str, Any]:
    return {
        "cosignature": one,
        "rating": step(one.given),
        "may": one.ended_at is None and person(request).may(Permission.PUBLISH, one.newsroom_id),
        "revoke": failed[2] if failed else RevokeForm(auto_id=f"revoke-{one.pk}-%s"),
        "failed": failed,
    }


def step(given: dict[str, Any]) -> Rating:
    """A rating as it stood, for showing: what another newsroom wrote is never taken for style."""
    colour = given["colour"] if re.fullmatch(r"#[0-9a-fA-F]{6}", given["colour"]) else "#666666"
    return Rating(
        slug=given["slug"], labels=given["labels"], shared=given["shared"], colour=colour, shape=given["shape"]
    )


_VIEWS: dict[str, tuple[Callable[..., QuerySet[Any]], Callable[..., dict[str, Any]]]] = {
    "checks": (_checks, _check_row),
    "claims": (_claims, _claim_row),
    "signed": (_signed, _signed_row),
}
