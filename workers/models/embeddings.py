"""Sentence embeddings: from an OpenAI-compatible server, or a sentence-transformers model on this machine."""

from __future__ import annotations

import functools
import importlib
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from claims.models import Consultation
from claims.operations.consulting import Price
from workers.models import calls, server
from workers.models.server import Answer, ModelFailed, Unusable
from workers.sources.asking import rows, shaped

AT_ONCE = 50  # texts in one request
TEXT_CHARACTERS = 2_000
DIMENSIONS_AT_MOST = 8_192


def name() -> str:
    """What the model is called in the desk."""
    return str(settings.MODEL_EMBEDDINGS_NAME or Path(settings.MODEL_EMBEDDINGS_FOLDER).name)


def likeness(consultation: Consultation, text: str, others: Sequence[str]) -> list[float]:
    """How near each of the other texts stands to the first, -1 to 1, by the cosine of their embeddings."""
    vectors: list[Any] = []
    texts = [one[:TEXT_CHARACTERS] for one in (text, *others)]
    for start in range(0, len(texts), AT_ONCE):
        vectors += _embed(consultation, texts[start : start + AT_ONCE])
    if len({len(one) for one in vectors}) != 1:
        raise ModelFailed("The embeddings differ in length.")
    matrix = np.asarray(vectors, dtype=np.float64)
    norms = np.linalg.norm(matrix, axis=1)
    norms[norms == 0] = 1.0
    matrix /= norms[:, None]
    return [float(one) for one in matrix[1:] @ matrix[0]]


def _embed(consultation: Consultation, texts: list[str]) -> list[list[float]]:
    local = not settings.MODEL_EMBEDDINGS_URL
    answer = calls.logged(
        consultation,
        lambda: _here(texts) if local else _there(texts),
        model=name(),
        server="" if local else server.host_of(settings.MODEL_EMBEDDINGS_URL),
        prompt="\n".join(texts),
        price=Price() if local else Price(settings.MODEL_EMBEDDINGS_PRICE),
    )
    found: list[list[float]] = answer.value
    return found


def _there(texts: list[str]) -> Answer:
    told = server.post(
        f"{settings.MODEL_EMBEDDINGS_URL.rstrip('/')}/embeddings",
        {"model": settings.MODEL_EMBEDDINGS_NAME, "input": texts, "encoding_format": "float"},
        key=settings.MODEL_EMBEDDINGS_KEY,
    )
    sent, received = server.usage_of(told)
    usage = (sent, 0 if sent is not None and received is None else received)
    by_place = {one.get("index"): one.get("embedding") for one in rows(shaped(told, "data"))}
    vectors = [by_place.get(place) for place in range(len(texts))]
    if not all(_is_vector(one) for one in vectors):
        raise Unusable("The answer does not hold one embedding per text.", usage=usage)
    return Answer(vectors, usage)


def _is_vector(value: object) -> bool:
    return (
        isinstance(value, list)
        and 0 < len(value) <= DIMENSIONS_AT_MOST
        and all(type(one) in (int, float) and math.isfinite(one) and abs(one) < 1e6 for one in value)
    )


def _here(texts: list[str]) -> Answer:
    return Answer([[float(value) for value in one] for one in _local(settings.MODEL_EMBEDDINGS_FOLDER).encode(texts)])


@functools.lru_cache(maxsize=1)
def _local(folder: str) -> Any:
    try:
        library = importlib.import_module("sentence_transformers")
    except ImportError as exc:
        raise ModelFailed("Local embeddings need the extra factcheck[embeddings].", free=True) from exc
    try:
        return library.SentenceTransformer(folder, local_files_only=True)
    except (OSError, ValueError) as exc:
        raise ModelFailed(f"The model in MODEL_EMBEDDINGS_FOLDER cannot be loaded: {exc}", free=True) from exc
