"""What a desk follows: feeds, sitemaps and pages, and the items seen there."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.article import Article
from claims.models.newsroom import Newsroom, User
from claims.models.step import Step, StepQuerySet, step_constraints, step_indexes

SHORTEST, LONGEST = 15, 7 * 24 * 60  # minutes between two visits


class Reach(models.IntegerChoices):
    """How far something is heard: a desk's own judgement, and part of a claim's priority."""

    UNKNOWN = 0, _("not said")
    LOCAL = 1, _("local")
    REGIONAL = 2, _("regional")
    NATIONAL = 3, _("national")


class FollowedSource(Step):
    """A feed or page a desk follows. As a step it is open while it is followed, and due when its next visit is."""

    NEWSROOM: ClassVar[str] = "newsroom"

    class Kind(models.TextChoices):
        FEED = "feed", _("feed (RSS, Atom, JSON)")
        SITEMAP = "sitemap", _("sitemap")
        LINKS = "links", _("page: the articles it links to")
        PAGE = "page", _("page: its own text")
        CHECKS = "checks", _("fact-checks (ClaimReview)")

    class Outcome(models.TextChoices):
        NEW = "new", _("something new")
        NOTHING = "nothing", _("nothing new")
        FAILED = "failed", _("could not be visited")

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, related_name="followed_sources")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.FEED)
    url = models.CharField(_("address"), max_length=2000)
    language = models.CharField(_("language"), max_length=8, blank=True)
    topic = models.CharField(_("topic"), max_length=60, blank=True)
    reach = models.PositiveSmallIntegerField(_("reach"), choices=Reach.choices, default=Reach.UNKNOWN)
    every_minutes = models.PositiveIntegerField(
        _("minutes between two visits"),
        default=60,
        validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)],
    )
    etag = models.CharField(max_length=300, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    visits_made = models.PositiveIntegerField(default=0, editable=False)
    last_visit_at = models.DateTimeField(null=True, editable=False)
    last_outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True, editable=False)
    last_new = models.PositiveIntegerField(default=0, editable=False)
    last_noted = models.PositiveIntegerField(default=0, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False, help_text=_("In a row."))
    failing_since = models.DateTimeField(null=True, editable=False)
    found = models.PositiveIntegerField(default=0, editable=False, help_text=_("Articles or checks that came from it."))
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = step_indexes("followedsource")
        constraints = [
            models.UniqueConstraint(
                fields=["newsroom", "url"],
                condition=Q(removed_at__isnull=True),
                name="source_followed_once_per_newsroom",
                violation_error_message=_("This address is followed already."),
            ),
            models.CheckConstraint(
                condition=Q(every_minutes__range=(SHORTEST, LONGEST)), name="followed_source_has_a_decent_interval"
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | ~Q(state="open"), name="removed_source_is_not_visited"
            ),
            *step_constraints("followedsource"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def active(self) -> bool:
        return self.state == Step.State.OPEN


class FollowedItem(Step):
    """One item of a followed source: an address, once per newsroom, whichever feed names it. As a step, to be read."""

    NEWSROOM: ClassVar[str] = "newsroom"

    class Outcome(models.TextChoices):
        READ = "read", _("read")
        KNOWN = "known", _("known already")
        NOTED = "noted", _("noted, not read")
        FAILED = "failed", _("could not be read")

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, related_name="+")
    source = models.ForeignKey(FollowedSource, models.CASCADE, related_name="items")
    for_checks = models.BooleanField(default=False)
    address = models.CharField(max_length=500, help_text=_("The address without what changes between two copies."))
    url = models.CharField(max_length=2000)
    title = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, help_text=_("Of what the source says of the item."))
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    reads = models.PositiveSmallIntegerField(default=0)
    article = models.ForeignKey(Article, models.PROTECT, null=True, related_name="followed_items")
    seen_at = models.DateTimeField(auto_now_add=True)
    admitted_at = models.DateTimeField(null=True, help_text=_("When it was last let in to be read."))

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            *step_indexes("followeditem"),
            BrinIndex(fields=["seen_at"], name="followeditem_by_age", autosummarize=True),  # for forgetting
            models.Index(fields=["newsroom", "admitted_at"], name="followeditem_of_a_day"),
            models.Index(fields=["source", "-id"], name="followeditem_of_source"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["newsroom", "for_checks", "address"], name="followed_item_once_per_newsroom"
            ),
            *step_constraints("followeditem"),
        ]

    def __str__(self) -> str:
        return self.title or self.url
