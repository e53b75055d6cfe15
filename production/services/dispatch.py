"""From a due work order to a job order that the line has accepted.

The row is the outbox row. A hint may come twice, late or never: the row says what is to be done,
its leases who is at it. The line is called without any lock; the job id makes that repeatable.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F

from cosmo.lib.chain import chain
from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict
from cosmo.lib.transitions import check_transition
from production.lifecycle import DISPATCH_MOVES, DispatchStatus, WorkOrderStatus
from production.lines.base import Ack, JobOrder, LineSilent, connector_of
from production.lines.forms import misfit
from production.locks import plant_lock
from production.models import Line, WorkOrder
from production.selectors.dispatch import is_silent, job_order_of

log = structlog.get_logger(__name__)
CALL_LASTS = timedelta(seconds=9)  # longer than a connector may take
LONGEST_LEASE_S = 8.0  # between two hints for a row nobody has taken up
LONGEST_WAIT_S = 30.0  # between two calls
STUCK_AFTER = 12


@dataclass(frozen=True, slots=True)
class Claim:
    """A due row that was taken: send a hint for it."""

    work_order_id: int
    job: UUID
    chain_id: str


def backoff(times: int, *, longest_s: float) -> timedelta:
    """0.5 s, doubled each time."""
    return timedelta(seconds=min(longest_s, 0.5 * 2.0 ** min(times, 16)))


@transaction.atomic
def claim_due_work_orders(*, limit: int = 100) -> list[Claim]:
    """Take due rows that nobody holds, and move their lease ahead. The relay's statement.

    A hint that is lost is sent again when the lease ends.
    """
    now = real_now()
    due = list(
        WorkOrder.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(dispatch=DispatchStatus.DUE, status=WorkOrderStatus.PLANNED, next_at__lte=now)
        .order_by("next_at", "id")[:limit]
    )
    for work_order in due:
        work_order.next_at = now + backoff(work_order.hints, longest_s=LONGEST_LEASE_S)
        work_order.hints += 1
    WorkOrder.objects.bulk_update(due, ["next_at", "hints"])
    for work_order in due:
        with chain(work_order.chain_id):
            log.info("dispatch_claimed", job=str(work_order.public_id), hint=work_order.hints)
    return [Claim(one.pk, one.public_id, one.chain_id) for one in due]


def dispatch_work_order(*, work_order_id: int) -> DispatchStatus | None:
    """Hand a claimed work order to its line. Safe under any number of hints.

    Returns what became of the row; None when there was nothing to do, or another worker is at it.
    """
    begun = _begin(work_order_id)
    if begun is None:
        return None
    line, order = begun
    with chain(order.chain):
        wrong = misfit("joborder", order.body)
        if wrong:
            return _apply_ack(work_order_id, order, Ack("rejected", reason=f"not_ours: {wrong}"))
        log.info("dispatch_sending", job=str(order.job), line=str(line), plan=order.plan)
        try:
            ack = connector_of(line).submit(order)
        except LineSilent as error:
            log.warning("dispatch_unanswered", job=str(order.job), error=str(error))
            return _note_silence(work_order_id, str(error))
        log.info("dispatch_answered", job=str(order.job), ack=ack.outcome, epoch=ack.epoch)
        return _apply_ack(work_order_id, order, ack)


@transaction.atomic
def _begin(work_order_id: int) -> tuple[Line, JobOrder] | None:
    """Take the call's lease and build the order, under the row's lock, which ends here."""
    work_order = (
        WorkOrder.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .select_related("line", "plant", "unit__line__product", "unit__line__texts")
        .filter(pk=work_order_id, dispatch=DispatchStatus.DUE, status=WorkOrderStatus.PLANNED)
        .first()
    )
    # Without a claim since the last answer the hint is an old one.
    if work_order is None or work_order.hints == 0:
        return None
    if work_order.sending_until and work_order.sending_until > real_now():
        return None
    try:
        order = job_order_of(work_order)
    except Conflict as error:
        _put_back(work_order, error.message)
        return None
    work_order.sending_until = real_now() + CALL_LASTS
    work_order.save(update_fields=["sending_until"])
    return work_order.line, order


def _put_back(work_order: WorkOrder, reason: str) -> None:
    """Not to be sent now: it waits until the plan has a place for it and it is due again."""
    _move(work_order, DispatchStatus.WAITING)
    _end_call(work_order, next_at=None)
    work_order.last_error = reason[:300]
    work_order.save()
    log.warning("dispatch_not_planned", job=str(work_order.public_id), reason=reason)


def lock_work_order(work_order_id: int) -> WorkOrder:
    """The row, locked after its plant: the order of locks everywhere."""
    plant_lock(WorkOrder.objects.values_list("plant_id", flat=True).get(pk=work_order_id))
    return (
        WorkOrder.objects.select_for_update(no_key=True, of=("self",))
        .select_related("plant", "line")
        .defer("plant__document")
        .get(pk=work_order_id)
    )


@transaction.atomic
def _apply_ack(work_order_id: int, order: JobOrder, ack: Ack) -> DispatchStatus:
    work_order = lock_work_order(work_order_id)
    if work_order.dispatch == DispatchStatus.ACCEPTED and ack.outcome != "rejected":
        # A report was quicker than the answer and proved that the line has it.
        work_order.sent_plan = max(work_order.sent_plan, order.plan)
        work_order.save(update_fields=["sent_plan"])
    if work_order.dispatch != DispatchStatus.DUE:
        return DispatchStatus(work_order.dispatch)
    if ack.outcome == "rejected":
        _move(work_order, DispatchStatus.REJECTED)
        _end_call(work_order, next_at=None)
        work_order.last_error = ack.reason[:300]
        log.warning("dispatch_rejected", job=str(order.job), reason=ack.reason)
    elif ack.epoch != work_order.line.epoch:
        # Accepted by a memory we do not know, or that is gone: ask until both sides agree.
        _end_call(work_order, next_at=real_now() + timedelta(seconds=1))
        log.warning("dispatch_epoch_differs", job=str(order.job), epoch=ack.epoch)
    else:
        accept(work_order, epoch=ack.epoch)
        work_order.sent_plan = order.plan
    work_order.save()
    return DispatchStatus(work_order.dispatch)


def accept(work_order: WorkOrder, *, epoch: str) -> None:
    """The line has the job in its memory ``epoch``. The caller holds the locks and saves."""
    _move(work_order, DispatchStatus.ACCEPTED)
    _end_call(work_order, next_at=None)
    work_order.attempts = 0
    work_order.last_error = ""
    work_order.dispatched_at = real_now()
    if work_order.applied_epoch != epoch:
        work_order.applied_epoch, work_order.applied_seq = epoch, 0
        work_order.gap_since = None


@transaction.atomic
def _note_silence(work_order_id: int, error: str) -> DispatchStatus:
    work_order = lock_work_order(work_order_id)
    if work_order.dispatch != DispatchStatus.DUE:
        return DispatchStatus(work_order.dispatch)
    wait = backoff(work_order.attempts, longest_s=LONGEST_WAIT_S)
    work_order.attempts += 1
    work_order.last_error = error[:300]
    _end_call(work_order, next_at=real_now() + wait)
    # A line that is off is no fault of the job: it waits, and goes on when the line is back.
    if work_order.attempts >= STUCK_AFTER and not is_silent(work_order.line):
        _move(work_order, DispatchStatus.STUCK)
        work_order.next_at = None
        log.error("dispatch_stuck", job=str(work_order.public_id), error=error)
    work_order.save()
    return DispatchStatus(work_order.dispatch)


@transaction.atomic
def retry_dispatch(*, work_order_id: int) -> None:
    """An operator says: send it again.

    Raises:
        Conflict: it is neither stuck, rejected nor in review (``bad_transition``).
    """
    work_order = lock_work_order(work_order_id)
    make_due(work_order)
    work_order.save()
    log.info("dispatch_retried", job=str(work_order.public_id))


def make_due(work_order: WorkOrder) -> None:
    """To be sent (again), now. The caller holds the locks and saves."""
    _move(work_order, DispatchStatus.DUE)
    _end_call(work_order, next_at=real_now())
    work_order.attempts = 0


def send_to_review(work_order: WorkOrder) -> None:
    """Begun in a memory that the line has lost: a person decides. The caller locks and saves."""
    _move(work_order, DispatchStatus.REVIEW)
    _end_call(work_order, next_at=None)
    work_order.last_error = "The line lost its memory of this job after it had begun."
    log.error("dispatch_review", job=str(work_order.public_id))


def wake_due_work_orders(*, line_id: int) -> int:
    """The line is back: what waits for it need not wait longer."""
    return WorkOrder.objects.filter(
        line_id=line_id, dispatch=DispatchStatus.DUE, next_at__gt=real_now()
    ).update(next_at=real_now(), attempts=F("attempts") * 0)


def _move(work_order: WorkOrder, target: DispatchStatus) -> None:
    check_transition(
        what=f"The dispatch of {work_order}",
        moves=DISPATCH_MOVES,
        source=work_order.dispatch,
        target=target,
    )
    work_order.dispatch = target


def _end_call(work_order: WorkOrder, *, next_at: datetime | None) -> None:
    work_order.sending_until = None
    work_order.hints = 0
    work_order.next_at = next_at
