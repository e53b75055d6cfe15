"""One life of a unit: what its reports come to, in whatever order and however often they come."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from production.lifecycle import OperationStatus, WorkOrderStatus
from production.models import Booking, Inspection, LineReport, Operation, UnitEvent, WorkOrder
from production.services.reports import apply_reports
from tests.factories.production import MONDAY, make_plant, set_plant_time
from tests.factories.work_orders import make_accepted, make_work_order
from tests.production.fake_line import EPOCH
from tests.production.reporting import Reporter, deliver, store

pytestmark = pytest.mark.django_db

STORY = [
    ("confirmed", {"promise": "2027-03-02"}),
    ("planned", {"day": "2027-03-01"}),
    ("queued", {"position": 3}),
    ("queued", {"position": 2}),
    ("next", {}),
    ("running", {"operation": "saw", "step": 1, "count": 4, "station": "saw-1"}),
    ("paused", {"reason": "tool_worn", "text": "A worn tool."}),
    ("running", {"operation": "saw", "step": 1, "count": 4, "station": "saw-1"}),
    ("running", {"operation": "paint", "step": 2, "count": 4, "station": "booth"}),
    ("running", {"operation": "check", "step": 3, "count": 4, "station": "bench-1"}),
    ("running", {"operation": "pack", "step": 4, "count": 4, "station": "bench-1"}),
    ("made", {}),
    ("ready", {}),
]


def accepted() -> WorkOrder:
    plant = make_plant()
    plant.lines.update(epoch=EPOCH)
    work_order = make_accepted(make_work_order(plant), epoch=EPOCH)
    set_plant_time(plant, MONDAY + timedelta(days=1))  # what is reported lies behind us
    return work_order


def story(work_order: WorkOrder) -> list[tuple[str, dict[str, Any]]]:
    events = UnitEvent.objects.filter(unit=work_order.unit).order_by("seq")
    return list(events.values_list("stage", "facts"))


def outcome(work_order: WorkOrder) -> tuple[object, ...]:
    """Everything that follows from the reports, without ids and numbers given on the way."""
    work_order.refresh_from_db()
    events = UnitEvent.objects.filter(unit=work_order.unit).order_by("seq")
    operations = Operation.objects.filter(work_order=work_order).order_by("position")
    bookings = Booking.objects.filter(unit=work_order.unit).order_by("period")
    return (
        work_order.status,
        work_order.applied_seq,
        work_order.gap_since,
        tuple((e.stage, tuple(sorted(e.facts.items())), e.plant_time) for e in events),
        tuple(operations.values_list("code", "status", "started_at", "ended_at")),
        tuple(bookings.values_list("operation_code", "lane__number", "period")),
        Inspection.objects.filter(work_order=work_order).count(),
        LineReport.objects.filter(applied_at=None).count(),
        tuple(LineReport.objects.order_by("seq").values_list("flag", flat=True)),
    )


def test_a_life_in_order_is_told_stage_by_stage() -> None:
    work_order = accepted()
    work_order = deliver(work_order, Reporter(work_order).life())
    assert story(work_order) == STORY
    assert work_order.status == WorkOrderStatus.CLOSED
    assert set(work_order.operations.values_list("status", flat=True)) == {OperationStatus.DONE}
    assert Inspection.objects.get().is_passed
    seqs = list(UnitEvent.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(STORY) + 1))


def test_applying_again_changes_nothing() -> None:
    work_order = accepted()
    deliver(work_order, Reporter(work_order).life())
    before = outcome(work_order)
    assert apply_reports(job=work_order.public_id) == 0
    deliver(work_order, Reporter(work_order).life())
    assert outcome(work_order) == before


@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking rows takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(luck=st.randoms(use_true_random=False), size=st.integers(2, 9))
def test_any_order_and_any_repetition_give_the_same_history(luck: Any, size: int) -> None:
    sid = transaction.savepoint()
    try:
        in_order = accepted()
        life = Reporter(in_order).life()
        arrivals = [*life, *luck.choices(life, k=len(life) // 3)]
        luck.shuffle(arrivals)
        inner = transaction.savepoint()
        deliver(in_order, life)
        wanted = outcome(in_order)
        transaction.savepoint_rollback(inner)
        for start in range(0, len(arrivals), size):
            deliver(in_order, arrivals[start : start + size])
        assert outcome(in_order) == wanted
        assert story(in_order) == STORY
    finally:
        transaction.savepoint_rollback(sid)


def test_report_before_its_turn_waits_and_is_no_gap_for_long() -> None:
    work_order = accepted()
    life = Reporter(work_order).life()
    work_order = deliver(work_order, [life[0], life[2], life[3]])
    assert (work_order.applied_seq, work_order.queue_position) == (1, None)
    assert work_order.gap_since is not None
    assert LineReport.objects.filter(applied_at=None).count() == 2
    work_order = deliver(work_order, [life[1]])
    assert (work_order.applied_seq, work_order.gap_since) == (4, None)
    assert work_order.job_sub_state == "Ready"


def test_reports_are_rows_before_anything_follows_from_them() -> None:
    work_order = accepted()
    store(work_order, Reporter(work_order).life())
    assert LineReport.objects.filter(applied_at=None).count() == 17
    assert len(story(work_order)) == 2
