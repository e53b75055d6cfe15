"""A better plan when there is time; none when nobody is late, somebody plans, or it is no gain."""

from datetime import timedelta

import pytest
from django.db.models import F

from production.lifecycle import PlanReason
from production.models import Booking, Plant, ScheduleRun, WorkOrder
from production.services import improving, plan_events, planning
from tests.factories.production import MONDAY
from tests.factories.work_orders import make_work_orders

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(plant: Plant) -> Plant:
    """All work stands two days later than it could: late, and easily mended."""
    make_work_orders(plant, quantity=3)
    planning.plan_plant(plant_id=plant.pk, trigger="before")
    two_days = timedelta(days=2)
    for booking in Booking.objects.order_by("-period"):
        period = booking.period
        booking.period = (period.lower + two_days, period.upper + two_days)
        booking.save()
    WorkOrder.objects.update(due_at=MONDAY + timedelta(hours=30))
    last = ScheduleRun.objects.latest("id")
    ScheduleRun.objects.update(measures={**last.measures, "late_min": 4000})
    Plant.objects.update(booking_seq=F("booking_seq") + 1, plan_wanted_at=None)
    plant.refresh_from_db()
    return plant


def test_nothing_is_looked_for_where_nobody_is_late(plant: Plant) -> None:
    make_work_orders(plant)
    planning.plan_plant(plant_id=plant.pk, trigger="test")
    assert improving.improve_plan(plant_id=plant.pk, seconds=1) is None
    assert ScheduleRun.objects.count() == 1


def test_a_bad_plan_is_bettered_and_looked_at_once(late: Plant) -> None:
    run = improving.improve_plan(plant_id=late.pk, seconds=2)
    assert run is not None
    assert run.was_published
    assert run.trigger == PlanReason.IMPROVED
    assert run.measures["late"] < 3
    late.refresh_from_db()
    assert late.improved_seq == late.booking_seq
    assert late.planning_until is None
    assert improving.improve_late_plants() == 0


def test_what_is_no_gain_is_not_published(late: Plant) -> None:
    improving.improve_plan(plant_id=late.pk, seconds=2)
    last = ScheduleRun.objects.latest("id")
    ScheduleRun.objects.filter(pk=last.pk).update(measures={**last.measures, "late_min": 1})
    assert improving.improve_plan(plant_id=late.pk, seconds=1) is None
    assert ScheduleRun.objects.latest("id") == last


def test_nobody_is_disturbed_who_plans(late: Plant) -> None:
    assert planning.claim_planning(late.pk)
    assert improving.improve_plan(plant_id=late.pk, seconds=1) is None
    late.refresh_from_db()
    assert late.planning_until is not None


def test_a_plant_that_wants_a_plan_is_left_to_it(late: Plant) -> None:
    plan_events.mark_plan_wanted(late.pk, PlanReason.RUSH)
    assert improving.improve_late_plants() == 0
