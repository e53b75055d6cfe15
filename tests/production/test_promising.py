"""The factory's word: days stand on free minutes, move out as orders fill the plant, and what is
held, confirmed, released or expired leaves exactly what it should.
"""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import DjangoAssertNumQueries

from cosmo.lib.clock import real_now
from cosmo.lib.errors import DomainError
from cosmo.lib.ports import promise_source
from orders.models import Order, OrderLine
from production.lifecycle import HoldStatus, OperationStatus, WorkOrderStatus
from production.models import Booking, HeldUnit, Hold, Operation, Plant, UnitEvent, WorkOrder
from production.services.holds import expire_holds
from tests.factories.documents import PLANT
from tests.factories.production import (
    MONDAY,
    SELECTION,
    make_offer,
    make_order,
    make_plant,
    set_plant_time,
)

pytestmark = pytest.mark.django_db

FIFTEEN_MINUTES = timedelta(minutes=15)


def hold(order: Order, lasts: timedelta = FIFTEEN_MINUTES) -> date:
    promises = promise_source().hold(order_id=order.pk, lasts=lasts)
    return max(promise.date for promise in promises.values())


def confirm(order: Order) -> None:
    promise_source().confirm(order_id=order.pk)


def expire(order: Order) -> None:
    """The hold's time is over now."""
    Hold.objects.filter(order=order).update(expires_at=real_now() - timedelta(seconds=1))


def test_empty_plant_promises_the_day_the_operations_and_the_carrier_add_up_to() -> None:
    offer = make_offer(make_plant())
    promise = promise_source().inquire(offer_id=offer.pk, selection=SELECTION)
    # 06:00 + 80 saw, + 30 worst set-up + 45 paint, + 15 check + 10 pack = 09:00 local, then 60 min
    # of buffer, the pick-up on Monday at 17:00 and one working day.
    assert promise.leaves_at.isoformat() == "2027-03-01T08:00:00+00:00"
    assert promise.date == date(2027, 3, 2)
    assert promise.plant == "yard"
    assert promise.lasts_until is None


@pytest.mark.parametrize(("factor", "hours"), [(8.0, 2), (100_000.0, 24)])
def test_capacity_that_goes_by_while_paying_is_not_promised(factor: float, hours: int) -> None:
    plant = make_plant(at=MONDAY)
    offer = make_offer(plant)
    still = promise_source().inquire(offer_id=offer.pk, selection=SELECTION)
    set_plant_time(plant, MONDAY, factor=factor)
    ahead = promise_source().inquire(offer_id=offer.pk, selection=SELECTION)
    # A hold lasts 15 minutes of real time; never more than a day of plant time is kept ahead.
    assert ahead.leaves_at - still.leaves_at >= timedelta(hours=hours)
    assert ahead.time_factor == factor


def test_inquiry_keeps_nothing_and_quantity_counts() -> None:
    offer = make_offer(make_plant())
    one = promise_source().inquire(offer_id=offer.pk, selection=SELECTION)
    many = promise_source().inquire(offer_id=offer.pk, selection=SELECTION, quantity=20)
    assert many.date > one.date
    assert Booking.objects.count() == 0
    assert promise_source().inquire(offer_id=offer.pk, selection=SELECTION).date == one.date


def test_offer_nobody_makes_is_refused() -> None:
    offer = make_offer()
    with pytest.raises(DomainError) as refused:
        promise_source().inquire(offer_id=offer.pk, selection=SELECTION)
    assert refused.value.code == "no_plant"


def test_more_than_the_horizon_holds_is_refused_and_keeps_nothing() -> None:
    mondays = {"days": {"weekdays": {"mon": ["06:00-08:00"]}}}
    offer = make_offer(make_plant(calendars=mondays))
    order = make_order(offer, {"quantity": 1})
    with pytest.raises(DomainError) as refused:
        promise_source().inquire(offer_id=offer.pk, selection=SELECTION, quantity=200)
    assert refused.value.code == "no_capacity"
    assert not promise_source().is_held(order_id=order.pk)


def test_fifty_orders_fill_the_plant_and_the_days_move_out() -> None:
    offer = make_offer(make_plant())
    days = []
    for _ in range(50):
        order = make_order(offer)
        days.append(hold(order))
        confirm(order)
    assert days == sorted(days)
    assert days[-1] - days[0] >= timedelta(days=2)
    assert WorkOrder.objects.count() == 50
    assert Booking.objects.filter(operation__isnull=False).count() == 200
    saws = Booking.objects.filter(operation_code="saw")
    assert {b.lane_id for b in saws} == {b.lane_id for b in saws.distinct("lane")}


def test_hold_says_exactly_what_the_inquiry_said() -> None:
    offer = make_offer(make_plant())
    for _ in range(8):
        said = promise_source().inquire(offer_id=offer.pk, selection=SELECTION).date
        assert hold(make_order(offer)) == said


def test_hold_keeps_every_unit_of_every_line() -> None:
    offer = make_offer(make_plant())
    order = make_order(offer, {"quantity": 3}, {"quantity": 2, "engraving": "Ada"})
    promises = promise_source().hold(order_id=order.pk, lasts=FIFTEEN_MINUTES)
    assert set(promises) == set(OrderLine.objects.filter(order=order).values_list("pk", flat=True))
    assert Booking.objects.filter(hold__order=order).count() == 3 * 4 + 2 * 5
    assert HeldUnit.objects.filter(hold__order=order).count() == 5
    assert {promise.lasts_until for promise in promises.values()} == {
        Hold.objects.get(order=order).expires_at
    }


def test_second_hold_replaces_the_first_and_finds_its_place_again() -> None:
    offer = make_offer(make_plant())
    order = make_order(offer, {"quantity": 2})
    first = hold(order)
    before = set(Booking.objects.values_list("lane_id", "period", "operation_code"))
    assert hold(order) == first
    assert set(Booking.objects.values_list("lane_id", "period", "operation_code")) == before
    assert list(Hold.objects.order_by("pk").values_list("status", flat=True)) == [
        HoldStatus.RELEASED,
        HoldStatus.ACTIVE,
    ]


def test_hold_confirm_expire_and_release_leak_nothing() -> None:
    offer = make_offer(make_plant())
    untouched = promise_source().inquire(offer_id=offer.pk, selection=SELECTION).leaves_at
    released, expired, confirmed = (make_order(offer, {"quantity": 4}) for _ in range(3))
    for order in (released, expired, confirmed):
        hold(order)
    promise_source().release(order_id=released.pk)
    promise_source().release(order_id=released.pk)
    expire(expired)
    assert not promise_source().is_held(order_id=expired.pk)
    assert expire_holds() == 1
    assert expire_holds() == 0
    assert Booking.objects.count() == 16
    confirm(confirmed)
    assert Booking.objects.filter(hold__isnull=False).count() == 0
    assert Booking.objects.count() == Operation.objects.count() == 16
    Booking.objects.all().delete()
    Plant.objects.update(booking_seq=1000)
    assert promise_source().inquire(offer_id=offer.pk, selection=SELECTION).leaves_at == untouched


def test_confirming_freezes_components_and_operations_and_tells_the_unit() -> None:
    plant = make_plant()
    order = make_order(make_offer(plant), {"engraving": "Ada", "colour": "red"})
    promised = hold(order)
    kept = set(Booking.objects.values_list("lane_id", "period", "set_up_min", "operation_code"))
    confirm(order)
    work_order = WorkOrder.objects.get()
    assert work_order.bom == [
        {"component": "LEG", "quantity": "3", "unit": "piece"},
        {"component": "SEAT", "quantity": "1", "unit": "piece"},
        {"component": "PLATE", "quantity": "1", "unit": "piece"},
    ]
    assert work_order.due_at.isoformat() == "2027-03-01T15:00:00+00:00"
    assert work_order.chain_id == order.chain_id
    operations = {operation.code: operation for operation in work_order.operations.all()}
    assert operations["saw"].alternatives == [["saw-1", 80], ["saw-2", 100]]
    assert operations["engrave"].alternatives == [["saw-2", 13]]
    assert operations["engrave"].after == ["paint"]
    assert operations["paint"].set_up_family == "red"
    assert operations["check"].kind == "inspect"
    assert (
        set(Booking.objects.values_list("lane_id", "period", "set_up_min", "operation_code"))
        == kept
    )
    assert all(b.operation and b.operation.code == b.operation_code for b in Booking.objects.all())
    assert list(UnitEvent.objects.order_by("seq").values_list("seq", "stage", "facts")) == [
        (1, "confirmed", {"promise": promised.isoformat()}),
        (2, "planned", {"day": "2027-03-01"}),
    ]


def test_second_confirmation_is_refused_and_changes_nothing() -> None:
    order = make_order(make_offer(make_plant()))
    hold(order)
    confirm(order)
    before = (WorkOrder.objects.count(), Booking.objects.count(), UnitEvent.objects.count())
    with pytest.raises(DomainError) as refused, transaction.atomic():
        confirm(order)
    assert refused.value.code == "bad_transition"
    after = (WorkOrder.objects.count(), Booking.objects.count(), UnitEvent.objects.count())
    assert after == before


@pytest.mark.parametrize("is_swept", [True, False])
def test_confirmation_after_the_hold_ended_is_refused(is_swept: bool) -> None:
    order = make_order(make_offer(make_plant()))
    hold(order)
    expire(order)
    if is_swept:
        assert expire_holds() == 1
    with pytest.raises(DomainError) as refused, transaction.atomic():
        confirm(order)
    assert refused.value.code == "hold_expired"
    assert WorkOrder.objects.count() == 0
    assert Booking.objects.count() == (0 if is_swept else 4)


def test_confirmation_without_any_hold_is_refused() -> None:
    order = make_order(make_offer(make_plant()))
    with pytest.raises(DomainError) as refused:
        confirm(order)
    assert refused.value.code == "hold_expired"


def test_refused_hold_leaves_the_earlier_one_standing() -> None:
    plant = make_plant()
    order = make_order(make_offer(plant))
    hold(order)
    plant.engineerings.update(is_current=False)
    with pytest.raises(DomainError), transaction.atomic():
        hold(order)
    assert promise_source().is_held(order_id=order.pk)
    assert Booking.objects.filter(hold__order=order).count() == 4


def test_confirming_repeats_the_engineering_that_was_said() -> None:
    from production.services.engineering import publish_engineering
    from tests.factories.documents import ENGINEERING

    plant = make_plant()
    offer = make_offer(plant)
    order = make_order(offer)
    hold(order)
    said = Hold.objects.get().units.get().engineering
    routing = [*ENGINEERING["routing"], {"id": "wax", "work_centre": "bench", "duration_min": "5"}]
    publish_engineering(offer=offer, plant=plant, document={**ENGINEERING, "routing": routing})
    confirm(order)
    assert WorkOrder.objects.get().engineering == said
    assert Operation.objects.count() == 4
    later = make_order(offer)
    hold(later)
    assert Booking.objects.filter(hold__order=later).count() == 5


def test_the_earlier_of_two_plants_is_promised() -> None:
    busy = make_plant()
    offer = make_offer(busy)
    hold(make_order(offer, {"quantity": 20}))
    idle = make_plant(code="annex")
    make_offer(idle)
    order = make_order(offer)
    promises = promise_source().hold(order_id=order.pk, lasts=FIFTEEN_MINUTES)
    assert [promise.plant for promise in promises.values()] == ["annex"]
    assert set(Booking.objects.filter(hold__order=order).values_list("plant", flat=True)) == {
        idle.pk
    }
    assert busy.pk != idle.pk


def test_plant_time_runs_and_promises_with_it() -> None:
    plant = make_plant()
    offer = make_offer(plant)
    monday = promise_source().inquire(offer_id=offer.pk, selection=SELECTION).date
    set_plant_time(plant, plant.clock_origin_plant + timedelta(days=30))
    later = promise_source().inquire(offer_id=offer.pk, selection=SELECTION).date
    # Wednesday 31 March 2027; holidays of the plant lie before it.
    assert (monday, later) == (date(2027, 3, 2), date(2027, 4, 1))


def test_a_double_booking_is_impossible() -> None:
    order = make_order(make_offer(make_plant()))
    hold(order)
    booking = Booking.objects.first()
    assert booking is not None
    booking.pk = None
    with pytest.raises(IntegrityError, match="production_booking_no_overlap"), transaction.atomic():
        booking.save(force_insert=True)


def test_retired_lanes_are_promised_no_more() -> None:
    from production.services.plants import load_plant
    from tests.factories.production import make_factory

    plant = make_plant()
    offer = make_offer(plant)
    centres = [dict(centre) for centre in PLANT["work_centres"]]
    centres[1]["resources"] = [{"id": "booth"}]
    loaded = load_plant(organisation=make_factory(), document={**PLANT, "work_centres": centres})
    assert loaded.is_changed
    hold(make_order(offer, {"quantity": 6}))
    assert Booking.objects.filter(operation_code="paint").count() == 6
    assert Booking.objects.filter(lane__is_retired=True).count() == 0


def test_warm_inquiry_takes_one_statement_and_two_after_a_change(
    django_assert_num_queries: DjangoAssertNumQueries,
    django_capture_on_commit_callbacks: object,
) -> None:
    offer = make_offer(make_plant())
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        promise_source().inquire(offer_id=offer.pk, selection=SELECTION)
    with django_assert_num_queries(1):
        promise_source().inquire(offer_id=offer.pk, selection={**SELECTION, "size": "large"})
    Plant.objects.update(booking_seq=7)
    with django_assert_num_queries(2):
        promise_source().inquire(offer_id=offer.pk, selection=SELECTION)


@pytest.mark.parametrize("quantity", [1, 20])
def test_statements_of_hold_and_confirm_do_not_grow_with_the_units(quantity: int) -> None:
    from django.db import connection

    offer = make_offer(make_plant())
    promise_source().inquire(offer_id=offer.pk, selection=SELECTION)
    order = make_order(offer, {"quantity": quantity})
    with CaptureQueriesContext(connection) as holding:
        hold(order)
    with CaptureQueriesContext(connection) as confirming:
        confirm(order)
    assert len([q for q in holding if "SAVEPOINT" not in q["sql"]]) <= 6
    assert len([q for q in confirming if "SAVEPOINT" not in q["sql"]]) <= 14


def test_work_orders_wait_for_a_plan() -> None:
    order = make_order(make_offer(make_plant()))
    hold(order)
    confirm(order)
    plant = Plant.objects.get()
    assert plant.plan_wanted_for == "order confirmed"
    assert plant.plan_wanted_at is not None
    assert WorkOrder.objects.get().status == WorkOrderStatus.PLANNED
    assert set(Operation.objects.values_list("status", flat=True)) == {OperationStatus.PLANNED}
