"""A verified plan becomes the plant's bookings, under the lock that holds take too."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, F, Value, When

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from cosmo.lib.outbox import write_event
from production.lifecycle import DispatchStatus, OperationStatus, Stage, WorkOrderStatus
from production.locks import plant_lock
from production.models import Booking, Operation, Plant, ScheduleRun
from production.planning import BookingChanges, Snapshot, changes_of
from production.scheduling.calendar import minutes_after
from production.scheduling.problem import Placement
from production.scheduling.solution import Move, Solution
from production.selectors.open_work import OPEN_STATUSES, OpenWorkOrder
from production.services.history import Happening, record_events
from production.services.plan_events import answer_events
from production.services.slips import note_slips

MOVES_KEPT = 500  # of a run's moves; the number of all stands in its measures
ACCEPTED = DispatchStatus.ACCEPTED
PUBLISHED = "plan.published"
WEEK_MIN = 7 * 24 * 60
INSERT = """
    INSERT INTO production_booking (plant_id, seq, lane_id, second_lane_id, period, set_up_min,
                                    set_up_family, unit_id, operation_code, operation_id, hold_id)
    SELECT %s, %s, lane, second_lane, tstzrange(lower, upper, '[)'), set_up, family, unit, code,
           operation, hold
    FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::integer[],
                %s::text[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[])
         AS t (lane, second_lane, lower, upper, set_up, family, unit, code, operation, hold)
"""


@dataclass(frozen=True, slots=True)
class MadePlan:
    """What planning came to, before anything is written.

    Attributes:
        solution: Verified; None when there is none.
        refusal: Why there is none; empty otherwise.
        events: What asked for it: plan events that were open when the snapshot was read.
    """

    snapshot: Snapshot
    solution: Solution | None
    refusal: str
    made_ms: int
    events: tuple[int, ...] = ()


@transaction.atomic
def publish_plan(made: MadePlan, *, trigger: str, user: User | None = None) -> ScheduleRun | None:
    """Publish a plan that was made without the plant's lock.

    Returns None, with nothing written, when the plant has changed since the snapshot was read.
    """
    snapshot = made.snapshot
    plant_lock(snapshot.plant.pk)
    seq = Plant.objects.values_list("booking_seq", flat=True).get(pk=snapshot.plant.pk)
    if seq != snapshot.plant.booking_seq or not _is_still_so(snapshot):
        return None
    return publish_under_lock(made, trigger=trigger, user=user)


def publish_under_lock(made: MadePlan, *, trigger: str, user: User | None = None) -> ScheduleRun:
    """Store the run and make its plan the plant's; the old plan stays when it was refused.

    Call with the plant's lock, with a snapshot that still holds.
    """
    snapshot, plant = made.snapshot, made.snapshot.plant
    changes = BookingChanges((), (), ())
    if made.solution is not None:
        changes = changes_of(snapshot, made.solution, seq=plant.booking_seq + 1)
        _write(plant.pk, changes, plant.booking_seq + 1)
        record_events(plant_id=plant.pk, happenings=list(_planned_anew(made.solution, snapshot)))
    seq = plant.booking_seq + (0 if changes.is_empty else 1)
    _note_planned(snapshot, seq)
    if made.solution is not None:
        note_slips(plant_id=plant.pk)
    moves = made.solution.moves(snapshot.published) if made.solution is not None else ()
    run = ScheduleRun.objects.create(
        plant=plant,
        trigger=trigger[:80],
        started_by=user,
        was_published=made.solution is not None,
        refusal=made.refusal[:300],
        measures=_measures(made, len(moves)),
        moves=[_shown_move(snapshot, move) for move in moves[:MOVES_KEPT]],
        booking_seq=seq,
        plant_time=snapshot.origin,
    )
    answer_events(made.events, run)
    if not changes.is_empty:
        write_event(topic=PUBLISHED, key=plant.code, body={"plant": plant.code, "seq": seq})
    return run


def _is_still_so(snapshot: Snapshot) -> bool:
    """Whether every open operation is as it was read: started, pinned and sent ones alike."""
    rows = (
        Operation.objects.filter(
            work_order__plant=snapshot.plant, work_order__status__in=OPEN_STATUSES
        )
        .exclude(status=OperationStatus.DONE)
        .values_list("id", "status", "is_pinned", "work_order__dispatch")
    )
    now = {(pk, status, is_pinned, sent == ACCEPTED) for pk, status, is_pinned, sent in rows}
    return now == {
        (one.pk, one.status, one.is_pinned, one.work_order.dispatch == ACCEPTED)
        for one in snapshot.work.operations
    }


def _write(plant_id: int, changes: BookingChanges, seq: int) -> None:
    """Delete before insert, or a lane would be taken twice for a moment. One statement each,
    without objects: a full plant has thousands of rows.
    """
    with connection.cursor() as cursor:
        if changes.delete:
            cursor.execute(
                "DELETE FROM production_booking WHERE id = ANY(%s)", [list(changes.delete)]
            )
        Booking.objects.bulk_update(changes.shorten, ["period", "set_up_min", "seq"])
        if changes.create:
            columns = [list(column) for column in zip(*changes.create, strict=True)]
            cursor.execute(INSERT, [plant_id, seq, *columns])


def _note_planned(snapshot: Snapshot, seq: int) -> None:
    """A wish for a plan that came after the snapshot was read stays open."""
    seen = snapshot.plant.plan_wanted_at
    wanted: Any = F("plan_wanted_at")
    reason: Any = F("plan_wanted_for")
    if seen is not None:
        wanted = Case(When(plan_wanted_at=seen, then=Value(None)), default=wanted)
        reason = Case(When(plan_wanted_at=seen, then=Value("")), default=reason)
    Plant.objects.filter(pk=snapshot.plant.pk).update(
        booking_seq=seq, planned_at=real_now(), plan_wanted_at=wanted, plan_wanted_for=reason
    )


def _planned_anew(solution: Solution, snapshot: Snapshot) -> Iterator[Happening]:
    """Units that have not started and whose first operation moved to another day."""
    before, after = _days(snapshot, snapshot.previous), _days(snapshot, solution.placements)
    for job, work_order in enumerate(snapshot.work_orders):
        if work_order is None or work_order.status != WorkOrderStatus.PLANNED:
            continue
        if job in after and before.get(job) != after[job]:
            yield _planned(snapshot, work_order, after[job])


def _planned(snapshot: Snapshot, work_order: OpenWorkOrder, day: date) -> Happening:
    return Happening(
        unit_id=work_order.unit_id,
        stage=Stage.PLANNED,
        plant_time=snapshot.origin,
        work_order_id=work_order.pk,
        facts={"day": day.isoformat()},
    )


def _days(
    snapshot: Snapshot, placements: Mapping[int, Placement] | tuple[Placement, ...]
) -> dict[int, date]:
    """By job, the plant's local day on which its first step begins."""
    begins: dict[int, int] = {}
    for number, step in enumerate(snapshot.problem.operations):
        place = placements.get(number) if isinstance(placements, Mapping) else placements[number]
        if place is not None:
            begins[step.job] = min(place.start, begins.get(step.job, place.start))
    zone = snapshot.floor.book.zone
    return {job: snapshot.moment(start).astimezone(zone).date() for job, start in begins.items()}


def _measures(made: MadePlan, moved: int) -> dict[str, Any]:
    snapshot, solution = made.snapshot, made.solution
    measures: dict[str, Any] = {
        "operations": len(snapshot.owners),
        "work_orders": sum(one is not None for one in snapshot.work_orders),
        "made_ms": made.made_ms,
    }
    if solution is not None:
        late = _late_min(snapshot, solution)
        measures |= {
            "late": sum(minutes > 0 for minutes in late),
            "late_min": sum(late),
            "set_up_min": solution.set_up_min,
            "moved": moved,
            "made_by": solution.made_by,
            "load_percent": _load(snapshot, solution),
        }
    return measures


def _late_min(snapshot: Snapshot, solution: Solution) -> list[int]:
    """By work order, minutes behind what was promised. A rush order's job wants to be sooner."""
    return [
        max(0, -minutes_after(snapshot.moment(end or 0), work_order.due_at))
        for end, work_order in zip(solution.ends(), snapshot.work_orders, strict=True)
        if work_order is not None
    ]


def _load(snapshot: Snapshot, solution: Solution) -> dict[str, int]:
    """Taken of open minutes in the coming week, by work centre."""
    codes = list(snapshot.floor.book.work_centres)
    loads = solution.load(WEEK_MIN)
    return {codes[n]: load.percent for n, load in loads.items() if n < len(codes)}


def _shown_move(snapshot: Snapshot, move: Move) -> dict[str, Any]:
    return {
        "operation": snapshot.owners[move.operation].code,
        "unit": snapshot.problem.jobs[snapshot.problem.operations[move.operation].job].name,
        "from": _shown(snapshot, move.before),
        "to": _shown(snapshot, move.after),
    }


def _shown(snapshot: Snapshot, place: Placement) -> dict[str, str]:
    return {
        "lane": snapshot.problem.lanes[place.lane].name,
        "start": snapshot.moment(place.start).isoformat(),
        "end": snapshot.moment(place.end).isoformat(),
    }
