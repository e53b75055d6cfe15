"""Brought sooner: the new units arrive earlier, and nobody who was promised something is later."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Max

from cosmo.lib.ports import promise_source
from orders.models import Order
from orders.services.promises import hold_capacity
from production.models import Booking, HeldUnit, Hold, PlanEvent, Plant, ScheduleRun, WorkOrder
from production.promise.sooner import find_sooner
from production.services.plan_events import mark_plan_wanted
from production.services.planning import plan_plant
from production.services.sooner import bring_sooner
from tests.factories.production import make_offer, make_order, make_plant
from tests.production.materials.stocks import count

pytestmark = pytest.mark.django_db
LASTS = timedelta(minutes=15)


def sell(order: Order) -> None:
    hold_capacity(order, lasts=LASTS)
    promise_source().confirm(order_id=order.pk)


def ask(order: Order) -> date:
    hold_capacity(order, lasts=LASTS)
    order.refresh_from_db()
    return order.promise_date


def ends(work_orders: Iterable[WorkOrder]) -> dict[int, datetime]:
    rows = Booking.objects.filter(operation__work_order__in=work_orders)
    return dict(
        rows.values_list("operation__work_order").annotate(Max("period__endswith")).order_by()
    )


@pytest.fixture
def busy() -> tuple[Plant, Order]:
    """A plant whose days are full of units that could well wait, and an order behind them."""
    plant = make_plant()
    offer = make_offer(plant)
    sell(make_order(offer, {"quantity": 20}))
    plan_plant(plant_id=plant.pk, trigger="test")
    return plant, make_order(offer)


def test_a_unit_goes_before_work_that_can_wait(busy: tuple[Plant, Order]) -> None:
    plant, order = busy
    said = ask(order)
    mark_plan_wanted(plant.pk, "asked by a planner")
    assert bring_sooner(order_id=order.pk)
    assert not PlanEvent.objects.filter(run=None).exists()  # a plan like any other answers it
    order.refresh_from_db()
    assert order.promise_date < said
    held = HeldUnit.objects.get(hold__order=order)
    assert held.promise_date == order.promise_date == order.lines.get().promise_date
    booked = Booking.objects.filter(hold__order=order)
    assert booked.count() == 4
    assert max(one.period.upper for one in booked) <= held.due_at
    due = dict(WorkOrder.objects.values_list("pk", "due_at"))
    assert all(end <= due[pk] for pk, end in ends(WorkOrder.objects.all()).items())
    assert ScheduleRun.objects.latest("pk").was_published
    assert promise_source().is_held(order_id=order.pk)


def test_what_was_brought_sooner_is_sold_and_made_as_said(busy: tuple[Plant, Order]) -> None:
    plant, order = busy
    ask(order)
    assert bring_sooner(order_id=order.pk)
    order.refresh_from_db()
    promise_source().confirm(order_id=order.pk)
    run = plan_plant(plant_id=plant.pk, trigger="test")
    assert run.was_published
    assert run.measures["late"] == 0
    mine = WorkOrder.objects.get(unit__line__order=order)
    assert ends([mine])[mine.pk] <= mine.due_at


def test_nothing_sooner_changes_nothing() -> None:
    order = make_order(make_offer(make_plant()))
    said = ask(order)
    before = set(Booking.objects.values_list("pk", flat=True))
    assert not bring_sooner(order_id=order.pk)
    order.refresh_from_db()
    assert order.promise_date == said
    assert set(Booking.objects.values_list("pk", flat=True)) == before


def test_a_hold_that_is_over_is_left_alone(busy: tuple[Plant, Order]) -> None:
    _plant, order = busy
    ask(order)
    promise_source().release(order_id=order.pk)
    assert not bring_sooner(order_id=order.pk)
    assert not Hold.objects.filter(order=order, status="active").exists()
    assert not bring_sooner(order_id=order.pk + 1)


def test_components_are_waited_for_all_the_same(busy: tuple[Plant, Order]) -> None:
    plant, order = busy
    count(plant, {"code": "LEG", "on_hand": 0, "lead_time_days": 14})
    said = ask(order)
    bring_sooner(order_id=order.pk)
    order.refresh_from_db()
    there = plant.clock.now() + timedelta(days=14)
    assert order.promise_date <= said
    assert min(b.period.lower for b in Booking.objects.filter(hold__order=order)) >= there


def test_a_plant_that_changed_meanwhile_is_not_touched(
    busy: tuple[Plant, Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    from production.services import sooner

    plant, order = busy
    said = ask(order)

    def meanwhile(*args: Any, **named: Any) -> object:
        found = find_sooner(*args, **named)
        Plant.objects.filter(pk=plant.pk).update(booking_seq=plant.booking_seq + 1000)
        return found

    monkeypatch.setattr(sooner, "find_sooner", meanwhile)
    assert not bring_sooner(order_id=order.pk)
    order.refresh_from_db()
    assert order.promise_date == said
