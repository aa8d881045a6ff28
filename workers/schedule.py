"""The beat entries, as data. Each only hints: what is due, the rows decide. `expires` lies under the period."""

from typing import Any

from celery.schedules import crontab

MINUTE = 60
NIGHT = 8 * 60 * MINUTE


def entries(*, sweep_seconds: int) -> dict[str, dict[str, Any]]:
    """Entries for Celery's beat: seconds between runs, and the task."""
    return {
        "sweep stalled steps": _every(sweep_seconds, "workers.tasks.upkeep.sweep"),
        "recheck cited passages": _every(MINUTE, "workers.tasks.rechecking.recheck_due"),
        "visit followed sources": _every(MINUTE, "workers.tasks.following.visit_due"),
        "ask sources again": _every(5 * MINUTE, "workers.tasks.renewing.renew_due"),
        "publish what is planned": _every(20, "workers.tasks.publishing.publish_due"),
        "mail disabled webhooks": _every(MINUTE, "workers.tasks.delivering.mail_disabled"),
        "write usage down": _every(MINUTE, "workers.tasks.metering.write_usage_down"),
        "look at deadlines": _every(MINUTE, "workers.tasks.deadlines.look_at_deadlines"),
        "return the claims of absent people": _every(5 * MINUTE, "workers.tasks.deadlines.return_absent"),
        "send mail and chat messages": _every(15, "workers.tasks.noticing.carry_due"),
        "write digests": _every(5 * MINUTE, "workers.tasks.noticing.write_digests"),
        "tell webhooks": _every(5, "workers.tasks.delivering.tell_webhooks"),
        "take over the bulk feed": {
            "task": "workers.tasks.remembering.update_earlier_checks",  # does nothing unless the operator wants it
            "schedule": crontab(hour="2", minute="40"),
            "options": {"expires": NIGHT},
        },
        "learn what the desks check": {
            "task": "workers.tasks.training.train_due",
            "schedule": crontab(day_of_month="1", hour="3", minute="20"),
            "options": {"expires": NIGHT},
        },
        "ship snapshots": _every(5 * MINUTE, "workers.tasks.archiving.ship_snapshots"),
        "prove snapshots": {
            "task": "workers.tasks.archiving.prove_snapshots",
            "schedule": crontab(hour="3", minute="20"),
            "options": {"expires": NIGHT},
        },
        "forget what only served for a time": {
            "task": "workers.tasks.upkeep.forget",
            "schedule": crontab(hour="4", minute="10"),
            "options": {"expires": NIGHT},
        },
        "verify and anchor the ledger": {
            "task": "workers.tasks.upkeep.anchor_ledgers",
            "schedule": crontab(hour="3", minute="50"),
            "options": {"expires": NIGHT},
        },
        "fetch wanted names": _every(MINUTE, "workers.tasks.naming.fetch_wanted"),
        "forget kept answers": _every(60 * MINUTE, "workers.tasks.delivering.forget_answers"),
    }


def _every(seconds: int, task: str) -> dict[str, Any]:
    return {"task": task, "schedule": float(seconds), "options": {"expires": max(1.0, seconds * 0.9)}}
