"""Applying the inbox: by the line's seq, not by arrival; each report once.

A report that came twice is one row. One that came too early waits for those before it. One that
does not fit is kept with a flag, and the next is looked at.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet

from cosmo.lib.chain import chain
from cosmo.lib.clock import real_now
from orders.services.shipping import record_begun
from production.lifecycle import FINAL, DispatchStatus, Stage, WorkOrderStatus
from production.lines.base import LineRefuses, LineSilent, connector_of
from production.lines.job_report import read_report
from production.locks import plant_lock
from production.models import LineReport, Plant, UnitEvent, WorkOrder
from production.services import materials
from production.services.dispatch import accept, send_to_review
from production.services.following import Following, Misfit
from production.services.history import record_events
from production.services.inbox import read_received, store_reports
from production.services.plan_events import mark_plan_wanted
from production.services.planning import mark_bookings_changed
from production.services.remake import after_abort

log = structlog.get_logger(__name__)
GAP_LASTS = timedelta(seconds=2)  # so long a missing report may still be under way
AHEAD_REAL = timedelta(seconds=10)  # a report's time may be so far ahead of our clock
# The line has not been asked, or has said no: reports wait until a person or the relay acted.
NOT_THERE = frozenset({DispatchStatus.WAITING, DispatchStatus.REJECTED})


@transaction.atomic
def apply_reports(*, job: UUID) -> int:
    """Follow every report of ``job`` whose turn has come; how many were dealt with.

    Safe to repeat and to run twice at once: the plant's lock orders them.
    """
    found = WorkOrder.objects.filter(public_id=job).values_list("pk", "plant_id").first()
    if found is None:
        return _set_aside(LineReport.objects.filter(job=job), "This job is not known here.")
    plant_lock(found[1])
    work_order = (
        WorkOrder.objects.select_for_update(no_key=True, of=("self",))
        .select_related("line", "plant")
        .defer("plant__document")
        .get(pk=found[0])
    )
    with chain(work_order.chain_id):
        return _apply(work_order)


def _apply(work_order: WorkOrder) -> int:
    waiting = LineReport.objects.filter(job=work_order.public_id, applied_at=None)
    by_epoch: dict[str, list[LineReport]] = defaultdict(list)
    foreign = []
    for row in waiting.order_by("seq"):
        if row.line_id == work_order.line_id:
            by_epoch[row.epoch].append(row)
        else:
            foreign.append(row)
    count = _set_aside_rows(foreign, "Another line reports on this line's job.")
    if work_order.dispatch in NOT_THERE:
        return count
    known, current = work_order.applied_epoch, work_order.line.epoch
    for epoch in dict.fromkeys(filter(None, (known, current))):
        rows = by_epoch.pop(epoch, [])
        if rows:
            count += _apply_epoch(work_order, epoch, rows)
    if work_order.applied_epoch == current:  # whatever is left is of a memory before that
        late = [row for rows in by_epoch.values() for row in rows]
        count += _set_aside_rows(late, "Of an earlier memory of the line.")
    return count


def _apply_epoch(work_order: WorkOrder, epoch: str, rows: list[LineReport]) -> int:
    """Follow the rows that come next in ``epoch``; what lies behind a gap waits."""
    if epoch != work_order.applied_epoch:
        work_order.applied_epoch, work_order.applied_seq = epoch, 0
    if epoch == work_order.line.epoch:
        _note_that_line_has_it(work_order, epoch)
    now, turn = real_now(), []
    old = [row for row in rows if row.seq <= work_order.applied_seq]
    count = _set_aside_rows(old, "Followed before, and forgotten since.")
    rows = rows[len(old) :]  # they come by number
    for row in rows:
        if row.seq != work_order.applied_seq + 1:
            break
        work_order.applied_seq = row.seq
        turn.append(row)
    if len(turn) == len(rows):
        work_order.gap_since = None
    elif turn or work_order.gap_since is None:
        work_order.gap_since = now
    _follow(work_order, turn)
    if (
        work_order.dispatch == DispatchStatus.DUE
        and work_order.status != WorkOrderStatus.PLANNED
        and work_order.status not in FINAL
    ):
        send_to_review(work_order)  # begun in a memory that is gone: never send it again unseen
    work_order.save()
    if work_order.status == WorkOrderStatus.ABORTED and turn:
        after_abort(work_order)
    return count + len(turn)


def _note_that_line_has_it(work_order: WorkOrder, epoch: str) -> None:
    """A report is quicker than the answer to a job order, and as good."""
    if work_order.dispatch in (DispatchStatus.DUE, DispatchStatus.STUCK, DispatchStatus.REVIEW):
        accept(work_order, epoch=epoch)
        log.info("dispatch_reported", job=str(work_order.public_id))


def _follow(work_order: WorkOrder, rows: Sequence[LineReport]) -> None:
    if not rows:
        return
    following = begin_following(work_order)
    applied_at = real_now()
    latest = work_order.plant.clock.to_plant(applied_at + AHEAD_REAL)
    for row in rows:
        row.flag = _follow_one(following, row, latest)
        row.applied_at = applied_at
    LineReport.objects.bulk_update(rows, ["flag", "applied_at"])
    conclude_following(following)


def begin_following(work_order: WorkOrder) -> Following:
    """What reports of a locked work order are told to."""
    plant: Plant = work_order.plant
    plant.refresh_from_db(fields=["booking_seq"])
    return Following(
        work_order=work_order,
        operations={
            operation.code: operation
            for operation in work_order.operations.select_related(
                "booking__lane__resource"
            ).order_by("position")
        },
        seq=plant.booking_seq + 1,
        last=_last_told(work_order),
    )


def conclude_following(following: Following) -> None:
    """Tell the customer, issue components, ask for a plan: what the reports came to."""
    work_order = following.work_order
    plant_id = work_order.plant_id
    if _is_first_begun(following):
        record_begun(order_id=work_order.unit.line.order_id)
    record_events(plant_id=plant_id, happenings=following.happenings)
    if following.began_at is not None:
        materials.issue(work_order_id=work_order.pk, at=following.began_at)
    if following.moved_bookings:
        mark_bookings_changed({plant_id}, plan_for=following.plan_wanted)
    elif following.plan_wanted:
        mark_plan_wanted(plant_id, following.plan_wanted)


def _is_first_begun(following: Following) -> bool:
    """Whether an operation began, and none of the whole order had before."""
    if following.began_at is None:
        return False
    order_id = following.work_order.unit.line.order_id
    told = UnitEvent.objects.filter(unit__line__order=order_id, stage=Stage.RUNNING)
    return not told.exists()


def _follow_one(following: Following, row: LineReport, latest: datetime) -> str:
    """Follow one report; the flag to keep with it, empty for none."""
    try:
        report = read_report(row.body)
        flag = ""
        if report.plant_time > latest:
            flag = f"Followed as of now: its time {report.plant_time:%Y-%m-%d %H:%M} is ahead."
        following.follow(row, report, at=min(report.plant_time, latest))
    except (Misfit, ValueError) as error:
        flag = f"Not followed: {error}"
    if flag:
        log.warning("report_flagged", job=str(row.job), seq=row.seq, flag=flag)
    return flag[:200]


def _last_told(work_order: WorkOrder) -> tuple[str, dict[str, str | int | None]]:
    told = UnitEvent.objects.filter(unit_id=work_order.unit_id).exclude(stage=Stage.NEW_DAY)
    last = told.order_by("-seq").first()
    return (last.stage, last.facts) if last else ("", {})


def _set_aside_rows(rows: Sequence[LineReport], flag: str) -> int:
    if not rows:
        return 0
    return _set_aside(LineReport.objects.filter(pk__in=[row.pk for row in rows]), flag)


def _set_aside(reports: QuerySet[LineReport], flag: str) -> int:
    """Stored and not followed: an operator finds it by its flag."""
    return reports.filter(applied_at=None).update(applied_at=real_now(), flag=flag)


# What waits


def waiting_jobs(*, limit: int = 200) -> list[UUID]:
    """Jobs with reports that were not dealt with: a lost hint, or a gap."""
    return list(
        LineReport.objects.filter(applied_at=None)
        .order_by("job")
        .values_list("job", flat=True)
        .distinct()[:limit]
    )


def fill_gap(*, job: UUID) -> bool:
    """Ask the line for the reports that are missing; whether it was asked and answered."""
    work_order = (
        WorkOrder.objects.select_related("line")
        .filter(public_id=job, gap_since__lt=real_now() - GAP_LASTS)
        .first()
    )
    if work_order is None:
        return False
    with chain(work_order.chain_id):
        try:
            record = connector_of(work_order.line).query(job, after=work_order.applied_seq)
        except (LineSilent, LineRefuses) as error:
            log.warning("gap_not_filled", job=str(job), error=str(error))
            return False
        reports = [read for body in record.reports if (read := read_received(body))]
        stored = store_reports(line=work_order.line, reports=reports)
        log.info("gap_filled", job=str(job), after=work_order.applied_seq, stored=stored.stored)
    apply_reports(job=job)
    return True
