"""What a planner saw on the floor while the line says nothing."""

from collections.abc import Callable

import structlog
from django.db import transaction

from cosmo.accounts.models import User
from cosmo.lib.chain import chain
from cosmo.lib.errors import Conflict, Invalid, NotFound, Sentence
from production.lifecycle import DispatchStatus, OperationStatus, PlanReason
from production.lines.job_report import JobReport
from production.models import HandReport, LineReport, Operation, WorkOrder
from production.selectors.dispatch import is_silent
from production.services.dispatch import lock_work_order
from production.services.following import Following, Misfit
from production.services.plan_events import announce_wanted_plan, mark_plan_wanted
from production.services.reports import begin_following, conclude_following

log = structlog.get_logger(__name__)
EVENTS = ("started", "ended", "failed")


@transaction.atomic
def report_by_hand(
    *, work_order_id: int, operation: str, event: str, reason: str, user: User | None
) -> HandReport:
    """Take over that an operation has started, ended or failed just now.

    What the line says of the same later does not fit any more and is kept with a flag, so that
    nothing happens twice.

    Raises:
        DomainError: ``bad_hand_report`` (no such event, or no reason given),
            ``unknown_operation``, ``line_speaks`` (the line is heard: it reports itself),
            ``not_at_the_line`` (it never accepted the work order), ``report_does_not_fit``.
    """
    if event not in EVENTS or not reason.strip():
        raise Invalid(
            "bad_hand_report",
            Sentence("Say started, ended or failed (not %(event)s), and why you say it."),
            event=event or "–",
        )
    work_order = lock_work_order(work_order_id)
    _check_line(work_order)
    step = work_order.operations.filter(code=operation).first()
    if step is None:
        raise NotFound(
            "unknown_operation",
            Sentence("The work order has no operation %(operation)s."),
            operation=operation,
        )
    with chain(work_order.chain_id):
        now = work_order.plant.clock.now()
        following = begin_following(work_order)
        try:
            following.follow(LineReport(), _report_of(following, step, event, reason), at=now)
        except Misfit as error:
            raise Conflict("report_does_not_fit", str(error)) from error
        conclude_following(following)
        work_order.save()
        mark_plan_wanted(
            work_order.plant_id,
            PlanReason.REPORTED_BY_HAND,
            facts={"operation": operation, "event": event},
        )
        announce_wanted_plan(work_order.plant_id)
        log.info("hand_report", job=str(work_order.public_id), operation=operation, what=event)
        return HandReport.objects.create(
            operation=step, event=event, plant_time=now, reason=reason[:200], reported_by=user
        )


def _check_line(work_order: WorkOrder) -> None:
    if not is_silent(work_order.line):
        raise Conflict(
            "line_speaks",
            Sentence("Line %(line)s is heard: it reports by itself what happens to this unit."),
            line=work_order.line.code,
        )
    if work_order.dispatch != DispatchStatus.ACCEPTED:
        raise Conflict(
            "not_at_the_line",
            Sentence("Line %(line)s has not accepted this work order; there is nothing to report."),
            line=work_order.line.code,
        )


def _report_of(following: Following, step: Operation, event: str, reason: str) -> JobReport:
    """In the words a line would use."""
    state, sub_state = STATES[event](following, step)
    return JobReport(
        state=state,
        sub_state=sub_state,
        plant_time=following.work_order.plant.clock.now(),
        operation=step.code,
        event=event,
        station=_station(following, step),
        step=(step.position + 1, len(following.operations)),
        reason_code="reported_by_hand" if event == "failed" else "",
        reason_text=reason[:200] if event == "failed" else "",
    )


def _station(following: Following, step: Operation) -> str:
    booking = getattr(following.operations[step.code], "booking", None)
    return booking.lane.resource.code if booking is not None else ""


def _after_end(following: Following, step: Operation) -> tuple[str, str]:
    """The last operation that ends ends the work order: people looked at it."""
    others = [one for one in following.operations.values() if one.code != step.code]
    is_last = all(one.status == OperationStatus.DONE for one in others)
    return ("Ended", "Closed") if is_last else ("Running", "")


STATES: dict[str, Callable[[Following, Operation], tuple[str, str]]] = {
    "started": lambda *_: ("Running", ""),
    "ended": _after_end,
    "failed": lambda *_: ("Interrupted", "Held"),
}
