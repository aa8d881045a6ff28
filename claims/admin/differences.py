"""What differs when somebody else saved meanwhile: field by field what is stored now beside what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.forms import BooleanField, ChoiceField, Form, ModelChoiceField
from django.utils.translation import gettext as _

from claims.admin.history import name_of
from claims.models import Claim, Evidence, Verdict

_OF_EVIDENCE = {"judge", "answer", "protect"}


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    saved: str
    yours: str

    @property
    def same(self) -> bool:
        return self.saved == self.yours


@dataclass(frozen=True, slots=True)
class Differences:
    who: str
    lines: list[Line]


def of(name: str, form: Form, claim: Claim) -> Differences | None:
    """The stored row of a deed beside the form; None for deeds that keep no row one could compare with."""
    stored, who = _stored(name, form, claim)
    if stored is None:
        return None
    lines = [
        Line(str(bound.label), _words(bound.field, getattr(stored, bound.name)), _typed(bound.field, given))
        for bound in form.visible_fields()
        if hasattr(stored, bound.name)
        for given in [form.cleaned_data.get(bound.name, bound.value())]
    ]
    return Differences(who=name_of(who) if who else _("Somebody"), lines=lines)


def renewed(form: Form, claim: Claim) -> None:
    """Let the form be sent once more over what is stored now: what was seen has been shown."""
    data = form.data.dict() if hasattr(form.data, "dict") else dict(form.data)
    for name, now in (("step", claim.step), ("version", claim.version)):
        if name in form.fields:
            data[form.add_prefix(name)] = str(now)
    form.data = data


def _stored(name: str, form: Form, claim: Claim) -> tuple[Any, Any]:
    if name in _OF_EVIDENCE and isinstance(form.cleaned_data.get("evidence"), Evidence):
        row = Evidence.objects.select_related("judged_by").get(pk=form.cleaned_data["evidence"].pk)
        return row, row.judged_by
    if name == "propose":
        verdict = Verdict.objects.filter(claim=claim, cycle=claim.cycle).select_related("rating", "proposed_by").first()
        return verdict, verdict.proposed_by if verdict else None
    return None, None


def _words(field: Any, value: Any) -> str:
    if isinstance(field, BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, ModelChoiceField):
        return str(field.label_from_instance(value)) if value else ""
    if isinstance(field, ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    return str(value or "")


def _typed(field: Any, value: Any) -> str:
    return _words(field, value).replace("\r\n", "\n")
