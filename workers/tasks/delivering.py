"""Events are told to webhooks; answers kept for repeated requests are forgotten after a day."""

import logging

from celery import shared_task
from django.core.mail import send_mail

from claims.models import Delivery, KeptAnswer, Webhook
from claims.operations import calling_back, telling
from claims.signals import announce_work
from workers import messenger
from workers.tasks.periodic import Periodic

logger = logging.getLogger(__name__)
BATCH = 500  # hinted per run; what is left is still due at the next


@shared_task(base=Periodic)
def tell_webhooks() -> int:
    """Put news on their way and hint every delivery that is due. Two at once do no harm: the rows decide."""
    for webhook_id in Webhook.objects.behind().values_list("pk", flat=True):
        while telling.spread(webhook_id):
            pass
    for newsroom_id in calling_back.behind():
        while calling_back.spread(newsroom_id):
            pass
    due = list(Delivery.objects.due().order_by("next_attempt_at").values_list("pk", flat=True)[:BATCH])
    announce_work(Delivery, due)
    return len(due)


@shared_task
def deliver(delivery_id: int) -> None:
    """Take one event to its webhook. Safe to deliver twice: the receiver knows the event by its id."""
    delivery = Delivery.objects.select_related("webhook", "entry").take(delivery_id)
    if delivery is not None:
        messenger.bring(delivery)


@shared_task(base=Periodic)
def forget_answers() -> int:
    """Forget what was kept for repeated requests longer than a day."""
    forgotten, _ = KeptAnswer.objects.stale().delete()
    return forgotten


@shared_task(base=Periodic)
def mail_disabled() -> int:
    """Tell a newsroom's admins by mail that a webhook was disabled. Mail that cannot be sent is tried again."""
    told = 0
    for webhook in Webhook.objects.filter(mail_due=True).select_related("newsroom"):
        people = telling.admins_of(webhook)
        if people:
            try:
                send_mail(*telling.notice_of(webhook), None, people)
            except OSError as exc:  # SMTP's errors are among them
                logger.warning("webhook %d: its admins could not be mailed: %s", webhook.pk, exc)
                continue
        told += Webhook.objects.filter(pk=webhook.pk, mail_due=True).update(mail_due=False)
    return told
