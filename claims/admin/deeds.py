"""What a person can do with a claim on the workbench: one form and one operation each.

A deed says when it is possible (status), who may (permission) and what stands in this person's way; the operation
decides again, and its refusal comes back beside the form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from claims import workflow
from claims.admin import additions, connections, forms, scheduling
from claims.models import Claim, Contribution, Policy, User
from claims.models.claim import BEFORE_THE_VERDICT
from claims.operations import (
    citing,
    conflicts,
    deciding,
    gathering,
    preserving,
    publishing,
    rechecking,
    researching,
    reviewing,
    rostering,
    triaging,
)
from claims.workflow import Move, Permission, Status

Do = Callable[[Claim, User, dict[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands to a claim in its cycle; read once per page."""

    claim: Claim
    user: User
    parts: frozenset[str] = frozenset()
    reviewed: bool = False
    policy: Policy | None = None
    kept_off: bool = False  # stepped back, or too near where the policy says so

    @classmethod
    def of(cls, claim: Claim, user: User) -> Standing:
        policy = Policy.in_force(claim)
        worked = Contribution.objects.filter(claim=claim, cycle=claim.cycle, user=user)
        return cls(
            claim=claim,
            user=user,
            parts=frozenset(worked.values_list("part", flat=True)),
            reviewed=claim.reviews.filter(cycle=claim.cycle, reviewer=user).exists(),
            policy=policy,
            kept_off=conflicts.keeps_off(claim, user, policy=policy),
        )


@dataclass(frozen=True, slots=True)
class Deed:
    name: str
    label: Any
    symbol: str
    form: type[forms.DeskForm]
    do: Do
    done: Any
    permission: Permission
    statuses: frozenset[str]
    place: str  # bar, decision, or row: where its form stands on the page
    tone: str = "plain"
    hint: Any = ""
    key: str = ""  # the shortcut: presses a plain button, opens a form, only goes to what has weight
    obstacle: Callable[[Standing], Any] | None = None

    def possible(self, standing: Standing) -> bool:
        """Whether the status allows it and the person has the permission."""
        claim, permission = standing.claim, self.permission
        if self.name == workflow.APPROVE.name:
            permission = deciding.approver_needs(standing.policy or Policy.in_force(claim))
        return claim.status in self.statuses and standing.user.may(permission, claim.newsroom_id)

    def in_the_way(self, standing: Standing) -> str:
        """Why this person cannot do it although their role could; empty when they can."""
        return str(self.obstacle(standing)) if self.obstacle else ""


def _calling(operation: Callable[..., object], *fields: str) -> Do:
    """The operation on the claim, with these fields of the form."""
    return lambda claim, by, given: operation(claim, by=by, **{name: given[name] for name in fields})


def _calling_on(row: str, operation: Callable[..., object], *fields: str) -> Do:
    """The operation on a row that the form names, such as a passage."""
    return lambda claim, by, given: operation(given[row], by=by, **{name: given[name] for name in fields})


def _moving(move: Move, **given: Any) -> Deed:
    return Deed(
        name=move.name,
        label=move.label,
        permission=Permission(move.permission or ""),
        statuses=frozenset(status.value for status in move.sources),
        **given,
    )


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


_OPEN = frozenset({Status.IN_REVIEW.value})
_RESEARCH = frozenset(status.value for status in researching.OPEN_FOR_EVIDENCE)
_LIVE = frozenset({Status.PUBLISHED.value, Status.GATHERING.value, Status.ASSESSING.value, Status.IN_REVIEW.value,
                   Status.IN_APPROVAL.value, Status.DECIDED.value})  # fmt: skip

_ALL = [
    _moving(
        workflow.GATHER,
        symbol="travel_explore",
        key="c",
        form=forms.DeskForm,
        do=_calling(gathering.open_lookups),
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
        do=_calling(reviewing.assign, "to"),
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
        do=_calling(rostering.assign_by_load),
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
        do=_calling(triaging.triage, "topic", "severity", "due_at"),
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
        do=_calling(reviewing.submit, "rating", "reasons"),
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
        do=_calling(reviewing.recuse, "reason"),
        done=_("You stepped back from this claim."),
        permission=Permission.REVIEW,
        statuses=frozenset(status.value for status in reviewing.OPEN_FOR_RECUSAL),
        place="more",
        hint=_("For a conflict of interest. Your review of this cycle is withdrawn; the ledger keeps the reason."),
    ),
    _moving(
        workflow.PROPOSE,
        symbol="gavel",
        key="p",
        form=forms.ProposeForm,
        do=_calling(deciding.propose, "rating", "headline", "reasons", "language"),
        done=_("The verdict waits for approval."),
        place="decision",
        tone="primary",
    ),
    _moving(
        workflow.APPROVE,
        symbol="verified",
        key="a",
        form=forms.ApproveForm,
        do=_calling(deciding.approve, "content"),
        done=_("Approved."),
        place="decision",
        tone="primary",
        obstacle=_four_eyes,
    ),
    _moving(
        workflow.SEND_BACK,
        symbol="undo",
        key="b",
        form=forms.ReasonForm,
        do=_calling(deciding.send_back, "reason"),
        done=_("Sent back to the reviewers."),
        place="decision",
    ),
    _moving(
        workflow.PUBLISH,
        symbol="campaign",
        form=forms.DeskForm,
        do=_calling(publishing.publish),
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
        form=forms.CorrectForm,
        do=_calling_on("publication", publishing.correct, "kind", "notice", "field", "after"),
        done=_("The correction is public."),
        permission=Permission.PUBLISH,
        statuses=_LIVE,
        place="decision",
    ),
    _moving(
        workflow.WITHDRAW,
        symbol="visibility_off",
        form=forms.ReasonForm,
        do=_calling(publishing.withdraw, "reason"),
        done=_("Withdrawn. Readers see the reason."),
        place="decision",
        tone="danger",
        hint=_("Readers see this reason in the place of the check."),
    ),
    _moving(
        workflow.REOPEN,
        symbol="restart_alt",
        form=forms.ReasonForm,
        do=_calling(rechecking.reopen, "reason"),
        done=_("A new cycle has begun; what is published stays until a new verdict replaces it."),
        place="more",
    ),
    _moving(
        workflow.DISMISS,
        symbol="block",
        form=forms.ReasonForm,
        do=_calling(deciding.dismiss, "reason"),
        done=_("Dismissed. It can be put back at any time."),
        place="more",
    ),
    _moving(
        workflow.MARK_DUPLICATE,
        symbol="content_copy",
        form=forms.DuplicateForm,
        do=_calling(deciding.mark_duplicate, "of"),
        done=_("Marked as a duplicate."),
        place="more",
    ),
    _moving(
        workflow.RESTORE,
        symbol="settings_backup_restore",
        form=forms.DeskForm,
        do=_calling(deciding.restore),
        done=_("Back in the queue."),
        place="bar",
        tone="primary",
    ),
    Deed(
        name="retry",
        label=_("Ask again"),
        symbol="refresh",
        form=forms.RetryForm,
        do=_calling_on("lookup", gathering.retry),
        done=_("The source is being asked again."),
        permission=Permission.PICK,
        statuses=frozenset(Status.values),
        place="row",
    ),
    Deed(
        name="judge",
        label=_("Save judgement"),
        symbol="balance",
        form=forms.JudgeForm,
        do=_calling_on("evidence", researching.judge, "stance", "note", "answered", "included", "version"),
        done=_("Judgement saved."),
        permission=Permission.RESEARCH,
        statuses=_RESEARCH,
        place="row",
    ),
    Deed(
        name="answer",
        label=_("Save answer"),
        symbol="reply",
        form=forms.AnswerForm,
        do=_calling_on("evidence", researching.answer, "answered", "version"),
        done=_("Answer saved."),
        permission=Permission.RESEARCH,
        statuses=_RESEARCH,
        place="row",
    ),
    Deed(
        name="protect",
        label=_("Protect this source"),
        symbol="shield",
        form=forms.ProtectForm,
        do=_calling_on("evidence", researching.protect, "reason"),
        done=_("The source is hidden from the public."),
        permission=Permission.RESEARCH,
        statuses=_RESEARCH,
        place="row",
    ),
    Deed(
        name="find_copy",
        label=_("Look for a copy again"),
        symbol="history",
        form=forms.CopyForm,
        do=_calling_on("evidence", preserving.look_again),
        done=_("The archive is being asked for a copy."),
        permission=Permission.RESEARCH,
        statuses=frozenset(Status.values),
        place="row",
    ),
    Deed(
        name="save_copy",
        label=_("Save a public copy"),
        symbol="add_to_photos",
        form=forms.CopyForm,
        do=_calling_on("evidence", preserving.save),
        done=_("The archive is asked to save the page."),
        hint=_("The Wayback Machine keeps the page for everybody to see."),
        permission=Permission.RESEARCH,
        statuses=frozenset(Status.values),
        place="row",
    ),
    Deed(
        name="quote",
        label=_("Use as evidence"),
        symbol="format_quote",
        form=forms.QuoteForm,
        do=_calling(researching.quote, "document", "start", "end", "stance", "note"),
        done=_("The passage is evidence now."),
        permission=Permission.RESEARCH,
        statuses=_RESEARCH,
        place="row",
    ),
    Deed(
        name="add_page",
        label=_("Fetch and compare"),
        symbol="add_link",
        key="u",
        form=additions.PageForm,
        do=additions.add_page,
        done=_("The page is being fetched. Its passages appear here once it is read."),
        permission=Permission.RESEARCH,
        statuses=_RESEARCH,
        place="row",
    ),
    Deed(
        name="add_file",
        label=_("Read and compare"),
        symbol="upload_file",
        form=additions.FileForm,
        do=additions.add_file,
        done=_("The file is being read. Its passages appear here then."),
        permission=Permission.RESEARCH,
        statuses=_RESEARCH,
        place="row",
    ),
    Deed(
        name="cite",
        label=_("Cite as evidence"),
        symbol="history_edu",
        form=forms.CiteForm,
        do=_calling(citing.cite, "check", "note"),
        done=_("The earlier check is evidence now."),
        permission=Permission.RESEARCH,
        statuses=_RESEARCH,
        place="row",
        hint=_("Keeps the claim it checked, its rating and its address as a passage. Judge it like any other."),
    ),
    Deed(
        name="cut_edge",
        label=_("Cut this connection"),
        symbol="content_cut",
        form=connections.CutForm,
        do=connections.cut,
        done=_("Cut. The origins are counted anew."),
        permission=Permission.RESEARCH,
        statuses=_RESEARCH,
        place="row",
    ),
    Deed(
        name="add_edge",
        label=_("Count them as one origin"),
        symbol="link",
        form=connections.JoinForm,
        do=connections.join,
        done=_("Added. The origins are counted anew."),
        permission=Permission.RESEARCH,
        statuses=_RESEARCH,
        place="row",
    ),
    Deed(
        name="restore_edge",
        label=_("Take back"),
        symbol="undo",
        form=connections.RestoreForm,
        do=connections.restore,
        done=_("Taken back. The machine's reading counts again."),
        permission=Permission.RESEARCH,
        statuses=_RESEARCH,
        place="row",
    ),
    Deed(
        name="close_recheck",
        label=_("The verdict stands"),
        symbol="done_all",
        form=forms.CloseRecheckForm,
        do=_calling_on("recheck", rechecking.close, "note"),
        done=_("Closed: the verdict stands."),
        permission=Permission.PUBLISH,
        statuses=frozenset(Status.values),
        place="row",
    ),
]

DEEDS: dict[str, Deed] = {deed.name: deed for deed in _ALL}
