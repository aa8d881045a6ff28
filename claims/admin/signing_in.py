"""The door of the desk: name and password, then a code where a second factor is on. Locks after too many failures."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.signals import user_locked_out
from django import forms
from django.conf import settings
from django.contrib import admin, auth
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.contrib.auth.views import LoginView
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from redis.exceptions import RedisError
from unfold.forms import AuthenticationForm

from claims import storage
from claims.addresses import address_of
from claims.models import User
from claims.operations import securing, signing_in

BACKEND = "django.contrib.auth.backends.ModelBackend"
HALFWAY = "half_signed_in"  # in the session: the password was right, the code is still to come
VERIFIED = "second_factor"  # in the session: a code was entered
HALFWAY_SECONDS = 600
NOTE_SEEN_SECONDS = 60
OPEN_PAGES = {"desk_second_factor", "desk_code", "desk_language", "login", "logout", "jsi18n", "desk_welcome"}


def _locked_message() -> str:
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return _(
        "Too many failed attempts: this account is locked for this address for %(minutes)d minutes. "
        "Wait, or ask your newsroom's admin to unlock it."
    ) % {"minutes": minutes}


class SignInForm(AuthenticationForm):
    """Says honestly when an account is locked, and says the same whether the account exists or not."""

    def get_invalid_login_error(self) -> ValidationError:
        if getattr(self.request, "axes_locked_out", False):
            return ValidationError(_locked_message(), code="locked")
        return ValidationError(
            _("User name and password do not go together. Note that both are case-sensitive."), code="invalid_login"
        )


class _SignIn(LoginView):
    authentication_form = SignInForm
    template_name = "admin/login.html"

    def form_valid(self, form: Any) -> HttpResponse:
        user: User = form.get_user()
        if not securing.is_on(user):
            return super().form_valid(form)
        self.request.session.cycle_key()
        self.request.session[HALFWAY] = {
            "user": user.pk,
            "hash": user.get_session_auth_hash(),
            "at": int(time.time()),
            "next": self.get_success_url(),
        }
        return HttpResponseRedirect(reverse("admin:desk_code"))

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        if form.has_error("__all__", "locked"):
            response.status_code = 429
        return response


@method_decorator(never_cache, name="dispatch")
class SignIn(_SignIn):
    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.method == "GET" and admin.site.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            **admin.site.each_context(self.request),
            "title": _("Log in"),
            "app_path": self.request.get_full_path(),
            "username": self.request.user.get_username(),
            "next": self.get_redirect_url() or reverse("admin:index"),
        }


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "d-input", "autocomplete": "one-time-code", "autocapitalize": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


@never_cache
def enter_code(request: HttpRequest) -> HttpResponse:
    """The second step: a code of the app, or a recovery code."""
    waiting = request.session.get(HALFWAY, {})
    user = User.objects.filter(pk=waiting.get("user"), is_active=True).first()
    fresh = time.time() - waiting.get("at", 0) < HALFWAY_SECONDS
    if user is None or not fresh or waiting["hash"] != user.get_session_auth_hash():
        request.session.pop(HALFWAY, None)
        return HttpResponseRedirect(reverse("admin:login"))
    form, status = CodeForm(request.POST or None), 200
    form.fields["code"].widget.attrs["autofocus"] = True
    if request.method == "POST" and form.is_valid():
        credentials = {"username": user.get_username()}
        if not AxesProxyHandler.is_allowed(request, credentials):
            form.add_error(None, _locked_message())
            status = 429
        elif securing.check(user, code=form.cleaned_data["code"]):
            del request.session[HALFWAY]
            auth.login(request, user, backend=BACKEND)
            request.session[VERIFIED] = True
            return HttpResponseRedirect(waiting["next"])
        else:
            user_login_failed.send(__name__, credentials=credentials, request=request)
            locked = getattr(request, "axes_locked_out", False)
            form.add_error(
                "code", _locked_message() if locked else _("This code is not right, or it was used already.")
            )
            status = 429 if locked else 400
    context = {**admin.site.each_context(request), "title": _("Second factor"), "form": form}
    return TemplateResponse(request, "admin/claims/code.html", context, status=status)


class Presence:
    """Notes where a person is signed in, and keeps who still owes a second factor to the page that sets it up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        desk = reverse("admin:index")
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.path.startswith((desk, "/api/")):
            return self.get_response(request)
        user = request.user
        if isinstance(user, User):
            _note_seen(request.session.session_key or "")
            if not request.session.get(VERIFIED) and user.needs_second_factor():
                request.owes_second_factor = True  # type: ignore[attr-defined]
                if not request.path.startswith(desk):
                    request.user = AnonymousUser()
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not getattr(request, "owes_second_factor", False):
            return None
        match = request.resolver_match
        if match is None or "admin" not in match.app_names or match.url_name in OPEN_PAGES:
            return None
        return HttpResponseRedirect(reverse("admin:desk_second_factor"))


def _note_seen(session_key: str) -> None:
    try:
        due = cache.add(f"seen:{session_key}", 1, NOTE_SEEN_SECONDS)
    except RedisError:
        return  # the list of sessions is a little old, then
    if due:
        try:
            with transaction.atomic():
                signing_in.seen(session_key)
        except DatabaseError as exc:
            if not storage.refusal(exc):  # else whoever only reads is served all the same
                raise


@receiver(user_logged_in)
def note_sign_in(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    if request.session.session_key is None:
        request.session.save()
    key = request.session.session_key or ""
    signing_in.begin(user, session_key=key, address=address_of(request), agent=request.META.get("HTTP_USER_AGENT", ""))
    try:
        cache.set(f"seen:{key}", 1, NOTE_SEEN_SECONDS)
    except RedisError:
        return


@receiver(user_logged_out)
def note_sign_out(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    if isinstance(user, User) and request.session.session_key:
        for one in user.sign_ins.filter(session_key=request.session.session_key):
            signing_in.end(one, by=user)


@receiver(user_locked_out)
def note_lock(sender: Any, request: HttpRequest, username: str, ip_address: str, **kwargs: Any) -> None:
    """Once per lock: later attempts at a locked account are not counted, and not written down."""
    if getattr(request, "axes_failures_since_start", None) is not None:
        signing_in.locked(username or "", address=ip_address or "")
