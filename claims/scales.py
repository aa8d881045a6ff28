"""The rating scale a new newsroom begins with. A desk renames, adds and retires steps in the admin."""

from claims.models import Newsroom, Rating

_R = Rating.Shared
_S = Rating.Shape
DEFAULT = (
    ("false", {"en": "False", "de": "Falsch"}, _R.FALSE, 1, "#b3261e", _S.CROSS),
    ("mostly-false", {"en": "Mostly false", "de": "Größtenteils falsch"}, _R.MOSTLY_FALSE, 2, "#c4581b", _S.CROSS),
    ("mixed", {"en": "Partly right", "de": "Teilweise richtig"}, _R.MIXED, 3, "#8a6d00", _S.HALF),
    ("mostly-true", {"en": "Mostly true", "de": "Größtenteils richtig"}, _R.MOSTLY_TRUE, 4, "#4f7a28", _S.TICK),
    ("true", {"en": "True", "de": "Richtig"}, _R.TRUE, 5, "#1b6e3c", _S.TICK),
    ("unproven", {"en": "Unproven", "de": "Unbelegt"}, _R.UNPROVEN, None, "#55606b", _S.QUESTION),
)


def give_default_scale(newsroom: Newsroom) -> list[Rating]:
    """The default scale for a newsroom that has none; nothing happens to one that has."""
    if newsroom.ratings.exists():
        return list(newsroom.ratings.all())
    return Rating.objects.bulk_create(
        Rating(
            newsroom=newsroom, slug=slug, labels=labels, shared=shared, value=value, colour=colour, shape=shape, order=n
        )
        for n, (slug, labels, shared, value, colour, shape) in enumerate(DEFAULT, start=1)
    )
