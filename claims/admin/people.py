"""People: who belongs to a newsroom, in which roles. Its admins bring them in and see them off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin import history
from claims.admin.access import DeskAdmin, newsrooms_where, person
from claims.admin.account import sessions_of
from claims.admin.choices import offer
from claims.admin.refusals import said
from claims.errors import FactcheckError
from claims.models import Membership, Newsroom
from claims.operations import inviting, securing, signing_in, staffing
from claims.roles import Role
from claims.workflow import Permission


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxSelectMultiple):
                field.widget.attrs.setdefault("class", "d-input")


class InviteForm(RolesForm):
    field_order = ("newsroom", "username", "first_name", "last_name", "email", "roles")
    newsroom = forms.ModelChoiceField(Newsroom.objects.none(), label=gettext_lazy("Newsroom"), empty_label=None)
    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=150,
        help_text=gettext_lazy("An account that exists is made a member; otherwise a new one is opened."),
    )
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=150, required=False)
    email = forms.EmailField(label=gettext_lazy("Mail"), required=False)

    def __init__(self, *args: Any, newsrooms: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "newsroom", Newsroom.objects.filter(pk__in=newsrooms))


@admin.register(Membership)
class MembershipAdmin(DeskAdmin):
    reads = Permission.ADMINISTER
    writes = Permission.ADMINISTER
    adds = True
    list_display = ["who", "mail", "in_roles", "newsroom", "active", "seen"]
    list_filter = ["active"]
    list_select_related = ["user", "newsroom"]
    search_fields = ["user__username", "user__first_name", "user__last_name", "user__email"]
    search_help_text = gettext_lazy("Name or mail")
    ordering = ["user__username", "pk"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """The members of the newsrooms this person administers."""
        members = super().get_queryset(request)
        if person(request).is_superuser:
            return members
        return members.filter(newsroom__in=newsrooms_where(request, Permission.ADMINISTER))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        ours = [
            path("add/", view(invite), name="claims_membership_add"),
            path("<int:pk>/change/", view(show), name="claims_membership_change"),
            path("<int:pk>/end/", view(end), name="claims_membership_end"),
            path("<int:pk>/link/", view(make_link), name="claims_membership_link"),
            path("<int:pk>/sign-in/<slug:deed>/", view(sign_in_deed), name="claims_membership_sign_in"),
        ]
        return ours + [url for url in super().get_urls() if url.name == "claims_membership_changelist"]

    @admin.display(description=gettext_lazy("Person"), ordering="user__username")
    def who(self, membership: Membership) -> str:
        return history.name_of(membership.user)

    @admin.display(description=gettext_lazy("Mail"))
    def mail(self, membership: Membership) -> str:
        return membership.user.email or "–"

    @admin.display(description=gettext_lazy("Roles"))
    def in_roles(self, membership: Membership) -> str:
        return ", ".join(str(Role(role).label) for role in membership.roles)

    @admin.display(description=gettext_lazy("Last seen"))
    def seen(self, membership: Membership) -> Any:
        return membership.user.last_login


def _member(request: HttpRequest, pk: int) -> Membership:
    own = Membership.objects.visible_to(request.user).filter(
        newsroom__in=newsrooms_where(request, Permission.ADMINISTER)
    )
    return get_object_or_404(own.select_related("user", "newsroom"), pk=pk)


def _page(request: HttpRequest, form: Any, membership: Membership | None, title: str) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": title,
        "form": form,
        "membership": membership,
        "address": request.session.pop("welcome_address", ""),
    }
    if membership:
        user = membership.user
        context |= {
            "second_factor": securing.is_on(user),
            "sessions": sessions_of(user),
            "locks": signing_in.locks_of(user.get_username()),
            "own": user == request.user,
        }
    return TemplateResponse(request, "admin/claims/member.html", context, status=400 if form.errors else 200)


def invite(request: HttpRequest) -> HttpResponse:
    """Bring a person in."""
    newsrooms = newsrooms_where(request, Permission.ADMINISTER)
    if not newsrooms:
        raise PermissionDenied
    form = InviteForm(request.POST or None, newsrooms=newsrooms, initial={"newsroom": newsrooms[0]})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            membership, created = inviting.invite(given.pop("newsroom"), by=person(request), **given)
        except FactcheckError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, said(refusal))
        else:
            messages.success(request, _("The person is a member now."))
            if created:
                _keep_address(request, membership)
            return HttpResponseRedirect(reverse("admin:claims_membership_change", args=[membership.pk]))
    return _page(request, form, None, _("Bring a person in"))


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One member: roles can be changed, the membership ended."""
    membership = _member(request, pk)
    form = RolesForm(request.POST or None, initial={"roles": membership.roles})
    if request.method == "POST" and form.is_valid():
        try:
            staffing.admit(
                membership.newsroom, user=membership.user, roles=form.cleaned_data["roles"], by=person(request)
            )
        except FactcheckError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, said(refusal))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(request.path)
    return _page(request, form, membership, history.name_of(membership.user))


def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a membership; what the person did stays theirs in history."""
    membership = _member(request, pk)
    if request.method == "POST":
        try:
            staffing.dismiss(membership, by=person(request))
        except FactcheckError as refusal:
            messages.error(request, said(refusal))
        else:
            messages.success(request, _("The membership has ended."))
    return HttpResponseRedirect(reverse("admin:claims_membership_change", args=[membership.pk]))


def make_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a one-time address at which a member chooses a password."""
    membership = _member(request, pk)
    if request.method == "POST":
        _keep_address(request, membership)
    return HttpResponseRedirect(reverse("admin:claims_membership_change", args=[membership.pk]))


def sign_in_deed(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Sign a member out, let a locked one try again, or take a lost second factor off."""
    membership, by = _member(request, pk), person(request)
    if deed not in ("sign-out", "unlock", "reset"):
        raise Http404
    if request.method == "POST":
        try:
            if deed == "sign-out":
                signing_in.end_for(membership, by=by)
            elif deed == "unlock":
                signing_in.unlock(membership, by=by)
            else:
                securing.reset(membership, by=by, reason=request.POST.get("reason", ""))
        except FactcheckError as refusal:
            messages.error(request, said(refusal))
        else:
            done = {
                "sign-out": _("The person is signed out everywhere."),
                "unlock": _("The account is unlocked."),
                "reset": _("The second factor is off; the person signs in with the password and sets up a new one."),
            }
            messages.success(request, done[deed])
    return HttpResponseRedirect(reverse("admin:claims_membership_change", args=[membership.pk]))


def _keep_address(request: HttpRequest, membership: Membership) -> None:
    """Shown once, on the next page, to be handed over."""
    try:
        code, token = inviting.link(membership, by=person(request))
    except FactcheckError as refusal:
        messages.error(request, said(refusal))
    else:
        address = reverse("admin:desk_welcome", args=[code, token])
        request.session["welcome_address"] = request.build_absolute_uri(address)


class Welcome(PasswordResetConfirmView):
    """Where a new member chooses a password."""

    template_name = "admin/claims/welcome.html"
    success_url = reverse_lazy("admin:login")
    reset_url_token = "choose"  # noqa: S105 - a word in the address, no secret

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            **admin.site.each_context(self.request),
            "title": _("Choose a password"),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        signing_in.end_all(form.user)
        messages.success(self.request, _("Your password is set. Sign in with it."))
        return response
