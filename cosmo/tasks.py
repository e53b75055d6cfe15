"""Background work that belongs to no room."""

from celery import shared_task

from cosmo.lib.pulse import beat


@shared_task(name="cosmo.worker_seen")
def worker_seen() -> None:
    beat("worker")
