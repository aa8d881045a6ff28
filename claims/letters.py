"""Letters: the mails that tell people what happened, as text and plain HTML, in the person's language.

They say what happened, to which claim, and who did it. What people wrote to each other stays in the desk.
"""

from __future__ import annotations

import re
import unicodedata
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from claims.models import Mail, Newsroom, Notice, User
from claims.operations import mailing

SUBJECT = 90  # characters of a claim in a subject
SHOWN = 50  # notices in one digest; the rest is counted
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")  # marks that turn the direction of what follows


def spoken_by(person: User) -> str:
    """The language a person reads the desk in, or else the installation's."""
    return person.language if person.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def language_of(person: User, newsroom: Newsroom) -> str:
    """The language a person reads the desk in, else the newsroom's first that the desk speaks."""
    spoken = dict(settings.LANGUAGES)
    return next((one for one in (person.language, *newsroom.languages) if one in spoken), settings.LANGUAGE_CODE)


def plain(text: str) -> str:
    """One line without control characters, fit for a header whoever wrote it."""
    kept = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text)
    return " ".join(_TURNING.sub("", kept).split())


def compose(mail: Mail, notices: list[Notice], *, to: str) -> EmailMultiAlternatives:
    """The mail that tells these notices. The same at every try, so that a doubled one can be told apart."""
    room = mail.newsroom
    with translation.override(language_of(mail.person, room)), timezone.override(room.calendar().zone):
        stop = stop_address(mail.person, mail.rhythm if mail.rhythm in mailing.DIGESTS else notices[0].kind)
        context = {
            "newsroom": plain(room.name),
            "notices": [_told(one) for one in notices[:SHOWN]],
            "more": max(0, len(notices) - SHOWN),
            "digest": mail.rhythm in mailing.DIGESTS,
            "desk": _absolute("admin:desk_mine"),
            "settings": _absolute("admin:desk_my_notices"),
            "stop": stop,
            "language": translation.get_language(),
        }
        return EmailMultiAlternatives(
            subject=_subject(mail, notices),
            body=render_to_string("mail/notices.txt", context),
            from_email=sender(room),
            to=[to],
            headers=_headers(mail, stop),
            alternatives=[(render_to_string("mail/notices.html", context), "text/html")],
        )


def sender(newsroom: Newsroom) -> str:
    """Whom mail comes from: the installation's address, under the newsroom's name."""
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return str(Address(display_name=plain(newsroom.name)[:60], addr_spec=address))


def stop_address(person: User, what: str) -> str:
    """The public address that stops mail of a kind or rhythm to a person."""
    return settings.PUBLIC_URL + reverse("public:stop-mail", args=[mailing.stop_token(person, what)])


def _subject(mail: Mail, notices: list[Notice]) -> str:
    if mail.claim is not None:  # the same for all mails about a claim, so that they stand in one thread
        return f"#{mail.claim.pk} {_cut(plain(mail.claim.text), SUBJECT)}"
    if mail.rhythm in mailing.DIGESTS:
        told = ngettext("%(newsroom)s: %(n)d notice", "%(newsroom)s: %(n)d notices", len(notices))
        return told % {"newsroom": _cut(plain(mail.newsroom.name), 60), "n": len(notices)}
    return f"{_cut(plain(mail.newsroom.name), 60)}: {notices[0].words}"


def _headers(mail: Mail, stop: str) -> dict[str, str]:
    first = mailing.thread_of(mail)
    headers = {
        "Message-ID": _id_of(mail),
        "List-Id": f"<notices.{mail.newsroom.slug}.{_host()}>",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if first.pk != mail.pk:
        headers["In-Reply-To"] = headers["References"] = _id_of(first)
    return headers


def _id_of(mail: Mail) -> str:
    return f"<{mail.reference.hex}@{_host()}>"


def _host() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def _told(notice: Notice) -> dict[str, Any]:
    return {
        "words": notice.words,
        "claim": _cut(" ".join(notice.claim.text.split()), 300) if notice.claim else "",
        "number": notice.claim_id,
        "by": (notice.actor.get_full_name() or notice.actor.get_username()) if notice.actor else "",
        "at": notice.at,
        "url": _absolute("admin:desk_notice", notice.pk),
    }


def _absolute(name: str, *args: Any) -> str:
    return settings.PUBLIC_URL + reverse(name, args=args)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
