"""What lines reported."""

from uuid import UUID

from celery import shared_task
from django.conf import settings

from cosmo.lib.clock import real_now
from cosmo.lib.sweeps import sweep
from production.services import inbox, remake, reports


@shared_task(name="production.apply_reports")
def apply_reports(job: str) -> None:
    reports.apply_reports(job=UUID(job))


@shared_task(name="production.apply_waiting_reports")
def apply_waiting_reports() -> None:
    """The sweep behind lost hints, gaps and units that found no room to be made again."""
    sweep(reports.waiting_jobs(), _look_at, what="waiting reports")
    sweep(
        remake.units_to_remake(),
        lambda pk: remake.remake_waiting(work_order_id=pk),
        what="units to make again",
    )


def _look_at(job: UUID) -> None:
    reports.apply_reports(job=job)
    reports.fill_gap(job=job)


@shared_task(name="production.forget_reports")
def forget_reports() -> None:
    """Reports that were followed long ago, of work that is over."""
    inbox.forget_followed(before=real_now() - settings.COSMO_KEPT)
