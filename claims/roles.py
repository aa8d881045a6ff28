"""Roles as sets of permissions. Pure; a person may hold several roles in one newsroom."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from claims.workflow import Permission as P


class Role(TextChoices):
    RESEARCHER = "researcher", _("Researcher")
    REVIEWER = "reviewer", _("Reviewer")
    EDITOR = "editor", _("Editor")
    DESK_LEAD = "desk_lead", _("Desk lead")
    ADMIN = "admin", _("Newsroom admin")
    AUDITOR = "auditor", _("Auditor")


_RESEARCH = frozenset({P.READ, P.SUBMIT, P.RESEARCH, P.PICK})
_REVIEW = _RESEARCH | {P.REVIEW, P.DECIDE}
_EDIT = _REVIEW | {P.APPROVE, P.PUBLISH, P.REOPEN}

PERMISSIONS: dict[Role, frozenset[P]] = {
    Role.RESEARCHER: _RESEARCH,
    Role.REVIEWER: _REVIEW,
    Role.EDITOR: _EDIT,
    Role.DESK_LEAD: _EDIT | {P.AUDIT},
    Role.ADMIN: frozenset({P.READ, P.ADMINISTER, P.AUDIT}),
    Role.AUDITOR: frozenset({P.READ, P.AUDIT}),
}


def permissions_of(roles: list[str]) -> frozenset[P]:
    return frozenset().union(*(PERMISSIONS[Role(role)] for role in roles)) if roles else frozenset()


class Scope(TextChoices):
    """What an API key may be used for; never more than its person may do."""

    READ = "read", _("read")
    SUBMIT = "submit", _("hand in articles and claims")
    REVIEW = "review", _("research, review and propose")
    PUBLISH = "publish", _("approve, publish and re-open")
    ADMIN = "admin", _("keys, webhooks and the ledger")


LENT: dict[Scope, frozenset[P]] = {
    Scope.READ: frozenset({P.READ}),
    Scope.SUBMIT: frozenset({P.SUBMIT}),
    Scope.REVIEW: frozenset({P.PICK, P.RESEARCH, P.REVIEW, P.DECIDE}),
    Scope.PUBLISH: frozenset({P.APPROVE, P.PUBLISH, P.REOPEN}),
    Scope.ADMIN: frozenset({P.ADMINISTER, P.AUDIT}),
}


def lent_by(scopes: list[str]) -> frozenset[P]:
    """The permissions that scopes let through."""
    return frozenset().union(*(LENT[Scope(scope)] for scope in scopes))
