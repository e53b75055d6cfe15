"""What happens without anybody asking: hints after a confirmation, and the sweeps behind them."""

import json
import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
import redis

from cosmo.lib.clock import real_now
from cosmo.lib.ports import freeze_points, promise_source
from orders.models import Order, Unit
from orders.signals import order_confirmed
from production import tasks
from production.lifecycle import DispatchStatus, HoldStatus, OperationStatus, WorkOrderStatus
from production.models import Booking, Hold, Operation, Plant, ScheduleRun, WorkOrder
from tests.factories.production import MONDAY, make_offer, make_order, make_plant, set_plant_time

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker() -> Iterator["redis.Redis"]:
    client = redis.Redis.from_url(os.environ["BROKER_URL"])
    client.flushdb()
    yield client
    client.flushdb()
    client.close()


def sell(plant: Plant) -> Order:
    order = make_order(make_offer(plant), {"engraving": "Ada"})
    promise_source().hold(order_id=order.pk, lasts=timedelta(minutes=15))
    promise_source().confirm(order_id=order.pk)
    return order


def test_confirmed_order_sends_a_hint_to_plan(broker: "redis.Redis") -> None:
    order = sell(make_plant())
    order_confirmed.send(sender=Order, order_id=order.pk)
    sent = [json.loads(message) for message in broker.lrange("celery", 0, -1)]
    assert [(one["headers"]["task"], one["headers"]["argsrepr"]) for one in sent] == [
        ("production.plan_order", f"({order.pk},)")
    ]


def test_hint_plans_once_however_often_it_comes() -> None:
    order = sell(make_plant())
    for _ in range(3):
        tasks.planning.plan_order(order.pk)
    assert ScheduleRun.objects.count() == 1
    assert ScheduleRun.objects.get().trigger == "order confirmed"
    assert WorkOrder.objects.get().dispatch == DispatchStatus.DUE
    tasks.planning.plan_plant(Plant.objects.get().pk)
    assert ScheduleRun.objects.count() == 1


def test_sweep_plans_what_a_lost_hint_left_and_lets_due_work_go() -> None:
    plant = make_plant(release_horizon_min=30)
    set_plant_time(plant, MONDAY - timedelta(hours=10))
    sell(plant)
    tasks.planning.plan_marked_plants()
    assert ScheduleRun.objects.count() == 1
    assert WorkOrder.objects.get().dispatch == DispatchStatus.WAITING
    set_plant_time(plant, MONDAY - timedelta(minutes=10))
    tasks.planning.plan_marked_plants()
    assert ScheduleRun.objects.count() == 1
    assert WorkOrder.objects.get().dispatch == DispatchStatus.DUE


def test_sweep_frees_only_holds_that_ended() -> None:
    offer = make_offer(make_plant())
    ended, open_one = make_order(offer), make_order(offer)
    for order in (ended, open_one):
        promise_source().hold(order_id=order.pk, lasts=timedelta(minutes=15))
    Hold.objects.filter(order=ended).update(expires_at=real_now())
    tasks.planning.expire_holds()
    assert Hold.objects.get(order=ended).status == HoldStatus.EXPIRED
    assert Hold.objects.get(order=open_one).status == HoldStatus.ACTIVE
    assert set(Booking.objects.values_list("hold__order", flat=True)) == {open_one.pk}


def test_features_freeze_one_operation_after_the_other() -> None:
    unit = Unit.objects.get(line__order=sell(make_plant()))
    seen = [freeze_points().frozen_features(unit_id=unit.pk)]
    for code in ("saw", "paint", "engrave"):
        Operation.objects.filter(code=code).update(status=OperationStatus.RUNNING)
        seen.append(freeze_points().frozen_features(unit_id=unit.pk))
    assert seen == [
        frozenset(),
        {"size"},
        {"size", "colour"},
        {"size", "colour", "engraving"},
    ]


def test_features_of_an_aborted_work_order_are_free_again() -> None:
    unit = Unit.objects.get(line__order=sell(make_plant()))
    Operation.objects.filter(code="saw").update(status=OperationStatus.DONE)
    WorkOrder.objects.update(status=WorkOrderStatus.ABORTED)
    assert freeze_points().frozen_features(unit_id=unit.pk) == frozenset()
