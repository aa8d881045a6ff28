"""The facets of the queue: everything it can be narrowed by. A value nobody knows is said, not ignored."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.admin.choices import offer
from claims.models import Claim, Lookup, Membership, Newsroom, User
from claims.models.claim import ClaimQuerySet

SEARCH_LONGEST = 200
OFFERED = 500  # the newest claims whose topics and languages are offered to choose from

AGES = {
    "day": (_("a day at most"), None, 1),
    "week": (_("a week at most"), None, 7),
    "month": (_("a month at most"), None, 30),
    "older": (_("more than a month"), 30, None),
}
SOURCES = {
    "asking": (_("some still asked"), True, Q(outcome="")),
    "unavailable": (_("some could not be asked"), True, Q(outcome=Lookup.Outcome.UNAVAILABLE)),
    "found": (_("something found"), True, Q(outcome=Lookup.Outcome.HITS)),
    "nothing": (_("nothing found"), False, Q(outcome=Lookup.Outcome.HITS)),
}
DEMANDS = {"2": _("twice or more"), "5": _("5 times or more"), "20": _("20 times or more")}


def _choices(known: dict[str, Any]) -> list[tuple[str, Any]]:
    return [("", "")] + [(key, one[0] if isinstance(one, tuple) else one) for key, one in known.items()]


class FilterForm(forms.Form):
    """What a person asked the queue to be narrowed by."""

    q = forms.CharField(label=_("Search"), required=False, max_length=SEARCH_LONGEST)
    status = forms.MultipleChoiceField(
        label=_("Status"), choices=Claim._meta.get_field("status").choices or (), required=False
    )
    kind = forms.MultipleChoiceField(label=_("Kind"), choices=Claim.Kind.choices, required=False)
    suggestion = forms.ChoiceField(
        label=_("Suggested as"), choices=[("", ""), *Claim.Suggestion.choices], required=False
    )
    severity = forms.MultipleChoiceField(
        label=_("Severity"), choices=[(str(k), v) for k, v in Claim.Severity.choices], required=False
    )
    topic = forms.CharField(label=_("Topic"), max_length=60, required=False)
    language = forms.CharField(label=_("Language"), max_length=8, required=False)
    claimant = forms.CharField(label=_("Claimant"), max_length=200, required=False)
    source = forms.ChoiceField(label=_("Sources"), choices=_choices(SOURCES), required=False)
    age = forms.ChoiceField(label=_("Age"), choices=_choices(AGES), required=False)
    demand = forms.ChoiceField(label=_("Came in"), choices=_choices(DEMANDS), required=False)
    assignee = forms.ModelChoiceField(User.objects.none(), label=_("Assigned to"), required=False)
    newsroom = forms.ModelChoiceField(Newsroom.objects.none(), label=_("Newsroom"), required=False)
    article = forms.IntegerField(label=_("Article"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        rooms = Newsroom.objects.visible_to(user)
        members = Membership.objects.visible_to(user).filter(active=True)
        offer(self, "newsroom", rooms)
        offer(self, "assignee", User.objects.filter(pk__in=members.values("user")).order_by("first_name", "username"))
        self.fields["assignee"].label_from_instance = lambda one: (  # type: ignore[attr-defined]
            one.get_full_name() or one.get_username()
        )
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "d-input d-small")
        for name in ("topic", "language"):
            self.fields[name].widget.attrs["list"] = f"known-{name}"

    def narrow(self, rows: ClaimQuerySet) -> ClaimQuerySet:
        given, now = self.cleaned_data, timezone.now()
        rows = _search(rows, given.get("q", "").strip())
        for name in ("status", "kind", "severity"):
            if given.get(name):
                rows = rows.filter(**{f"{name}__in": given[name]})
        for name in ("suggestion", "language", "topic", "assignee", "newsroom", "article"):
            if given.get(name):
                rows = rows.filter(**{name: given[name]})
        if given.get("claimant"):
            rows = rows.filter(claimant__icontains=given["claimant"])
        if given.get("demand"):
            rows = rows.filter(demand__gte=int(given["demand"]))
        if given.get("age"):
            _word, above, below = AGES[given["age"]]
            if above is not None:
                rows = rows.filter(submitted_at__lt=now - dt.timedelta(days=above))
            if below is not None:
                rows = rows.filter(submitted_at__gte=now - dt.timedelta(days=below))
        if given.get("source"):
            _word, some, which = SOURCES[given["source"]]
            asked = Lookup.objects.filter(claim=OuterRef("pk"), cycle=OuterRef("cycle"))
            if some:
                rows = rows.filter(Exists(asked.filter(which)))
            else:
                rows = rows.filter(Exists(asked.exclude(outcome="")), ~Exists(asked.filter(which)))
        return rows

    def in_use(self) -> dict[str, Any]:
        """The filters in use, without the search."""
        return {name: value for name, value in self.cleaned_data.items() if value and name != "q"}


def _search(rows: ClaimQuerySet, query: str) -> ClaimQuerySet:
    """Claims with these words, of this claimant, or of this number."""
    plain = query.lstrip("#")
    if plain.isdigit():
        return rows.filter(Q(pk=int(plain[:18])) | Q(search=SearchQuery(plain, config="simple")))
    if query:
        query = query.replace("\x00", "")
        return rows.filter(
            Q(search=SearchQuery(query, config="simple", search_type="websearch")) | Q(claimant__icontains=query)
        )
    return rows


def offered(rows: ClaimQuerySet) -> dict[str, list[str]]:
    """Topics and languages of the newest claims, to choose from."""
    newest = rows.order_by("-pk").values_list("topic", "language")[:OFFERED]
    topics, languages = zip(*newest, strict=True) if newest else ((), ())
    return {"topic": sorted({*topics} - {""}), "language": sorted({*languages})}
