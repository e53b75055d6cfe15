"""What a line should not report: stored, flagged, never followed, never a crash."""

from datetime import timedelta
from typing import Any

import pytest

from production.lifecycle import DispatchStatus, OperationStatus, WorkOrderStatus
from production.models import Booking, Inspection, Line, LineReport, Plant, UnitEvent, WorkOrder
from production.services.inbox import read_received, store_reports
from production.services.reports import apply_reports, fill_gap, waiting_jobs
from tests.factories.production import MONDAY, set_plant_time
from tests.factories.work_orders import make_accepted, make_due, make_work_order
from tests.production.fake_line import EPOCH, FakeLine
from tests.production.reporting import Body, Reporter, deliver, flags, store

pytestmark = pytest.mark.django_db


@pytest.fixture
def work_order(plant: Plant, line: FakeLine) -> WorkOrder:
    made = make_accepted(make_work_order(plant), epoch=EPOCH)
    set_plant_time(plant, MONDAY + timedelta(days=1))
    return made


def stages(work_order: WorkOrder) -> list[str]:
    events = UnitEvent.objects.filter(unit=work_order.unit).order_by("seq")
    return list(events.values_list("stage", flat=True))


def test_moves_after_the_end_are_flagged_and_change_nothing(work_order: WorkOrder) -> None:
    line = Reporter(work_order)
    work_order = deliver(work_order, line.life())
    before = stages(work_order)
    reason = {"code": "scrap", "text": "Too late."}
    work_order = deliver(
        work_order,
        [
            line.about("saw", "started"),
            line.say("Ended/Completed", produced=1),
            line.say("Ended/Closed", produced=1),
            line.say("Aborted", reason=reason, scrap=1),
        ],
    )
    assert work_order.status == WorkOrderStatus.CLOSED
    assert work_order.applied_seq == 21
    assert stages(work_order) == before
    assert [seq for seq, _ in flags(work_order)] == [18, 19, 20, 21]
    assert flags(work_order)[3][1].startswith("Not followed: The job is closed and cannot become")
    assert WorkOrder.objects.count() == 1


def test_completed_may_be_skipped(work_order: WorkOrder) -> None:
    line = Reporter(work_order)
    told = [*line.queue(), line.about("saw", "started"), line.say("Ended/Closed", produced=1)]
    work_order = deliver(work_order, told)
    assert work_order.status == WorkOrderStatus.CLOSED
    assert stages(work_order)[-2:] == ["made", "ready"]
    assert set(work_order.operations.values_list("status", flat=True)) == {OperationStatus.DONE}
    assert flags(work_order) == []


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        (lambda line: line.about("saw", "ended"), "saw ended although it is planned"),
        (lambda line: line.about("saw", None) | {"operation": "fly"}, "no operation fly"),
        (lambda line: line.say("Ended/Completed", produced=1), "planned and cannot become"),
        (lambda line: line.say("Running") | {"state": "Dreaming"}, "At $"),
        (lambda line: line.say("Running") | {"plant_time": "yesterday"}, "At $.plant_time"),
        (lambda line: {**line.say("Running"), "extra": 1}, "At $"),
    ],
)
def test_odd_report_is_flagged_and_the_next_is_followed(
    work_order: WorkOrder, odd: Any, said: str
) -> None:
    line = Reporter(work_order)
    work_order = deliver(work_order, [line.say("NotAllowedToStart"), odd(line)])
    assert [seq for seq, _ in flags(work_order)] == [2]
    assert said in flags(work_order)[0][1]
    assert stages(work_order) == ["confirmed", "planned"]
    work_order = deliver(work_order, [line.about("saw", "started")])
    assert (work_order.status, work_order.applied_seq) == (WorkOrderStatus.RUNNING, 3)
    assert stages(work_order)[-1] == "running"


def test_operation_does_not_start_twice_but_again_for_rework(work_order: WorkOrder) -> None:
    line = Reporter(work_order)
    said = [*line.make("saw"), line.about("saw", "started")]
    work_order = deliver(work_order, said)
    assert "saw started although it is done" in flags(work_order)[0][1]
    rework = {"code": "rework", "text": "Again."}
    found = {"result": "fail", "findings": [{"code": "scratch", "text": "A scratch."}]}
    said = [*line.make("paint"), line.about("check", "started")]
    failed = line.about("check", "failed", "Interrupted/Suspended", reason=rework, inspection=found)
    work_order = deliver(work_order, [*said, failed])
    assert work_order.status == WorkOrderStatus.HELD
    assert work_order.operations.get(code="check").status == OperationStatus.PLANNED
    assert Inspection.objects.get().findings == [{"code": "scratch", "text": "A scratch."}]
    assert stages(work_order)[-1] == "paused"
    line.later(30)
    again = [line.about("paint", "started")]
    line.later(45)
    again += [line.about("paint", "ended"), line.about("check", "started")]
    line.later(15)
    passed = {"result": "pass", "findings": []}
    again += [line.about("check", "ended", inspection=passed), *line.make("pack"), *line.finish()]
    work_order = deliver(work_order, again)
    assert work_order.status == WorkOrderStatus.CLOSED
    assert list(Inspection.objects.order_by("id").values_list("is_passed", flat=True)) == [
        False,
        True,
    ]
    assert len(flags(work_order)) == 1
    assert Booking.objects.filter(unit=work_order.unit).count() == 4


def test_time_ahead_of_our_clock_is_marked_and_taken_as_now(
    plant: Plant, work_order: WorkOrder
) -> None:
    set_plant_time(plant, MONDAY)
    line = Reporter(work_order)
    line.now = MONDAY + timedelta(days=40)
    work_order = deliver(work_order, [line.say("NotAllowedToStart"), line.about("saw", "started")])
    assert [seq for seq, _ in flags(work_order)] == [1, 2]
    assert "is ahead" in flags(work_order)[1][1]
    assert work_order.status == WorkOrderStatus.RUNNING
    started = work_order.operations.get(code="saw").started_at
    assert started is not None
    assert started - MONDAY < timedelta(minutes=5)


def test_unknown_job_is_stored_and_flagged(plant: Plant, work_order: WorkOrder) -> None:
    body = Reporter(work_order).say("NotAllowedToStart")
    body["job"] = "0195f2d0-6a53-7c1e-9a0f-3f6f0f1b7a11"
    received = read_received(body)
    assert received is not None
    store_reports(line=work_order.line, reports=[received])
    assert waiting_jobs() == [received.job]
    assert apply_reports(job=received.job) == 1
    assert LineReport.objects.get().flag == "This job is not known here."
    assert waiting_jobs() == []


def test_another_lines_word_on_a_job_is_not_followed(plant: Plant, work_order: WorkOrder) -> None:
    other = Line.objects.create(
        plant=plant, code="line-2", connector="rest", key="whsec_x", epoch=EPOCH
    )
    received = read_received(Reporter(work_order).say("Running"))
    assert received is not None
    store_reports(line=other, reports=[received])
    apply_reports(job=work_order.public_id)
    work_order.refresh_from_db()
    assert (work_order.status, work_order.applied_seq) == (WorkOrderStatus.PLANNED, 0)
    assert LineReport.objects.get().flag == "Another line reports on this line's job."


def test_reports_of_a_job_that_was_never_sent_wait(plant: Plant, line: FakeLine) -> None:
    work_order = make_work_order(plant)
    work_order = deliver(work_order, [Reporter(work_order).say("NotAllowedToStart")])
    assert work_order.applied_seq == 0
    assert waiting_jobs() == [work_order.public_id]


def test_report_quicker_than_the_answer_counts_as_the_answer(plant: Plant, line: FakeLine) -> None:
    work_order = make_due(make_work_order(plant))
    work_order = deliver(work_order, [Reporter(work_order).say("NotAllowedToStart")])
    assert work_order.dispatch == DispatchStatus.ACCEPTED
    assert (work_order.applied_epoch, work_order.applied_seq) == (EPOCH, 1)
    assert work_order.next_at is None


def test_gap_is_filled_by_asking_the_line(work_order: WorkOrder, line: FakeLine) -> None:
    life = Reporter(work_order).life()
    line.records[str(work_order.public_id)] = life
    work_order = deliver(work_order, [*life[:2], *life[5:]])
    assert work_order.applied_seq == 2
    assert not fill_gap(job=work_order.public_id)  # it may still be under way
    WorkOrder.objects.update(gap_since=work_order.created_at - timedelta(minutes=1))
    assert fill_gap(job=work_order.public_id)
    work_order.refresh_from_db()
    assert (work_order.status, work_order.gap_since) == (WorkOrderStatus.CLOSED, None)
    assert waiting_jobs() == []


def test_gap_stays_while_the_line_does_not_know(work_order: WorkOrder, line: FakeLine) -> None:
    life = Reporter(work_order).life()
    deliver(work_order, life[3:])
    WorkOrder.objects.update(gap_since=work_order.created_at - timedelta(minutes=1))
    assert not fill_gap(job=work_order.public_id)
    work_order.refresh_from_db()
    assert work_order.applied_seq == 0
    deliver(work_order, life[:3])
    work_order.refresh_from_db()
    assert work_order.status == WorkOrderStatus.CLOSED


@pytest.mark.parametrize(
    "changes",
    [
        {"job": "not-a-uuid"},
        {"job": 7},
        {"epoch": "short"},
        {"epoch": "has space in it"},
        {"seq": 0},
        {"seq": True},
        {"seq": 2**40},
        {"seq": "1"},
        {"seq": None},
    ],
)
def test_report_that_does_not_say_which_it_is_cannot_be_read(
    work_order: WorkOrder, changes: Body
) -> None:
    assert read_received({**Reporter(work_order).say("Running"), **changes}) is None


def test_two_epochs_of_one_job_are_two_histories(work_order: WorkOrder) -> None:
    old = Reporter(work_order)
    work_order = deliver(work_order, old.queue()[:2])
    Line.objects.update(epoch="epoch-two")
    new = Reporter(work_order, epoch="epoch-two")
    work_order = deliver(work_order, [new.say("NotAllowedToStart")])
    assert (work_order.applied_epoch, work_order.applied_seq) == ("epoch-two", 1)
    late = old.say("AllowedToStart/Loaded")
    store(work_order, [late])
    apply_reports(job=work_order.public_id)
    assert LineReport.objects.get(epoch=EPOCH, seq=late["seq"]).flag == (
        "Of an earlier memory of the line."
    )
