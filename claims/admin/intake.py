"""Handing in: an article or a single claim, through the same operations as every other door."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.access import newsrooms_where, person
from claims.admin.choices import offer
from claims.admin.refusals import said
from claims.errors import FactcheckError
from claims.models import Article, Claim, Door, Newsroom
from claims.operations import fetching, intake
from claims.workflow import Permission

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class _IntakeForm(forms.Form):
    newsroom = forms.ModelChoiceField(Newsroom.objects.none(), label=gettext_lazy("Newsroom"), empty_label=None)

    def __init__(self, *args: Any, newsrooms: list[int], **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        offer(self, "newsroom", Newsroom.objects.filter(pk__in=newsrooms))
        if len(newsrooms) == 1:
            self.fields["newsroom"].widget = forms.HiddenInput()
            self.fields["newsroom"].initial = newsrooms[0]
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "d-input")


class ArticleForm(_IntakeForm):
    text = forms.CharField(
        label=gettext_lazy("Text"),
        widget=forms.Textarea(attrs={"rows": 14, "autofocus": True, "class": "d-input d-reading"}),
        strip=False,
        required=False,
        help_text=gettext_lazy(
            "Plain text or HTML, as it was published. It is kept unchanged. Leave it empty to have the page fetched."
        ),
    )
    title = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=500)
    url = forms.CharField(label=gettext_lazy("Address"), required=False, max_length=2000)
    publisher = forms.CharField(label=gettext_lazy("Publisher"), required=False, max_length=200)
    published_on = forms.DateField(
        label=gettext_lazy("Published on"),
        required=False,
        widget=_DAY,
        help_text=gettext_lazy("Dates such as “on Monday” are read against it."),
    )
    language = forms.CharField(
        label=gettext_lazy("Language"),
        required=False,
        max_length=12,
        help_text=gettext_lazy("A code such as de or en; left empty, it is recognised."),
    )


class ClaimForm(_IntakeForm):
    text = forms.CharField(
        label=gettext_lazy("Claim"),
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True, "class": "d-input d-reading"}),
        strip=False,
        help_text=gettext_lazy("One checkable statement, word for word."),
    )
    claimant = forms.CharField(label=gettext_lazy("Who said it"), required=False, max_length=200)
    said_on = forms.DateField(label=gettext_lazy("Said on"), required=False, widget=_DAY)
    appearance = forms.CharField(
        label=gettext_lazy("Where it appeared"), required=False, max_length=2000, help_text=gettext_lazy("An address.")
    )
    language = forms.CharField(
        label=gettext_lazy("Language"),
        required=False,
        max_length=12,
        help_text=gettext_lazy("A code such as de or en; left empty, it is recognised."),
    )


def article(request: HttpRequest) -> HttpResponse:
    """Hand in an article."""

    def submit(given: dict[str, Any]) -> tuple[Article, bool]:
        newsroom, text = given.pop("newsroom"), given.pop("text")
        if text.strip() or (text and not given["url"]):
            return intake.submit_article(newsroom, by=person(request), door=Door.ADMIN, text=text, **given)
        return fetching.submit_address(newsroom, by=person(request), door=Door.ADMIN, **given)

    return _hand_in(request, ArticleForm, submit, _("Hand in an article"))


def claim(request: HttpRequest) -> HttpResponse:
    """Hand in a single claim."""

    def submit(given: dict[str, Any]) -> tuple[Claim, bool]:
        return intake.submit_claim(given.pop("newsroom"), by=person(request), door=Door.ADMIN, **given)

    return _hand_in(request, ClaimForm, submit, _("Hand in a claim"))


def _hand_in(request: HttpRequest, form_class: Any, submit: Any, title: str) -> HttpResponse:
    newsrooms = newsrooms_where(request, Permission.SUBMIT)
    if not newsrooms:
        raise PermissionDenied
    form = form_class(request.POST or None, newsrooms=newsrooms)
    if request.method == "POST" and form.is_valid():
        try:
            made, created = submit(dict(form.cleaned_data))
        except FactcheckError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, said(refusal))
        else:
            _say(request, made, created)
            return HttpResponseRedirect(reverse(f"admin:claims_{made._meta.model_name}_change", args=[made.pk]))
    context = {
        **admin.site.each_context(request),
        "title": title,
        "form": form,
        "wide": ("text",),
        "other": "claim" if form_class is ArticleForm else "article",
    }
    return TemplateResponse(request, "admin/claims/hand_in.html", context, status=400 if form.errors else 200)


def _say(request: HttpRequest, made: Article | Claim, created: bool) -> None:
    if not created:
        messages.info(request, _("This text is here already; nothing was added."))
    elif isinstance(made, Article) and made.awaits_fetching:
        messages.success(request, _("The address is in. Its page is being fetched; its claims appear here."))
    elif isinstance(made, Article):
        messages.success(request, _("The article is in. It is being read; its claims appear here."))
    else:
        messages.success(request, _("The claim is in the queue."))
