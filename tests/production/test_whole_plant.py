"""A plant with breaks, maintenance, a crew, an oven, two places and a mix rule: loaded, promised,
planned, checked and stored.
"""

from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from cosmo.lib.ports import promise_source
from production.models import Booking, Plant, ScheduleRun, WorkOrder
from production.planning import read_snapshot
from production.services import planning
from tests.factories.documents import PLANT
from tests.factories.production import make_offer, make_order, make_plant

from .test_planning import COLOURS, start

BERLIN = ZoneInfo("Europe/Berlin")
pytestmark = pytest.mark.django_db


def whole_document() -> dict[str, Any]:
    document = deepcopy(PLANT)
    document["calendars"]["days"]["breaks"] = ["12:00-12:30"]
    saws, paint, _ = document["work_centres"]
    saws |= {"crew": "sawyers", "place": "hall"}
    saws["resources"][0]["maintenance"] = [{"weekday": "mon", "at": "06:00-09:00"}]
    document["calendars"]["afternoon"] = {
        "weekdays": {day: ["13:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    }
    paint |= {"place": "annex", "calendar": "afternoon"}
    paint["resources"] = [{"id": "oven", "lanes": 3, "batch": True}]
    document["work_centres"].append(
        {
            "id": "sawyers",
            "names": {"en": "Sawyers"},
            "kind": "crew",
            "calendar": "days",
            "resources": [{"id": "sawyer"}],
        }
    )
    document["transfer_min"] = {"other": 20}
    (line,) = document["lines"]
    line["work_centres"] = [*line["work_centres"], "sawyers"]
    line["mix_rules"] = [
        {"id": "large", "work_centre": "saws", "at_most": 1, "of": 2, "when": "size == 'large'"}
    ]
    return document


@pytest.fixture
def plant() -> Plant:
    return make_plant(**whole_document())


def sell(plant: Plant, count: int) -> None:
    """Confirmed orders, two of a colour and every other one large."""
    offer = make_offer(plant)
    for number in range(count):
        size = "large" if number % 2 else "small"
        order = make_order(offer, {"colour": COLOURS[number // 3 % 3], "size": size})
        promise_source().hold(order_id=order.pk, lasts=planning.LEASE)
        promise_source().confirm(order_id=order.pk)


def plan(plant: Plant) -> ScheduleRun:
    run = planning.plan_plant(plant_id=plant.pk, trigger="test")
    assert run.was_published, run.refusal
    return run


def bookings(code: str) -> list[Booking]:
    return list(Booking.objects.filter(operation_code=code).order_by("period"))


def overlapping(found: list[Booking]) -> Iterator[tuple[Booking, Booking]]:
    for one, other in combinations(found, 2):
        if one.period.lower < other.period.upper and other.period.lower < one.period.upper:
            yield one, other


def test_the_problem_has_all_of_it(plant: Plant) -> None:
    sell(plant, 4)
    problem = read_snapshot(plant.pk).problem
    assert {"transfers", "batches", "seconds", "mix_rules", "set_ups"} <= problem.features_used
    (rule,) = problem.mix_rules
    assert (rule.at_most, rule.of, len(rule.members)) == (1, 2, 2)
    blocked = {lane.name: lane.blocked[:1] for lane in problem.lanes if lane.blocked}
    assert blocked == {"saw-1/1": ((0, 180),)}  # it is 06:00 on Monday


def test_a_plan_with_all_of_it_is_published_and_kept(plant: Plant) -> None:
    sell(plant, 8)
    plan(plant)
    saws, ovens = bookings("saw"), bookings("paint")
    assert len({booking.second_lane_id for booking in saws}) == 1
    assert list(overlapping(saws)) == []  # one sawyer at two saws
    assert {booking.second_lane_id for booking in ovens} == {None}
    together = list(overlapping(ovens))
    assert together  # the oven takes several at a time
    assert all(
        (one.period, one.set_up_family) == (other.period, other.set_up_family)
        for one, other in together
    )
    for work_order in WorkOrder.objects.all():
        saw, paint = (work_order.operations.get(code=c).booking for c in ("saw", "paint"))
        assert paint.period.lower >= saw.period.upper + timedelta(minutes=20)
    for booking in Booking.objects.all():
        low, high = (
            moment.astimezone(BERLIN) for moment in (booking.period.lower, booking.period.upper)
        )
        minutes = [one.hour * 60 + one.minute for one in (low, high)]
        assert not (minutes[0] < 750 and minutes[1] > 720), "spans the break"
    before = set(Booking.objects.values_list("lane_id", "second_lane_id", "period"))
    plan(plant)
    assert set(Booking.objects.values_list("lane_id", "second_lane_id", "period")) == before


def test_running_units_of_an_oven_are_one_batch(plant: Plant) -> None:
    sell(plant, 6)
    plan(plant)
    inside = next(pair for pair in overlapping(bookings("paint")))
    begun = inside[0].period.lower
    for booking in Booking.objects.filter(period__startswith__lt=begun):
        booking.delete()
    plant.refresh_from_db()
    for booking in inside:
        assert booking.operation is not None
        booking.operation.after = []
        start(booking.operation)
    snapshot = read_snapshot(plant.pk)
    fixed = [own.fixed for own in snapshot.problem.operations if own.fixed is not None]
    assert len(fixed) == 2
    assert len({(place.start, place.end) for place in fixed}) == 1


def test_nobody_of_a_crew_is_at_two_places(plant: Plant) -> None:
    sell(plant, 2)
    plan(plant)
    first, second = bookings("saw")
    (lane_id, *_) = Booking.objects.filter(operation_code="pack").values_list("lane_id", flat=True)
    Booking.objects.exclude(operation_code="saw").delete()
    moved = Booking.objects.filter(pk=first.pk)
    with pytest.raises(IntegrityError, match="production_booking_one_crew"), transaction.atomic():
        moved.update(lane_id=lane_id, period=second.period)
