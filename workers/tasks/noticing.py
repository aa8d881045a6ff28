"""What people were told leaves the house: mails, digests, posts to chats."""

from celery import shared_task

from claims.models import ChatPost, Mail, Newsroom
from claims.operations import mailing
from claims.signals import announce_work
from workers import chats, postman
from workers.tasks.periodic import Periodic

BATCH = 500  # hinted per run; what is left is still due at the next


@shared_task(base=Periodic)
def carry_due() -> int:
    """Hint every mail and every post that is due. Two at once do no harm: the rows decide."""
    hinted = 0
    for model in (Mail, ChatPost):
        due = list(model.objects.due().order_by("next_attempt_at").values_list("pk", flat=True)[:BATCH])
        announce_work(model, due)
        hinted += len(due)
    return hinted


@shared_task
def carry_mail(mail_id: int) -> None:
    """Send one mail. Safe to deliver twice, and late."""
    mail = Mail.objects.select_related("person", "newsroom", "claim").take(mail_id)
    if mail is not None:
        postman.carry(mail)


@shared_task
def carry_post(post_id: int) -> None:
    """Take one post to its chat. Safe to deliver twice, and late."""
    post = ChatPost.objects.select_related("chat__newsroom", "claim", "actor").take(post_id)
    if post is not None:
        chats.carry(post)


@shared_task(base=Periodic)
def write_digests() -> int:
    """Write the digests that are due, newsroom by newsroom, each by its own clock."""
    rooms = Newsroom.objects.in_bulk(mailing.newsrooms_with_digests())
    return sum(mailing.write_digests(room) for room in rooms.values())
