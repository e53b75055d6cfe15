"""Many at once after the same capacity: nobody fails, nothing is booked twice."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from cosmo.lib.clock import real_now
from cosmo.lib.errors import DomainError
from cosmo.lib.ports import promise_source
from orders.models import Order
from production.lifecycle import HoldStatus
from production.models import Booking, Hold, Operation, UnitEvent, WorkOrder
from production.services import planning
from production.services.holds import expire_holds
from tests.factories.production import make_offer, make_order, make_plant

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 8


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run every act in a thread with a connection of its own, all beginning together."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            gate.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [future.result() for future in [threads.submit(run, act) for act in acts]]


def hold(order: Order) -> None:
    promise_source().hold(order_id=order.pk, lasts=timedelta(minutes=15))


def buy(orders: Sequence[Order]) -> None:
    for order in orders:
        hold(order)
        promise_source().confirm(order_id=order.pk)


def overlaps() -> int:
    """Counted without the constraint's help."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM production_booking a JOIN production_booking b"
            " ON a.id < b.id AND a.lane_id = b.lane_id AND a.period && b.period"
        )
        return int(cursor.fetchone()[0])


def test_eight_clients_after_the_same_slots_all_get_their_own() -> None:
    offer = make_offer(make_plant())
    baskets = [[make_order(offer) for _ in range(5)] for _ in range(CLIENTS)]
    at_once([partial(buy, orders) for orders in baskets])
    assert WorkOrder.objects.count() == 40
    assert Booking.objects.count() == Operation.objects.count() == 160
    assert overlaps() == 0
    seqs = list(UnitEvent.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, 81))


def test_two_confirmations_of_one_order_make_it_once() -> None:
    order = make_order(make_offer(make_plant()), {"quantity": 2})
    hold(order)

    def confirm() -> str:
        try:
            promise_source().confirm(order_id=order.pk)
        except DomainError as refused:
            return refused.code
        return "confirmed"

    assert sorted(at_once([confirm, confirm, confirm])) == [
        "bad_transition",
        "bad_transition",
        "confirmed",
    ]
    assert WorkOrder.objects.count() == 2
    assert Booking.objects.count() == 8


@pytest.mark.parametrize("turn", range(5))
def test_sweep_and_confirmation_never_both_win(turn: int) -> None:
    offer = make_offer(make_plant())
    orders = [make_order(offer) for _ in range(4)]
    for order in orders:
        hold(order)
    Hold.objects.update(expires_at=real_now() + timedelta(milliseconds=30 + 10 * turn))

    def confirm(order: Order) -> str:
        try:
            promise_source().confirm(order_id=order.pk)
        except DomainError as refused:
            return refused.code
        return "confirmed"

    acts: list[Callable[[], Any]] = [partial(confirm, order) for order in orders]
    answers = at_once([*acts, expire_holds, expire_holds])[:4]
    Hold.objects.filter(status=HoldStatus.ACTIVE).update(expires_at=real_now())
    expire_holds()
    confirmed = answers.count("confirmed")
    assert confirmed + answers.count("hold_expired") == 4
    assert WorkOrder.objects.count() == confirmed
    assert Booking.objects.count() == 4 * confirmed
    assert Hold.objects.filter(status=HoldStatus.CONFIRMED).count() == confirmed
    assert Hold.objects.filter(status=HoldStatus.EXPIRED).count() == 4 - confirmed


def test_planning_while_orders_come_in_loses_and_doubles_nothing() -> None:
    plant = make_plant()
    offer = make_offer(plant)
    baskets = [[make_order(offer, {"colour": "red"}) for _ in range(4)] for _ in range(3)]
    kept = make_order(offer, {"quantity": 3})
    hold(kept)

    def plan_often() -> list[bool]:
        return [
            planning.plan_plant(plant_id=plant.pk, trigger="race").was_published for _ in range(5)
        ]

    answers = at_once([*(partial(buy, orders) for orders in baskets), plan_often, plan_often])
    assert answers[3] == answers[4] == [True] * 5
    assert WorkOrder.objects.count() == 12
    assert Booking.objects.filter(operation__isnull=False).count() == 48
    assert Booking.objects.filter(hold__order=kept).count() == 12
    assert overlaps() == 0
    run = planning.plan_plant(plant_id=plant.pk, trigger="last")
    assert run.measures["late"] == 0


def test_release_and_confirmation_of_one_order_leave_all_or_nothing() -> None:
    order = make_order(make_offer(make_plant()))
    hold(order)

    def confirm() -> bool:
        try:
            with transaction.atomic():
                promise_source().confirm(order_id=order.pk)
        except DomainError:
            return False
        return True

    is_confirmed, _ = at_once([confirm, lambda: promise_source().release(order_id=order.pk)])
    assert Booking.objects.count() == Operation.objects.count() == (4 if is_confirmed else 0)
