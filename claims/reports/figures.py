"""Figures of a desk: how much came in and went out, how long it took, and how the sources answered. Aggregated rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import TruncDate, TruncWeek

from claims.models import Claim, Lookup, Newsroom, Publication, User, Verdict

WEEKLY = 62  # a period of more days is told by week
NEWEST_LOOKUPS = 5_000  # the health of sources is read from no more: enough for a share in whole percent
TOPICS = 12


class Share(Aggregate):
    """What a share of the values does not exceed: the median at 0.5."""

    function = "percentile_cont"
    name = "share"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: Any, fraction: float, **extra: Any) -> None:
        super().__init__(expression, fraction=float(fraction), output_field=DurationField(), **extra)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of what one person may see, in the days from `first` to `last`, both included."""

    user: User
    first: dt.date
    last: dt.date
    zone: dt.tzinfo
    newsroom: Newsroom | None = None  # of the sources: those of one newsroom only

    @property
    def start(self) -> dt.datetime:
        return dt.datetime.combine(self.first, dt.time.min, self.zone)

    @property
    def end(self) -> dt.datetime:
        return dt.datetime.combine(self.last + dt.timedelta(days=1), dt.time.min, self.zone)

    @property
    def weekly(self) -> bool:
        return (self.last - self.first).days >= WEEKLY

    def volume(self) -> list[dict[str, Any]]:
        """Per day, or week: claims that came in, verdicts approved, checks published."""
        steps: dict[dt.date, dict[str, Any]] = {}
        day, step = self.first, dt.timedelta(days=1)
        if self.weekly:
            day, step = self.first - dt.timedelta(days=self.first.weekday()), dt.timedelta(weeks=1)
        while day <= self.last:
            steps[day] = {"day": day, "came_in": 0, "decided": 0, "published": 0}
            day += step
        for name, rows, at in (
            ("came_in", Claim.objects.visible_to(self.user), "submitted_at"),
            ("decided", self._verdicts(), "approved_at"),
            ("published", Publication.objects.visible_to(self.user), "published_at"),
        ):
            for found, many in self._per_step(self._within(rows, at), at):
                steps[found][name] = many
        return list(steps.values())

    def times(self) -> dict[str, Any]:
        """From submission to the approval of a first verdict: median, and what nine of ten stayed within."""
        took = ExpressionWrapper(F("approved_at") - F("claim__submitted_at"), output_field=DurationField())
        found: dict[str, Any] = (
            self._verdicts()
            .filter(cycle=1)
            .aggregate(median=Share(took, 0.5), slowest=Share(took, 0.9), many=Count("pk"))
        )
        return found

    def ratings(self) -> list[tuple[int, int]]:
        """(rating, how many approved verdicts) in the scale's order."""
        rows = self._verdicts().order_by().values_list("rating").annotate(many=Count("pk"))
        return list(rows.order_by("rating__order", "rating_id"))

    def topics(self) -> list[dict[str, Any]]:
        """The most frequent topics of what came in, with how much of it is decided by now."""
        rows = self._within(Claim.objects.visible_to(self.user), "submitted_at").order_by().values("topic")
        decided = Count("pk", filter=Q(status__in=["decided", "published", "withdrawn"]))
        return list(rows.annotate(many=Count("pk"), decided=decided).order_by("-many", "topic")[:TOPICS])

    def sources(self) -> list[dict[str, Any]]:
        """How the sources answered, and how long it took; from the newest lookups of the period."""
        seen = Lookup.objects.visible_to(self.user)
        seen = seen.filter(claim__newsroom=self.newsroom) if self.newsroom else seen
        newest = self._within(seen, "opened_at").order_by("-opened_at").values_list("pk", flat=True)
        chosen = Lookup.objects.filter(pk__in=list(newest[:NEWEST_LOOKUPS]))  # a subquery reads the whole table
        took = ExpressionWrapper(F("answered_at") - F("opened_at"), output_field=DurationField())
        rows: Any = (
            chosen.order_by()
            .values(slug=F("source"))
            .annotate(
                found=Count("pk", filter=Q(outcome="hits")),
                empty=Count("pk", filter=Q(outcome="empty")),
                unavailable=Count("pk", filter=Q(outcome="unavailable")),
                asking=Count("pk", filter=Q(outcome="")),
                asked=Count("pk"),
                median=Share(took, 0.5, filter=Q(outcome__in=["hits", "empty"])),
            )
            .order_by("slug")
        )
        names = ("found", "empty", "unavailable", "asking")
        return [{**row, **{f"{name}_share": 100 * row[name] / row["asked"] for name in names}} for row in rows]

    def _verdicts(self) -> Any:
        return self._within(Verdict.objects.visible_to(self.user), "approved_at")

    def _within(self, rows: Any, at: str) -> Any:
        return rows.filter(**{f"{at}__gte": self.start, f"{at}__lt": self.end})

    def _per_step(self, rows: Any, at: str) -> list[tuple[dt.date, int]]:
        step: Any = TruncDate(at, tzinfo=self.zone)
        if self.weekly:
            step = TruncDate(TruncWeek(at, tzinfo=self.zone), tzinfo=self.zone)
        return list(rows.order_by().annotate(begins=step).values_list("begins").annotate(many=Count("pk")))
