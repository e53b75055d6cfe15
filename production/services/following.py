"""What follows from one report: the work order's state, its operations, bookings and history.

Pure bookkeeping on one locked work order: no network, no clock of its own. A report that does
not fit is not followed and says why; nothing here raises because of what a line reports.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from cosmo.lib.errors import Conflict
from cosmo.lib.transitions import check_transition
from production.lifecycle import WORK_ORDER_MOVES, OperationStatus, Stage, WorkOrderStatus
from production.lines.job_report import JobReport
from production.models import Inspection, LineReport, Operation, WorkOrder
from production.services.history import Fact, Happening
from production.services.real_times import follow_end, follow_start

STATUS_OF: dict[str, WorkOrderStatus] = {
    "NotAllowedToStart": WorkOrderStatus.PLANNED,
    "AllowedToStart/Waiting": WorkOrderStatus.PLANNED,
    "AllowedToStart/Ready": WorkOrderStatus.PLANNED,
    "AllowedToStart/Loaded": WorkOrderStatus.PLANNED,
    "Running": WorkOrderStatus.RUNNING,
    "Interrupted/Held": WorkOrderStatus.HELD,
    "Interrupted/Suspended": WorkOrderStatus.HELD,
    "Ended/Completed": WorkOrderStatus.COMPLETED,
    "Ended/Closed": WorkOrderStatus.CLOSED,
    "Aborted": WorkOrderStatus.ABORTED,
}
REPEATABLE = frozenset({WorkOrderStatus.PLANNED, WorkOrderStatus.RUNNING, WorkOrderStatus.HELD})
Facts = dict[str, Fact]


class Misfit(Exception):
    """Why a report is stored and not followed."""


@dataclass(slots=True)
class Following:
    """One work order while its reports are followed, in order.

    Attributes:
        seq: What bookings changed now are counted with.
        last: Stage and facts last told to the customer.
        happenings: To be told.
        began_at: When an operation began, for the first time in these reports.
        plan_wanted: Why a new plan is wanted; empty for not.
    """

    work_order: WorkOrder
    operations: dict[str, Operation]
    seq: int
    last: tuple[str, Facts]
    happenings: list[Happening] = field(default_factory=list)
    plan_wanted: str = ""
    moved_bookings: bool = False
    began_at: datetime | None = None

    def follow(self, row: LineReport, report: JobReport, *, at: datetime) -> None:
        """Take over what ``report`` says happened ``at``.

        Raises:
            Misfit: nothing was changed.
        """
        target = STATUS_OF[report.name]
        self._check_move(target)
        operation = self._check_operation(report)
        if operation is not None:
            EVENTS[report.event](self, operation, report, at)
        if report.is_passed is not None and operation is not None:
            self._note_inspection(row, operation, report, at)
        self._enter(target, at)
        self._describe(report)
        self._tell(report, at)

    # Checks, before anything changes

    def _check_move(self, target: WorkOrderStatus) -> None:
        source = self.work_order.status
        if source == target and target in REPEATABLE:
            return
        if target == WorkOrderStatus.CLOSED and source in (
            WorkOrderStatus.RUNNING,
            WorkOrderStatus.HELD,
        ):
            return  # Completed was skipped, as a line may
        try:
            check_transition(what="The job", moves=WORK_ORDER_MOVES, source=source, target=target)
        except Conflict as error:
            raise Misfit(error.message) from error

    def _check_operation(self, report: JobReport) -> Operation | None:
        if not report.operation:
            return None
        operation = self.operations.get(report.operation)
        if operation is None:
            raise Misfit(f"The job has no operation {report.operation}.")
        if not report.event:
            return None
        is_running = operation.status == OperationStatus.RUNNING
        if report.event != "started" and not is_running:
            raise Misfit(f"{operation.code} {report.event} although it is {operation.status}.")
        if report.event == "started" and (is_running or self._cannot_restart(operation)):
            raise Misfit(f"{operation.code} started although it is {operation.status}.")
        return operation

    def _cannot_restart(self, operation: Operation) -> bool:
        """Done operations start again only for rework, after an inspection failed."""
        return (
            operation.status == OperationStatus.DONE
            and not Inspection.objects.filter(work_order=self.work_order, is_passed=False).exists()
        )

    # Operations

    def _start(self, operation: Operation, report: JobReport, at: datetime) -> None:
        self.began_at = self.began_at or at
        operation.status = OperationStatus.RUNNING
        operation.started_at, operation.ended_at = at, None
        operation.save(update_fields=["status", "started_at", "ended_at"])
        if hasattr(operation, "booking"):
            self._booked(follow_start(operation, at=at, station=report.station, seq=self.seq))

    def _end(self, operation: Operation, report: JobReport, at: datetime) -> None:
        self.began_at = self.began_at or at
        operation.status = OperationStatus.DONE
        operation.ended_at = at
        operation.save(update_fields=["status", "ended_at"])
        if hasattr(operation, "booking"):
            self._booked(follow_end(operation, at=at, seq=self.seq))

    def _fail(self, operation: Operation, report: JobReport, at: datetime) -> None:
        """It took its time; unless the job ends here, it is to be done again."""
        self._end(operation, report, at)
        if report.state != "Aborted":
            operation.status = OperationStatus.PLANNED
            operation.save(update_fields=["status"])
            self.plan_wanted = self.plan_wanted or f"{operation.code} failed"

    def _booked(self, plan_wanted: str) -> None:
        self.moved_bookings = True
        self.plan_wanted = self.plan_wanted or plan_wanted

    def _note_inspection(
        self, row: LineReport, operation: Operation, report: JobReport, at: datetime
    ) -> None:
        Inspection.objects.create(
            work_order=self.work_order,
            report=row,
            operation_code=operation.code,
            is_passed=bool(report.is_passed),
            findings=list(report.findings),
            plant_time=at,
        )

    # The work order

    def _enter(self, target: WorkOrderStatus, at: datetime) -> None:
        if target == WorkOrderStatus.CLOSED and self.work_order.status in (
            WorkOrderStatus.RUNNING,
            WorkOrderStatus.HELD,
        ):
            self._add(Stage.MADE, {}, at)
        self.work_order.status = target
        if target in (WorkOrderStatus.COMPLETED, WorkOrderStatus.CLOSED):
            self._finish_operations(at)

    def _finish_operations(self, at: datetime) -> None:
        """The line says that all is done: also what it never reported singly."""
        for operation in self.operations.values():
            if operation.status != OperationStatus.DONE:
                operation.started_at = operation.started_at or at
                self._end(operation, JobReport("", "", at), at)

    def _describe(self, report: JobReport) -> None:
        work_order = self.work_order
        work_order.job_state, work_order.job_sub_state = report.state, report.sub_state
        work_order.job_station = report.station or work_order.job_station
        work_order.job_reason = report.reason_code
        work_order.queue_position = report.queue_position

    # What the customer reads

    def _tell(self, report: JobReport, at: datetime) -> None:
        told = STAGES[report.name](self, report)
        if told is not None:
            self._add(*told, at)

    def _add(self, stage: Stage, facts: Facts, at: datetime) -> None:
        if (stage, facts) == self.last:
            return
        self.last = (stage, facts)
        self.happenings.append(
            Happening(
                unit_id=self.work_order.unit_id,
                stage=stage,
                plant_time=at,
                work_order_id=self.work_order.pk,
                facts=facts,
            )
        )

    def _planned(self, report: JobReport) -> tuple[Stage, Facts] | None:
        """Said already when the plan was published; again only when it left a later stage."""
        if self.last[0] in (Stage.PLANNED, Stage.CONFIRMED, Stage.REMAKE):
            return None
        return Stage.PLANNED, {}

    def _queued(self, report: JobReport) -> tuple[Stage, Facts] | None:
        return Stage.QUEUED, {"position": report.queue_position}

    def _next(self, report: JobReport) -> tuple[Stage, Facts] | None:
        return Stage.NEXT, {}

    def _running(self, report: JobReport) -> tuple[Stage, Facts] | None:
        """Each start is told; an end only says that it still is being made."""
        if self.last[0] == Stage.RUNNING and report.event != "started":
            return None
        number, count = report.step or (None, len(self.operations))
        return Stage.RUNNING, {
            "operation": report.operation,
            "step": number,
            "count": count,
            "station": report.station,
        }

    def _paused(self, report: JobReport) -> tuple[Stage, Facts] | None:
        return Stage.PAUSED, {"reason": report.reason_code, "text": report.reason_text}

    def _made(self, report: JobReport) -> tuple[Stage, Facts] | None:
        return Stage.MADE, {}

    def _ready(self, report: JobReport) -> tuple[Stage, Facts] | None:
        return Stage.READY, {}

    def _aborted(self, report: JobReport) -> tuple[Stage, Facts] | None:
        if report.reason_code == "aborted_by_order":
            return self._paused(report)
        return Stage.REMAKE, {"reason": report.reason_code, "text": report.reason_text}


EVENTS: dict[str, Callable[[Following, Operation, JobReport, datetime], None]] = {
    "started": Following._start,
    "ended": Following._end,
    "failed": Following._fail,
}
STAGES: dict[str, Callable[[Following, JobReport], tuple[Stage, Facts] | None]] = {
    "NotAllowedToStart": Following._planned,
    "AllowedToStart/Waiting": Following._queued,
    "AllowedToStart/Ready": Following._next,
    "AllowedToStart/Loaded": Following._next,
    "Running": Following._running,
    "Interrupted/Held": Following._paused,
    "Interrupted/Suspended": Following._paused,
    "Ended/Completed": Following._made,
    "Ended/Closed": Following._ready,
    "Aborted": Following._aborted,
}
