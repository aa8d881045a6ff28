"""Readers object: a form beside every check that needs no account and no script, and a page that says how it stands."""

from __future__ import annotations

import hashlib
import hmac
import logging
from typing import Any

from django import forms
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from redis.exceptions import RedisError

from claims.addresses import address_of
from claims.errors import FactcheckError
from claims.models import Complaint, Publication
from claims.operations import complaining
from claims.public.views import published

logger = logging.getLogger(__name__)
HOUR = 3600
PER_ADDRESS = 5  # complaints an hour from one address
PER_CHECK = 40  # and about one check, whoever sends them


class ReportForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What is wrong?"),
        max_length=complaining.LONGEST,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=gettext_lazy("Say which passage you mean, and where it can be looked up."),
    )
    complainant = forms.CharField(
        label=gettext_lazy("Your name (optional)"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact = forms.CharField(
        label=gettext_lazy("How we can reach you (optional)"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Seen by the desk only. Never published."),
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.help_text:
                field.widget.attrs["aria-describedby"] = f"help-{name}"


@csrf_exempt  # nobody is signed in here: there is nothing a foreign page could borrow
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """The form to report an error in a check."""
    publication = published(slug)
    if publication.state == Publication.State.WITHDRAWN:
        raise Http404
    with translation.override(publication.content["language"]):
        form, status = ReportForm(request.POST or None), 200
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            if given.pop("website"):  # only a program fills in what nobody sees
                return render(request, "public/complaint.html", {"publication": publication})
            if _too_many(request, publication):
                form.add_error(None, _("Too many reports came in just now. Please try again in an hour."))
                status = 429
            else:
                try:
                    made = complaining.receive(publication, by=None, door=Complaint.Door.PAGE, **given)
                except FactcheckError as refusal:
                    form.add_error(refusal.field if refusal.field in form.fields else None, _(refusal.message))
                else:
                    return HttpResponseRedirect(reverse("public:complaint", args=[made.token]))
        if form.errors and status == 200:
            status = 400
        context = {"publication": publication, "form": form, "days": publication.newsroom.complaint_days}
        return render(request, "public/report.html", context, status=status)


@never_cache
@require_safe
def complaint(request: HttpRequest, token: str) -> HttpResponse:
    """How one complaint stands, for whoever knows its address. Shows nothing of who complained."""
    found = get_object_or_404(
        Complaint.objects.exclude(token="").select_related("publication__newsroom", "correction"), token=token
    )
    with translation.override(found.publication.content["language"]):
        context = {"complaint": found, "publication": found.publication}
        response = render(request, "public/complaint.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _too_many(request: HttpRequest, publication: Publication) -> bool:
    """Count this report. When Redis is away everybody passes: a reader is not turned away for that."""
    try:
        return _count(f"report:{_fingerprint(request)}") > PER_ADDRESS or _count(f"report:{publication.pk}") > PER_CHECK
    except (RedisError, OSError) as exc:
        logger.warning("reports are not counted: %s", exc)
        return False


def _count(key: str) -> int:
    cache.add(key, 0, HOUR)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out in between
        return 1


def _fingerprint(request: HttpRequest) -> str:
    """Of the address the report came from: enough to count by, kept for an hour, not to be turned back."""
    address = address_of(request) or ""
    return hmac.new(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256).hexdigest()[:32]
