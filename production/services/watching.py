"""What nobody reports: a line that fell silent, an operation that should have begun or ended."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from production.lifecycle import DispatchStatus, OperationStatus, PlanReason
from production.models import Line, Operation, PlanEvent, Plant
from production.selectors.dispatch import is_silent
from production.selectors.open_work import OPEN_STATUSES
from production.services.plan_events import mark_plan_wanted
from production.services.real_times import TOLERANCE

log = structlog.get_logger(__name__)
PATIENCE = timedelta(seconds=20)  # real time a report may be under way
AT_ONCE = 100


def watch_lines() -> int:
    """Note once that a line with work has fallen silent, and once that it speaks again; how many
    did.
    """
    changed = 0
    with_work = Line.objects.filter(
        Q(silent_since__isnull=False)
        | Q(
            work_orders__status__in=OPEN_STATUSES,
            work_orders__dispatch=DispatchStatus.ACCEPTED,
        )
    )
    for line in with_work.select_related("plant").defer("plant__document").distinct():
        if is_silent(line) and line.silent_since is None and line.seen_at is not None:
            changed += _note(line, PlanReason.LINE_SILENT)
        elif not is_silent(line) and line.silent_since is not None:
            changed += _note(line, PlanReason.LINE_BACK)
    return changed


@transaction.atomic
def _note(line: Line, reason: PlanReason) -> bool:
    is_back = reason == PlanReason.LINE_BACK
    same = Line.objects.filter(pk=line.pk, silent_since=line.silent_since)
    if not same.update(silent_since=None if is_back else line.seen_at):
        return False  # another sweep was quicker
    log.warning("line_silence", line=str(line), is_over=is_back)
    return mark_plan_wanted(line.plant_id, reason, facts={"line": line.code})


def watch_reports(plant_id: int) -> int:
    """Note once each operation at the line that should have begun or ended by now, and of which
    nothing was heard; how many are new. What the plan says of the rest no longer holds.
    """
    plant = Plant.objects.defer("document").get(pk=plant_id)
    # In a plant whose time runs fast, minutes of plant time pass while a report is under way.
    latest = plant.clock.now() - max(TOLERANCE, PATIENCE * plant.clock_factor)
    at_line = Operation.objects.filter(
        work_order__plant=plant,
        work_order__status__in=OPEN_STATUSES,
        work_order__dispatch=DispatchStatus.ACCEPTED,
    )
    never_began = Q(status=OperationStatus.PLANNED, booking__period__startswith__lt=latest)
    never_ended = Q(status=OperationStatus.RUNNING, booking__period__endswith__lt=latest)
    late = {
        f"operation {pk} {status}": (code, status, period)
        for pk, code, status, period in at_line.filter(never_began | never_ended)
        .order_by("pk")
        .values_list("pk", "code", "status", "booking__period")
    }
    known = PlanEvent.objects.filter(
        plant=plant, kind=PlanReason.REPORT_LATE, subject__in=late
    ).values_list("subject", flat=True)
    found = 0
    for subject in sorted(late.keys() - set(known))[:AT_ONCE]:
        code, status, period = late[subject]
        expected = period.lower if status == OperationStatus.PLANNED else period.upper
        facts = {"operation": code, "expected": expected.isoformat()}
        found += mark_plan_wanted(
            plant_id, PlanReason.REPORT_LATE.value, subject=subject, facts=facts
        )
    return found
