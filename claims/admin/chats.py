"""Chats: rooms of a team's chat that are told what happens at the desk, with what came of the last messages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from claims.admin.access import newsrooms_where, person
from claims.admin.choices import offer
from claims.admin.programs import PlainForm, readable
from claims.admin.refusals import said
from claims.errors import FactcheckError
from claims.models import Chat, ChatPost, Newsroom, Notice
from claims.operations import chatting
from claims.workflow import Permission

SHOWN = 30


class ChatForm(PlainForm):
    label = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    style = forms.ChoiceField(label=gettext_lazy("Kind of chat"), choices=Chat.Style.choices)
    url = forms.CharField(
        label=gettext_lazy("Address of the incoming webhook"),
        max_length=2000,
        help_text=gettext_lazy("Begins with https://. Whoever has it can post there, so it is not shown again."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    types = forms.MultipleChoiceField(
        label=gettext_lazy("Told of"),
        choices=[(kind.value, chatting.WORDS[kind.value]) for kind in chatting.KINDS],
        widget=forms.CheckboxSelectMultiple,
    )

    def given(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        found["kinds"] = found.pop("types")
        return found

    def refuse(self, refusal: FactcheckError) -> None:
        field = "types" if refusal.field == "kinds" else refusal.field
        self.add_error(field if field in self.fields else None, said(refusal))


class MakeForm(ChatForm):
    field_order = ("newsroom", "label", "style", "url", "language", "types")
    newsroom = forms.ModelChoiceField(Newsroom.objects.none(), label=gettext_lazy("Newsroom"), empty_label=None)

    def __init__(self, *args: Any, newsrooms: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "newsroom", Newsroom.objects.filter(pk__in=newsrooms))


def _chats(request: HttpRequest) -> Any:
    return Chat.objects.visible_to(request.user).filter(newsroom__in=readable(request)).select_related("newsroom")


def show_all(request: HttpRequest) -> HttpResponse:
    chats = list(_chats(request))
    for one in chats:
        one.told = [chatting.WORDS.get(kind, kind) for kind in one.kinds]
    context = {
        **admin.site.each_context(request),
        "title": _("Chats"),
        "chats": chats,
        "may_make": bool(newsrooms_where(request, Permission.ADMINISTER)),
    }
    return TemplateResponse(request, "admin/claims/chats.html", context)


def make(request: HttpRequest) -> HttpResponse:
    newsrooms = newsrooms_where(request, Permission.ADMINISTER)
    if not newsrooms:
        raise PermissionDenied
    usual = [Notice.Kind.OVERDUE, Notice.Kind.ESCALATED, Notice.Kind.COMPLAINT, Notice.Kind.HELD]
    form = MakeForm(
        request.POST or None,
        newsrooms=newsrooms,
        initial={"newsroom": newsrooms[0], "language": get_language(), "types": usual},
    )
    if request.method == "POST" and form.is_valid():
        given = form.given()
        try:
            made = chatting.register(given.pop("newsroom"), by=person(request), **given)
        except FactcheckError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved. Send a test message to see whether it arrives."))
            return HttpResponseRedirect(reverse("admin:desk_chat", args=[made.pk]))
    context = {**admin.site.each_context(request), "title": _("Add a chat"), "form": form}
    return TemplateResponse(request, "admin/claims/program_form.html", context, status=400 if form.errors else 200)


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One chat: what it is told, its buttons, and its last messages."""
    chat = get_object_or_404(_chats(request), pk=pk)
    initial = {"label": chat.label, "style": chat.style, "language": chat.language, "types": chat.kinds}
    form = ChatForm(request.POST or None, initial=initial)
    form.fields["url"].required = False
    form.fields["url"].help_text = _("Empty: stays as it is.")
    if request.method == "POST" and form.is_valid():
        try:
            chatting.change(chat, by=person(request), **form.given())
        except FactcheckError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(request.path)
    posts = list(ChatPost.objects.filter(chat=chat).select_related("claim").defer("claim__search")[:SHOWN])
    for one in posts:
        one.words = chatting.WORDS.get(one.kind, one.kind)  # type: ignore[attr-defined]
    context = {
        **admin.site.each_context(request),
        "title": str(chat),
        "chat": chat,
        "form": form,
        "posts": posts,
        "may_write": person(request).may(Permission.ADMINISTER, chat.newsroom_id),
    }
    return TemplateResponse(request, "admin/claims/chat.html", context, status=400 if form.errors else 200)


def do(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """A button of a chat's page."""
    chat, by = get_object_or_404(_chats(request), pk=pk), person(request)
    if deed not in ("test", "disable", "enable"):
        raise Http404
    if request.method == "POST":
        try:
            if deed == "test":
                chatting.test(chat, by=by)
                messages.success(request, _("A test message is on its way. Reload to see whether it arrived."))
            elif deed == "disable":
                chatting.disable(chat, by=by, reason=request.POST.get("reason", ""))
                messages.success(request, _("The chat is not told anything any more."))
            else:
                chatting.enable(chat, by=by)
                messages.success(request, _("The chat is told what happens from now on."))
        except FactcheckError as refusal:
            messages.error(request, said(refusal))
    return HttpResponseRedirect(reverse("admin:desk_chat", args=[chat.pk]))
