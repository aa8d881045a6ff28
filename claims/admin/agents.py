"""Browsers named as people know them, from what they say of themselves."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

# The first that is found: browsers claim to be their ancestors too.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device(agent: str) -> str:
    """Such as "Firefox, Windows". What nobody knows is shown by its first word."""
    found = [
        next((name for sign, name in known if sign in agent), "")
        for known in (BROWSERS, SYSTEMS)
    ]  # fmt: skip
    named = ", ".join(name for name in found if name)
    first = re.split(r"[\s/]", agent, maxsplit=1)[0][:40]
    return named or first or _("unknown browser")
