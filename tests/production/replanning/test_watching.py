"""Silence is noticed once, and its end too."""

from datetime import timedelta

import pytest

from cosmo.lib.clock import real_now
from production.lifecycle import PlanReason
from production.models import Line, PlanEvent, Plant, WorkOrder
from production.services.watching import watch_lines, watch_reports
from tests.factories.production import set_plant_time
from tests.factories.work_orders import make_accepted, make_work_orders
from tests.production.fake_line import EPOCH, FakeLine
from tests.production.reporting import Reporter, deliver

pytestmark = pytest.mark.django_db


@pytest.fixture
def work_orders(plant: Plant, line: FakeLine) -> list[WorkOrder]:
    return [make_accepted(one, epoch=EPOCH) for one in make_work_orders(plant, quantity=2)]


def kinds() -> list[str]:
    return list(PlanEvent.objects.order_by("pk").values_list("kind", flat=True))[1:]


def fall_silent() -> None:
    Line.objects.update(seen_at=real_now() - timedelta(minutes=1))


def test_a_silent_line_is_noted_once_and_its_return_once(work_orders: list[WorkOrder]) -> None:
    assert watch_lines() == 0
    fall_silent()
    assert [watch_lines(), watch_lines()] == [1, 0]
    Line.objects.update(seen_at=real_now())
    assert [watch_lines(), watch_lines()] == [1, 0]
    fall_silent()
    assert watch_lines() == 1
    assert kinds() == [PlanReason.LINE_SILENT, PlanReason.LINE_BACK, PlanReason.LINE_SILENT]


def test_a_line_without_work_may_be_silent(plant: Plant, line: FakeLine) -> None:
    fall_silent()
    assert watch_lines() == 0
    assert not PlanEvent.objects.exists()


def test_an_operation_nothing_is_heard_of_is_noted_once(
    plant: Plant, work_orders: list[WorkOrder]
) -> None:
    saw = work_orders[0].operations.get(code="saw").booking
    set_plant_time(plant, saw.period.lower + timedelta(minutes=10))
    assert watch_reports(plant.pk) == 0
    set_plant_time(plant, saw.period.lower + timedelta(minutes=20))
    late = watch_reports(plant.pk)
    assert late >= 1
    assert watch_reports(plant.pk) == 0
    assert kinds() == [PlanReason.REPORT_LATE] * late
    assert PlanEvent.objects.filter(facts__operation="saw").exists()


def test_an_operation_that_does_not_end_is_late_too(
    plant: Plant, work_orders: list[WorkOrder]
) -> None:
    first = work_orders[0]
    deliver(first, [Reporter(first).about("saw", "started")])
    saw = first.operations.get(code="saw")
    set_plant_time(plant, saw.booking.period.upper + timedelta(minutes=20))
    watch_reports(plant.pk)
    assert PlanEvent.objects.filter(subject=f"operation {saw.pk} running").count() == 1
