"""Machine models are asked for suggestions, where an operator and a newsroom want that."""

from celery import shared_task

from claims.models import Consultation
from claims.operations import consulting
from claims.operations.consulting import OverBudget
from workers.models import jobs
from workers.models.server import ModelFailed
from workers.tasks.steps import held


@shared_task
def consult_model(consultation_id: int) -> None:
    """Ask one model once. Safe to deliver twice. Whatever fails, the machine's own result stays."""
    waiting = Consultation.objects.select_related("newsroom", "article", "claim__newsroom")
    with held(waiting, consultation_id) as consultation:
        if consultation is None:
            return
        if not consultation.newsroom.ask_models or consultation.job not in consulting.jobs_on():
            consulting.give_up(consultation, reason="Models have been switched off meanwhile.")
            return
        try:
            jobs.do(consultation)
        except OverBudget as exc:
            consulting.give_up(consultation, reason=str(exc))
        except ModelFailed as exc:
            consulting.give_up(consultation, reason=str(exc), retry_in=exc.retry_in)
