"""The forms of the desk. They check shape; the operations check truth."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from claims.admin.choices import offer
from claims.models import (
    Claim,
    Correction,
    Document,
    EarlierCheck,
    Evidence,
    Lookup,
    Membership,
    Publication,
    Rating,
    Recheck,
    User,
    Verdict,
)
from claims.roles import PERMISSIONS, Role
from claims.workflow import Permission

_REVIEWING = [role for role in Role if Permission.REVIEW in PERMISSIONS[role]]


class DeskForm(forms.Form):
    """A deed on one claim, as one person saw it. `step` is the claim's when the page was made."""

    step = forms.IntegerField(widget=forms.HiddenInput, required=False)
    differences: Any = None  # what somebody else saved meanwhile, beside what was typed
    folded: tuple[str, ...] = ()  # fields that stand behind a line to unfold, named by `folded_label`
    folded_label: Any = ""

    def __init__(self, *args: Any, claim: Claim, user: User, key: object = "", **kwargs: Any) -> None:
        self.claim, self.user = claim, user
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}-{key or claim.pk}-%s")
        kwargs["initial"] = {"step": claim.step, **(kwargs.get("initial") or {})}
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.RadioSelect | forms.CheckboxInput | forms.HiddenInput):
                field.widget.attrs.setdefault("class", "d-input")
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs.setdefault("rows", 3)
            if isinstance(field, forms.ModelChoiceField):
                field.error_messages["invalid_choice"] = _("This is not to be found any more. Reload the page.")


class RatingField(forms.ModelChoiceField):
    widget = forms.RadioSelect

    def label_from_instance(self, rating: Any) -> str:
        return str(rating.label(get_language() or "en"))


class _WithRating(DeskForm):
    rating = RatingField(Rating.objects.none(), label=_("Rating"), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scale = Rating.objects.visible_to(self.user).filter(newsroom=self.claim.newsroom_id, active=True)
        offer(self, "rating", scale.order_by("order"))


class ReviewForm(_WithRating):
    reasons = forms.CharField(
        label=_("Reasons"), widget=forms.Textarea(attrs={"rows": 4}), help_text=_("What the evidence shows and why.")
    )


class ProposeForm(_WithRating):
    headline = forms.CharField(label=_("Headline"), max_length=300)
    reasons = forms.CharField(label=_("Reasons"), widget=forms.Textarea(attrs={"rows": 5}))
    language = forms.CharField(label=_("Language"), max_length=8, required=False)
    medium = forms.ChoiceField(  # `media` is what Django's forms call their scripts
        label=_("The claim is about"),
        choices=[("", _("no picture or recording")), *Verdict.Media.choices],
        required=False,
    )
    authenticity = forms.ChoiceField(
        label=_("What was found about it"), choices=[("", "–"), *Verdict.Authenticity.choices], required=False
    )
    original_url = forms.CharField(
        label=_("Address of the original"),
        max_length=2000,
        required=False,
        help_text=Verdict._meta.get_field("original_url").help_text,
    )
    original_context = forms.CharField(
        label=_("What the original shows"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text=Verdict._meta.get_field("original_context").help_text,
    )
    folded = ("medium", "authenticity", "original_url", "original_context")
    folded_label = _("A picture or a recording?")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"language": kwargs["claim"].language, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


class ApproveForm(DeskForm):
    content = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ReasonForm(DeskForm):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


class AssignForm(DeskForm):
    to = forms.ModelChoiceField(
        User.objects.none(), label=_("Person"), required=False, empty_label=_("Nobody (free for everybody)")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"to": kwargs["claim"].assignee_id, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        reviewing = Membership.objects.filter(newsroom=self.claim.newsroom_id, active=True, roles__overlap=_REVIEWING)
        offer(
            self,
            "to",
            User.objects.filter(pk__in=reviewing.values("user"), is_active=True).order_by("first_name", "username"),
        )
        self.fields["to"].label_from_instance = lambda user: (  # type: ignore[attr-defined]
            user.get_full_name() or user.get_username()
        )


class TriageForm(DeskForm):
    topic = forms.CharField(label=_("Topic"), max_length=60, required=False)
    severity = forms.TypedChoiceField(label=_("Severity"), choices=Claim.Severity.choices, coerce=int)
    due_at = forms.DateTimeField(
        label=_("Due"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: no deadline."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        claim = kwargs["claim"]
        kwargs["initial"] = {
            "topic": claim.topic,
            "severity": claim.severity,
            "due_at": claim.due_at,
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)

    def clean_due_at(self) -> Any:
        """The field shows minutes: a deadline that was not touched keeps its seconds."""
        given, kept = self.cleaned_data["due_at"], self.claim.due_at
        return kept if kept and given and kept.replace(second=0, microsecond=0) == given else given


class DuplicateForm(DeskForm):
    of = forms.ModelChoiceField(
        Claim.objects.none(),
        label=_("Number of the claim that is really checked"),
        widget=forms.NumberInput(attrs={"min": 1}),
        error_messages={"invalid_choice": _("There is no claim of this number in your newsrooms.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "of", Claim.objects.visible_to(self.user))
        self.fields["of"].error_messages["invalid_choice"] = _("There is no claim of this number in your newsrooms.")


class CorrectForm(DeskForm):
    publication = forms.ModelChoiceField(Publication.objects.none(), widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Type"), choices=Correction.Kind.choices)
    notice = forms.CharField(
        label=_("Notice"), widget=forms.Textarea(attrs={"rows": 2}), help_text=_("What readers are told.")
    )
    field = forms.ChoiceField(
        label=_("Changes"),
        required=False,
        choices=[("", _("nothing in the text")), ("headline", _("the headline")), ("reasons", _("the reasons"))],
    )
    after = forms.CharField(label=_("New text"), widget=forms.Textarea(attrs={"rows": 3}), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "publication", Publication.objects.visible_to(self.user).live().filter(claim=self.claim))


class RetryForm(DeskForm):
    lookup = forms.ModelChoiceField(Lookup.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "lookup", Lookup.objects.visible_to(self.user).filter(claim=self.claim))


class _OnEvidence(DeskForm):
    evidence = forms.ModelChoiceField(Evidence.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "evidence", Evidence.objects.visible_to(self.user).filter(claim=self.claim, cycle=self.claim.cycle))


_STANCES = [("", _("as the machine sees it")), *Evidence.Stance.choices]


class CopyForm(_OnEvidence):
    """On a passage, the public copy of its page is meant; nothing else is asked."""


class JudgeForm(_OnEvidence):
    stance = forms.ChoiceField(label=_("Stance"), choices=_STANCES, required=False)
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    answered = forms.CharField(
        label=_("Answer to contradicting evidence"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text=_("Why it does not change the verdict."),
    )
    included = forms.BooleanField(label=_("Counts for the verdict"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class AnswerForm(_OnEvidence):
    answered = forms.CharField(
        label=_("Why it does not change the verdict"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Readers see it beside the passage."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ProtectForm(_OnEvidence):
    reason = forms.CharField(label=_("Why this source is protected"), widget=forms.Textarea(attrs={"rows": 2}))


class QuoteForm(DeskForm):
    document = forms.ModelChoiceField(Document.objects.none(), widget=forms.HiddenInput)
    start = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    passage = forms.CharField(
        label=_("Passage"), widget=forms.Textarea(attrs={"rows": 4, "data-passage": ""}), strip=False
    )
    stance = forms.ChoiceField(label=_("Stance"), choices=_STANCES, required=False)
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "document", Document.objects.visible_to(self.user))

    def clean(self) -> dict[str, Any]:
        """Find the passage in the stored text: at the place it was selected, else where it stands word for word."""
        given: dict[str, Any] = super().clean() or {}
        document, passage = given.get("document"), given.get("passage", "").replace("\r\n", "\n").strip()
        if document is None or not passage:
            if "passage" in given:
                self.add_error("passage", self.fields["passage"].error_messages["required"])
            return given
        text, start = document.text.replace("\r\n", "\n"), given.get("start")
        if text != document.text:
            text, start = document.text, None  # a browser counts line ends as one character
        if start is None or text[start : start + len(passage)] != passage:
            start = text.find(passage)
            if start < 0:
                self.add_error("passage", _("This does not stand word for word in the stored text."))
            elif text.find(passage, start + 1) >= 0:
                self.add_error("passage", _("This stands there more than once. Select it in the text."))
        given["start"], given["end"] = start, (start or 0) + len(passage)
        return given


class CiteForm(DeskForm):
    check = forms.ModelChoiceField(EarlierCheck.objects.none(), widget=forms.HiddenInput)
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "check", EarlierCheck.objects.of(self.user, self.claim.newsroom_id))


class CloseRecheckForm(DeskForm):
    recheck = forms.ModelChoiceField(Recheck.objects.none(), widget=forms.HiddenInput)
    note = forms.CharField(label=_("Why the verdict stands"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "recheck", Recheck.objects.visible_to(self.user).filter(watch__publication__claim=self.claim))
