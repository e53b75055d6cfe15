"""A month of selling, planning and making: what was said is kept, and nothing is left over."""

from datetime import datetime, timedelta
from random import Random

import pytest
from django.db.models import F, Max

from cosmo.lib.clock import real_now
from cosmo.lib.ports import promise_source
from production.lifecycle import DispatchStatus, HoldStatus, OperationStatus, WorkOrderStatus
from production.models import Booking, Hold, Operation, Plant, WorkOrder
from production.services import planning
from production.services.holds import expire_holds
from tests.factories.production import MONDAY, make_offer, make_order, make_plant, set_plant_time

pytestmark = pytest.mark.django_db
CHOICES = {
    "size": ("small", "large"),
    "colour": ("white", "black", "red"),
    "engraving": ("", "Ada"),
}


def work_until(plant: Plant, now: datetime) -> None:
    """A line that does exactly what the plan says."""
    set_plant_time(plant, now)
    begun = Operation.objects.filter(booking__period__startswith__lte=now).exclude(
        status=OperationStatus.DONE
    )
    for operation in begun.select_related("booking"):
        is_done = operation.booking.period.upper <= now
        operation.status = OperationStatus.DONE if is_done else OperationStatus.RUNNING
        operation.started_at = operation.booking.period.lower
        operation.ended_at = operation.booking.period.upper if is_done else None
        operation.save()
    WorkOrder.objects.filter(
        dispatch=DispatchStatus.DUE, operations__status=OperationStatus.RUNNING
    ).update(dispatch=DispatchStatus.ACCEPTED)
    for work_order in WorkOrder.objects.filter(
        status__in=[WorkOrderStatus.PLANNED, WorkOrderStatus.RUNNING]
    ):
        statuses = set(work_order.operations.values_list("status", flat=True))
        if statuses == {OperationStatus.DONE}:
            work_order.status = WorkOrderStatus.CLOSED
        elif statuses != {OperationStatus.PLANNED}:
            work_order.status = WorkOrderStatus.RUNNING
        work_order.save(update_fields=["status"])


def test_holds_that_outlast_their_time_do_not_make_sold_work_late() -> None:
    """As in a demonstration, where a quarter of an hour is many plant days."""
    plant = make_plant()
    offer = make_offer(plant)
    now = MONDAY
    for turn in range(12):
        abandoned = make_order(offer, {"quantity": 2, "colour": "red"})
        promise_source().hold(order_id=abandoned.pk, lasts=timedelta(minutes=15))
        sold = make_order(offer)
        promise_source().hold(order_id=sold.pk, lasts=timedelta(minutes=15))
        promise_source().confirm(order_id=sold.pk)
        run = planning.plan_plant(plant_id=plant.pk, trigger=f"turn {turn}")
        assert run.was_published, run.refusal
        assert run.measures["late"] == 0
        now += timedelta(hours=3)
        work_until(plant, now)
    assert Booking.objects.filter(hold__isnull=False).count() == 12 * 2 * 4


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_promise_is_kept_over_many_plans(seed: int) -> None:
    random = Random(seed)
    plant = make_plant()
    offer = make_offer(plant)
    now = MONDAY
    for turn in range(25):
        for _ in range(random.randint(0, 3)):
            wanted = {name: random.choice(options) for name, options in CHOICES.items()}
            order = make_order(offer, {**wanted, "quantity": random.randint(1, 2)})
            promise_source().hold(order_id=order.pk, lasts=timedelta(minutes=15))
            fate = random.random()
            if fate < 0.7:
                promise_source().confirm(order_id=order.pk)
            elif fate < 0.85:
                promise_source().release(order_id=order.pk)
        run = planning.plan_plant(plant_id=plant.pk, trigger=f"turn {turn}")
        assert run.was_published, run.refusal
        assert run.measures["late"] == 0
        # A quarter of an hour is over: what was neither confirmed nor released expires.
        Hold.objects.filter(status=HoldStatus.ACTIVE).update(expires_at=real_now())
        expire_holds()
        now += timedelta(minutes=random.randint(15, 400))
        work_until(plant, now)
    work_until(plant, now + timedelta(days=60))
    made = WorkOrder.objects.annotate(end=Max("operations__ended_at"))
    assert made.count() > 20
    assert set(made.values_list("status", flat=True)) == {WorkOrderStatus.CLOSED}
    assert not made.filter(end__gt=F("due_at")).exists()
    assert Booking.objects.count() == Operation.objects.count()
