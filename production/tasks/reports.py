"""What lines reported."""

from uuid import UUID

from celery import shared_task
from django.conf import settings

from cosmo.lib.clock import real_now
from production.services import inbox, remake, reports


@shared_task(name="production.apply_reports")
def apply_reports(job: str) -> None:
    reports.apply_reports(job=UUID(job))


@shared_task(name="production.apply_waiting_reports")
def apply_waiting_reports() -> None:
    """The sweep behind lost hints, gaps and units that found no room to be made again."""
    for job in reports.waiting_jobs():
        reports.apply_reports(job=job)
        reports.fill_gap(job=job)
    for work_order_id in remake.units_to_remake():
        remake.remake_waiting(work_order_id=work_order_id)


@shared_task(name="production.forget_reports")
def forget_reports() -> None:
    """Reports that were followed long ago, of work that is over."""
    inbox.forget_followed(before=real_now() - settings.COSMO_KEPT)
