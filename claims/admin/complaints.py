"""The complaint register: what came in by page, program or hand, on its clock, and how it was answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.access import DeskAdmin, person
from claims.admin.choices import offer
from claims.admin.refusals import said
from claims.errors import FactcheckError
from claims.models import Complaint, Correction, LedgerEntry, Publication
from claims.operations import complaining
from claims.workflow import Permission

STATES = {
    "received": gettext_lazy("received"),
    "in_review": gettext_lazy("in review"),
    "upheld": gettext_lazy("upheld"),
    "partly": gettext_lazy("partly upheld"),
    "rejected": gettext_lazy("rejected"),
}


class _Form(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "d-input")


class NewForm(_Form):
    """A complaint that came by letter, mail or telephone."""

    publication = forms.CharField(
        label=gettext_lazy("Check"), help_text=gettext_lazy("Its public address, or the number of the claim.")
    )
    text = forms.CharField(
        label=gettext_lazy("What is objected to"),
        max_length=complaining.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    complainant = forms.CharField(label=gettext_lazy("Who objects"), max_length=200, required=False)
    contact = forms.CharField(
        label=gettext_lazy("Contact"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Seen by the desk only. Never published."),
    )
    received_at = forms.DateTimeField(
        label=gettext_lazy("Came in at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=gettext_lazy("Left empty: now. The clock starts here."),
    )

    def __init__(self, *args: Any, publications: QuerySet[Publication], **kwargs: Any) -> None:
        self.publications = publications
        super().__init__(*args, **kwargs)

    def clean_publication(self) -> Publication:
        given = self.cleaned_data["publication"].strip().rstrip("/")
        found = self.publications.select_related("newsroom", "claim").defer("claim__search")
        if given.lstrip("#").isdigit():
            found = found.filter(claim=int(given.lstrip("#")[:18])).exclude(state=Publication.State.REPLACED)
        else:
            found = found.filter(slug=given.rsplit("/", 1)[-1][:120])
        publication = found.first()
        if publication is None:
            raise forms.ValidationError(_("Your newsrooms have published no such check."))
        return publication


class AnswerForm(_Form):
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=Complaint.Outcome.choices)
    correction = forms.ModelChoiceField(
        Correction.objects.none(),
        label=gettext_lazy("Correction"),
        required=False,
        empty_label=gettext_lazy("none"),
        help_text=gettext_lazy("What is upheld names the correction it led to. Make it on the workbench first."),
    )
    answer = forms.CharField(
        label=gettext_lazy("Answer"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("The complainant reads this at their address."),
    )

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "correction", Correction.objects.filter(publication__claim=complaint.publication.claim_id))


class ResumeForm(_Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


class Overdue(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("overdue", _("overdue")), ("open", _("open")), *STATES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if chosen == "overdue":
            return queryset.filter(outcome="", due_at__lt=Now())
        if chosen == "open":
            return queryset.filter(outcome="")
        if chosen in ("received", "in_review"):
            return queryset.filter(outcome="", taken_at__isnull=chosen == "received")
        return queryset.filter(outcome=chosen) if chosen in STATES else queryset


@admin.register(Complaint)
class ComplaintAdmin(DeskAdmin):
    nothing_yet = gettext_lazy(
        "No complaint yet. Readers send them from the page of a check; what comes by mail is entered here."
    )
    list_display = ["subject", "stands", "due", "received_at", "taken_by", "publication"]
    list_filter = [Overdue, "door"]
    list_select_related = ["publication__verdict", "taken_by"]
    search_fields = ["text", "complainant"]
    search_help_text = gettext_lazy("Words of the complaint, or who objects")
    writes = Permission.SUBMIT
    adds = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Complaint]:
        rows: Any = super().get_queryset(request)
        return rows.pressing()  # type: ignore[no-any-return]

    def get_ordering(self, request: HttpRequest) -> list[str]:
        return []

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        ours = [
            path("add/", view(add), name="claims_complaint_add"),
            path("<int:pk>/change/", view(show), name="claims_complaint_change"),
            path("<int:pk>/do/<slug:name>/", view(do), name="claims_complaint_do"),
        ]
        return ours + [url for url in super().get_urls() if url.name == "claims_complaint_changelist"]

    @admin.display(description=gettext_lazy("Complaint"))
    def subject(self, complaint: Complaint) -> str:
        return f"#{complaint.pk} {complaint.text[:90]}"

    @admin.display(description=gettext_lazy("State"))
    def stands(self, complaint: Complaint) -> str:
        return str(STATES[complaint.state])

    @admin.display(description=gettext_lazy("Due"))
    def due(self, complaint: Complaint) -> SafeString:
        day = date_format(complaint.due_at, "SHORT_DATE_FORMAT")
        if complaint.overdue:
            return format_html('<span class="d-tag d-hot">{} · {}</span>', day, _("overdue"))
        return format_html("{}", day)


def _complaint(request: HttpRequest, pk: int) -> Complaint:
    visible: QuerySet[Complaint] = Complaint.objects.visible_to(request.user)
    related = ("publication__claim", "publication__verdict", "newsroom", "taken_by", "closed_by", "correction")
    return get_object_or_404(visible.select_related(*related).defer("publication__claim__search"), pk=pk)


def add(request: HttpRequest) -> HttpResponse:
    """Write down a complaint that came in by hand."""
    user = person(request)
    publications: QuerySet[Publication] = Publication.objects.visible_to(user)
    begin = request.GET.get("publication", "")
    form = NewForm(request.POST or None, publications=publications, initial={"publication": begin})
    if request.method == "POST" and form.is_valid():
        try:
            made = complaining.receive(by=user, door=Complaint.Door.DESK, **form.cleaned_data)
        except FactcheckError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, said(refusal))
        else:
            messages.success(request, _("The complaint is in the register."))
            return HttpResponseRedirect(reverse("admin:claims_complaint_change", args=[made.pk]))
    context = {**admin.site.each_context(request), "title": _("New complaint"), "form": form}
    return TemplateResponse(
        request, "admin/claims/complaint_add.html", context, status=400 if form.is_bound and form.errors else 200
    )


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One complaint: what is objected to, its clock, and the ways to answer it."""
    return _page(request, _complaint(request, pk))


_DEEDS: dict[str, tuple[Callable[..., Any], Any]] = {
    "acknowledge": (complaining.acknowledge, gettext_lazy("Noted: the complainant was told.")),
    "take": (complaining.take, gettext_lazy("The complaint is yours.")),
    "answer": (complaining.answer, gettext_lazy("Answered.")),
    "resume": (complaining.resume, gettext_lazy("The complaint is open again.")),
}


def do(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Run one operation on a complaint, or show the page again with the refusal beside the form."""
    complaint = _complaint(request, pk)
    if name not in _DEEDS:
        raise Http404
    back = reverse("admin:claims_complaint_change", args=[pk])
    if request.method != "POST":
        return HttpResponseRedirect(back)
    operation, done = _DEEDS[name]
    form = _form(name, complaint, request.POST)
    if form is None or form.is_valid():
        try:
            operation(complaint, by=person(request), **(form.cleaned_data if form else {}))
        except FactcheckError as refusal:
            if form is None:
                messages.error(request, said(refusal))
                return HttpResponseRedirect(back)
            form.add_error(refusal.field if refusal.field in form.fields else None, said(refusal))
        else:
            messages.success(request, str(done))
            return HttpResponseRedirect(back)
    response = _page(request, _complaint(request, pk), **{name: form})
    response.status_code = 422
    return response


def _form(name: str, complaint: Complaint, given: Any = None) -> _Form | None:
    if name == "answer":
        return AnswerForm(given, complaint=complaint)
    return ResumeForm(given) if name == "resume" else None


def _page(request: HttpRequest, complaint: Complaint, **forms: Any) -> TemplateResponse:
    user = person(request)
    handles = user.may(Permission.PUBLISH, complaint.newsroom_id)
    entries = LedgerEntry.objects.filter(claim=complaint.publication.claim_id, kind__startswith="complaint.")
    context = {
        **admin.site.each_context(request),
        "title": _("Complaint %(number)s") % {"number": complaint.pk},
        "complaint": complaint,
        "state": STATES[complaint.state],
        "publication": complaint.publication,
        "handles": handles,
        "mine": complaint.taken_by_id == user.pk,
        "address": reverse("public:complaint", args=[complaint.token]) if complaint.token else "",
        "answer_form": forms.get("answer") or _form("answer", complaint),
        "resume_form": forms.get("resume") or _form("resume", complaint),
        "history": [
            one
            for one in entries.select_related("actor").order_by("-sequence")[:100]
            if one.payload.get("complaint") == complaint.pk
        ],
    }
    return TemplateResponse(request, "admin/claims/complaint.html", context)
