"""Slips nobody answered, and jobs to be taken back from lines."""

from celery import shared_task

from cosmo.lib.clock import real_now
from cosmo.lib.sweeps import sweep
from production.selectors.slips import silent_slips
from production.services import learning, recalls, slips


@shared_task(name="production.keep_silent_slips")
def keep_silent_slips() -> None:
    """The sweep: whoever said nothing keeps the order with the new day."""
    sweep(silent_slips(real_now()), lambda pk: slips.keep_silent(slip_id=pk), what="silent slips")


@shared_task(name="production.recall_jobs")
def recall_jobs() -> None:
    for recall_id in recalls.recalls_to_tell():
        recalls.tell_recall(recall_id=recall_id)


@shared_task(name="production.learn_buffers")
def learn_buffers() -> None:
    learning.learn_buffers()
