"""Bookings follow what really happened, and never run into each other."""

from datetime import timedelta

import pytest

from production.models import Booking, Plant, WorkOrder
from tests.factories.production import MONDAY, set_plant_time
from tests.factories.work_orders import make_accepted, make_work_orders
from tests.production.fake_line import EPOCH, FakeLine
from tests.production.reporting import Reporter, deliver

pytestmark = pytest.mark.django_db


@pytest.fixture
def work_orders(plant: Plant, line: FakeLine) -> list[WorkOrder]:
    """Four units; with two saws, the third and fourth saw after the first two."""
    made = [make_accepted(one, epoch=EPOCH) for one in make_work_orders(plant, quantity=4)]
    set_plant_time(plant, MONDAY + timedelta(days=1))
    Plant.objects.update(plan_wanted_at=None, plan_wanted_for="")
    return made


def saw(work_order: WorkOrder) -> Booking:
    return Booking.objects.get(operation__work_order=work_order, operation_code="saw")


def wanted() -> str:
    return Plant.objects.get().plan_wanted_for


def test_on_time_moves_nothing_and_asks_for_no_plan(work_orders: list[WorkOrder]) -> None:
    first = work_orders[0]
    before = saw(first).period
    deliver(first, Reporter(first).make("saw"))
    assert saw(first).period == before
    assert wanted() == ""


def test_early_end_gives_the_rest_back(plant: Plant, work_orders: list[WorkOrder]) -> None:
    first, line = work_orders[0], Reporter(work_orders[0])
    planned = saw(first).period
    seq = Plant.objects.get().booking_seq
    started = line.about("saw", "started")
    line.later(30.5)
    deliver(first, [started, line.about("saw", "ended")])
    really = saw(first)
    assert really.period.lower == planned.lower
    assert really.period.upper == planned.lower + timedelta(minutes=30)
    assert really.seq == Plant.objects.get().booking_seq == seq + 1
    assert wanted() == ""


def test_overrun_ends_where_the_next_begins_and_asks_for_a_plan(
    work_orders: list[WorkOrder],
) -> None:
    by_lane: dict[int, list[WorkOrder]] = {}
    for work_order in work_orders:
        by_lane.setdefault(saw(work_order).lane_id, []).append(work_order)
    earlier, later = next(pair for pair in by_lane.values() if len(pair) == 2)
    line, next_begins = Reporter(earlier), saw(later).period.lower
    started = line.about("saw", "started")
    line.later(200)
    deliver(earlier, [started, line.about("saw", "ended")])
    assert saw(earlier).period.upper == next_begins
    assert wanted() == "saw ran into the next"
    ended = earlier.operations.get(code="saw").ended_at
    assert ended is not None
    assert ended > next_begins  # what really happened is kept


def test_start_where_others_are_booked_stays_as_planned_and_asks_for_a_plan(
    work_orders: list[WorkOrder],
) -> None:
    last = max(work_orders, key=lambda one: saw(one).period.lower)
    planned = saw(last).period
    line = Reporter(last)
    line.now = min(saw(one).period.lower for one in work_orders)
    deliver(last, [line.about("saw", "started")])
    assert saw(last).period == planned
    assert wanted() == "saw began where others are booked"
    line.later(60)
    deliver(last, [line.about("saw", "ended")])
    assert saw(last).period.upper - saw(last).period.lower == timedelta(minutes=1)


def test_late_start_moves_the_whole_booking(work_orders: list[WorkOrder]) -> None:
    last = max(work_orders, key=lambda one: saw(one).period.lower)
    planned = saw(last).period
    line = Reporter(last)
    line.later(40)
    deliver(last, [line.about("saw", "started")])
    assert saw(last).period.lower == planned.lower + timedelta(minutes=40)
    assert saw(last).period.upper == planned.upper + timedelta(minutes=40)
    assert wanted() == "saw began late"


def test_another_station_than_planned_takes_the_booking_along(
    work_orders: list[WorkOrder],
) -> None:
    last = max(work_orders, key=lambda one: saw(one).period.lower)
    planned_at = saw(last).lane.resource.code
    other = {"saw-1": "saw-2", "saw-2": "saw-1"}[planned_at]
    line = Reporter(last)
    line.later(24 * 60)
    deliver(last, [line.about("saw", "started", station=other)])
    assert saw(last).lane.resource.code == other


def test_unknown_station_keeps_the_booking(work_orders: list[WorkOrder]) -> None:
    first = work_orders[0]
    before = saw(first).period
    deliver(first, [Reporter(first).about("saw", "started", station="attic")])
    assert saw(first).period == before
    assert wanted() == "saw began where others are booked"


def test_side_by_side_lanes_are_interchangeable(work_orders: list[WorkOrder]) -> None:
    """The booth takes two; whoever comes early finds the other lane."""
    for number, work_order in enumerate(work_orders[:2]):
        line = Reporter(work_order)
        line.now = MONDAY + timedelta(hours=12 + number / 10)
        deliver(work_order, [line.about("paint", "started")])
    booked = Booking.objects.filter(
        operation_code="paint", operation__work_order__in=work_orders[:2]
    )
    assert len({one.lane_id for one in booked}) == 2
