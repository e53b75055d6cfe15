"""Plans become bookings: verified, under the lock, with promises kept and nothing lost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Max
from django.test.utils import CaptureQueriesContext

from cosmo.lib.clock import real_now
from cosmo.lib.ports import promise_source
from orders.models import Order
from production.lifecycle import DispatchStatus, HoldStatus, OperationStatus, WorkOrderStatus
from production.models import Booking, Hold, Operation, Plant, ScheduleRun, UnitEvent, WorkOrder
from production.planning import read_snapshot
from production.services import plan_events, planning
from production.services.publishing import publish_plan
from tests.factories.production import (
    MONDAY,
    make_offer,
    make_order,
    make_plant,
    set_plant_time,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
COLOURS = ("white", "black", "red")


@pytest.fixture
def plant() -> Plant:
    return make_plant()


def sell(plant: Plant, count: int = 1, **wanted: object) -> list[Order]:
    """Confirmed orders of one unit each, colours taking turns."""
    offer = make_offer(plant)
    sold = []
    for number in range(count):
        order = make_order(offer, {"colour": COLOURS[number % 3], **wanted})
        keep(order)
        promise_source().confirm(order_id=order.pk)
        sold.append(order)
    return sold


def keep(order: Order) -> None:
    promise_source().hold(order_id=order.pk, lasts=timedelta(minutes=15))


def plan(plant: Plant) -> ScheduleRun:
    return planning.plan_plant(plant_id=plant.pk, trigger="test")


def start(operation: Operation) -> None:
    """As the line reports it."""
    operation.status = OperationStatus.RUNNING
    operation.started_at = operation.booking.period.lower
    operation.save()
    WorkOrder.objects.filter(pk=operation.work_order_id).update(
        status=WorkOrderStatus.RUNNING, dispatch=DispatchStatus.ACCEPTED
    )


def assert_bookings_are_the_plan() -> None:
    """Each operation still to do has one booking, inside its lane's hours, after those before."""
    for operation in Operation.objects.exclude(status=OperationStatus.DONE):
        booking = operation.booking
        assert booking.hold_id is None
        for code in operation.after:
            before = operation.work_order.operations.get(code=code)
            if before.status != OperationStatus.DONE:
                assert before.booking.period.upper <= booking.period.lower


def late_work_orders() -> int:
    ends = WorkOrder.objects.annotate(end=Max("operations__booking__period__endswith"))
    return sum(one.end > one.due_at for one in ends)


def test_plan_is_published_keeps_every_promise_and_answers_the_wish(plant: Plant) -> None:
    sell(plant, 12)
    run = plan(plant)
    assert run.was_published
    assert run.measures["late"] == 0
    assert run.measures["work_orders"] == 12
    assert late_work_orders() == 0
    assert_bookings_are_the_plan()
    plant.refresh_from_db()
    assert (plant.plan_wanted_at, plant.plan_wanted_for) == (None, "")
    assert plant.booking_seq == run.booking_seq
    assert plant.planned_at is not None


def test_planning_gathers_colours_and_saves_set_ups(plant: Plant) -> None:
    sell(plant, 12)
    before = sum(Booking.objects.values_list("set_up_min", flat=True))
    run = plan(plant)
    assert sum(Booking.objects.values_list("set_up_min", flat=True)) < before
    assert run.measures["set_up_min"] < before


def test_first_plan_pulls_new_work_forward_and_leaves_the_rest(plant: Plant) -> None:
    sell(plant, 3)
    plan(plant)
    before = dict(Booking.objects.values_list("pk", "period"))
    set_plant_time(plant, MONDAY, factor=96.0)  # a hold lasts a day of plant time
    offer = make_offer(plant)
    late = make_order(offer)
    keep(late)
    assert (
        Booking.objects.filter(hold__order=late, period__startswith__lt=MONDAY + DAY).count() == 0
    )
    promise_source().confirm(order_id=late.pk)
    set_plant_time(plant, MONDAY)
    run = plan(plant)
    assert run.moves == []
    assert dict(Booking.objects.filter(pk__in=before).values_list("pk", "period")) == before
    fresh = Booking.objects.filter(unit__line__order=late)
    assert fresh.filter(period__endswith__lt=MONDAY + DAY).count() == 4


def test_second_plan_moves_nothing(plant: Plant) -> None:
    sell(plant, 9)
    plan(plant)
    before = dict(Booking.objects.values_list("pk", "period"))
    run = plan(plant)
    assert run.moves == []
    assert dict(Booking.objects.values_list("pk", "period")) == before


def test_plan_without_work_is_empty(plant: Plant) -> None:
    run = plan(plant)
    assert run.was_published
    assert run.measures["operations"] == 0


def test_replanning_keeps_holds_and_they_can_be_confirmed(plant: Plant) -> None:
    sell(plant, 6)
    kept = make_order(make_offer(plant), {"quantity": 2, "colour": "black"})
    keep(kept)
    promised = {held.unit_id: held.due_at for held in Hold.objects.get(order=kept).units.all()}
    for _ in range(2):
        assert plan(plant).was_published
        bookings = Booking.objects.filter(hold__order=kept)
        assert bookings.count() == 8
        ends = bookings.values("unit_id").annotate(end=Max("period__endswith"))
        assert all(row["end"] <= promised[row["unit_id"]] for row in ends)
        # A hold contains the worst set-up wherever it is moved.
        paint = bookings.filter(operation_code="paint")
        assert set(paint.values_list("set_up_min", flat=True)) == {20}
    promise_source().confirm(order_id=kept.pk)
    assert plan(plant).measures["late"] == 0
    assert late_work_orders() == 0
    assert Hold.objects.filter(status=HoldStatus.ACTIVE).count() == 0


def test_started_work_does_not_move(plant: Plant) -> None:
    sell(plant, 5)
    plan(plant)
    first = Operation.objects.filter(code="saw").order_by("booking__period").first()
    assert first is not None
    start(first)
    where = (first.booking.lane_id, first.booking.period)
    set_plant_time(plant, first.booking.period.lower + timedelta(minutes=20))
    run = plan(plant)
    assert run.was_published
    first = Operation.objects.get(pk=first.pk)
    assert (first.booking.lane_id, first.booking.period) == where
    assert_bookings_are_the_plan()


def test_overrunning_work_pushes_what_it_runs_into(plant: Plant) -> None:
    sell(plant, 8)
    plan(plant)
    saw = Operation.objects.filter(code="saw").order_by("booking__period").first()
    assert saw is not None
    start(saw)
    ended = saw.booking.period.upper
    set_plant_time(plant, ended + timedelta(minutes=37))
    run = plan(plant)
    assert run.was_published
    assert run.measures["moved"] > 0
    saw = Operation.objects.get(pk=saw.pk)
    assert saw.booking.period.upper > ended + timedelta(minutes=37)
    assert_bookings_are_the_plan()


def test_what_should_have_started_is_planned_from_now_on(plant: Plant) -> None:
    sell(plant, 4)
    plan(plant)
    now = MONDAY + timedelta(hours=30)
    set_plant_time(plant, now)
    assert plan(plant).was_published
    assert Booking.objects.filter(period__startswith__lt=now).count() == 0
    assert_bookings_are_the_plan()


def test_done_work_keeps_its_past_and_gives_back_its_future(plant: Plant) -> None:
    sell(plant, 1)
    plan(plant)
    saw = Operation.objects.get(code="saw")
    begin, end = saw.booking.period.lower, saw.booking.period.upper
    set_plant_time(plant, begin + timedelta(minutes=29, seconds=30))
    saw.status, saw.started_at, saw.ended_at = OperationStatus.DONE, begin, end
    saw.save()
    assert plan(plant).was_published
    saw = Operation.objects.get(code="saw")
    assert (saw.booking.period.lower, saw.booking.period.upper) == (
        begin,
        begin + timedelta(minutes=30),
    )
    # What was published for later stays there: nothing is late, so nothing moves.
    paint = Operation.objects.get(code="paint")
    assert paint.booking.period.lower == end


def test_what_the_line_has_keeps_its_lane_and_order(plant: Plant) -> None:
    sell(plant, 10)
    plan(plant)
    soon = WorkOrder.objects.filter(
        operations__booking__period__startswith__lt=MONDAY + timedelta(hours=4)
    )
    sent = list(soon.distinct().values_list("pk", flat=True))
    WorkOrder.objects.filter(pk__in=sent).update(dispatch=DispatchStatus.ACCEPTED)

    def order_on_lanes() -> list[tuple[int, int]]:
        operations = Operation.objects.filter(work_order__in=sent).order_by("booking__period")
        lanes = operations.order_by("booking__lane_id", "booking__period", "pk")
        return list(lanes.values_list("booking__lane_id", "pk"))

    before = order_on_lanes()
    sell(plant, 5)
    set_plant_time(plant, MONDAY + timedelta(minutes=50))
    assert plan(plant).was_published
    assert order_on_lanes() == before


def test_lines_order_that_contradicts_itself_is_let_go(plant: Plant) -> None:
    sell(plant, 1)
    plan(plant)
    WorkOrder.objects.update(dispatch=DispatchStatus.ACCEPTED)
    check, pack = Operation.objects.get(code="check"), Operation.objects.get(code="pack")
    later, earlier = check.booking, pack.booking
    earlier.period, earlier.lane_id = (
        type(later.period)(
            MONDAY.replace(second=0), MONDAY.replace(second=0) + timedelta(minutes=10)
        ),
        later.lane_id,
    )
    earlier.save()
    run = plan(plant)
    assert run.was_published
    assert_bookings_are_the_plan()


def test_pinned_operation_stays(plant: Plant) -> None:
    sell(plant, 3)
    plan(plant)
    pinned = Operation.objects.filter(code="paint").order_by("-booking__period").first()
    assert pinned is not None
    pinned.is_pinned = True
    pinned.save()
    where = (pinned.booking.lane_id, pinned.booking.period)
    sell(plant, 6)
    assert plan(plant).was_published
    pinned = Operation.objects.get(pk=pinned.pk)
    assert (pinned.booking.lane_id, pinned.booking.period) == where


def test_impossible_pin_is_refused_with_a_sentence_and_the_old_plan_stays(plant: Plant) -> None:
    sell(plant, 2)
    plan(plant)
    pack = Operation.objects.filter(code="pack").order_by("booking__period").first()
    assert pack is not None
    pack.is_pinned = True
    pack.save()
    now = pack.booking.period.lower - timedelta(minutes=20, seconds=30)
    before = set(Booking.objects.values_list("pk", flat=True))
    set_plant_time(plant, now)
    run = plan(plant)
    assert not run.was_published
    assert "pinned" in run.refusal
    assert set(Booking.objects.values_list("pk", flat=True)) == before
    plant.refresh_from_db()
    assert plant.plan_wanted_at is None


def test_a_plant_that_changed_is_not_published_over(plant: Plant) -> None:
    sell(plant, 2)
    made = planning._make(plant.pk)
    keep(make_order(make_offer(plant)))
    before = set(Booking.objects.values_list("pk", flat=True))
    assert publish_plan(made, trigger="test") is None
    assert set(Booking.objects.values_list("pk", flat=True)) == before
    assert ScheduleRun.objects.count() == 0


def test_work_that_started_meanwhile_is_not_planned_over(plant: Plant) -> None:
    sell(plant, 2)
    made = planning._make(plant.pk)
    saw = Operation.objects.filter(code="saw").first()
    assert saw is not None
    start(saw)
    assert publish_plan(made, trigger="test") is None


def test_a_wish_that_came_while_planning_stays_open(plant: Plant) -> None:
    sell(plant, 1)
    made = planning._make(plant.pk)
    plan_events.mark_plan_wanted(plant.pk, "something else")
    assert publish_plan(made, trigger="test") is not None
    plant.refresh_from_db()
    assert plant.plan_wanted_for == "something else"
    assert planning.plants_to_plan() == [(plant.pk, "")]


def test_units_are_told_when_their_day_moves_and_only_then(plant: Plant) -> None:
    sell(plant, 3)
    plan(plant)
    told = UnitEvent.objects.filter(stage="planned").count()
    plan(plant)
    assert UnitEvent.objects.filter(stage="planned").count() == told
    set_plant_time(plant, MONDAY + timedelta(days=1, hours=2))
    plan(plant)
    fresh = UnitEvent.objects.filter(stage="planned").order_by("seq")[told:]
    assert [event.facts for event in fresh] == [{"day": "2027-03-02"}] * 3


def test_due_work_goes_to_the_line_and_the_rest_waits(plant: Plant) -> None:
    sell(plant, 40)
    plan(plant)
    horizon = MONDAY + timedelta(minutes=480)
    due = WorkOrder.objects.filter(dispatch=DispatchStatus.DUE, next_at__lte=real_now())
    waiting = WorkOrder.objects.filter(dispatch=DispatchStatus.WAITING)
    assert due.count() > 0
    assert waiting.count() > 0
    starts = waiting.annotate(start=Max("operations__booking__period__startswith"))
    assert all(
        one.operations.order_by("position")[0].booking.period.lower > horizon for one in starts
    )
    assert planning.mark_due(plant.pk) == 0
    set_plant_time(plant, MONDAY + timedelta(days=30))
    assert planning.mark_due(plant.pk) > 0
    assert waiting.count() == 0


def test_plants_are_looked_at_again_while_work_is_late_or_runs(plant: Plant) -> None:
    sell(plant, 1)
    plan(plant)
    assert planning.plants_to_plan() == []
    Plant.objects.update(planned_at=real_now() - timedelta(seconds=61))
    assert planning.plants_to_plan() == []
    set_plant_time(plant, MONDAY + timedelta(hours=3))
    Plant.objects.update(planned_at=real_now() - timedelta(seconds=61))
    assert planning.plants_to_plan() == [(plant.pk, "periodic")]


def test_lost_lanes_are_planned_around(plant: Plant) -> None:
    from production.services.plants import load_plant
    from tests.factories.documents import PLANT
    from tests.factories.production import make_factory

    sell(plant, 6)
    plan(plant)
    centres = [dict(centre) for centre in PLANT["work_centres"]]
    centres[1]["resources"] = [{"id": "booth"}]
    load_plant(organisation=make_factory(), document={**PLANT, "work_centres": centres})
    assert plan(Plant.objects.get()).was_published
    assert Booking.objects.filter(lane__is_retired=True).count() == 0
    assert_bookings_are_the_plan()


@pytest.mark.parametrize("count", [5, 60])
def test_statements_do_not_grow_with_the_work(plant: Plant, count: int) -> None:
    sell(plant, count)
    read_snapshot(plant.pk)
    with CaptureQueriesContext(connection) as planned:
        plan(plant)
    statements = [q["sql"] for q in planned if "SAVEPOINT" not in q["sql"]]
    assert len(statements) <= 20, "\n".join(s[:150] for s in statements)


def test_finished_work_booked_ahead_shrinks_to_a_minute_and_keeps_its_history(
    plant: Plant,
) -> None:
    sell(plant, 4)
    plan(plant)
    sawn = Operation.objects.filter(code="saw", booking__lane__resource__code="saw-1")
    first, second = sawn.order_by("booking__period")[:2]
    start(first)
    set_plant_time(plant, first.booking.period.lower + timedelta(minutes=5))
    # The line says that the second is done, though its time has not come.
    second.status = OperationStatus.DONE
    second.started_at = second.ended_at = plant.clock.now()
    second.save()
    for _ in range(2):
        assert plan(plant).was_published
        second = Operation.objects.get(pk=second.pk)
        assert second.booking.period.upper - second.booking.period.lower == timedelta(minutes=1)
        assert (
            second.booking.period.lower >= Operation.objects.get(pk=first.pk).booking.period.upper
        )
    assert Booking.objects.count() == Operation.objects.count()
    assert_bookings_are_the_plan()
