"""A person's word on work orders that the line began and then forgot."""

import structlog
from django.db import transaction

from cosmo.lib.chain import chain
from cosmo.lib.errors import Conflict
from cosmo.lib.transitions import check_transition
from production.lifecycle import (
    DISPATCH_MOVES,
    WORK_ORDER_MOVES,
    DispatchStatus,
    OperationStatus,
    Stage,
    WorkOrderStatus,
)
from production.models import WorkOrder
from production.services import materials
from production.services.dispatch import lock_work_order
from production.services.history import tell_now
from production.services.remake import after_abort

log = structlog.get_logger(__name__)


@transaction.atomic
def make_again(*, work_order_id: int) -> WorkOrder | None:
    """What was begun is given up; the unit gets a new work order.

    Raises:
        Conflict: it is not in review (``not_in_review``), or was made (``bad_transition``).
    """
    work_order = _lock_reviewed(work_order_id)
    with chain(work_order.chain_id):
        _enter(work_order, WorkOrderStatus.ABORTED)
        work_order.job_reason = "line_forgot"
        work_order.save()
        tell_now(work_order, Stage.REMAKE, reason="line_forgot", text="")
        log.info("review_made_again", job=str(work_order.public_id))
        return after_abort(work_order)


@transaction.atomic
def declare_made(*, work_order_id: int) -> None:
    """The unit was found finished and good: it is ready to ship.

    Raises:
        Conflict: it is not in review (``not_in_review``).
    """
    work_order = _lock_reviewed(work_order_id)
    with chain(work_order.chain_id):
        now = work_order.plant.clock.now()
        if work_order.status != WorkOrderStatus.COMPLETED:
            _enter(work_order, WorkOrderStatus.COMPLETED)
            work_order.operations.exclude(status=OperationStatus.DONE).update(
                status=OperationStatus.DONE, ended_at=now
            )
            materials.issue(work_order_id=work_order.pk, at=now)
            tell_now(work_order, Stage.MADE)
        _enter(work_order, WorkOrderStatus.CLOSED)
        check_transition(
            what=f"The dispatch of {work_order}",
            moves=DISPATCH_MOVES,
            source=work_order.dispatch,
            target=DispatchStatus.ACCEPTED,
        )
        work_order.dispatch = DispatchStatus.ACCEPTED
        work_order.job_state, work_order.job_sub_state = "Ended", "Closed"
        work_order.save()
        tell_now(work_order, Stage.READY)
        log.info("review_declared_made", job=str(work_order.public_id))


def _lock_reviewed(work_order_id: int) -> WorkOrder:
    work_order = lock_work_order(work_order_id)
    if work_order.dispatch != DispatchStatus.REVIEW:
        raise Conflict(
            "not_in_review",
            f"{work_order} is {work_order.dispatch}; only one in review is decided by hand.",
        )
    return work_order


def _enter(work_order: WorkOrder, target: WorkOrderStatus) -> None:
    check_transition(
        what=str(work_order), moves=WORK_ORDER_MOVES, source=work_order.status, target=target
    )
    work_order.status = target
