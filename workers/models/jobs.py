"""From a consultation to suggestions: what each job sends, and where its answer must stand to be kept."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from claims import earlier
from claims.analysis import anchoring
from claims.models import Claim, Consultation, Evidence, Job
from claims.operations import consulting, suggesting
from claims.protection import protected_urls
from workers.models import chat, embeddings, entailment

PASSAGES_AT_MOST = 12
CHECKS_AT_MOST = 10
LIKE_ENOUGH = 0.5


def do(consultation: Consultation) -> None:
    """Ask the model of this job and keep what it suggests. Raises `ModelFailed` or `OverBudget`."""
    _JOBS[Job(consultation.job)](consultation)


def _claims(consultation: Consultation) -> None:
    article = consultation.article
    if article is None:
        return
    sent = article.text[: settings.MODEL_MAX_CHARACTERS]
    quotes, malformed = chat.claims(consultation, sent)
    note = "" if len(sent) == len(article.text) else f"Only the first {len(sent):,} characters were sent to the model."
    suggesting.suggest_claims(consultation, quotes, model=settings.MODEL_CHAT_NAME, malformed=malformed, note=note)


def _queries(consultation: Consultation) -> None:
    claim = _claim(consultation)
    spoken = dict.fromkeys((claim.language, *claim.newsroom.languages))
    found, dropped = chat.queries(consultation, claim.text, list(spoken))
    consulting.keep(consultation, found, model=settings.MODEL_CHAT_NAME, dropped=dropped)


def _stance(consultation: Consultation) -> None:
    claim = _claim(consultation)
    passages = passages_of(claim, consultation.cycle)
    if not passages:
        consulting.keep(consultation, [], model=settings.MODEL_CHAT_NAME, note="There was no passage to look at.")
        return
    found, dropped = chat.stances(consultation, claim.text, [one.quote for one in passages])
    kept = []
    for position, (stance, quote) in found.items():
        span = anchoring.locate(quote, passages[position].quote)
        if span is None:
            dropped += 1
        else:
            words = span.of(passages[position].quote)
            kept.append({"evidence": passages[position].pk, "stance": stance, "quote": words})
    consulting.keep(consultation, kept, model=settings.MODEL_CHAT_NAME, dropped=dropped)


def _similar(consultation: Consultation) -> None:
    """The candidates the database brings, put in order once more; the machine's own order stays as it is."""
    claim = _claim(consultation)
    checks = [found.check for found in earlier.match(claim, limit=earlier.CANDIDATES)]
    model = embeddings.name()
    if not checks:
        consulting.keep(consultation, [], model=model, note="There was no earlier check to compare.")
        return
    scores = embeddings.likeness(consultation, claim.text, [check.claim_text for check in checks])
    best = sorted(zip(scores, checks, strict=True), key=lambda pair: (-pair[0], pair[1].pk))[:CHECKS_AT_MOST]
    kept = [{"check": check.pk, "score": round(score, 3)} for score, check in best if score >= LIKE_ENOUGH]
    consulting.keep(consultation, kept, model=model)


def _entailment(consultation: Consultation) -> None:
    claim = _claim(consultation)
    passages = passages_of(claim, consultation.cycle)
    model = entailment.name()
    if not passages:
        consulting.keep(consultation, [], model=model, note="There was no passage to look at.")
        return
    judged = entailment.judge(consultation, claim.text, [one.quote for one in passages])
    kept = [
        {"evidence": one.pk, "label": label, "score": round(score, 3)}
        for one, (label, score) in zip(passages, judged, strict=True)
    ]
    consulting.keep(consultation, kept, model=model)


def passages_of(claim: Claim, cycle: int) -> list[Evidence]:
    """The best passages a claim was held against, as far as they may leave the house: no private documents."""
    found = Evidence.objects.filter(claim=claim, cycle=cycle, protected=False, document__newsroom__isnull=True)
    found = found.exclude(document__url__in=protected_urls(claim.newsroom_id))
    return list(found.order_by("-score", "pk")[:PASSAGES_AT_MOST])


def _claim(consultation: Consultation) -> Claim:
    if consultation.claim is None:
        raise LookupError("This job is about a claim.")
    return consultation.claim


_JOBS: dict[Job, Callable[[Consultation], None]] = {
    Job.CLAIMS: _claims,
    Job.QUERIES: _queries,
    Job.STANCE: _stance,
    Job.SIMILAR: _similar,
    Job.ENTAILMENT: _entailment,
}
