"""Sold units that will be late, as it happens: time passes in the plant, nothing is made."""

from datetime import timedelta
from typing import Any

from design.models import Offer
from orders.models import Order, OrderLine
from production.models import Plant, Slip
from production.services.planning import plan_plant
from tests.factories.orders import pay, place
from tests.factories.production import MONDAY, make_plant, set_plant_time
from tests.factories.shop import make_shop

LOST = timedelta(days=7)


def sell(quantity: int = 1, **plant_changes: Any) -> tuple[Plant, Offer, Order]:
    plant = make_plant(**plant_changes)
    offer = make_shop(plant)
    return plant, offer, pay(place(offer, quantity=quantity))


def lose_time(plant: Plant, lost: timedelta = LOST) -> None:
    """The plant stood still for so long; it is planned anew."""
    plant.refresh_from_db()
    set_plant_time(plant, MONDAY + lost)
    replan(plant)


def replan(plant: Plant) -> None:
    assert plan_plant(plant_id=plant.pk, trigger="test").was_published


def slip_late(quantity: int = 1) -> tuple[Plant, Order, Slip]:
    """One order with its slip; the first unit's where there are more."""
    plant, _offer, order = sell(quantity)
    lose_time(plant)
    slip = Slip.objects.filter(unit__line__order=order).order_by("unit_id").first()
    assert slip is not None
    return plant, order, slip


def promise_later(order: Order, days: int) -> None:
    """As if a later day had been promised: so that the plan keeps it after all."""
    for line in OrderLine.objects.filter(order=order):
        line.promise_date += timedelta(days=days)
        line.save()
