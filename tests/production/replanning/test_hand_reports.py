"""Where the line is silent, a planner says what happens; the line's own later word does not."""

from datetime import timedelta
from typing import Any

import pytest

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from cosmo.lib.errors import DomainError
from production import signals
from production.lifecycle import OperationStatus, PlanReason, WorkOrderStatus
from production.models import HandReport, Line, LineReport, PlanEvent, Plant, UnitEvent, WorkOrder
from production.services.hand_reports import report_by_hand
from tests.factories.work_orders import make_accepted, make_work_order
from tests.production.fake_line import EPOCH, FakeLine
from tests.production.reporting import Reporter, deliver

pytestmark = pytest.mark.django_db


@pytest.fixture
def work_order(plant: Plant, line: FakeLine) -> WorkOrder:
    return make_accepted(make_work_order(plant), epoch=EPOCH)


@pytest.fixture
def planner(db: None) -> User:
    return User.objects.create_user("planner@example.org", "a-long-password")


def fall_silent() -> None:
    Line.objects.update(seen_at=real_now() - timedelta(minutes=1))


def say(work_order: WorkOrder, operation: str, event: str, user: User | None = None) -> HandReport:
    return report_by_hand(
        work_order_id=work_order.pk,
        operation=operation,
        event=event,
        reason="seen on the floor",
        user=user,
    )


def test_a_unit_is_finished_by_hand(work_order: WorkOrder, planner: User) -> None:
    fall_silent()
    for operation in work_order.operations.order_by("position"):
        say(work_order, operation.code, "started", planner)
        say(work_order, operation.code, "ended", planner)
    work_order.refresh_from_db()
    assert work_order.status == WorkOrderStatus.CLOSED
    assert set(work_order.operations.values_list("status", flat=True)) == {OperationStatus.DONE}
    stages = list(UnitEvent.objects.order_by("seq").values_list("stage", flat=True))
    assert stages[-2:] == ["made", "ready"]
    assert HandReport.objects.filter(reported_by=planner).count() == 2 * (
        work_order.operations.count()
    )
    assert PlanEvent.objects.filter(kind=PlanReason.REPORTED_BY_HAND).exists()


def test_who_plans_is_woken_by_it_and_by_no_refusal(
    work_order: WorkOrder, django_capture_on_commit_callbacks: Any
) -> None:
    fall_silent()
    woken: list[int] = []

    def listen(plant_id: int, **_: object) -> None:
        woken.append(plant_id)

    signals.plan_asked.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            say(work_order, "saw", "started")
        with django_capture_on_commit_callbacks(execute=True), pytest.raises(DomainError):
            say(work_order, "saw", "started")
    finally:
        signals.plan_asked.disconnect(listen)
    assert woken == [work_order.plant_id]
    assert PlanEvent.objects.filter(kind=PlanReason.REPORTED_BY_HAND).count() == 1


def test_what_the_line_says_of_it_later_is_kept_and_not_followed(work_order: WorkOrder) -> None:
    line = Reporter(work_order)
    fall_silent()
    say(work_order, "saw", "started")
    say(work_order, "saw", "ended")
    told = UnitEvent.objects.count()
    Line.objects.update(seen_at=real_now())
    deliver(work_order, [line.about("saw", "started"), line.about("saw", "ended")])
    assert all("Not followed" in flag for flag in LineReport.objects.values_list("flag", flat=True))
    assert work_order.operations.get(code="saw").status == OperationStatus.DONE
    assert UnitEvent.objects.count() == told


def test_a_failed_operation_is_to_be_done_again(work_order: WorkOrder) -> None:
    fall_silent()
    say(work_order, "saw", "started")
    say(work_order, "saw", "failed")
    work_order.refresh_from_db()
    assert work_order.status == WorkOrderStatus.HELD
    assert work_order.operations.get(code="saw").status == OperationStatus.PLANNED


@pytest.mark.parametrize(
    ("silent", "operation", "event", "reason", "code"),
    [
        (False, "saw", "started", "seen", "line_speaks"),
        (True, "saw", "started", " ", "bad_hand_report"),
        (True, "saw", "vanished", "seen", "bad_hand_report"),
        (True, "dream", "started", "seen", "unknown_operation"),
        (True, "saw", "ended", "seen", "report_does_not_fit"),
    ],
)
def test_refusals_change_nothing(
    work_order: WorkOrder, silent: bool, operation: str, event: str, reason: str, code: str
) -> None:
    if silent:
        fall_silent()
    with pytest.raises(DomainError) as refused:
        report_by_hand(
            work_order_id=work_order.pk,
            operation=operation,
            event=event,
            reason=reason,
            user=None,
        )
    assert refused.value.code == code
    assert not HandReport.objects.exists()
    assert work_order.operations.exclude(status=OperationStatus.PLANNED).count() == 0


def test_a_work_order_the_line_never_took_is_not_reported_on(plant: Plant) -> None:
    work_order = make_work_order(plant)
    with pytest.raises(DomainError) as refused:
        say(work_order, "saw", "started")
    assert refused.value.code == "not_at_the_line"
