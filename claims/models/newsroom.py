"""Newsrooms and their people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.calendars import Calendar, countries, regions_of
from claims.models.scope import ScopedQuerySet
from claims.roles import Role, permissions_of
from claims.workflow import Permission


def default_sources() -> list[str]:
    return list(settings.DEFAULT_SOURCES)


def default_search_again() -> list[int]:
    return [7, 30, 90]


def default_languages() -> list[str]:
    return ["en", "de"]


class Newsroom(models.Model):  # type: ignore[django-manager-missing]
    """A tenant: its desk, its people, its rating scale, its policy."""

    NEWSROOM: ClassVar[str] = ""

    class Gather(models.TextChoices):
        NOTHING = "nothing", _("nothing: the desk picks")
        CLAIMS = "claims", _("claims")
        CANDIDATES = "candidates", _("claims and candidates")

    class Archive(models.TextChoices):
        OFF = "off", _("not asked")
        LOOK = "look", _("asked for copies")
        ASK = "ask", _("asked for copies; saves when a person wants it")
        SAVE = "save", _("asked for copies; saves where there is none")

    class SecondFactorFor(models.TextChoices):
        NOBODY = "nobody", _("whoever wants it")
        PUBLISHING = "publishing", _("everybody who may approve, publish or administer")
        ALL = "all", _("every member")

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    languages = ArrayField(
        models.CharField(max_length=8), default=default_languages, help_text=_("Languages the desk reads, first = own.")
    )
    sources = ArrayField(
        models.SlugField(max_length=40), default=default_sources, blank=True, help_text=_("Sources asked per claim.")
    )
    gather_automatically = models.CharField(
        max_length=10,
        choices=Gather.choices,
        default=Gather.NOTHING,
        help_text=_("What the sources are asked about before a person picks."),
    )
    reviews_required = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(9)], help_text=_("Reviews a verdict needs.")
    )
    origins_required = models.PositiveSmallIntegerField(
        default=0, help_text=_("Independent origins a verdict needs (0: no rule).")
    )
    review_on_change = models.BooleanField(
        default=True, help_text=_("Mark a publication as under review when a cited passage changed.")
    )
    recheck_hours = ArrayField(
        models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(8760)]),
        default=list,
        db_default=[],
        blank=True,
        size=20,
        help_text=_(
            "Hours until a cited passage is visited, then until the next time, and so on; the last number repeats. "
            "Empty: 1, 6, 24, 72, 168, 720, 2160."
        ),
    )
    search_again_days = ArrayField(
        models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(365)]),
        default=default_search_again,
        db_default=[7, 30, 90],
        blank=True,
        size=20,
        help_text=_(
            "Days until the sources are asked again about an open or published claim, then until the next time, and "
            "so on; the last number repeats. Empty: never."
        ),
    )
    ask_models = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("Let the installation's language models suggest. Texts are sent to them; people pick."),
    )
    model_budget = models.DecimalField(
        max_digits=10,
        decimal_places=2,
        default=Decimal(0),
        db_default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Most that models may cost per month (0: only models that cost nothing)."),
    )
    archive_policy = models.CharField(
        max_length=4,
        choices=Archive.choices,
        default=Archive.ASK,
        db_default=Archive.ASK,
        help_text=_("What the Wayback Machine is told of cited pages. A saved page is public, and so is that it was."),
    )
    due_hours = models.PositiveSmallIntegerField(
        default=16,
        db_default=16,
        help_text=_("Office hours from the pick until a verdict is due (0: no deadline). 16 are two days of eight."),
    )
    due_soon_hours = models.PositiveSmallIntegerField(
        default=4,
        db_default=4,
        validators=[MaxValueValidator(400)],
        help_text=_("Office hours before a verdict is due that whoever holds the claim is told (0: not told)."),
    )
    opens_at = models.TimeField(default=dt.time(9), db_default=dt.time(9), help_text=_("When the desk begins to work."))
    closes_at = models.TimeField(default=dt.time(17), db_default=dt.time(17), help_text=_("When it stops."))
    time_zone = models.CharField(
        max_length=40, blank=True, db_default="", help_text=_("Such as Europe/Berlin; empty: the installation's.")
    )
    country = models.CharField(
        max_length=2, blank=True, db_default="", help_text=_("Whose holidays are free, such as DE; empty: none.")
    )
    region = models.CharField(
        max_length=6, blank=True, db_default="", help_text=_("Within the country, such as BY; empty: the whole.")
    )
    complaint_days = models.PositiveSmallIntegerField(
        default=7,
        db_default=7,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("Working days in which a complaint is answered."),
    )
    forget_complainants_days = models.PositiveSmallIntegerField(
        default=365,
        db_default=365,
        help_text=_("Days after the answer until who complained, and their words, are forgotten; 0: never."),
    )
    complaint_soon_days = models.PositiveSmallIntegerField(
        default=2,
        db_default=2,
        validators=[MaxValueValidator(60)],
        help_text=_("Working days before a complaint has to be answered that the desk is told (0: not told)."),
    )
    return_when_away = models.BooleanField(
        default=True,
        db_default=True,
        help_text=_("Claims of whoever is away go back to the queue when the absence begins."),
    )
    complaints_public = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("Tell readers how many complaints a check had and how they ended."),
    )
    followed_per_day = models.PositiveSmallIntegerField(
        default=200,
        db_default=200,
        help_text=_("Most articles a day that are read from followed sources; what comes above that is noted only."),
    )
    second_factor = models.CharField(
        max_length=10,
        choices=SecondFactorFor.choices,
        default=SecondFactorFor.NOBODY,
        db_default=SecondFactorFor.NOBODY,
        help_text=_("Who has to enter a code of an authenticator app at sign-in."),
    )
    shares_published = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("Put published checks into the pool, where other newsrooms may take them over and co-sign them."),
    )
    shares_open_claims = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("Show other newsrooms in the pool which claims are being checked: text, language and topic."),
    )
    contact = models.EmailField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="newsroom_closes_after_it_opens",
                violation_error_message=_("The desk has to close after it opens."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuses places and zones nobody knows."""
        for field in ("recheck_hours", "search_again_days"):
            given = getattr(self, field)
            if given != sorted(given):
                raise ValidationError({field: _("Each number has to be at least as large as the one before it.")})
        if self.time_zone and self.time_zone not in available_timezones():
            raise ValidationError({"time_zone": _("Give a time zone such as Europe/Berlin.")})
        if self.country and self.country not in countries():
            raise ValidationError({"country": _("The holidays of this country are not known.")})
        if self.region and self.region not in regions_of(self.country):
            raise ValidationError({"region": _("The holidays of this region are not known.")})

    def calendar(self) -> Calendar:
        """When the desk works, by its own clock."""
        return Calendar(
            country=self.country,
            region=self.region,
            zone=self.time_zone or settings.TIME_ZONE,
            opens=self.opens_at,
            closes=self.closes_at,
        )


PUBLISHING = frozenset({Permission.APPROVE, Permission.PUBLISH, Permission.ADMINISTER})


class User(AbstractUser):  # type: ignore[django-manager-missing]
    """A person. What they may do hangs on their memberships, never on the account."""

    language = models.CharField(max_length=8, choices=settings.LANGUAGES, blank=True)

    confined_to: int | None = None
    lent: frozenset[Permission] | None = None
    _roles_by_newsroom: dict[int, list[str]]
    _factor_wanted_by: dict[int, str]

    def confine(self, newsroom_id: int, permissions: frozenset[Permission]) -> None:
        """Narrow this copy of the person to one newsroom and some permissions: what an API key lends."""
        self.confined_to, self.lent = newsroom_id, permissions

    def newsroom_ids(self) -> list[int]:
        """Ids of the newsrooms this person is an active member of (one query per request)."""
        return [pk for pk in self._roles() if self.confined_to in (None, pk)]

    def may(self, permission: Permission, newsroom: Newsroom | int) -> bool:
        pk = newsroom if isinstance(newsroom, int) else newsroom.pk
        if self.confined_to not in (None, pk) or (self.lent is not None and permission not in self.lent):
            return False
        return self.is_active and permission in permissions_of(self._roles().get(pk, []))

    def has_role(self, role: Role, newsroom: int) -> bool:
        """Whether this person holds the role itself, where a rule names one."""
        return self.is_active and role in self._roles().get(newsroom, [])

    def could(self, permission: Permission, newsroom: int) -> bool:
        """What the person's roles allow, whatever a key lends of it: who is to be kept from seeing, say."""
        return self.is_active and permission in permissions_of(self._roles().get(newsroom, []))

    def needs_second_factor(self) -> bool:
        """Whether a newsroom of this person asks for a second factor at sign-in."""
        wanted = Newsroom.SecondFactorFor
        for newsroom, roles in self._roles().items():
            policy = self._factor_wanted_by[newsroom]
            if policy == wanted.ALL or (policy == wanted.PUBLISHING and PUBLISHING & permissions_of(roles)):
                return True
        return False

    def _roles(self) -> dict[int, list[str]]:
        if not hasattr(self, "_roles_by_newsroom"):
            self.know_roles(
                Membership.objects.filter(user=self, active=True).values_list(
                    "newsroom_id", "roles", "newsroom__second_factor"
                )
            )
        return self._roles_by_newsroom

    def know_roles(self, held: Iterable[tuple[int, list[str], str]] | None) -> None:
        """Take in what was read of the active memberships: newsroom, roles, whom it asks for a second factor."""
        self._roles_by_newsroom, self._factor_wanted_by = {}, {}
        for newsroom, roles, policy in held or ():
            self._roles_by_newsroom[newsroom] = roles
            self._factor_wanted_by[newsroom] = policy

    def forget_roles(self) -> None:
        """Read the memberships anew at the next question."""
        self.__dict__.pop("_roles_by_newsroom", None)


class Membership(models.Model):
    """A person in a newsroom, with their roles there."""

    NEWSROOM: ClassVar[str] = "newsroom"

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), default=list)
    active = models.BooleanField(default=True)
    languages = ArrayField(
        models.CharField(max_length=8), default=list, blank=True, db_default=[], help_text=_("Empty: every language.")
    )
    topics = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, db_default=[], help_text=_("Empty: every topic.")
    )
    capacity = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text=_("Open claims at a time that may be assigned automatically; empty: any number."),
    )
    away_from = models.DateField(null=True, blank=True)
    away_until = models.DateField(null=True, blank=True, help_text=_("The last day away."))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["newsroom", "user"],
                name="one_membership_per_newsroom",
                violation_error_message=_("This person is a member already."),
            ),
            models.CheckConstraint(
                condition=Q(away_from__isnull=True, away_until__isnull=True)
                | Q(away_from__isnull=False, away_until__gte=F("away_from")),
                name="absence_ends_after_it_begins",
                violation_error_message=_("Give both days of the absence, the first one first."),
            ),
            models.CheckConstraint(condition=Q(roles__contained_by=Role.values), name="membership_has_known_roles"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.newsroom}"

    def is_away(self, day: dt.date) -> bool:
        return self.away_from is not None and self.away_until is not None and self.away_from <= day <= self.away_until
