"""What a line says about itself: where it is, which memory it has, that it is alive."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import transaction

from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict
from production.lifecycle import DispatchStatus, OperationStatus, Stage, WorkOrderStatus
from production.locks import plant_lock
from production.models import Line, LineReport, Operation, WorkOrder
from production.selectors.dispatch import is_silent
from production.services.dispatch import make_due, send_to_review, wake_due_work_orders
from production.services.history import Happening, record_events
from production.services.reports import apply_reports

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Hello:
    """A line's first word, hello.schema.json."""

    epoch: str
    address: str
    version: str


@transaction.atomic
def record_hello(*, line_id: int, hello: Hello) -> Line:
    """The line is there, at this address, with this memory. Safe to repeat.

    With another memory than before, job orders that never began are due again; those that had
    begun go to a person, because nobody knows what lies on the line.
    """
    plant_lock(Line.objects.values_list("plant_id", flat=True).get(pk=line_id))
    line = Line.objects.select_for_update(no_key=True).get(pk=line_id)
    has_forgotten = bool(line.epoch) and line.epoch != hello.epoch
    if has_forgotten:
        _apply_what_came(line)  # while the old memory still counts
    line.epoch, line.address = hello.epoch, hello.address
    line.seen_at = real_now()
    line.status = {"version": hello.version}
    line.save(update_fields=["epoch", "address", "seen_at", "status"])
    if has_forgotten:
        _take_back(line)
    wake_due_work_orders(line_id=line.pk)
    log.info("line_hello", line=str(line), epoch=hello.epoch, has_forgotten=has_forgotten)
    return line


def record_status(*, line: Line, status: Mapping[str, Any]) -> Line:
    """The line is alive.

    Raises:
        Conflict: it speaks of a memory we do not know (``unknown_epoch``): it should say hello.
    """
    if status["epoch"] != line.epoch:
        raise Conflict(
            "unknown_epoch",
            f"Epoch {status['epoch']} is not the one line {line.code} said hello with; say hello.",
        )
    if is_silent(line):
        log.info("line_back", line=str(line), woken=wake_due_work_orders(line_id=line.pk))
    line.seen_at = real_now()
    line.status = {**line.status, **status}
    Line.objects.filter(pk=line.pk, epoch=line.epoch).update(
        seen_at=line.seen_at, status=line.status
    )
    return line


def _apply_what_came(line: Line) -> None:
    waiting = LineReport.objects.filter(line=line, epoch=line.epoch, applied_at=None)
    for job in waiting.order_by("job").values_list("job", flat=True).distinct():
        apply_reports(job=job)


def _take_back(line: Line) -> None:
    """Decide on each job order that the forgotten memory had and that is not over."""
    had = (
        WorkOrder.objects.select_for_update(no_key=True, of=("self",))
        .filter(
            line=line,
            dispatch=DispatchStatus.ACCEPTED,
            status__in=[
                WorkOrderStatus.PLANNED,
                WorkOrderStatus.RUNNING,
                WorkOrderStatus.HELD,
                WorkOrderStatus.COMPLETED,
            ],
        )
        .exclude(applied_epoch=line.epoch)
        .order_by("id")
    )
    begun = set(
        Operation.objects.filter(work_order__in=had)
        .exclude(status=OperationStatus.PLANNED, started_at=None)
        .values_list("work_order_id", flat=True)
    )
    reviewed = []
    for work_order in had:
        if work_order.status == WorkOrderStatus.PLANNED and work_order.pk not in begun:
            make_due(work_order)
        else:
            send_to_review(work_order)
            reviewed.append(work_order)
        work_order.save()
    _tell_paused(line, reviewed)


def _tell_paused(line: Line, work_orders: list[WorkOrder]) -> None:
    now = line.plant.clock.now()
    record_events(
        plant_id=line.plant_id,
        happenings=[
            Happening(
                unit_id=work_order.unit_id,
                stage=Stage.PAUSED,
                plant_time=now,
                work_order_id=work_order.pk,
                facts={"reason": "line_forgot", "text": ""},
            )
            for work_order in work_orders
        ],
    )
