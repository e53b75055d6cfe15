"""Another address for an order, until its parcels leave."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from cosmo.accounts.models import User
from cosmo.lib.errors import Conflict, Sentence
from cosmo.lib.ports import parcel_desk
from orders.lifecycle import OrderStatus
from orders.models import AddressChange, Order
from orders.services.confirmation import live_units, lock_order
from orders.services.mail import queue_mail

OPEN = (OrderStatus.QUOTED, OrderStatus.ASKED, OrderStatus.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Destination:
    """Who gets it and where; checked at the border."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str
    phone: str = ""


def destination_of(order: Order) -> Destination:
    return Destination(
        name=order.name,
        street=order.street,
        postal_code=order.postal_code,
        city=order.city,
        country=order.country,
        phone=order.phone,
    )


@transaction.atomic
def change_address(
    *, order_id: int, destination: Destination, by: User | None = None
) -> AddressChange | None:
    """What has not left yet goes there; None where that is the address already.

    No parcel leaves while this goes on: the desk holds them, behind the order's row.

    Raises:
        DomainError: the order is over or its last parcel has left (``address_fixed``).
    """
    order = lock_order(order_id)
    before = destination_of(order)
    if destination == before:
        return None
    _check_open(order)
    for name, value in asdict(destination).items():
        setattr(order, name, value)
    order.save(update_fields=list(asdict(destination)))
    change = AddressChange.objects.create(
        order=order, by=by, before=asdict(before), after=asdict(destination)
    )
    queue_mail(order=order, letter="address_changed")
    return change


def _check_open(order: Order) -> None:
    if order.status not in OPEN:
        raise Conflict(
            "address_fixed",
            Sentence("Order %(order)s is over; nothing of it goes anywhere any more."),
            order=order.number,
        )
    left = parcel_desk().hold_parcels(order_id=order.pk)
    if left and left.issuperset(live_units(order)):
        raise Conflict(
            "address_fixed",
            Sentence(
                "The parcel of order %(order)s has left for the address it had. The carrier can "
                "still send it on: ask there, with the parcel number on the unit's page."
            ),
            order=order.number,
        )


def can_change_address(order: Order) -> bool:
    """Whether to offer it; the service decides."""
    if order.status not in OPEN:
        return False
    sent = parcel_desk().sent_units(order_ids=[order.pk])
    return not sent or not sent.issuperset(live_units(order))


def address_json(order: Order) -> dict[str, Any]:
    """As a parcel's label keeps it."""
    return asdict(destination_of(order))
