"""What an operation may answer instead of doing it. Knows no HTTP; `api/errors.py` maps it once.

FactcheckError
├── InvalidInput      the data given is wrong; names the field          (400)
├── NotPermitted      this person may not do this                       (403)
├── MoveNotAllowed    the claim's status does not allow this move       (409)
├── StaleClaim        somebody else was faster                          (409)
└── RuleBroken        allowed in principle, but a rule of the desk says no (422)
"""

from collections.abc import Sequence


class FactcheckError(Exception):
    code = "error"

    def __init__(self, message: str, *, code: str = "", field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.field = field


class InvalidInput(FactcheckError):
    code = "invalid"


class NotPermitted(FactcheckError):
    code = "not_permitted"


class MoveNotAllowed(FactcheckError):
    code = "move_not_allowed"

    def __init__(self, message: str, *, allowed: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.allowed = list(allowed)


class StaleClaim(FactcheckError):
    code = "stale"


class RuleBroken(FactcheckError):
    code = "rule_broken"
