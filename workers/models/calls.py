"""Every call to a model is written down before it is made and after it came back."""

from __future__ import annotations

import time
from collections.abc import Callable

from claims.models import Consultation, ModelCall
from claims.operations import consulting
from claims.operations.consulting import OverBudget, Price
from workers.models.server import Answer, ModelFailed, Unusable

Ask = Callable[[], Answer]


def logged(
    consultation: Consultation, ask: Ask, *, model: str, server: str, prompt: str, price: Price, tokens_out: int = 0
) -> Answer:
    """Make one call within the newsroom's budget. Raises `OverBudget` or `ModelFailed`."""
    most_in = len(prompt.encode("utf-8", "replace")) + 100  # no tokeniser makes more tokens than bytes
    call = consulting.begin(
        consultation, model=model, server=server, prompt=prompt, price=price, tokens_in=most_in, tokens_out=tokens_out
    )
    if call.outcome == ModelCall.Outcome.NOT_ASKED:
        raise OverBudget(call.reason)
    started = time.monotonic()

    def end(outcome: ModelCall.Outcome, reason: str = "", **told: object) -> None:
        consulting.end(call, outcome, seconds=time.monotonic() - started, price=price, reason=reason, **told)  # type: ignore[arg-type]

    try:
        answer = ask()
    except Unusable as exc:
        end(ModelCall.Outcome.UNUSABLE, str(exc), used=exc.usage)
        raise
    except ModelFailed as exc:
        end(ModelCall.Outcome.FAILED, str(exc), free=exc.free)
        raise
    except Exception as exc:
        end(ModelCall.Outcome.FAILED, f"Our own fault ({type(exc).__name__}); the log has the details.")
        raise
    end(ModelCall.Outcome.ANSWERED, used=answer.usage)
    return answer
