"""Background work that belongs to no room."""

from celery import shared_task

from cosmo.lib.idempotency import forget_answers
from cosmo.lib.pulse import beat


@shared_task(name="cosmo.worker_seen")
def worker_seen() -> None:
    beat("worker")


@shared_task(name="cosmo.forget_answers")
def forget_old_answers() -> None:
    """Answers that no client may expect to be repeated any more."""
    forget_answers()
