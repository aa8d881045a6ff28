"""System checks: what is wrong with the set-up, said at start with a hint."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register


@register(Tags.security, deploy=True)
def public_url_is_https(**_: Any) -> list[CheckMessage]:
    if settings.PUBLIC_URL.startswith("https://"):
        return []
    return [
        Warning(
            "PUBLIC_URL is not https.",
            hint="Set PUBLIC_URL to the https address readers use; ClaimReview and feeds carry it.",
            id="claims.W001",
        )
    ]


@register()
def retention_names_are_known(**_: Any) -> list[CheckMessage]:
    from claims.operations.forgetting import RULES

    known = {rule.name for rule in RULES}
    return [
        Error(
            f"RETENTION names {name!r}, which is no kind of row.",
            hint=f"Known are {', '.join(sorted(known))}.",
            id="claims.E001",
        )
        for name in sorted(set(settings.RETENTION) - known)
    ]
