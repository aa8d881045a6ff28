"""Publishing at a time: the form of the workbench."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.admin.forms import DeskForm
from claims.models import Claim, User
from claims.operations import scheduling


class ScheduleForm(DeskForm):
    publish_at = forms.DateTimeField(
        label=_("Publish at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: no time is set, somebody publishes it by hand."),
    )
    embargo = forms.BooleanField(label=_("Embargo: nobody can publish it earlier"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = scheduling.of(self.claim)
        if waiting is not None:
            self.initial = {**self.initial, "publish_at": waiting.publish_at, "embargo": waiting.embargo}


def plan(claim: Claim, by: User, given: dict[str, Any]) -> object:
    """Set the time, or take it back when none is given."""
    if given["publish_at"] is None:
        return scheduling.cancel(claim, by=by)
    return scheduling.plan(claim, by=by, publish_at=given["publish_at"], embargo=given["embargo"])
