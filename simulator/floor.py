"""The shop floor: stations work off jobs in plant time.

No clock and no network: ``advance(until)`` plays every event up to a moment, each at its own
moment, so a late call changes nothing and a factor of 7,200 does not drift. The same inputs at the
same moments give the same reports; the journal relies on it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

from simulator.chances import Chances, Stop
from simulator.clock import MINUTE
from simulator.job import Job, Operation, Phase, Reason
from simulator.stations import Station
from simulator.yard import FINISHED, SCRAPPED, Yard

RELEASE_S = 240 * MINUTE  # a job joins its queue so long before its planned start
LOAD_S = 10 * MINUTE  # a unit is put on a free station so long before
MAX_REWORK = 2  # an inspection failed more often scraps the unit

REWORK = Reason("rework", "The inspection failed; the unit goes back to be reworked.")
SCRAP = Reason("scrap", "The inspection failed beyond repair; the unit is scrapped.")


Observer = Callable[[Job, dict[str, Any]], None]
"""Told of each report as it is made."""


class Floor:
    def __init__(self, *, chances: Chances, yard: Yard, on_report: Observer) -> None:
        self.now = 0
        self.jobs: dict[str, Job] = {}
        self.stations: dict[str, Station] = {}
        self._chances = chances
        self._yard = yard
        self._on_report = on_report
        self._heap: list[tuple[int, int, Callable[[int], None]]] = []
        self._ticks = count()

    # Time

    @property
    def next_at(self) -> int | None:
        """When something will happen next, if nothing comes from outside."""
        return self._heap[0][0] if self._heap else None

    def advance(self, until: int) -> int:
        """Play all events up to ``until``; a clock that was set back does not move us back."""
        while self._heap and self._heap[0][0] <= until:
            at, _, action = heapq.heappop(self._heap)
            self.now = max(self.now, at)
            action(at)
        self.now = max(self.now, until)
        return self.now

    def _plan(self, at: int, action: Callable[[int], None]) -> None:
        heapq.heappush(self._heap, (at, next(self._ticks), action))

    # From outside, always at ``self.now``

    def set_stations(self, lanes: dict[str, int]) -> None:
        for resource, wanted in lanes.items():
            station = self.stations.setdefault(resource, Station(resource, wanted))
            station.resize(wanted)
            self.look(station, self.now)

    def accept(self, job: Job) -> None:
        job.arrival = len(self.jobs)
        job.attempt = self._yard.attempts(serial=job.serial, job=job.id)
        self.jobs[job.id] = job
        self.tell(job, self.now)
        self.plan_release(job)

    def plan_release(self, job: Job) -> None:
        self._plan(max(self.now, self._release_at(job)), partial(self._release, job))

    def _release_at(self, job: Job) -> int:
        firsts = (one for one in job.operations.values() if not one.after)
        return min(one.planned_start for one in firsts) - RELEASE_S

    def _release(self, job: Job, at: int) -> None:
        # A job put off meanwhile has a later event of its own.
        if job.released or not job.is_open or self._release_at(job) > at:
            return
        job.released = True
        self.queue_ready(job, at)

    def tell(self, job: Job, at: int, **what: Any) -> None:
        self._on_report(job, job.report(at, **what))

    # Queues

    def queue_ready(self, job: Job, at: int) -> None:
        """Put whatever may begin next into its queue."""
        if job.held or not job.is_open or not job.released:
            return
        ready = [one for one in job.operations.values() if job.ready(one)]
        for operation in ready:
            operation.phase = Phase.QUEUED
            self.stations[operation.resource].enqueue(job, operation)
        for operation in ready:
            self.look(self.stations[operation.resource], at)

    def look(self, station: Station, at: int) -> None:
        """Load the front of the queue while lanes are free and it is time."""
        while station.idle > 0 and station.queue:
            ticket = station.queue[0]
            load_at = ticket.planned_start - LOAD_S
            if load_at > at:
                self._wake(station, load_at)
                break
            station.queue.pop(0)
            station.idle -= 1
            self._load(ticket.job, ticket.operation, at)
        self._tell_positions(station, at)

    def _wake(self, station: Station, at: int) -> None:
        if at not in station.wakes:
            station.wakes.add(at)
            self._plan(at, partial(self._woken, station))

    def _woken(self, station: Station, at: int) -> None:
        station.wakes.discard(at)
        self.look(station, at)

    def _tell_positions(self, station: Station, at: int) -> None:
        for position, ticket in enumerate(station.queue, start=1):
            job = ticket.job
            if job.started or ticket.operation is not job.entry or not job.worth_telling(position):
                continue
            job.told_position = position
            job.entry_sub = "Ready" if position == 1 else "Waiting"
            self.tell(job, at, position=position)

    # Operations

    def _load(self, job: Job, operation: Operation, at: int) -> None:
        operation.phase = Phase.LOADED
        if not job.started and operation is job.entry:
            job.entry_sub = "Loaded"
            self.tell(job, at)
        start_at = max(at, operation.planned_start)
        self._plan(start_at, self._while_valid(operation, partial(self._start, job, operation)))

    def _while_valid(
        self, operation: Operation, action: Callable[[int], None]
    ) -> Callable[[int], None]:
        """An event that is void once the operation was taken off."""
        generation = operation.generation

        def run(at: int) -> None:
            if operation.generation == generation:
                action(at)

        return run

    def _start(self, job: Job, operation: Operation, at: int) -> None:
        if not job.started:
            job.started = True
            self._yard.begin(serial=job.serial, gs1=job.gs1, job=job.id, epoch=job.epoch)
        operation.phase = Phase.RUNNING
        job.pauses.pop("rework", None)
        self.tell(job, at, operation=operation, event="started")
        luck = (job.serial, job.attempt, operation.id, operation.round)
        minutes = operation.set_up_min + operation.duration_min
        length = round(minutes * MINUTE * self._chances.pace(*luck))
        stop = self._chances.stop(*luck)
        if stop is not None:
            stop_at = at + round(length * stop.share)
            length += stop.minutes * MINUTE
            pause = partial(self._pause, job, operation, stop)
            self._plan(stop_at, self._while_valid(operation, pause))
        self._plan(at + length, self._while_valid(operation, partial(self._end, job, operation)))

    def _pause(self, job: Job, operation: Operation, stop: Stop, at: int) -> None:
        job.pauses[operation.id] = ("Held", Reason(stop.code, stop.text))
        self.tell(job, at, operation=operation)
        go_on = partial(self._go_on, job, operation)
        self._plan(at + stop.minutes * MINUTE, self._while_valid(operation, go_on))

    def _go_on(self, job: Job, operation: Operation, at: int) -> None:
        if job.pauses.pop(operation.id, None):
            self.tell(job, at, operation=operation)

    def _end(self, job: Job, operation: Operation, at: int) -> None:
        # A stop and its end may fall on one moment; the pause never outlives the operation.
        job.pauses.pop(operation.id, None)
        operation.phase = Phase.DONE
        station = self.stations[operation.resource]
        station.idle += 1
        if operation.kind == "inspect":
            self._inspect(job, operation, at)
        else:
            self.tell(job, at, operation=operation, event="ended")
        self.queue_ready(job, at)
        self.look(station, at)
        if job.is_open and all(one.phase is Phase.DONE for one in job.operations.values()):
            self._complete(job, at)

    # Quality and the end

    def _inspect(self, job: Job, operation: Operation, at: int) -> None:
        luck = (job.serial, job.attempt, operation.id, operation.round)
        outcome = self._chances.inspect(*luck)
        if outcome == "pass":
            passed = {"result": "pass", "findings": []}
            self.tell(job, at, operation=operation, event="ended", inspection=passed)
            return
        code, text = self._chances.finding(*luck)
        failed = {"result": "fail", "findings": [{"code": code, "text": text}]}
        if outcome == "scrap" or operation.round >= MAX_REWORK:
            job.scrap = 1
            self.take_off(job, outcome=SCRAPPED, at=at)
            what: dict[str, Any] = {"reason": SCRAP}
        else:
            self._send_back(job, operation)
            what = {"reason": REWORK}
        self.tell(job, at, operation=operation, event="failed", inspection=failed, **what)

    def _send_back(self, job: Job, inspection: Operation) -> None:
        job.pauses["rework"] = ("Suspended", REWORK)
        inspection.waits = frozenset(inspection.rework)
        for operation in (inspection, *(job.operations[name] for name in inspection.rework)):
            operation.phase = Phase.TODO
            operation.round += 1

    def take_off(self, job: Job, *, outcome: str, at: int) -> None:
        """Abort: free its lanes, leave its queues, void its events."""
        job.final = ("Aborted", None)
        self._yard.close(job=job.id, epoch=job.epoch, outcome=outcome)
        for operation in job.operations.values():
            self.unload(operation, at)

    def unload(self, operation: Operation, at: int) -> None:
        """Take one operation out of its queue or off its station."""
        if operation.phase not in (Phase.QUEUED, Phase.LOADED, Phase.RUNNING):
            return
        station = self.stations[operation.resource]
        if operation.phase is Phase.QUEUED:
            station.leave(operation)
        else:
            station.idle += 1
        operation.phase = Phase.TODO
        operation.generation += 1
        # Looked at by an event of its own: the caller has not finished saying what happened.
        self._plan(at, partial(self._look_again, station))

    def _look_again(self, station: Station, at: int) -> None:
        self.look(station, at)

    def _complete(self, job: Job, at: int) -> None:
        job.final = ("Ended", "Completed")
        job.produced = 1
        job.pauses.clear()
        self._yard.close(job=job.id, epoch=job.epoch, outcome=FINISHED)
        self.tell(job, at)
        rest = self._chances.release_min(job.serial, job.attempt) * MINUTE
        self._plan(at + rest, partial(self._close, job))

    def _close(self, job: Job, at: int) -> None:
        job.final = ("Ended", "Closed")
        self.tell(job, at)
