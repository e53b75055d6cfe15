"""Components that are short."""

from celery import shared_task

from production.services import materials


@shared_task(name="production.settle_short_plants")
def settle_short_plants() -> None:
    """The sweep: days pass, and what was expected may not have come."""
    materials.settle_short_plants()
