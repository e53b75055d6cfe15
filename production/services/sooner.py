"""A better day for what is held: work of others moves within its slack, nobody's promise does.

A hold is taken in milliseconds under the plant's lock from the gaps between bookings. Afterwards,
without the lock, the plant is planned with the held units inside; a plan in which they arrive
sooner and nobody is later is published like any other, if the plant has not changed meanwhile.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Max

from cosmo.lib.clock import real_now
from cosmo.lib.ports import Promise
from orders.lifecycle import OrderStatus
from orders.models import Order
from orders.services.promises import write_promises
from production.compile import Floor
from production.lifecycle import HoldStatus
from production.locks import plant_lock
from production.models import HeldUnit, Hold, Reservation
from production.planning import Snapshot, read_snapshot
from production.promise.sooner import find_sooner
from production.scheduling.check import violations
from production.scheduling.delivery import ONE_DAY
from production.scheduling.problem import Problem
from production.scheduling.stop import after_seconds
from production.selectors.places import LONGEST_HEAD_START
from production.services.plan_events import open_events
from production.services.publishing import MadePlan, publish_plan

log = structlog.get_logger(__name__)
SEARCH_S = 2.0
DAYS_TRIED = 12
MINUTE = timedelta(minutes=1)
TRIGGER = "sooner for a hold"


@dataclass(frozen=True, slots=True)
class _Better:
    """A verified plan, and by held unit the plant time it leaves the line there."""

    made: MadePlan
    ends: Mapping[int, datetime]


def bring_sooner(*, order_id: int, seconds: float = SEARCH_S) -> bool:
    """Look for a sooner day at every plant of the order's active hold; whether one was found.

    Safe to repeat. What is kept for the order and what is said of it change together, or not at
    all.
    """
    hold = Hold.objects.filter(
        order_id=order_id, status=HoldStatus.ACTIVE, expires_at__gt=real_now()
    ).first()
    if hold is None:
        return False
    plants = hold.units.order_by("plant_id").values_list("plant_id", flat=True).distinct()
    found = [_bring_sooner(hold, plant_id, seconds) for plant_id in list(plants)]
    return any(found)


def _bring_sooner(hold: Hold, plant_id: int, seconds: float) -> bool:
    began = time.monotonic()
    events = open_events(plant_id)  # the plan that is published answers them, like any other
    snapshot = read_snapshot(plant_id)
    held = {
        owner.held.pk: owner.held
        for owner in snapshot.owners
        if owner.held is not None and owner.held.hold_id == hold.pk
    }
    better = _better(snapshot, held, seconds, began, events) if held else None
    if better is None or not _publish(hold, held, better):
        return False
    log.info("brought_sooner", order=hold.order_id, plant=snapshot.plant.code)
    return True


def _better(
    snapshot: Snapshot,
    held: Mapping[int, HeldUnit],
    seconds: float,
    began: float,
    events: tuple[int, ...],
) -> _Better | None:
    jobs = {
        step.job: owner.held.pk
        for step, owner in zip(snapshot.problem.operations, snapshot.owners, strict=True)
        if owner.held is not None and owner.held.pk in held
    }
    days = _days_before(
        snapshot.floor,
        snapshot.plant.clock.now(),
        max(one.promise_date for one in held.values()),
    )
    spare = _spare(held.values())
    solution = find_sooner(
        _not_before(snapshot, {job: held[pk] for job, pk in jobs.items()}),
        snapshot.previous,
        jobs=jobs.keys(),
        dues=[(snapshot.floor.latest_end(day) - spare - snapshot.origin) // MINUTE for day in days],
        stop=after_seconds(seconds),
    )
    if solution is None or violations(
        solution.problem, solution.placements, mix_breaches=solution.mix_breaches
    ):
        return None
    made = MadePlan(snapshot, solution, "", int((time.monotonic() - began) * 1000), events)
    ends = solution.ends()
    return _Better(made, {jobs[job]: snapshot.moment(ends[job] or 0) for job in jobs})


def _not_before(snapshot: Snapshot, held: Mapping[int, HeldUnit]) -> Problem:
    """The held units begin neither before they can be paid nor before their components come."""
    plant = snapshot.plant
    hold = next(iter(held.values())).hold
    ahead = min((hold.expires_at - real_now()) * plant.clock_factor, LONGEST_HEAD_START)
    paid = plant.clock.now() + ahead
    expected = dict(
        Reservation.objects.filter(hold=hold, available_at__isnull=False)
        .values_list("unit")
        .annotate(Max("available_at"))
    )
    releases = {
        job: -((snapshot.origin - max(paid, expected.get(unit.unit_id, paid))) // MINUTE)
        for job, unit in held.items()
    }
    problem = snapshot.problem
    return replace(
        problem,
        jobs=tuple(
            replace(job, release=max(job.release, releases.get(number, 0)))
            for number, job in enumerate(problem.jobs)
        ),
    )


def _days_before(floor: Floor, now: datetime, promised: date) -> list[date]:
    """The days of delivery before the one promised, soonest first."""
    day, found = floor.promise_date(now), list[date]()
    while day < promised and len(found) < DAYS_TRIED:
        found.append(day)
        day = floor.book.carrier.working_day_from(day + ONE_DAY)
    return found


def _spare(held: Iterable[HeldUnit]) -> timedelta:
    return timedelta(minutes=max(one.engineering.learnt_buffer_min for one in held))


@transaction.atomic
def _publish(hold: Hold, held: Mapping[int, HeldUnit], better: _Better) -> bool:
    """Publish the plan with the new days of the order; False when anything changed meanwhile."""
    order = Order.objects.select_for_update(no_key=True).get(pk=hold.order_id)
    plant_lock(better.made.snapshot.plant.pk)
    if order.status != OrderStatus.QUOTED:
        return False  # its customer reads an offer of another day just now
    if not Hold.objects.filter(
        pk=hold.pk, status=HoldStatus.ACTIVE, expires_at__gt=real_now()
    ).exists():
        return False
    if publish_plan(better.made, trigger=TRIGGER) is None:
        return False
    plant, floor = better.made.snapshot.plant, better.made.snapshot.floor
    spare = _spare(held.values())
    last: dict[int, datetime] = {}
    for pk, unit in held.items():
        line_id = unit.unit.line_id
        last[line_id] = max(better.ends[pk], last.get(line_id, better.ends[pk]))
    days = {line_id: floor.promise_date(end + spare) for line_id, end in last.items()}
    for unit in held.values():
        line_id = unit.unit.line_id
        unit.promise_date = days[line_id]
        unit.due_at = floor.latest_end(unit.promise_date)
        unit.buffer_min = spare // MINUTE
    HeldUnit.objects.bulk_update(held.values(), ["promise_date", "due_at", "buffer_min"])
    _tell(order, hold, plant.code, plant.clock_factor, days, last)
    return True


def _tell(
    order: Order,
    hold: Hold,
    plant: str,
    time_factor: float,
    days: Mapping[int, date],
    last: Mapping[int, datetime],
) -> None:
    """The order says the new days of these lines, and what it said of the others."""
    promises = {
        line.pk: Promise(
            date=days.get(line.pk, line.promise_date),
            leaves_at=last.get(line.pk, hold.expires_at),
            plant=plant if line.pk in days else line.plant_code,
            time_factor=time_factor,
            lasts_until=hold.expires_at,
        )
        for line in order.lines.all()
    }
    write_promises(order, promises)
