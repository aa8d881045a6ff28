"""Consulting: machine models may be asked for suggestions, within a budget. Nothing waits for them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from claims.errors import RuleBroken
from claims.models import Article, Claim, Consultation, Job, ModelCall, Newsroom
from claims.signals import announce_work

MILLION = Decimal(1_000_000)
TRIES = 3  # of a server that could not answer; then the machine's own result stays as it is


class OverBudget(RuleBroken):
    """The newsroom's budget of this month does not cover the call."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost, sent and received."""

    sent: Decimal = Decimal(0)
    received: Decimal = Decimal(0)

    def of(self, tokens_in: int, tokens_out: int) -> Decimal:
        return ((self.sent * tokens_in + self.received * tokens_out) / MILLION).quantize(Decimal("0.000001"))


def jobs_on() -> list[Job]:
    """What this installation has a model for."""
    found: list[Job] = []
    if settings.MODEL_CHAT_URL and settings.MODEL_CHAT_NAME:
        found += [Job.CLAIMS, Job.QUERIES, Job.STANCE]
    if settings.MODEL_EMBEDDINGS_URL or settings.MODEL_EMBEDDINGS_FOLDER:
        found.append(Job.SIMILAR)
    if settings.MODEL_ENTAILMENT_URL or settings.MODEL_ENTAILMENT_FOLDER:
        found.append(Job.ENTAILMENT)
    return found


def open_for_article(article: Article) -> None:
    """Have a model look at an article the rules have read, if the newsroom wants that."""
    jobs = jobs_on()
    if Job.CLAIMS in jobs and article.newsroom.ask_models:
        made, created = Consultation.objects.get_or_create(newsroom=article.newsroom, article=article, job=Job.CLAIMS)
        if created:
            announce_work(Consultation, [made.pk])


def open_for_claim(claim: Claim) -> None:
    """Have models look at a claim the machine has assessed, if the newsroom wants that."""
    jobs = [job for job in jobs_on() if job != Job.CLAIMS]
    if not jobs or not claim.newsroom.ask_models:
        return
    opened = []
    for job in jobs:
        made, created = Consultation.objects.get_or_create(
            newsroom=claim.newsroom, claim=claim, cycle=claim.cycle, job=job
        )
        if created:
            opened.append(made.pk)
    announce_work(Consultation, opened)


@transaction.atomic
def begin(
    consultation: Consultation, *, model: str, server: str, prompt: str, price: Price, tokens_in: int, tokens_out: int
) -> ModelCall:
    """Write down a call before it is made, at the most it can cost. Raises `OverBudget` and writes that down, too.

    Calls of one newsroom are written one after the other, so that two at once cannot overdraw the budget.
    """
    room = Newsroom.objects.select_for_update(no_key=True).get(pk=consultation.newsroom_id)
    most = price.of(tokens_in, tokens_out)
    spent = ModelCall.objects.filter(newsroom=room).in_month_of(timezone.now()).spent() if most else Decimal(0)
    covered = not most or spent + most <= room.model_budget
    reason = "" if covered else f"The budget for models of this month ({room.model_budget}) is used up: {spent} spent."
    return ModelCall.objects.create(
        newsroom=room,
        consultation=consultation,
        job=consultation.job,
        model=model[:200],
        server=server[:300],
        prompt_sha256=hashlib.sha256(prompt.encode("utf-8", "replace")).hexdigest(),
        prompt=prompt if settings.MODEL_KEEP_PROMPTS and covered else "",
        cost=most if covered else Decimal(0),
        outcome=ModelCall.Outcome.ASKED if covered else ModelCall.Outcome.NOT_ASKED,
        reason=reason,
    )


def end(
    call: ModelCall,
    outcome: ModelCall.Outcome,
    *,
    seconds: float,
    price: Price,
    used: tuple[int | None, int | None] = (None, None),
    free: bool = False,
    reason: str = "",
) -> None:
    """Write down what came of a call. Without the server's count its cost stays at the most it can have been."""
    sent, received = used
    call.tokens_in, call.tokens_out = sent, received
    if free:
        call.cost = Decimal(0)
    elif sent is not None and received is not None:
        call.cost = price.of(sent, received)
    call.outcome, call.seconds, call.reason = outcome, seconds, reason[:500]
    call.save(update_fields=["tokens_in", "tokens_out", "cost", "outcome", "seconds", "reason"])


def give_up(consultation: Consultation, *, reason: str, retry_in: float | None = None) -> None:
    """No suggestions: now, or for good. The machine's own result stays, with an honest note."""
    note = f"The model could not be asked: {reason}"[:500]
    Consultation.objects.filter(pk=consultation.pk, lease_token=consultation.lease_token).update(note=note)
    if retry_in is not None and consultation.attempts < TRIES:
        Consultation.objects.postpone(consultation, error=reason, seconds=retry_in)
    else:
        Consultation.objects.settle(consultation)


def keep(
    consultation: Consultation, suggestions: Sequence[object], *, model: str, dropped: int = 0, note: str = ""
) -> bool:
    """Keep suggestions beside the machine's own result. False: the lease was lost, nothing was written."""
    with transaction.atomic():
        if not Consultation.objects.settle(consultation):
            return False
        Consultation.objects.filter(pk=consultation.pk).update(
            model=model[:200], suggestions=list(suggestions), dropped=dropped, note=note[:500]
        )
    return True
