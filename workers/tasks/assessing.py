"""Claims whose sources have answered are assessed."""

from celery import shared_task

from claims.models import Assessment
from claims.operations import assessing
from workers.tasks.steps import held


@shared_task
def assess_claim(assessment_id: int) -> None:
    """Make one assessment. Safe to deliver twice."""
    with held(Assessment.objects.select_related("claim__newsroom"), assessment_id) as assessment:
        if assessment is not None:
            assessing.assess(assessment)
