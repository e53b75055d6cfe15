"""A line that comes back: with its memory, without it, after silence."""

from datetime import timedelta

import pytest

from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict
from production.lifecycle import DispatchStatus, WorkOrderStatus
from production.models import Line, Plant, UnitEvent, WorkOrder
from production.selectors.dispatch import operator_list
from production.services.dispatch import claim_due_work_orders, dispatch_work_order
from production.services.line_status import Hello, record_hello, record_status
from production.services.review import declare_made, make_again
from tests.factories.production import MONDAY, set_plant_time
from tests.factories.work_orders import make_accepted, make_due, make_work_orders
from tests.production.fake_line import EPOCH, FakeLine
from tests.production.reporting import Reporter, deliver, store

pytestmark = pytest.mark.django_db


@pytest.fixture
def work_orders(plant: Plant, line: FakeLine) -> list[WorkOrder]:
    """Three that the line has: in the queue, being made, closed."""
    waiting, running, closed = (
        make_accepted(one, epoch=EPOCH) for one in make_work_orders(plant, quantity=3)
    )
    set_plant_time(plant, MONDAY + timedelta(days=1))
    deliver(waiting, Reporter(waiting).queue())
    begun = Reporter(running)
    deliver(running, [*begun.queue(), begun.about("saw", "started")])
    deliver(closed, Reporter(closed).life())
    return [waiting, running, closed]


def greet(line: FakeLine, epoch: str) -> None:
    line.epoch = epoch
    hello = Hello(epoch=epoch, address=line.address, version="test")
    record_hello(line_id=Line.objects.get().pk, hello=hello)


def states(work_orders: list[WorkOrder]) -> list[tuple[str, str]]:
    for work_order in work_orders:
        work_order.refresh_from_db()
    return [(one.dispatch, one.status) for one in work_orders]


def test_same_memory_changes_nothing_but_the_address(
    work_orders: list[WorkOrder], line: FakeLine
) -> None:
    before = states(work_orders)
    events = UnitEvent.objects.count()
    line.address += "/"
    greet(line, EPOCH)
    assert states(work_orders) == before
    assert UnitEvent.objects.count() == events
    assert Line.objects.get().address == line.address


def test_lost_memory_sends_again_what_never_began_and_asks_a_person_for_the_rest(
    work_orders: list[WorkOrder], line: FakeLine
) -> None:
    greet(line, "epoch-two")
    assert states(work_orders) == [
        (DispatchStatus.DUE, WorkOrderStatus.PLANNED),
        (DispatchStatus.REVIEW, WorkOrderStatus.RUNNING),
        (DispatchStatus.ACCEPTED, WorkOrderStatus.CLOSED),
    ]
    assert [claim.work_order_id for claim in claim_due_work_orders()] == [work_orders[0].pk]
    assert dispatch_work_order(work_order_id=work_orders[0].pk) == DispatchStatus.ACCEPTED
    assert line.calls == [str(work_orders[0].public_id)]
    told = UnitEvent.objects.filter(unit=work_orders[1].unit).order_by("-seq")[0]
    assert (told.stage, told.facts["reason"]) == ("paused", "line_forgot")
    plants = list(Plant.objects.all())
    assert [one.pk for one in operator_list(plants)] == [work_orders[1].pk]


def test_life_goes_on_in_the_new_memory(work_orders: list[WorkOrder], line: FakeLine) -> None:
    waiting = work_orders[0]
    greet(line, "epoch-two")
    claim_due_work_orders()
    dispatch_work_order(work_order_id=waiting.pk)
    waiting = deliver(waiting, Reporter(waiting, epoch="epoch-two").life())
    assert (waiting.status, waiting.applied_seq) == (WorkOrderStatus.CLOSED, 17)


def test_what_came_before_the_memory_was_lost_still_counts(
    work_orders: list[WorkOrder], line: FakeLine
) -> None:
    """Its start lies in the inbox when the line says hello: it must not be sent again."""
    waiting = work_orders[0]
    late = Reporter(waiting)
    late.seq = waiting.applied_seq or 5
    store(waiting, [late.about("saw", "started")])
    greet(line, "epoch-two")
    assert states([waiting]) == [(DispatchStatus.REVIEW, WorkOrderStatus.RUNNING)]


def test_start_that_comes_even_later_stops_the_second_sending(
    work_orders: list[WorkOrder], line: FakeLine
) -> None:
    waiting = work_orders[0]
    late = Reporter(waiting)
    late.seq = 5
    greet(line, "epoch-two")
    waiting = deliver(waiting, [late.about("saw", "started")])
    assert (waiting.dispatch, waiting.status) == (DispatchStatus.REVIEW, WorkOrderStatus.RUNNING)
    assert claim_due_work_orders() == []


def test_job_in_review_that_the_line_reports_on_needs_no_person(
    work_orders: list[WorkOrder], line: FakeLine
) -> None:
    """The platform was restored from an older copy: the line had forgotten nothing."""
    running = work_orders[1]
    greet(line, "epoch-two")
    again = Reporter(running, epoch="epoch-two")
    running = deliver(running, again.queue()[:1])
    assert running.dispatch == DispatchStatus.ACCEPTED


def test_person_gives_up_what_was_begun(work_orders: list[WorkOrder], line: FakeLine) -> None:
    running = work_orders[1]
    greet(line, "epoch-two")
    fresh = make_again(work_order_id=running.pk)
    assert fresh is not None
    assert (fresh.generation, fresh.unit_id, fresh.status) == (2, running.unit_id, "planned")
    assert states([running])[0][1] == WorkOrderStatus.ABORTED
    told = list(
        UnitEvent.objects.filter(unit=running.unit).order_by("seq").values_list("stage", flat=True)
    )
    assert told[-3:] == ["paused", "remake", "planned"]


def test_person_finds_the_unit_finished(work_orders: list[WorkOrder], line: FakeLine) -> None:
    running = work_orders[1]
    greet(line, "epoch-two")
    declare_made(work_order_id=running.pk)
    assert states([running]) == [(DispatchStatus.ACCEPTED, WorkOrderStatus.CLOSED)]
    assert set(running.operations.values_list("status", flat=True)) == {"done"}


def test_word_on_what_is_not_in_review_is_refused(work_orders: list[WorkOrder]) -> None:
    before = states(work_orders)
    for decide in (make_again, declare_made):
        with pytest.raises(Conflict) as refused:
            decide(work_order_id=work_orders[0].pk)
        assert refused.value.code == "not_in_review"
    assert states(work_orders) == before
    assert WorkOrder.objects.count() == 3


def test_status_after_silence_wakes_what_waits(
    work_orders: list[WorkOrder], line: FakeLine, plant: Plant
) -> None:
    due = make_due(make_work_orders(plant)[0])
    WorkOrder.objects.filter(pk=due.pk).update(
        next_at=real_now() + timedelta(seconds=30), attempts=9
    )
    row = Line.objects.get()
    status = {"epoch": EPOCH, "seq": 1, "state": "idle"}
    record_status(line=row, status=status)
    assert claim_due_work_orders() == []  # it was not silent: nothing changes
    Line.objects.update(seen_at=real_now() - timedelta(minutes=2))
    row.refresh_from_db()
    record_status(line=row, status=status)
    assert [claim.work_order_id for claim in claim_due_work_orders()] == [due.pk]
    due.refresh_from_db()
    assert due.attempts == 0
