"""What the platform may tell a job: abort, hold, resume, reschedule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.floor import Floor
from simulator.job import Job, Phase, Reason
from simulator.joborder import plant_seconds
from simulator.problems import Problem
from simulator.yard import ABORTED

HELD = Reason("held_by_order", "Held by the plant's planner.")
ABORTED_BY_ORDER = Reason("aborted_by_order", "Stopped by the plant's planner.")


def obey(floor: Floor, job: Job, command: dict[str, Any]) -> dict[str, Any]:
    """Carry out a command that is valid by its schema.

    Raises:
        Problem: 409 ``too_late``; 422 for an operation or station that does not exist.
    """
    verb: str = command["verb"]
    refuse_if_too_late(job, verb)
    applied = VERBS[verb](floor, job, command)
    return {
        "job": job.id,
        "epoch": job.epoch,
        "verb": verb,
        "result": "unchanged" if applied is None else "done",
        "applied": applied or [],
        "last_seq": len(job.reports),
    }


def refuse_if_too_late(job: Job, verb: str) -> None:
    if job.is_open or (verb == "abort" and job.state[0] == "Aborted"):
        return
    state = "/".join(part for part in job.state if part)
    raise Problem(409, "too_late", f"Job {job.id} is {state}; {verb} comes too late.")


def abort(floor: Floor, job: Job, _command: dict[str, Any]) -> list[str] | None:
    if not job.is_open:
        return None
    floor.take_off(job, outcome=ABORTED, at=floor.now)
    floor.tell(job, floor.now, reason=ABORTED_BY_ORDER)
    return []


def hold(floor: Floor, job: Job, command: dict[str, Any]) -> list[str] | None:
    if job.held:
        return None
    job.held = Reason(HELD.code, command.get("reason") or HELD.text)
    job.told_position, job.entry_sub = None, "Waiting"
    if job.started:
        job.pauses["command"] = ("Held", job.held)
    for operation in job.operations.values():
        if operation.phase is not Phase.RUNNING:
            floor.unload(operation, floor.now)
    floor.tell(job, floor.now)
    return []


def resume(floor: Floor, job: Job, _command: dict[str, Any]) -> list[str] | None:
    if not job.held:
        return None
    job.held = None
    job.pauses.pop("command", None)
    # Not yet begun and released: the place in the queue is the report.
    if job.started or not job.released:
        floor.tell(job, floor.now)
    floor.queue_ready(job, floor.now)
    return []


def reschedule(floor: Floor, job: Job, command: dict[str, Any]) -> list[str] | None:
    """Take newer times for operations that were not begun."""
    for planned in command["operations"]:
        if planned["id"] not in job.operations:
            raise Problem(
                422, "unknown_operation", f"Job {job.id} has no operation {planned['id']}."
            )
        if planned["resource"] not in floor.stations:
            raise Problem(
                422, "unknown_station", f"This line has no station {planned['resource']}."
            )
    starts = [plant_seconds(planned["planned_start"]) for planned in command["operations"]]
    if command["plan"] <= job.plan:
        return None
    job.plan = command["plan"]
    applied = []
    for planned, start in zip(command["operations"], starts, strict=True):
        operation = job.operations[planned["id"]]
        if operation.begun:
            continue
        floor.unload(operation, floor.now)
        operation.resource = planned["resource"]
        operation.planned_start = start
        operation.set_up_min = planned["set_up_min"]
        operation.duration_min = planned.get("duration_min", operation.duration_min)
        applied.append(operation.id)
    if job.released:
        floor.queue_ready(job, floor.now)
    else:
        floor.plan_release(job)
    return applied


VERBS: dict[str, Callable[[Floor, Job, dict[str, Any]], list[str] | None]] = {
    "abort": abort,
    "hold": hold,
    "resume": resume,
    "reschedule": reschedule,
}
