"""The names of fields and models as Unfold's own lists and forms show them, made translatable.

The models name their fields by their attributes; those words are marked here and looked up per reader.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy, gettext_noop

WORDS = (
    gettext_noop("newsroom"),
    gettext_noop("language"),
    gettext_noop("languages"),
    gettext_noop("published on"),
    gettext_noop("received at"),
    gettext_noop("published at"),
    gettext_noop("changed at"),
    gettext_noop("created at"),
    gettext_noop("fetched at"),
    gettext_noop("due at"),
    gettext_noop("source"),
    gettext_noop("sources"),
    gettext_noop("slug"),
    gettext_noop("shared"),
    gettext_noop("value"),
    gettext_noop("order"),
    gettext_noop("colour"),
    gettext_noop("shape"),
    gettext_noop("active"),
    gettext_noop("domain"),
    gettext_noop("name"),
    gettext_noop("names"),
    gettext_noop("written"),
    gettext_noop("canonical"),
    gettext_noop("wikidata"),
    gettext_noop("wanted at"),
    gettext_noop("note"),
    gettext_noop("kind"),
    gettext_noop("owner"),
    gettext_noop("country"),
    gettext_noop("interests"),
    gettext_noop("credit codes"),
    gettext_noop("contact"),
    gettext_noop("second factor"),
    gettext_noop("reviews required"),
    gettext_noop("origins required"),
    gettext_noop("review on change"),
    gettext_noop("recheck hours"),
    gettext_noop("search again days"),
    gettext_noop("due hours"),
    gettext_noop("followed per day"),
    gettext_noop("opens at"),
    gettext_noop("closes at"),
    gettext_noop("time zone"),
    gettext_noop("region"),
    gettext_noop("gather automatically"),
    gettext_noop("sequence"),
    gettext_noop("at"),
    gettext_noop("previous hash"),
    gettext_noop("hash"),
    gettext_noop("state"),
    gettext_noop("door"),
    gettext_noop("complainant"),
    gettext_noop("complaint days"),
    gettext_noop("complaint soon days"),
    gettext_noop("due soon hours"),
    gettext_noop("return when away"),
    gettext_noop("complaints public"),
    gettext_noop("taken by"),
    gettext_noop("outcome"),
    gettext_noop("publication"),
    gettext_noop("article"),
    gettext_noop("articles"),
    gettext_noop("document"),
    gettext_noop("documents"),
    gettext_noop("publications"),
    gettext_noop("complaint"),
    gettext_noop("complaints"),
    gettext_noop("publisher"),
    gettext_noop("job"),
    gettext_noop("model"),
    gettext_noop("tokens in"),
    gettext_noop("tokens out"),
    gettext_noop("cost"),
    gettext_noop("seconds"),
    gettext_noop("server"),
    gettext_noop("reason"),
    gettext_noop("prompt"),
    gettext_noop("prompt sha256"),
    gettext_noop("ask models"),
    gettext_noop("model budget"),
    gettext_noop("model call"),
    gettext_noop("model calls"),
    gettext_noop("publishers"),
    gettext_noop("rating"),
    gettext_noop("ratings"),
    gettext_noop("newsrooms"),
    gettext_noop("membership"),
    gettext_noop("memberships"),
    gettext_noop("ledger entry"),
)


def translate(model: Any) -> None:
    """Look up the names of a model and of its fields at every use. Migrations do not see it."""
    options = model._meta
    for thing, names in (
        (options, ("verbose_name", "verbose_name_plural")),
        *((f, ("verbose_name",)) for f in options.fields),
    ):
        for name in names:
            word = getattr(thing, name)
            if isinstance(word, str) and word in WORDS:
                setattr(thing, name, gettext_lazy(word))
