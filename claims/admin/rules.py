"""The rules of the desk on the workbench: what the verdict still needs, replies, the checklist, who stepped back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims import blindness, conditions
from claims.admin.choices import offer
from claims.admin.deed import Deed
from claims.admin.deeds import DEEDS
from claims.admin.forms import DeskForm
from claims.conditions import Condition
from claims.models import Claim, Interest, Policy, Recusal, Reply, Review, Tick, User
from claims.operations import conflicts, replying, reviewing, ticking
from claims.workflow import Permission

_MOMENT = "%Y-%m-%dT%H:%M"


@dataclass(slots=True)
class Rules:
    """Everything the page shows of them; read once per page."""

    policy: Policy
    conditions: list[Condition]
    ticks: dict[str, Tick]
    replies: list[Reply]
    interests: list[Interest]
    recusals: list[Recusal]
    hidden_reviews: int = 0
    reviews: list[Review] = field(default_factory=list)

    @property
    def open(self) -> int:
        return sum(not one.met for one in self.conditions)

    @property
    def differing(self) -> bool:
        """Whether the reviews that are open to this person do not agree."""
        return len({one.rating_id for one in self.reviews}) > 1

    @property
    def has_stepped_back(self) -> bool:
        return any(one.lifted_at is None for one in self.recusals)


def of(claim: Claim, user: User) -> Rules:
    policy = Policy.in_force(claim)
    cycle = {"cycle": claim.cycle}
    given = list(claim.reviews.filter(**cycle).select_related("reviewer", "rating").order_by("submitted_at"))
    blind = blindness.is_blind(claim, user, policy=policy)
    return Rules(
        policy=policy,
        conditions=conditions.shown(claim, policy),
        ticks={one.item: one for one in claim.ticks.filter(**cycle).select_related("by")},
        replies=list(claim.replies.filter(**cycle).select_related("made_by")),
        interests=conflicts.of(claim, user),
        recusals=list(claim.recusals.select_related("user", "lifted_by")),
        hidden_reviews=len(given) if blind else 0,
        reviews=[] if blind else given,
    )


def _moment(**given: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)
    return forms.DateTimeField(widget=widget, input_formats=[_MOMENT, f"{_MOMENT}:%S"], **given)


class AskForm(DeskForm):
    reply = forms.CharField(widget=forms.HiddenInput, required=False, initial="new")
    party = forms.CharField(label=_("Who was asked"), max_length=200)
    channel = forms.ChoiceField(label=_("Through what"), choices=Reply.Channel.choices)
    asked_at = _moment(label=_("When"), required=False, help_text=_("Empty: just now."))
    deadline = _moment(label=_("An answer is awaited until"))


class AnswerForm(DeskForm):
    reply = forms.ModelChoiceField(Reply.objects.none(), widget=forms.HiddenInput)
    answer = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 3}))
    answered_at = _moment(label=_("When it came"), required=False, help_text=_("Empty: just now."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = Reply.objects.visible_to(self.user).filter(claim=self.claim, waived_reason="")
        offer(self, "reply", asked)


class WaiveForm(DeskForm):
    reply = forms.CharField(widget=forms.HiddenInput, required=False, initial="new")
    reason = forms.CharField(label=_("Why nobody is asked"), widget=forms.Textarea(attrs={"rows": 2}))


class TickForm(DeskForm):
    item = forms.CharField(widget=forms.HiddenInput, max_length=200, strip=False)
    done = forms.BooleanField(widget=forms.HiddenInput, required=False)


class ReadmitForm(DeskForm):
    recusal = forms.ModelChoiceField(Recusal.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stepped_back = Recusal.objects.visible_to(self.user).filter(claim=self.claim, lifted_at__isnull=True)
        offer(self, "recusal", stepped_back)


def _ask(claim: Claim, by: User, given: dict[str, Any]) -> Reply:
    return replying.ask(claim, by=by, **{name: given[name] for name in ("party", "channel", "asked_at", "deadline")})


def _answer(claim: Claim, by: User, given: dict[str, Any]) -> Reply:
    return replying.answer(given["reply"], by=by, answer=given["answer"], answered_at=given["answered_at"])


def _deed(name: str, label: Any, symbol: str, form: type[DeskForm], do: Any, done: Any, statuses: Any) -> Deed:
    return Deed(
        name=name,
        label=label,
        symbol=symbol,
        form=form,
        do=do,
        done=done,
        permission=Permission.APPROVE if name == "readmit" else Permission.RESEARCH,
        statuses=frozenset(status.value for status in statuses),
        place="row",
    )


ON_ROWS = {
    "ask_reply": "reply",
    "answer_reply": "reply",
    "waive_reply": "reply",
    "tick": "item",
    "readmit": "recusal",
}
_ASKING = replying.OPEN_FOR_REPLIES
_RULES = [
    _deed("ask_reply", _("Log the question"), "forum", AskForm, _ask, _("Logged. The answer is awaited."), _ASKING),
    _deed("answer_reply", _("Log the answer"), "mark_chat_read", AnswerForm, _answer, _("Answer logged."), _ASKING),
    _deed(
        "waive_reply",
        _("Ask nobody"),
        "speaker_notes_off",
        WaiveForm,
        lambda claim, by, given: replying.waive(claim, by=by, reason=given["reason"]),
        _("The reason is kept."),
        _ASKING,
    ),
    _deed(
        "tick",
        _("Tick off"),
        "check_box",
        TickForm,
        lambda claim, by, given: ticking.tick(claim, by=by, item=given["item"], done=given["done"]),
        _("The checklist is saved."),
        ticking.OPEN_FOR_TICKS,
    ),
    _deed(
        "readmit",
        _("Let back"),
        "person_check",
        ReadmitForm,
        lambda claim, by, given: conflicts.readmit(given["recusal"], by=by),
        _("This person may work on the claim again."),
        reviewing.OPEN_FOR_RECUSAL,
    ),
]
DEEDS.update({deed.name: deed for deed in _RULES})
