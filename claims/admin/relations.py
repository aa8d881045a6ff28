"""How an earlier check stands to a claim, in words and signs."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.analysis.guarding import Difference

# Each relation: word, symbol, css. Never colour alone.
RELATIONS = {
    "same": (gettext_lazy("same claim"), "check_circle", "match"),
    "related": (gettext_lazy("related"), "join_inner", "compatible"),
    "different": (gettext_lazy("different"), "cancel", "mismatch"),
}
KINDS = {
    "number": gettext_lazy("another number"),
    "number_missing": gettext_lazy("a number only one of the two has"),
    "unit": gettext_lazy("another unit or thing"),
    "date": gettext_lazy("another date"),
    "date_missing": gettext_lazy("a date only one of the two has"),
    "name": gettext_lazy("another name"),
    "place": gettext_lazy("another place"),
    "denial": gettext_lazy("one of the two denies it"),
}


def difference_words(difference: Difference | None) -> str:
    """Why two claims are not the same: "another number: 1,100 against 3,000"."""
    if difference is None:
        return ""
    what, here, there = KINDS[difference.kind], difference.here, difference.there
    if here and there:
        return _("%(what)s: %(here)s against %(there)s") % {"what": what, "here": here, "there": there}
    if here:
        return _("%(what)s: %(words)s (here)") % {"what": what, "words": here}
    return _("%(what)s: %(words)s (there)") % {"what": what, "words": there}
