"""The forms of comments and tasks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from claims.admin.choices import offer
from claims.models import Claim, User
from claims.operations import talking


class CommentForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=talking.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "class": "d-input"}),
        help_text=gettext_lazy("@username tells a colleague."),
    )
    private = forms.BooleanField(label=gettext_lazy("Private note: only I see it"), required=False)


class ErrandForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Task"), max_length=500, widget=forms.TextInput(attrs={"class": "d-input"})
    )
    to = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("For"),
        required=False,
        empty_label=gettext_lazy("whoever comes first"),
        widget=forms.Select(attrs={"class": "d-input"}),
    )
    due_on = forms.DateField(
        label=gettext_lazy("Due"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "d-input"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = User.objects.filter(memberships__newsroom=claim.newsroom_id, memberships__active=True, is_active=True)
        offer(self, "to", members.order_by("username"))
