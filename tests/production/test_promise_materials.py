"""A day stands on components as well as on free minutes, and a hold keeps both or neither."""

from datetime import timedelta

import pytest

from cosmo.lib.clock import real_now
from cosmo.lib.errors import DomainError
from cosmo.lib.ports import Promise, promise_source
from design.models import Offer
from orders.models import Order
from production.models import Booking, Hold, Plant, Reservation, Stock
from production.services.holds import expire_holds
from tests.factories.production import SELECTION, make_offer, make_order, make_plant
from tests.production.materials.stocks import assert_moves_add_up, count, numbers

pytestmark = pytest.mark.django_db
LASTS = timedelta(minutes=15)


def inquire(offer: Offer, quantity: int = 1) -> Promise:
    return promise_source().inquire(offer_id=offer.pk, selection=SELECTION, quantity=quantity)


def hold(order: Order) -> Promise:
    promises = promise_source().hold(order_id=order.pk, lasts=LASTS)
    return max(promises.values(), key=lambda promise: promise.date)


def test_a_component_short_of_stock_puts_the_day_off_by_its_lead_time() -> None:
    plant = make_plant()
    offer = make_offer(plant)
    before = inquire(offer)
    count(plant, {"code": "LEG", "on_hand": 2, "lead_time_days": 14})
    after = inquire(offer)
    assert after.waits_for == ("LEG",)
    assert after.leaves_at - before.leaves_at == timedelta(days=14)
    assert before.waits_for == ()


def test_units_for_which_there_is_enough_are_not_put_off() -> None:
    plant = make_plant()
    offer = make_offer(plant)
    count(plant, {"code": "LEG", "on_hand": 6, "lead_time_days": 14})
    assert inquire(offer, 2).waits_for == ()
    assert inquire(offer, 3).waits_for == ("LEG",)
    assert inquire(offer, 3).date - inquire(offer, 2).date >= timedelta(days=13)


def test_what_a_hold_keeps_another_cannot_have_and_release_gives_it_back() -> None:
    plant = make_plant()
    offer = make_offer(plant)
    legs = count(plant, {"code": "LEG", "on_hand": 3, "lead_time_days": 14})["LEG"]
    first, second = make_order(offer), make_order(offer)
    said = hold(first)
    assert numbers(legs) == (3, 3, 0, 0)
    assert inquire(offer).waits_for == ("LEG",)
    assert hold(second).date > said.date
    assert numbers(legs) == (3, 3, 0, 3)
    promise_source().release(order_id=second.pk)
    promise_source().release(order_id=first.pk)
    assert numbers(legs) == (3, 0, 0, 0)
    assert inquire(offer).waits_for == ()
    assert_moves_add_up()


def test_lines_of_one_order_share_what_is_there() -> None:
    plant = make_plant()
    offer = make_offer(plant)
    count(plant, {"code": "LEG", "on_hand": 3, "lead_time_days": 14})
    order = make_order(offer, {"quantity": 1}, {"quantity": 1, "colour": "red"})
    found = promise_source().hold(order_id=order.pk, lasts=LASTS)
    assert sorted(promise.waits_for for promise in found.values()) == [(), ("LEG",)]


def test_confirming_makes_the_components_the_work_orders() -> None:
    plant = make_plant()
    offer = make_offer(plant)
    legs = count(plant, {"code": "LEG", "on_hand": 10})["LEG"]
    order = make_order(offer, {"quantity": 2})
    hold(order)
    promise_source().confirm(order_id=order.pk)
    assert numbers(legs) == (10, 0, 6, 0)
    assert set(Reservation.objects.values_list("status", flat=True)) == {"confirmed"}


def test_a_hold_that_expires_or_fails_keeps_no_components() -> None:
    plant = make_plant()
    offer = make_offer(plant)
    legs = count(plant, {"code": "LEG", "on_hand": 10})["LEG"]
    order = make_order(offer)
    hold(order)
    hold(order)  # replaces the first: kept once
    assert numbers(legs) == (10, 3, 0, 0)
    Hold.objects.update(expires_at=real_now() - timedelta(seconds=1))
    assert expire_holds() == 1
    assert numbers(legs) == (10, 0, 0, 0)
    plant.engineerings.update(is_current=False)
    with pytest.raises(DomainError):
        hold(make_order(offer))
    assert numbers(legs) == (10, 0, 0, 0)
    assert Booking.objects.count() == 0


def test_plants_that_count_nothing_ask_nothing() -> None:
    offer = make_offer(make_plant())
    assert inquire(offer).waits_for == ()
    hold(make_order(offer))
    assert Stock.objects.count() == Reservation.objects.count() == 0
    assert Plant.objects.get().material_seq == 0
