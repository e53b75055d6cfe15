"""New planned times of job orders that the line already has."""

import structlog

from cosmo.lib.chain import chain
from cosmo.lib.errors import Conflict
from production.lifecycle import DispatchStatus, OperationStatus
from production.lines.base import Command, LineRefuses, LineSilent, connector_of
from production.models import WorkOrder
from production.selectors.dispatch import new_times, planned_operations

log = structlog.get_logger(__name__)


def push_plan(*, work_order_id: int) -> bool:
    """Tell the line where the operations that have not started stand now; False when it is silent.

    Best effort: a plan that overtakes this one is told by the next call, and the line takes only
    a higher plan number.
    """
    work_order = (
        WorkOrder.objects.select_related("line", "plant")
        .defer("plant__document")
        .filter(pk=work_order_id, dispatch=DispatchStatus.ACCEPTED)
        .first()
    )
    if work_order is None:
        return True
    plan = work_order.plant.booking_seq  # read before the times: they are never older
    with chain(work_order.chain_id):
        try:
            operations = [
                new_times(operation)
                for operation in planned_operations(work_order)
                if operation.status == OperationStatus.PLANNED
            ]
        except Conflict as error:
            log.warning("plan_not_pushed", job=str(work_order.public_id), reason=error.message)
            return True
        if operations and not _tell(work_order, plan, operations):
            return False
        _note(work_order, plan)
        return True


def _tell(work_order: WorkOrder, plan: int, operations: list[dict[str, object]]) -> bool:
    job = work_order.public_id
    command = Command(
        job=job,
        verb="reschedule",
        message=f"reschedule_{job}_{plan}",
        chain=work_order.chain_id,
        body={"plan": plan, "operations": operations},
    )
    try:
        connector_of(work_order.line).command(command)
    except LineRefuses as error:  # too late: it has begun or ended, and reports tell
        log.info("plan_refused", job=str(job), plan=plan, reason=str(error))
    except LineSilent as error:
        log.warning("plan_unanswered", job=str(job), plan=plan, error=str(error))
        return False
    else:
        log.info("plan_pushed", job=str(job), plan=plan)
    return True


def _note(work_order: WorkOrder, plan: int) -> None:
    WorkOrder.objects.filter(pk=work_order.pk, sent_plan__lt=plan).update(sent_plan=plan)
