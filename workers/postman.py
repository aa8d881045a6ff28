"""Carries one mail to the mail server. What came of it is noted; a mail is never lost and never sent on purpose twice.

Between the server taking it and our noting so, a worker can die: then the mail goes out again, with the same
Message-ID.
"""

from __future__ import annotations

import logging
import re
import smtplib

from django.core.exceptions import ValidationError
from django.core.mail import BadHeaderError
from django.core.validators import validate_email

from claims import letters
from claims.models import Mail
from claims.operations import mailing, noticing

logger = logging.getLogger(__name__)
PERMANENT = 500
_ENHANCED = re.compile(r"5\.(\d{1,3})\.\d{1,3}")


def carry(mail: Mail) -> None:
    """Send a mail we hold, or note why there is nothing to send."""
    to, notices = mailing.address_of(mail), mailing.contents(mail)
    if not to or not notices:
        mailing.settle(mail, Mail.Outcome.DROPPED)
        return
    if not noticing.mail_is_on():
        mailing.failed(mail, reason="No mail server is set.")
        return
    try:
        validate_email(to)
    except ValidationError:
        mailing.refused(mail, address=to, reason="This is no mail address.")
        return
    try:
        letters.compose(mail, notices, to=to).send()
    except smtplib.SMTPRecipientsRefused as exc:
        code, said = next(iter(exc.recipients.values()))
        if _is_gone(code, said):
            mailing.refused(mail, address=to, reason=_said(code, said))
        else:
            mailing.failed(mail, reason=_said(code, said))
    except smtplib.SMTPDataError as exc:
        note = mailing.rejected if exc.smtp_code >= PERMANENT else mailing.failed
        note(mail, reason=_said(exc.smtp_code, exc.smtp_error))
    except smtplib.SMTPResponseException as exc:  # our sender, our password, our greeting: the operator's to mend
        mailing.failed(mail, reason=_said(exc.smtp_code, exc.smtp_error))
    except (OSError, smtplib.SMTPException) as exc:
        mailing.failed(mail, reason=f"The mail server could not be reached: {exc}")
    except (BadHeaderError, ValueError) as exc:
        mailing.rejected(mail, reason=f"The mail could not be written: {exc}")
    else:
        mailing.settle(mail, Mail.Outcome.SENT)


def _is_gone(code: int, words: bytes | str) -> bool:
    """Whether an address is refused for good for what it is: not for a full box, nor for who we are (RFC 3463)."""
    enhanced = _ENHANCED.match(words.decode(errors="replace") if isinstance(words, bytes) else words)
    return code >= PERMANENT and (enhanced is None or (enhanced[1] in ("1", "2") and enhanced[0] != "5.2.2"))


def _said(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"The mail server answered {code}: {' '.join(text.split())[:300]}"
