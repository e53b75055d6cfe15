"""Orders that went all the way, by the services a factory meets; parcels are written by hand."""

from datetime import timedelta
from typing import Any

from django.test import Client

from cosmo.accounts.models import Membership, User
from cosmo.accounts.roles import Role
from orders.models import Order, Unit
from orders.selectors.access import SESSION_GRANTS
from orders.services.addresses import address_json
from orders.services.shipping import record_fulfilment
from production.models import Plant, Shipment
from tests.factories.orders import pay, place
from tests.factories.production import MONDAY, make_factory, numbers


def ordered(offer: Any, **extra: Any) -> Order:
    return pay(place(offer, **extra))


def units(order: Order) -> list[Unit]:
    return list(Unit.objects.filter(line__order=order).order_by("pk"))


def send_off(unit: Unit, *, arrived: bool = False) -> Shipment:
    """The unit's parcel has left, as the shipping service notes it."""
    return Shipment.objects.create(
        unit=unit,
        plant=Plant.objects.get(code="yard"),
        carrier="simulated",
        parcel_number=f"P-{next(numbers)}",
        ready_at=MONDAY,
        pickup_at=MONDAY,
        expected_at=MONDAY + timedelta(days=2),
        handed_over_at=MONDAY,
        delivered_at=MONDAY + timedelta(days=2) if arrived else None,
        goes_to=address_json(unit.line.order),
    )


def delivered(offer: Any, **extra: Any) -> Order:
    order = ordered(offer, **extra)
    for unit in units(order):
        send_off(unit, arrived=True)
    record_fulfilment(order_id=order.pk)
    order.refresh_from_db()
    return order


def guest(order: Order) -> Client:
    client = Client()
    session = client.session
    session[SESSION_GRANTS] = [str(order.public_id)]
    session.save()
    return client


def planner() -> User:
    user = User.objects.create_user("planner@example.org", "a password")
    Membership.objects.create(user=user, organisation=make_factory(), role=Role.PLANNER)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
