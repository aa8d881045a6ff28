"""What people say to each other about a claim: comments, notes, errands, and the notices that tell them of it."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.newsroom import Newsroom, User
from claims.models.scope import ScopedQuerySet


class CommentQuerySet(ScopedQuerySet["Comment"]):
    def readable_by(self, user: User) -> CommentQuerySet:
        """What this person may read: what is shared in their newsrooms, and notes of their own."""
        return self.visible_to(user).filter(Q(private=False) | Q(author=user.pk))


class Comment(models.Model):
    """A remark about a claim. Shared with the newsroom, or a private note. Never edited: withdrawn, and said anew."""

    NEWSROOM: ClassVar[str] = "claim__newsroom"

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="comments")
    cycle = models.PositiveSmallIntegerField()
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField()
    private = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="comment_says_something")]
        triggers = [
            pgtrigger.ReadOnly(name="comment_is_never_edited", fields=["claim", "author", "text", "private", "at"])
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:80]}"


class Errand(models.Model):
    """Something to be done about a claim, by somebody, until a day. The desk calls it a task."""

    NEWSROOM: ClassVar[str] = "claim__newsroom"

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="errands")
    text = models.CharField(max_length=500)
    assignee = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="errands")
    due_on = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", help_text=_("Empty: the clock made it.")
    )
    subject = models.CharField(
        max_length=60, blank=True, db_default="", default="", editable=False, help_text=_("What the clock found.")
    )
    made_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["done_at", "due_on", "pk"]
        indexes = [
            models.Index(fields=["assignee", "due_on"], name="errand_mine", condition=Q(done_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="errand_is_done_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["claim", "subject"], condition=~Q(subject=""), name="one_errand_per_subject"
            ),
            models.CheckConstraint(
                condition=Q(made_by__isnull=False) | ~Q(subject=""), name="errand_is_given_by_somebody_or_the_clock"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class NoticeQuerySet(ScopedQuerySet["Notice"]):
    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at__isnull=True)

    def of(self, user: User) -> NoticeQuerySet:
        """A person's own, in newsrooms they still belong to."""
        return self.visible_to(user).filter(person=user.pk)


class Notice(models.Model):
    """Something a person is told of. `kind` is the key of its words; `subject` what it is about, so that nobody
    is ever told the same twice."""

    NEWSROOM: ClassVar[str] = "newsroom"

    class Kind(models.TextChoices):
        MENTION = "mention", _("You were mentioned")
        COMMENT = "comment", _("New comment")
        ERRAND = "errand", _("A task for you")
        ERRAND_DONE = "errand_done", _("A task of yours is done")
        COMPLAINT = "complaint", _("A complaint came in")
        PUBLISHED = "published", _("Published as planned")
        HELD = "held", _("Held back: not published as planned")
        SOURCE = "source", _("A followed source cannot be visited")
        SAID = "said", _("A published claim was said again")
        CHECK = "check", _("A cited check was changed by its publisher")
        ASSIGNED = "assigned", _("A claim was given to you")
        DUE_SOON = "due_soon", _("A verdict is due soon")
        OVERDUE = "overdue", _("A verdict is overdue")
        ESCALATED = "escalated", _("An overdue verdict was passed on to you")
        COMPLAINT_DUE = "complaint_due", _("A complaint has to be answered soon")
        COMPLAINT_LATE = "complaint_late", _("A complaint was not answered in time")
        ERRAND_DUE = "errand_due", _("A task of yours is due")
        GIVEN_BACK = "given_back", _("Claims went back to the queue: somebody is away")
        MAIL_STOPPED = "mail_stopped", _("Your address refuses mail: nothing more is sent there")
        CHAT_STOPPED = "chat_stopped", _("A chat does not take messages any more")
        CHANGED = "changed", _("A cited passage changed")
        LATE_EVIDENCE = "late_evidence", _("New evidence on a claim that was gathered already")

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, related_name="notices")
    person = models.ForeignKey(User, models.CASCADE, related_name="notices")
    claim = models.ForeignKey(Claim, models.CASCADE, null=True, blank=True, related_name="notices")
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=60)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    rhythm = models.CharField(max_length=7, blank=True, db_default="", default="", help_text=_("How it is mailed."))
    mail: models.ForeignKey[Any, Any] = models.ForeignKey(
        "claims.Mail", models.SET_NULL, null=True, blank=True, editable=False, related_name="notices"
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["person", "claim"], name="notice_of_claim"),
            BrinIndex(fields=["at"], name="notice_by_age", autosummarize=True),  # for forgetting
            models.Index(
                fields=["newsroom", "rhythm", "person"],
                name="notice_for_digest",
                condition=Q(mail__isnull=True, rhythm__in=["daily", "weekly"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "subject"], name="nobody_is_told_the_same_twice")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.kind} {self.subject}"

    @property
    def words(self) -> str:
        return str(dict(self.Kind.choices).get(self.kind, self.kind))
