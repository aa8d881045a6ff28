"""Entailment: whether a passage entails or contradicts a claim, by a text-classification service or a local model."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from claims.models import Consultation
from claims.operations.consulting import Price
from workers.models import calls, server
from workers.models.server import Answer, ModelFailed, Unusable
from workers.sources.asking import rows

LABELS = ("entailment", "contradiction", "neutral")
TEXT_CHARACTERS = 2_000


def name() -> str:
    """What the model is called in the desk."""
    return str(settings.MODEL_ENTAILMENT_NAME or Path(settings.MODEL_ENTAILMENT_FOLDER).name or "entailment model")


def judge(consultation: Consultation, claim: str, passages: Sequence[str]) -> list[tuple[str, float]]:
    """Per passage the likeliest label and its score, 0 to 1."""
    pairs = [{"text": one[:TEXT_CHARACTERS], "text_pair": claim[:TEXT_CHARACTERS]} for one in passages]
    local = not settings.MODEL_ENTAILMENT_URL
    answer = calls.logged(
        consultation,
        lambda: Answer(_labels(_here(pairs) if local else _there(pairs), len(pairs)), (None, 0)),
        model=name(),
        server="" if local else server.host_of(settings.MODEL_ENTAILMENT_URL),
        prompt="\n".join(f"{pair['text']}\n{pair['text_pair']}" for pair in pairs),
        price=Price() if local else Price(settings.MODEL_ENTAILMENT_PRICE),
    )
    found: list[tuple[str, float]] = answer.value
    return found


def _there(pairs: list[dict[str, str]]) -> Any:
    asked = {"inputs": pairs, "parameters": {"top_k": len(LABELS)}}
    return server.post(settings.MODEL_ENTAILMENT_URL, asked, key=settings.MODEL_ENTAILMENT_KEY)


def _labels(told: Any, expected: int) -> list[tuple[str, float]]:
    if not isinstance(told, list) or len(told) != expected:
        raise Unusable("The answer does not hold one judgement per passage.")
    return [_likeliest(one) for one in told]


def _likeliest(told: Any) -> tuple[str, float]:
    best: tuple[str, float] | None = None
    for row in rows(told if isinstance(told, list) else [told]):
        label, score = str(row.get("label")).lower(), row.get("score")
        if label not in LABELS or not isinstance(score, int | float) or not 0 <= score <= 1:
            continue
        if best is None or score > best[1]:
            best = (label, float(score))
    if best is None:
        raise Unusable("The answer names none of entailment, contradiction and neutral.")
    return best


def _here(pairs: list[dict[str, str]]) -> Any:
    return _local(settings.MODEL_ENTAILMENT_FOLDER)(pairs)


@functools.lru_cache(maxsize=1)
def _local(folder: str) -> Any:
    try:
        library = importlib.import_module("transformers")
    except ImportError as exc:
        raise ModelFailed("Local entailment needs the extra factcheck[entailment].", free=True) from exc
    if not Path(folder).is_dir():  # a bare name would be looked up on a hub
        raise ModelFailed("MODEL_ENTAILMENT_FOLDER is not a folder.", free=True)
    try:
        return library.pipeline("text-classification", model=folder, top_k=None, truncation=True)
    except (OSError, ValueError) as exc:
        raise ModelFailed(f"The model in MODEL_ENTAILMENT_FOLDER cannot be loaded: {exc}", free=True) from exc
