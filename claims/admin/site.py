"""The admin's frame: what stands in the navigation for whom."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from claims.admin import (  # registers their pages
    account,
    affairs,  # noqa: F401
    articles,  # noqa: F401
    changed,
    chats,
    checkworthiness,  # noqa: F401
    claims,  # noqa: F401
    complaints,  # noqa: F401
    dashboard,  # noqa: F401
    documents,  # noqa: F401
    escalations,  # noqa: F401
    following,
    installation,  # noqa: F401
    labels,
    ledger,  # noqa: F401
    models,  # noqa: F401
    moving,
    names,  # noqa: F401
    notices,
    people,
    pool,
    programs,
    publications,  # noqa: F401
    reports,
    ruling,  # noqa: F401
    signing_in,
    stuck,
    talk,
    team,
    timetable,
    webhooks,
)
from claims.admin.access import anywhere, person
from claims.models import User
from claims.workflow import Permission


def styles(request: HttpRequest) -> str:
    return static("claims/desk.css")


def scripts(request: HttpRequest) -> str:
    return static("claims/desk.js")


def favicon(request: HttpRequest) -> str:
    return static("claims/favicon.svg")


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar: the desk for everybody, the newsroom's affairs for those who run it."""
    user = request.user
    runs, audits = anywhere(user, Permission.ADMINISTER), anywhere(user, Permission.AUDIT)
    root = bool(getattr(user, "is_superuser", False))
    return [
        {
            "title": _("Desk"),
            "items": [
                _item(_("Overview"), "space_dashboard", "index"),
                _item(_("Queue"), "checklist", "claims_claim_changelist"),
                _item(_("Tasks and notices"), "notifications", "desk_mine", badge=talk.unread(request)),
                _item(_("Articles"), "article", "claims_article_changelist"),
                _item(_("Following"), "rss_feed", "desk_following", anywhere(user, Permission.READ) or root),
                _item(_("Publications"), "campaign", "claims_publication_changelist"),
                _item(_("Changed passages"), "published_with_changes", "desk_changes"),
                _item(_("Complaints"), "feedback", "claims_complaint_changelist"),
                _item(_("Pool"), "hub", "desk_pool", anywhere(user, Permission.READ)),
                _item(_("Documents"), "library_books", "claims_document_changelist"),
                _item(_("Team"), "groups", "desk_team"),
                _item(_("Stuck work"), "running_with_errors", "desk_stuck"),
            ],
        },
        {
            "title": _("Newsroom"),
            "separator": True,
            "items": [
                _item(_("People"), "group", "claims_membership_changelist", runs or root),
                _item(_("Rating scale"), "label", "claims_rating_changelist"),
                _item(_("Policy"), "policy", "claims_policy_changelist"),
                _item(_("Declared interests"), "handshake", "claims_interest_changelist"),
                _item(_("Publishers"), "domain", "claims_publisher_changelist"),
                _item(_("Names"), "badge", "claims_alias_changelist"),
                _item(_("Check-worthiness"), "model_training", "claims_checkworthinessmodel_changelist"),
                _item(_("Settings"), "tune", "claims_newsroom_changelist", runs or root),
                _item(_("Machine models"), "smart_toy", "claims_modelcall_changelist", runs or root),
                _item(_("Balance"), "balance", "desk_balance", anywhere(user, Permission.READ)),
                _item(_("Keys"), "key", "desk_keys", runs or audits),
                _item(_("Escalation"), "notification_important", "claims_escalation_changelist"),
                _item(_("Chats"), "chat", "desk_chats", runs or audits),
                _item(_("Webhooks"), "webhook", "desk_webhooks", runs or audits),
                _item(_("Ledger"), "account_balance", "claims_ledgerentry_changelist", audits or root),
                _item(_("Audit pack"), "folder_zip", "desk_audit_pack", audits),
                _item(_("Import and export"), "swap_vert", "desk_moving", anywhere(user, Permission.SUBMIT) or runs),
            ],
        },
        {
            "title": _("Installation"),
            "separator": True,
            "items": [
                _item(_("Accounts"), "manage_accounts", "claims_user_changelist", root),
                _item(_("Schedule"), "schedule", "desk_schedule", root),
            ],
        },
    ]


def _item(title: str, icon: str, name: str, allowed: bool = True, badge: int = 0) -> dict[str, Any]:
    try:
        link = reverse(f"admin:{name}")
    except NoReverseMatch:
        return {"title": title, "icon": icon, "link": "", "permission": lambda request: False}
    item = {"title": title, "icon": icon, "link": link, "permission": lambda request: allowed}
    return {**item, "badge": str(badge)} if badge else item


def language_action(request: HttpRequest) -> str:
    return reverse("admin:desk_language")


def account_links(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {"title": _("My account"), "link": reverse("admin:desk_account")},
        {"title": _("My notices"), "link": reverse("admin:desk_my_notices")},
    ]


def urls() -> list[URLPattern]:
    """Pages of the desk that belong to no model."""
    view = admin.site.admin_view
    return [
        path("login/", signing_in.SignIn.as_view(), name="login"),
        path("login/code/", signing_in.enter_code, name="desk_code"),
        path("account/", view(account.show), name="desk_account"),
        path("account/second-factor/", view(account.second_factor), name="desk_second_factor"),
        path("account/second-factor/codes/", view(account.renew_codes), name="desk_recovery_codes"),
        path("account/second-factor/off/", view(account.switch_off), name="desk_second_factor_off"),
        path("account/sessions/end/", view(account.end_session), name="desk_session_end"),
        path("account/notices/", view(notices.show), name="desk_my_notices"),
        path("account/notices/address/", view(notices.accept_again), name="desk_mail_again"),
        path("password_change/", view(account.change_password), name="password_change"),
        path("keys/", view(programs.show_all), name="desk_keys"),
        path("keys/new/", view(programs.make), name="desk_key_new"),
        path("keys/<slug:prefix>/", view(programs.show), name="desk_key"),
        path("keys/<slug:prefix>/<slug:deed>/", view(programs.do), name="desk_key_do"),
        path("chats/", view(chats.show_all), name="desk_chats"),
        path("chats/new/", view(chats.make), name="desk_chat_new"),
        path("chats/<int:pk>/", view(chats.show), name="desk_chat"),
        path("chats/<int:pk>/<slug:deed>/", view(chats.do), name="desk_chat_do"),
        path("webhooks/", view(webhooks.show_all), name="desk_webhooks"),
        path("webhooks/new/", view(webhooks.make), name="desk_webhook_new"),
        path("webhooks/<int:pk>/", view(webhooks.show), name="desk_webhook"),
        path("webhooks/<int:pk>/<slug:deed>/", view(webhooks.do), name="desk_webhook_do"),
        path("language/", view(choose_language), name="desk_language"),
        *reports.urls(),
        *moving.urls(),
        *changed.urls(),
        *following.urls(view),
        path("mine/", view(talk.mine), name="desk_mine"),
        path("mine/<int:pk>/", view(talk.follow), name="desk_notice"),
        path("talk/<int:pk>/<slug:name>/", view(talk.do), name="desk_talk"),
        path("schedule/", view(timetable.show), name="desk_schedule"),
        path("schedule/<str:task>/run/", view(timetable.run_now), name="desk_schedule_run"),
        path("schedule/<str:task>/switch/", view(timetable.switch), name="desk_schedule_switch"),
        path("pool/", view(pool.show), name="desk_pool"),
        path("pool/<slug:name>/<int:pk>/", view(pool.do), name="desk_pool_do"),
        path("stuck/", view(stuck.show), name="desk_stuck"),
        path("team/", view(team.show), name="desk_team"),
        path("team/<int:pk>/", view(team.change), name="desk_available"),
        path("team/undo/<int:pk>/", view(team.undo), name="desk_handback_undo"),
        path("team/give-back/", view(team.give_back), name="desk_give_back"),
        path("stuck/<slug:kind>/<int:pk>/", view(stuck.retry), name="desk_retry"),
        path("stuck/<slug:kind>/all/", view(stuck.retry_all), name="desk_retry_all"),
        path("welcome/<slug:uidb64>/<slug:token>/", people.Welcome.as_view(), name="desk_welcome"),
    ]


def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language a person reads the desk in: in the account, and in a cookie for the login page."""
    code = request.POST.get("language", "")
    back = request.POST.get("next") or request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("admin:index")
    response = HttpResponseRedirect(back)
    if request.method == "POST" and code in dict(settings.LANGUAGES):
        User.objects.filter(pk=person(request).pk).update(language=code)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, samesite="Lax", max_age=365 * 24 * 3600)
    return response


admin.site.extra_urls = urls  # type: ignore[attr-defined]
for registered in admin.site._registry:
    labels.translate(registered)
