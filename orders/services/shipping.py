"""What production tells orders: work began, a unit left, all arrived."""

from datetime import date

from django.db import transaction

from cosmo.lib.clock import real_now
from cosmo.lib.transitions import check_transition
from orders.lifecycle import ORDER_MOVES, OrderStatus
from orders.models import Order
from orders.services.confirmation import lock_order
from orders.services.mail import queue_mail


@transaction.atomic
def record_begun(*, order_id: int) -> None:
    """Tell the customer that work on the first unit has begun. Takes no lock but the caller's."""
    queue_mail(order=Order.objects.get(pk=order_id), letter="in_production")


@transaction.atomic
def record_shipment(*, order_id: int, serial: str, parcel_number: str, expected: date) -> None:
    """Tell the customer that a unit is on its way."""
    order = Order.objects.get(pk=order_id)
    queue_mail(
        order=order,
        letter="shipped",
        serial=serial,
        parcel=parcel_number,
        expected=expected.isoformat(),
    )


@transaction.atomic
def record_fulfilment(*, order_id: int) -> None:
    """Every unit has been delivered. Safe to repeat."""
    order = lock_order(order_id)
    if order.status == OrderStatus.FULFILLED:
        return
    check_transition(
        what=f"Order {order.number}",
        moves=ORDER_MOVES,
        source=order.status,
        target=OrderStatus.FULFILLED,
    )
    order.status = OrderStatus.FULFILLED
    order.closed_at = real_now()
    order.save(update_fields=["status", "closed_at"])
    queue_mail(order=order, letter="delivered")
