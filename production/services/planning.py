"""Asking for plans and making them: solved without a lock, checked, published under it."""

import time
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from production.compile import floor_of
from production.lifecycle import DispatchStatus, OperationStatus, PlanReason, WorkOrderStatus
from production.locks import plant_lock
from production.models import Booking, Operation, Plant, ScheduleRun, WorkOrder
from production.planning import Snapshot, read_snapshot
from production.scheduling.check import violations
from production.scheduling.dispatch import make_plan
from production.scheduling.infeasible import Infeasible
from production.scheduling.ladder import after_cpu_seconds
from production.scheduling.problem import Placement
from production.scheduling.solution import Solution, Weights
from production.services.plan_events import note_plan_event, open_events
from production.services.publishing import MadePlan, publish_plan, publish_under_lock

log = structlog.get_logger(__name__)
# A promise is not traded for set-ups or calm; a move is worth ten minutes of set-up. Who is late at
# all comes a day later, so that one late unit is as bad as a day of minutes of others.
WEIGHTS = Weights(tardiness=100, move=10, near_move=10, late=100 * 1440)
QUICK_S = 3.0  # of the processor; the improving sweep has the time for better ones
TRIES_WITHOUT_LOCK = 2
LEASE = timedelta(seconds=60)  # of one worker on one plant's plan
LOOKS = 5  # so often a worker looks whether a plan is wanted again
PLAN_AGE = timedelta(seconds=60)  # real time; older plans are looked at again while work runs


def mark_bookings_changed(plant_ids: Iterable[int], *, plan_for: str = "") -> set[int]:
    """Count a change of these plants' bookings; with ``plan_for`` also ask for a new plan.

    Call under the plants' locks.
    """
    changed = set(plant_ids)
    if changed:
        asked = {"plan_wanted_at": real_now(), "plan_wanted_for": plan_for[:80]}
        for plant_id in sorted(changed) if plan_for else ():
            note_plan_event(plant_id=plant_id, said=plan_for)
        Plant.objects.filter(pk__in=changed).update(
            booking_seq=F("booking_seq") + 1, **(asked if plan_for else {})
        )
    return changed


def plan_plant(*, plant_id: int, trigger: str, user: User | None = None) -> ScheduleRun:
    """Make a plan, have it checked, and publish it. A refused plan is stored; the old one stays.

    Solving holds no lock, so the plant may change meanwhile; then it is done again, at last with
    the lock held.
    """
    for _ in range(TRIES_WITHOUT_LOCK):
        run = publish_plan(_make(plant_id), trigger=trigger, user=user)
        if run is not None:
            break
    else:
        run = _plan_under_lock(plant_id, trigger, user)
    log.info(
        "planned",
        plant=run.plant.code,
        trigger=trigger,
        published=run.was_published,
        refusal=run.refusal,
        **{key: run.measures.get(key) for key in ("work_orders", "late", "moved", "made_ms")},
    )
    mark_due(plant_id)
    return run


@transaction.atomic
def _plan_under_lock(plant_id: int, trigger: str, user: User | None) -> ScheduleRun:
    plant_lock(plant_id)
    return publish_under_lock(_make(plant_id), trigger=trigger, user=user)


def _make(plant_id: int) -> MadePlan:
    """Solve and verify; leniently where what the line has contradicts itself."""
    began = time.monotonic()
    events = open_events(plant_id)
    snapshot = read_snapshot(plant_id)
    try:
        try:
            solution = _solve(snapshot)
        except Infeasible as error:
            log.warning("planned_leniently", plant=snapshot.plant.code, reason=error.message)
            snapshot = read_snapshot(plant_id, is_lenient=True)
            solution = _solve(snapshot)
    except Infeasible as error:
        return MadePlan(snapshot, None, error.message, _ms_since(began), events)
    breaches = solution.mix_breaches
    faults = violations(snapshot.problem, solution.placements, mix_breaches=breaches)
    if faults:
        refusal = f"The check found {len(faults)} faults; the first: {faults[0].sentence}"
        log.error("plan_refused", plant=snapshot.plant.code, refusal=refusal)
        return MadePlan(snapshot, None, refusal, _ms_since(began), events)
    return MadePlan(snapshot, solution, "", _ms_since(began), events)


def _ms_since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)


def _solve(snapshot: Snapshot) -> Solution:
    """New work is put as early as it can be; if that makes anything late, where it was promised."""
    solution = _plan(snapshot, snapshot.published)
    if snapshot.fresh and solution.weighted_tardiness:
        careful = _plan(snapshot, snapshot.previous)
        return min(solution, careful, key=lambda plan: plan.weighted_tardiness)
    return solution


def _plan(snapshot: Snapshot, previous: Mapping[int, Placement]) -> Solution:
    return make_plan(
        snapshot.problem, previous, weights=WEIGHTS, stop=after_cpu_seconds(QUICK_S), is_quick=True
    )


def mark_due(plant_id: int) -> int:
    """Let go to the line what starts within the release horizon; how many. One or two statements.

    Plant time passes, so this is run every few seconds, plan or no plan.
    """
    plant = Plant.objects.defer("document").get(pk=plant_id)
    horizon = timedelta(minutes=floor_of(plant).book.release_horizon_min)
    starts_soon = Booking.objects.filter(
        operation__work_order=OuterRef("pk"),
        period__startswith__lte=plant.clock.now() + horizon,
    )
    return WorkOrder.objects.filter(
        Exists(starts_soon),
        plant=plant,
        status=WorkOrderStatus.PLANNED,
        dispatch=DispatchStatus.WAITING,
    ).update(dispatch=DispatchStatus.DUE, next_at=real_now())


def plants_to_plan() -> list[tuple[int, str]]:
    """Plants that want a plan, and with a reason of ours those whose plan is old while work runs or
    is late to start.
    """
    old = real_now() - PLAN_AGE
    found = []
    for plant in Plant.objects.defer("document").order_by("pk"):
        if plant.plan_wanted_at is not None:
            found.append((plant.pk, ""))
        elif (plant.planned_at is None or plant.planned_at < old) and _needs_a_look(plant):
            found.append((plant.pk, PlanReason.PERIODIC.value))
    return found


def plan_if_wanted(*, plant_id: int, or_because: str = "") -> ScheduleRun | None:
    """Make the plan that was asked for, unless one has been made since; with ``or_because`` also
    when nobody asked.

    One worker plans a plant at a time. Who finds it taken leaves it to that one, which looks again
    before it lets go; what slips between is found by the sweep. A worker that dies leaves a lease
    that ends by itself.
    """
    run = None
    for _ in range(LOOKS):
        if not (or_because or _wanted_for(plant_id)):
            return run
        lease = claim_planning(plant_id)
        if lease is None:
            return run
        try:
            reason = _wanted_for(plant_id) or or_because
            if reason:
                run = plan_plant(plant_id=plant_id, trigger=reason)
        finally:
            leave_planning(plant_id, lease)
        or_because = ""
    return run


def claim_planning(plant_id: int) -> datetime | None:
    """Take the plant's planning for ``LEASE``; until when, by which it is let go again. None when
    somebody has it.
    """
    now = real_now()
    free = Q(planning_until=None) | Q(planning_until__lt=now)
    until = now + LEASE
    return until if Plant.objects.filter(free, pk=plant_id).update(planning_until=until) else None


def leave_planning(plant_id: int, lease: datetime) -> None:
    """Let go of that lease; one that somebody took after it had ended stays theirs."""
    Plant.objects.filter(pk=plant_id, planning_until=lease).update(planning_until=None)


def _wanted_for(plant_id: int) -> str:
    """Why a plan is wanted; empty for not."""
    wanted = Plant.objects.filter(pk=plant_id).exclude(plan_wanted_at=None)
    reasons: list[str] = list(wanted.values_list("plan_wanted_for", flat=True))
    return (reasons[0] or PlanReason.ASKED) if reasons else ""


def all_plants() -> list[int]:
    return list(Plant.objects.order_by("pk").values_list("pk", flat=True))


def plants_of_order(order_id: int) -> list[int]:
    """Plants that make units of the order."""
    return list(
        WorkOrder.objects.filter(unit__line__order_id=order_id)
        .order_by("plant_id")
        .values_list("plant_id", flat=True)
        .distinct()
    )


def _needs_a_look(plant: Plant) -> bool:
    now: datetime = plant.clock.now()
    is_late = Q(status=OperationStatus.PLANNED, booking__period__startswith__lt=now)
    is_running = Q(status=OperationStatus.RUNNING)
    open_orders = WorkOrder.objects.filter(
        plant=plant, status__in=[WorkOrderStatus.RUNNING, WorkOrderStatus.PLANNED]
    )
    return Operation.objects.filter(is_late | is_running, work_order__in=open_orders).exists()
