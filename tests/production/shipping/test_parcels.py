"""From the line's end to the customer's door, in plant time, each step once."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cosmo.lib.clock import real_now
from cosmo.lib.models import OutboxEvent
from orders.lifecycle import OrderStatus
from orders.models import Order
from production import tasks
from production.carriers.simulated import SimulatedCarrier, parcel_number
from production.lifecycle import SlipCause, SlipStatus
from production.models import Plant, Shipment, Slip, UnitEvent, WorkOrder
from production.scheduling.delivery import Carrier
from tests.factories.production import MONDAY, set_plant_time
from tests.factories.work_orders import make_accepted, make_work_orders
from tests.production.fake_line import EPOCH, FakeLine
from tests.production.reporting import Reporter, deliver

pytestmark = pytest.mark.django_db
TUESDAY_NOON = datetime(2027, 3, 2, 11, 0, tzinfo=UTC)


@pytest.fixture
def made(plant: Plant, line: FakeLine) -> list[WorkOrder]:
    """Both units of an order, ready to ship on Monday before the pick-up at 17:00."""
    work_orders = [make_accepted(one, epoch=EPOCH) for one in make_work_orders(plant, quantity=2)]
    set_plant_time(plant, MONDAY + timedelta(hours=10))
    for work_order in work_orders:
        deliver(work_order, Reporter(work_order).life())
    return work_orders


def sweep(plant: Plant, at: datetime) -> None:
    set_plant_time(plant, at)
    tasks.parcels.move_parcels()


def last_stages(work_orders: list[WorkOrder]) -> set[str]:
    return {
        UnitEvent.objects.filter(unit=one.unit).order_by("-seq")[0].stage for one in work_orders
    }


def test_parcel_is_booked_for_the_next_pickup(plant: Plant, made: list[WorkOrder]) -> None:
    tasks.parcels.move_parcels()
    shipments = list(Shipment.objects.order_by("unit_id"))
    assert len(shipments) == 2
    assert {one.pickup_at for one in shipments} == {datetime(2027, 3, 1, 16, 0, tzinfo=UTC)}
    assert {one.expected_at for one in shipments} == {TUESDAY_NOON}
    assert shipments[0].parcel_number != shipments[1].parcel_number
    assert last_stages(made) == {"ready"}


def test_parcels_leave_arrive_and_fulfil_the_order_once(
    plant: Plant, made: list[WorkOrder]
) -> None:
    order = Order.objects.get()
    sweep(plant, datetime(2027, 3, 1, 15, 59, tzinfo=UTC))
    assert last_stages(made) == {"ready"}
    sweep(plant, datetime(2027, 3, 1, 16, 1, tzinfo=UTC))
    assert last_stages(made) == {"on_its_way"}
    told = UnitEvent.objects.filter(stage="on_its_way").order_by("seq")[0]
    assert told.facts == {
        "parcel": Shipment.objects.get(unit=told.unit).parcel_number,
        "carrier": "simulated",
        "expected": "2027-03-02",
    }
    assert told.plant_time == datetime(2027, 3, 1, 16, 0, tzinfo=UTC)
    assert OutboxEvent.objects.filter(topic="mail.shipped").count() == 2
    sweep(plant, TUESDAY_NOON + timedelta(minutes=1))
    assert last_stages(made) == {"delivered"}
    order.refresh_from_db()
    assert order.status == OrderStatus.FULFILLED
    events = UnitEvent.objects.count()
    sweep(plant, TUESDAY_NOON + timedelta(days=9))
    assert UnitEvent.objects.count() == events
    assert OutboxEvent.objects.filter(topic="mail.delivered").count() == 1
    assert mail.outbox == []


def test_order_waits_for_its_last_unit(plant: Plant, line: FakeLine) -> None:
    first, second = (make_accepted(one, epoch=EPOCH) for one in make_work_orders(plant, quantity=2))
    set_plant_time(plant, MONDAY + timedelta(hours=10))
    deliver(first, Reporter(first).life())
    tasks.parcels.move_parcels()
    sweep(plant, TUESDAY_NOON + timedelta(minutes=1))
    assert last_stages([first]) == {"delivered"}
    assert Order.objects.get().status == OrderStatus.CONFIRMED
    deliver(second, Reporter(second).life())
    tasks.parcels.move_parcels()
    sweep(plant, TUESDAY_NOON + timedelta(days=5))
    assert Order.objects.get().status == OrderStatus.FULFILLED


def test_sweep_that_slept_tells_both_steps_in_order(plant: Plant, made: list[WorkOrder]) -> None:
    tasks.parcels.move_parcels()
    sweep(plant, TUESDAY_NOON + timedelta(days=2))
    told = UnitEvent.objects.filter(unit=made[0].unit).order_by("seq")
    assert list(told.values_list("stage", "plant_time"))[-2:] == [
        ("on_its_way", datetime(2027, 3, 1, 16, 0, tzinfo=UTC)),
        ("delivered", TUESDAY_NOON),
    ]


def test_idle_sweep_is_cheap(plant: Plant, made: list[WorkOrder]) -> None:
    tasks.parcels.move_parcels()
    sweep(plant, TUESDAY_NOON + timedelta(days=2))
    with CaptureQueriesContext(connection) as idle:
        tasks.parcels.move_parcels()
    assert len(idle) == 4


TIMETABLE = Carrier(working_days=2, pickup=time(17), zone=ZoneInfo("Europe/Berlin"))
REFERENCE = UUID("0195f2d0-6a53-7c1e-9a0f-3f6f0f1b7a11")


@pytest.mark.parametrize(
    ("ready_at", "pickup_at", "expected_at"),
    [
        # Friday before and after the pick-up at 17:00 in Berlin; the weekend does not count.
        ("2027-03-05T15:59:00+00:00", "2027-03-05T16:00:00+00:00", "2027-03-09T11:00:00+00:00"),
        ("2027-03-05T16:00:00+00:00", "2027-03-05T16:00:00+00:00", "2027-03-09T11:00:00+00:00"),
        ("2027-03-05T16:01:00+00:00", "2027-03-08T16:00:00+00:00", "2027-03-10T11:00:00+00:00"),
        ("2027-03-06T08:00:00+00:00", "2027-03-08T16:00:00+00:00", "2027-03-10T11:00:00+00:00"),
    ],
)
def test_simulated_carrier_keeps_its_timetable(
    ready_at: str, pickup_at: str, expected_at: str
) -> None:
    parcel = SimulatedCarrier().take_on(
        reference=REFERENCE, ready_at=datetime.fromisoformat(ready_at), timetable=TIMETABLE
    )
    assert parcel.pickup_at.isoformat() == pickup_at
    assert parcel.expected_at.astimezone(UTC).isoformat() == expected_at
    assert parcel.number == parcel_number(REFERENCE)


def test_delivery_on_the_day_of_the_pickup_comes_after_it() -> None:
    parcel = SimulatedCarrier().take_on(
        reference=REFERENCE,
        ready_at=MONDAY,
        timetable=Carrier(working_days=0, pickup=TIMETABLE.pickup, zone=TIMETABLE.zone),
    )
    assert parcel.expected_at - parcel.pickup_at == timedelta(hours=3)


def test_a_slip_that_nobody_answered_ends_with_the_delivery(
    plant: Plant, made: list[WorkOrder]
) -> None:
    line = made[0].unit.line
    slip = Slip.objects.create(
        plant=plant,
        unit=made[0].unit,
        cause=SlipCause.OVERLOAD,
        cause_key="overload",
        promised=line.promise_date,
        expected=line.promise_date + timedelta(days=1),
        answer_until=real_now() + timedelta(days=2),
    )
    tasks.parcels.move_parcels()
    for days in (1, 2, 3, 4):
        sweep(plant, TUESDAY_NOON + timedelta(days=days))
    slip.refresh_from_db()
    assert slip.status == SlipStatus.OVER
    assert [word.said for word in slip.words.all()] == ["delivered"]
