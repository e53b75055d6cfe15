"""What is about to begin stays where it is; a rush order and a breakdown go round it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from production.lifecycle import DispatchStatus, DowntimeKind
from production.models import Booking, Operation, Plant, WorkOrder
from production.planning import read_snapshot
from production.scheduling.problem import SequenceClass
from production.services import planning
from production.services.downtimes import note_downtime
from production.services.plants import load_plant
from production.services.rush import set_rush
from tests.factories.documents import PLANT
from tests.factories.production import MONDAY, make_factory, make_plant, set_plant_time
from tests.factories.work_orders import make_work_orders

pytestmark = pytest.mark.django_db
HORIZON_MIN = 240


@pytest.fixture
def plant(db: None) -> Plant:
    return make_plant(frozen_horizon_min=HORIZON_MIN)


def starts() -> dict[int, tuple[int, datetime]]:
    rows = Booking.objects.filter(operation__isnull=False)
    return {
        pk: (lane, period.lower)
        for pk, lane, period in rows.values_list("operation", "lane", "period")
    }


def near(before: dict[int, tuple[int, datetime]]) -> set[int]:
    until = MONDAY + timedelta(minutes=HORIZON_MIN)
    return {pk for pk, (_, start) in before.items() if start < until}


def test_a_rush_order_moves_nothing_that_is_about_to_begin(plant: Plant) -> None:
    make_work_orders(plant, quantity=6)
    planning.plan_plant(plant_id=plant.pk, trigger="before")
    before = starts()
    [late] = make_work_orders(plant)
    set_rush(work_order_id=late.pk, is_rush=True)
    planning.plan_if_wanted(plant_id=plant.pk)
    after = starts()
    assert near(before)
    assert {pk: after[pk] for pk in near(before)} == {pk: before[pk] for pk in near(before)}


def test_without_a_horizon_it_may_move(plant: Plant) -> None:
    plant = make_plant()
    make_work_orders(plant, quantity=6)
    planning.plan_plant(plant_id=plant.pk, trigger="before")
    assert not [
        one
        for one in read_snapshot(plant.pk).problem.operations
        if one.sequence == SequenceClass.FIXED
    ]


def test_what_cannot_stay_keeps_its_lane_and_order(plant: Plant) -> None:
    """Nobody began the first saw cut in time: it and what waits for it come later, in order."""
    make_work_orders(plant, quantity=4)
    planning.plan_plant(plant_id=plant.pk, trigger="before")
    before = starts()
    set_plant_time(plant, MONDAY + timedelta(minutes=90))
    assert planning.plan_plant(plant_id=plant.pk, trigger="late").was_published
    after = starts()
    waiting = Operation.objects.filter(pk__in=near(before), booking__isnull=False)
    assert {pk: after[pk][0] for pk in waiting.values_list("pk", flat=True)} == {
        pk: before[pk][0] for pk in waiting.values_list("pk", flat=True)
    }


def test_a_breakdown_frees_what_is_frozen_on_its_resource(plant: Plant) -> None:
    made = make_work_orders(plant, quantity=4)
    planning.plan_plant(plant_id=plant.pk, trigger="before")
    WorkOrder.objects.filter(pk__in=[one.pk for one in made]).update(
        dispatch=DispatchStatus.ACCEPTED
    )
    before = starts()
    downtime = note_downtime(
        plant_id=plant.pk,
        resource="saw-1",
        kind=DowntimeKind.BREAKDOWN,
        ends_at=MONDAY + timedelta(hours=30),
    )
    run = planning.plan_if_wanted(plant_id=plant.pk)
    assert run is not None
    assert run.was_published
    hit = Booking.objects.filter(
        lane__resource__code="saw-1", period__overlap=downtime.period, operation__isnull=False
    )
    assert not hit.exists()
    elsewhere = near(before) - {
        one.pk for one in Operation.objects.filter(code="saw", work_order__in=made)
    }
    assert elsewhere


def test_maintenance_loaded_later_frees_what_is_frozen_there(plant: Plant) -> None:
    make_work_orders(plant, quantity=4)
    planning.plan_plant(plant_id=plant.pk, trigger="before")
    begun = Booking.objects.filter(lane__resource__code="saw-1").earliest("period")
    begins = begun.period.lower.astimezone(ZoneInfo(PLANT["time_zone"]))
    moments = {
        "from": f"{begins:%Y-%m-%dT%H:%M}",
        "until": f"{begins + timedelta(hours=2):%Y-%m-%dT%H:%M}",
    }
    centres = [dict(centre) for centre in PLANT["work_centres"]]
    centres[0]["resources"] = [
        {"id": "saw-1", "maintenance": [moments]},
        {"id": "saw-2", "speed_percent": 80},
    ]
    load_plant(
        organisation=make_factory(),
        document={**PLANT, "work_centres": centres, "frozen_horizon_min": HORIZON_MIN},
    )
    run = planning.plan_plant(plant_id=plant.pk, trigger="maintenance")
    assert run.was_published, run.refusal
    closed = (begun.period.lower, begun.period.lower + timedelta(hours=2))
    assert not Booking.objects.filter(lane__resource__code="saw-1", period__overlap=closed).exists()


def test_what_runs_on_a_broken_machine_goes_on_afterwards(plant: Plant) -> None:
    [made] = make_work_orders(plant)
    planning.plan_plant(plant_id=plant.pk, trigger="before")
    saw = made.operations.get(code="saw")
    begun = saw.booking.period.lower
    set_plant_time(plant, begun + timedelta(minutes=10))
    Operation.objects.filter(pk=saw.pk).update(status="running", started_at=begun)
    WorkOrder.objects.filter(pk=made.pk).update(status="running", dispatch=DispatchStatus.ACCEPTED)
    planned = saw.booking.period.upper
    note_downtime(
        plant_id=plant.pk,
        resource=saw.booking.lane.resource.code,
        kind=DowntimeKind.BREAKDOWN,
        ends_at=begun + timedelta(minutes=70),
    )
    assert planning.plan_plant(plant_id=plant.pk, trigger="broken").was_published
    really = Booking.objects.get(operation=saw).period.upper
    assert planned + timedelta(minutes=55) <= really <= planned + timedelta(minutes=70)


def test_whose_crew_is_away_waits_on_its_lane_in_its_order(db: None) -> None:
    """The machine works, the people do not: nothing goes elsewhere for that."""
    centres = [dict(centre) for centre in PLANT["work_centres"]]
    centres[0]["crew"] = "sawyers"
    people = {"id": "sawyers", "kind": "crew", "calendar": "days", "names": {"en": "Sawyers"}}
    centres.append({**people, "resources": [{"id": "people", "lanes": 2}]})
    line = {**PLANT["lines"][0], "work_centres": [centre["id"] for centre in centres]}
    plant = make_plant(work_centres=centres, lines=[line], frozen_horizon_min=HORIZON_MIN)
    make_work_orders(plant, quantity=4)
    planning.plan_plant(plant_id=plant.pk, trigger="before")
    sawn = Booking.objects.filter(operation_code="saw").order_by("lane", "period")
    before = list(sawn.values_list("lane", "unit"))
    away = note_downtime(
        plant_id=plant.pk,
        resource="people",
        kind=DowntimeKind.BREAKDOWN,
        ends_at=MONDAY + timedelta(minutes=150),
    )
    assert sawn.filter(period__overlap=away.period).exists()
    steps = read_snapshot(plant.pk).problem.operations
    assert {one.sequence for one in steps if one.name == "saw"} == {SequenceClass.SENT}
    run = planning.plan_if_wanted(plant_id=plant.pk)
    assert run is not None
    assert run.was_published, run.refusal
    assert not sawn.filter(period__overlap=away.period).exists()
    assert list(sawn.values_list("lane", "unit")) == before
