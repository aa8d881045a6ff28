"""Whether our own storage takes nothing in: a full disk, a database that may only be read. Nobody's fault but ours."""

from __future__ import annotations

import errno

from django.utils.translation import gettext as _
from psycopg import errors as postgres

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def refusal(exc: BaseException | None) -> str:
    """Why nothing can be saved, in words for people, when that is what an exception comes from; else nothing.

    Such a failure says nothing about the work at hand: it is to be done later, and does not count as a try.
    """
    while exc is not None:
        if isinstance(exc, postgres.ReadOnlySqlTransaction):
            return _("The database may only be read just now. Nothing of this was saved; try again later.")
        if isinstance(exc, postgres.DiskFull) or (isinstance(exc, OSError) and exc.errno in _FULL):
            return _("The disk is full. Nothing of this was saved; try again later.")
        if isinstance(exc, postgres.IoError) or (isinstance(exc, OSError) and exc.errno in (errno.EROFS, errno.EIO)):
            return _("The disk takes nothing in just now. Nothing of this was saved; try again later.")
        exc = exc.__cause__
    return ""
