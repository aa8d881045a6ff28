"""What a person can do with a claim on the workbench: the deeds of the desk here, those beside passages elsewhere."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from claims import workflow
from claims.admin import forms, scheduling
from claims.admin.deed import Deed, Standing, calling, calling_on, moving
from claims.admin.research_deeds import RESEARCH
from claims.models import Claim, Contribution, User
from claims.models.claim import BEFORE_THE_VERDICT
from claims.operations import deciding, gathering, publishing, rechecking, reviewing, rostering, triaging
from claims.workflow import Permission, Status


def _already_reviewed(standing: Standing) -> Any:
    if standing.kept_off:
        return _kept_off(standing)
    return _("You have reviewed this claim; the desk waits for others or for the verdict.") if standing.reviewed else ""


def _kept_off(standing: Standing) -> Any:
    return _("You stepped back from this claim, or declared an interest in it.") if standing.kept_off else ""


def _four_eyes(standing: Standing) -> Any:
    if not standing.parts:
        return _kept_off(standing)
    parts = ", ".join(str(Contribution.Part(part).label) for part in sorted(standing.parts))
    return _("Four eyes: you worked on this claim (%(parts)s), so somebody else has to approve it.") % {"parts": parts}


def _is_mine(standing: Standing) -> Any:
    if standing.kept_off:
        return _kept_off(standing)
    return _("This claim is yours already.") if standing.claim.assignee_id == standing.user.pk else ""


def _propose(claim: Claim, by: User, given: dict[str, Any]) -> Any:
    names = ("rating", "headline", "reasons", "language", *deciding.MEDIA[1:])
    return deciding.propose(claim, by=by, media=given["medium"], **{name: given[name] for name in names})


_OPEN = frozenset({Status.IN_REVIEW.value})
_LIVE = frozenset({Status.PUBLISHED.value, Status.GATHERING.value, Status.ASSESSING.value, Status.IN_REVIEW.value,
                   Status.IN_APPROVAL.value, Status.DECIDED.value})  # fmt: skip

_DESK = [
    moving(
        workflow.GATHER,
        symbol="travel_explore",
        key="c",
        form=forms.DeskForm,
        do=calling(gathering.open_lookups),
        done=_("The sources are being asked."),
        place="bar",
        tone="primary",
        hint=_("Asks every source of the newsroom about this claim."),
    ),
    Deed(
        name="take",
        label=_("Take"),
        symbol="front_hand",
        key="t",
        form=forms.DeskForm,
        do=lambda claim, by, given: reviewing.assign(claim, to=by, by=by),
        done=_("The claim is yours."),
        permission=Permission.REVIEW,
        statuses=frozenset({Status.SUBMITTED.value, Status.GATHERING.value, Status.ASSESSING.value}) | _OPEN,
        place="bar",
        obstacle=_is_mine,
    ),
    Deed(
        name="assign",
        label=_("Assign"),
        symbol="person_add",
        form=forms.AssignForm,
        do=calling(reviewing.assign, "to"),
        done=_("Assigned."),
        permission=Permission.REVIEW,
        statuses=frozenset(Status.values),
        place="bar",
    ),
    Deed(
        name="spread",
        label=_("Assign automatically"),
        symbol="shuffle",
        form=forms.DeskForm,
        do=calling(rostering.assign_by_load),
        done=_("Assigned to whoever fits and holds least."),
        permission=Permission.REVIEW,
        statuses=frozenset(BEFORE_THE_VERDICT),
        place="more",
        hint=_("To somebody who is there, has room, knows language and topic, and is no party to it."),
    ),
    Deed(
        name="triage",
        label=_("Topic and deadline"),
        symbol="event",
        key="d",
        form=forms.TriageForm,
        do=calling(triaging.triage, "topic", "severity", "due_at"),
        done=_("Saved."),
        permission=Permission.PICK,
        statuses=frozenset(BEFORE_THE_VERDICT),
        place="bar",
    ),
    Deed(
        name="review",
        label=_("Submit review"),
        symbol="rate_review",
        key="r",
        form=forms.ReviewForm,
        do=calling(reviewing.submit, "rating", "reasons"),
        done=_("Your review is in."),
        permission=Permission.REVIEW,
        statuses=_OPEN,
        place="decision",
        tone="primary",
        obstacle=_already_reviewed,
    ),
    Deed(
        name="recuse",
        label=_("Step back"),
        symbol="do_not_disturb_on",
        form=forms.ReasonForm,
        do=calling(reviewing.recuse, "reason"),
        done=_("You stepped back from this claim."),
        permission=Permission.REVIEW,
        statuses=frozenset(status.value for status in reviewing.OPEN_FOR_RECUSAL),
        place="more",
        hint=_("For a conflict of interest. Your review of this cycle is withdrawn; the ledger keeps the reason."),
    ),
    moving(
        workflow.PROPOSE,
        symbol="gavel",
        key="p",
        form=forms.ProposeForm,
        do=_propose,
        done=_("The verdict waits for approval."),
        place="decision",
        tone="primary",
    ),
    moving(
        workflow.APPROVE,
        symbol="verified",
        key="a",
        form=forms.ApproveForm,
        do=calling(deciding.approve, "content"),
        done=_("Approved."),
        place="decision",
        tone="primary",
        obstacle=_four_eyes,
    ),
    moving(
        workflow.SEND_BACK,
        symbol="undo",
        key="b",
        form=forms.ReasonForm,
        do=calling(deciding.send_back, "reason"),
        done=_("Sent back to the reviewers."),
        place="decision",
    ),
    moving(
        workflow.PUBLISH,
        symbol="campaign",
        key="v",
        form=forms.DeskForm,
        do=calling(publishing.publish),
        done=_("Published."),
        place="decision",
        tone="primary",
        hint=_("Readers see the verdict at once; every cited passage is watched from then on."),
    ),
    Deed(
        name="schedule",
        label=_("Set the time"),
        symbol="schedule",
        form=scheduling.ScheduleForm,
        do=scheduling.plan,
        done=_("The time is kept."),
        permission=Permission.PUBLISH,
        statuses=frozenset({Status.DECIDED.value}),
        place="decision",
        hint=_(
            "Published as planned or held back, whichever holds then: the approval is checked again at that moment."
        ),
    ),
    Deed(
        name="correct",
        label=_("Correct in public"),
        symbol="edit_note",
        key="m",
        form=forms.CorrectForm,
        do=calling_on("publication", publishing.correct, "kind", "notice", "field", "after"),
        done=_("The correction is public."),
        permission=Permission.PUBLISH,
        statuses=_LIVE,
        place="decision",
    ),
    moving(
        workflow.WITHDRAW,
        symbol="visibility_off",
        form=forms.ReasonForm,
        do=calling(publishing.withdraw, "reason"),
        done=_("Withdrawn. Readers see the reason."),
        place="decision",
        tone="danger",
        hint=_("Readers see this reason in the place of the check."),
    ),
    moving(
        workflow.REOPEN,
        symbol="restart_alt",
        form=forms.ReasonForm,
        do=calling(rechecking.reopen, "reason"),
        done=_("A new cycle has begun; what is published stays until a new verdict replaces it."),
        place="more",
    ),
    moving(
        workflow.DISMISS,
        symbol="block",
        form=forms.ReasonForm,
        do=calling(deciding.dismiss, "reason"),
        done=_("Dismissed. It can be put back at any time."),
        place="more",
    ),
    moving(
        workflow.MARK_DUPLICATE,
        symbol="content_copy",
        form=forms.DuplicateForm,
        do=calling(deciding.mark_duplicate, "of"),
        done=_("Marked as a duplicate."),
        place="more",
    ),
    moving(
        workflow.RESTORE,
        symbol="settings_backup_restore",
        form=forms.DeskForm,
        do=calling(deciding.restore),
        done=_("Back in the queue."),
        place="bar",
        tone="primary",
    ),
]

DEEDS: dict[str, Deed] = {deed.name: deed for deed in [*_DESK, *RESEARCH]}
