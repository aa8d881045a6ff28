"""The desk's own names: how people, organisations and places are written, and who is meant."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.newsroom import Newsroom
from claims.models.scope import ScopedQuerySet


def entity_id(kind: str, canonical: str, wikidata: str) -> str:
    """The id facts carry: Wikidata's where it is known, else one made of kind and name."""
    if wikidata:
        return f"wd:{wikidata}"
    return f"alias:{kind}:{' '.join(canonical.casefold().split())}"


class Alias(models.Model):
    """One way to write one name. Rows with the same name and kind, or the same Wikidata id, mean the same."""

    NEWSROOM: ClassVar[str] = "newsroom"

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        ORGANISATION = "organisation", _("organisation")
        PLACE = "place", _("place")

    class Source(models.TextChoices):
        DESK = "desk", _("desk")
        WIKIDATA = "wikidata", "Wikidata"

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, related_name="aliases")
    written = models.CharField(max_length=200, help_text=_("As it stands in texts, such as Selenskyj."))
    language = models.CharField(
        max_length=8,
        blank=True,
        validators=[RegexValidator(r"^[a-z]{2,3}$", _("A language code such as de."))],
        help_text=_("Only in texts of this language (code such as de); empty: in all."),
    )
    canonical = models.CharField(max_length=200, help_text=_("The name meant, such as Volodymyr Zelenskyy."))
    kind = models.CharField(max_length=12, choices=Kind.choices)
    wikidata = models.CharField(
        max_length=15,
        blank=True,
        validators=[RegexValidator(r"^Q[1-9][0-9]*$", _("An id such as Q42."))],
        help_text=_("Id in Wikidata, such as Q42; needed to fetch names from there."),
    )
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.DESK, editable=False)
    wanted_at = models.DateTimeField(null=True, blank=True, editable=False)
    note = models.CharField(max_length=300, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["canonical", "written", "pk"]
        verbose_name = _("name")
        verbose_name_plural = _("names")
        constraints = [
            models.UniqueConstraint(
                fields=["newsroom", "written", "language"],
                name="alias_once_per_newsroom",
                violation_error_message=_("This spelling is in the table already."),
            )
        ]
        indexes = [models.Index(fields=["wanted_at"], name="alias_wanted", condition=models.Q(wanted_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.written} = {self.canonical}"

    @property
    def entity_id(self) -> str:
        return entity_id(self.kind, self.canonical, self.wikidata)
