"""What people bring to a claim themselves: the forms for an address and for a file, and how far each has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.admin.forms import DeskForm
from claims.models import Addition, Claim, Document, Hit, Lookup, Step, User
from claims.operations import adding


class _BringForm(DeskForm):
    addition = forms.CharField(widget=forms.HiddenInput, required=False, initial="new")
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    published_on = forms.DateField(
        label=_("Published on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Where the page or file does not say it."),
    )
    protected_reason = forms.CharField(
        label=_("Why this source is protected"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Fill this in to hide the source from the public from the start."),
    )


class PageForm(_BringForm):
    url = forms.CharField(
        label=_("Address"), max_length=2000, widget=forms.URLInput(attrs={"placeholder": "https://", "dir": "ltr"})
    )
    private = forms.BooleanField(
        label=_("Keep the copy for this newsroom only"),
        required=False,
        help_text=_("Also no archive and no machine model outside is told of it."),
    )

    field_order = ["url", "note", "published_on", "private", "protected_reason"]


class FileForm(_BringForm):
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.txt,.html,.htm,application/pdf,text/plain,text/html"}),
        help_text=_("PDF, text or HTML. It stays in this newsroom."),
    )

    field_order = ["file", "note", "published_on", "protected_reason"]

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        if given.size > adding.most_bytes(b"%PDF-"):
            raise forms.ValidationError(_("The file is too large."))
        return given


def add_page(claim: Claim, by: User, given: dict[str, Any]) -> Addition:
    names = ("url", "note", "private", "protected_reason", "published_on")
    return adding.add_page(claim, by=by, **{name: given[name] for name in names})


def add_file(claim: Claim, by: User, given: dict[str, Any]) -> Addition:
    names = ("note", "protected_reason", "published_on")
    file = given["file"]
    return adding.add_file(claim, by=by, name=file.name, content=file.read(), **{name: given[name] for name in names})


@dataclass(frozen=True, slots=True)
class Brought:
    """One addition with what came of it."""

    addition: Addition
    document: Document | None

    @property
    def waits(self) -> bool:
        """Whether a worker has it before it still, at once or at a later try."""
        return self.addition.lookup.state == Step.State.OPEN


def of(claim: Claim) -> list[Brought]:
    """What people brought to a claim in its cycle, in a fixed number of queries."""
    rows = (
        Addition.objects.filter(claim=claim, cycle=claim.cycle)
        .select_related("lookup", "added_by")
        .defer("content")
        .order_by("pk")
    )
    hits = Hit.objects.filter(lookup__claim=claim, lookup__cycle=claim.cycle, lookup__source=Lookup.BY_HAND)
    light = hits.select_related("document").defer("document__text", "document__facts", "document__links")
    found = {hit.lookup_id: hit.document for hit in light}
    return [Brought(addition=row, document=found.get(row.lookup_id)) for row in rows]
