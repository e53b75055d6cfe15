"""From the line's end to the customer's door."""

from celery import shared_task

from production.services import shipping


@shared_task(name="production.move_parcels")
def move_parcels() -> None:
    """The sweep: books parcels, hands them over, notes deliveries, fulfils orders."""
    shipping.book_parcels()
    shipping.move_parcels()
    shipping.fulfil_orders()
