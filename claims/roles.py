"""Roles as sets of permissions. Pure; a person may hold several roles in one newsroom."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from claims.workflow import Permission


class Role(TextChoices):
    RESEARCHER = "researcher", _("Researcher")
    REVIEWER = "reviewer", _("Reviewer")
    EDITOR = "editor", _("Editor")
    DESK_LEAD = "desk_lead", _("Desk lead")
    ADMIN = "admin", _("Newsroom admin")
    AUDITOR = "auditor", _("Auditor")


_RESEARCH = frozenset({Permission.READ, Permission.SUBMIT, Permission.RESEARCH, Permission.PICK})
_REVIEW = _RESEARCH | {Permission.REVIEW, Permission.DECIDE}
_EDIT = _REVIEW | {Permission.APPROVE, Permission.PUBLISH, Permission.REOPEN}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.RESEARCHER: _RESEARCH,
    Role.REVIEWER: _REVIEW,
    Role.EDITOR: _EDIT,
    Role.DESK_LEAD: _EDIT | {Permission.AUDIT},
    Role.ADMIN: frozenset({Permission.READ, Permission.ADMINISTER, Permission.AUDIT}),
    Role.AUDITOR: frozenset({Permission.READ, Permission.AUDIT}),
}


def permissions_of(roles: list[str]) -> frozenset[Permission]:
    return frozenset().union(*(PERMISSIONS[Role(role)] for role in roles)) if roles else frozenset()


class Scope(TextChoices):
    """What an API key may be used for; never more than its person may do."""

    READ = "read", _("read")
    SUBMIT = "submit", _("hand in articles and claims")
    REVIEW = "review", _("research, review and propose")
    PUBLISH = "publish", _("approve, publish and re-open")
    ADMIN = "admin", _("keys, webhooks and the ledger")


LENT: dict[Scope, frozenset[Permission]] = {
    Scope.READ: frozenset({Permission.READ}),
    Scope.SUBMIT: frozenset({Permission.SUBMIT}),
    Scope.REVIEW: frozenset({Permission.PICK, Permission.RESEARCH, Permission.REVIEW, Permission.DECIDE}),
    Scope.PUBLISH: frozenset({Permission.APPROVE, Permission.PUBLISH, Permission.REOPEN}),
    Scope.ADMIN: frozenset({Permission.ADMINISTER, Permission.AUDIT}),
}


def lent_by(scopes: list[str]) -> frozenset[Permission]:
    """The permissions that scopes let through."""
    return frozenset().union(*(LENT[Scope(scope)] for scope in scopes))
