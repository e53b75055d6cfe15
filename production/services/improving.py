"""A quick plan first, a better one when there is time: while something is late and nobody waits.

The quick plan answers at once whatever has happened. Afterwards the anytime ladder looks for a
better one from where the published plan stands, and gives up the moment a new plan is wanted.
"""

import time

import structlog
from django.conf import settings
from django.db.models import F

from production.lifecycle import PlanReason
from production.models import Plant, ScheduleRun
from production.planning import Snapshot, read_snapshot
from production.scheduling.check import violations
from production.scheduling.infeasible import Infeasible
from production.scheduling.solution import Solution
from production.scheduling.stop import Stop
from production.services.plan_events import open_events
from production.services.planning import (
    WEIGHTS,
    claim_planning,
    leave_planning,
    mark_due,
    plan_if_wanted,
)
from production.services.publishing import MadePlan, publish_plan

log = structlog.get_logger(__name__)
LOOK_EVERY_S = 0.5  # so often it is asked whether somebody wants a plan
WORTH_PERCENT = 1  # of the cost: less is not worth telling everybody


def improve_late_plants() -> int:
    """The sweep: one plant whose last plan is late and was not looked at since, another one each
    time; how many plans were published.
    """
    waiting = Plant.objects.filter(plan_wanted_at=None).exclude(improved_seq=F("booking_seq"))
    for plant in waiting.defer("document").order_by("?"):
        if _is_late(plant.pk):
            return int(improve_plan(plant_id=plant.pk) is not None)
    return 0


def _is_late(plant_id: int) -> bool:
    last = ScheduleRun.objects.filter(plant_id=plant_id).order_by("-id").first()
    return last is not None and last.was_published and bool(last.measures.get("late_min"))


def improve_plan(*, plant_id: int, seconds: float | None = None) -> ScheduleRun | None:
    """Look for a better plan of a plant where something is late; None when there is none, when
    somebody else plans, or when a plan was wanted meanwhile. Safe to repeat.
    """
    lease = claim_planning(plant_id) if _is_late(plant_id) else None
    if lease is None:
        return None
    try:
        run = _improve(plant_id, settings.COSMO_IMPROVE_S if seconds is None else seconds)
    finally:
        leave_planning(plant_id, lease)
    plan_if_wanted(plant_id=plant_id)  # who came meanwhile found the plant taken
    if run is not None:
        mark_due(plant_id)
    return run


def _improve(plant_id: int, seconds: float) -> ScheduleRun | None:
    from production.scheduling.improve.anytime import plan_anytime  # compiled loops only if wanted

    began = time.monotonic()
    events = open_events(plant_id)
    snapshot = read_snapshot(plant_id)
    try:
        solution = plan_anytime(
            snapshot.problem,
            previous=snapshot.previous,
            weights=WEIGHTS,
            seconds=seconds,
            stop=_until_wanted(plant_id),
        )
    except Infeasible as error:
        log.info("not_improved", plant=snapshot.plant.code, reason=error.message)
        _note_looked(plant_id, snapshot.plant.booking_seq)
        return None
    run = None
    if _is_worth_it(snapshot, solution):
        made_ms = int((time.monotonic() - began) * 1000)
        made = MadePlan(snapshot, solution, "", made_ms, events)
        run = publish_plan(made, trigger=PlanReason.IMPROVED.value)
    _note_looked(plant_id, run.booking_seq if run else snapshot.plant.booking_seq)
    log.info("improved", plant=snapshot.plant.code, published=run is not None)
    return run


def _is_worth_it(snapshot: Snapshot, solution: Solution) -> bool:
    """Cheaper than what is published by more than a trifle, and without a fault."""
    problem = snapshot.problem
    standing = tuple(
        own.fixed or snapshot.previous.get(number) for number, own in enumerate(problem.operations)
    )
    cost = solution.cost(WEIGHTS, snapshot.previous)
    if all(place is not None for place in standing):
        now = Solution(problem, tuple(place for place in standing if place is not None))
        before = now.cost(WEIGHTS, snapshot.previous)
        if cost >= before * (100 - WORTH_PERCENT) / 100:
            return False
    faults = violations(problem, solution.placements, mix_breaches=solution.mix_breaches)
    if faults:
        log.error("plan_refused", plant=snapshot.plant.code, refusal=faults[0].sentence)
    return not faults


def _until_wanted(plant_id: int) -> Stop:
    """True from the moment somebody wants a plan of the plant."""
    looked, is_wanted = time.monotonic(), False

    def stop() -> bool:
        nonlocal looked, is_wanted
        if not is_wanted and time.monotonic() - looked > LOOK_EVERY_S:
            looked = time.monotonic()
            plants = Plant.objects.filter(pk=plant_id)
            is_wanted = plants.exclude(plan_wanted_at=None).exists()
        return is_wanted

    return stop


def _note_looked(plant_id: int, seq: int) -> None:
    Plant.objects.filter(pk=plant_id).update(improved_seq=seq)
