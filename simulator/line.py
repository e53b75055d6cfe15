"""The line as the platform meets it: takes orders and commands, tells its state, has its faults."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from simulator.chances import Chances
from simulator.clock import MINUTE, PlantClock, read_time, write_time
from simulator.faults import Faults, Misfortune
from simulator.job import Job
from simulator.joborder import content_of, read_job
from simulator.journal import Journal
from simulator.log import log
from simulator.memory import Memory
from simulator.outbox import Outbox
from simulator.problems import Problem

TOLD = {"started": "operation_started", "ended": "operation_ended", "failed": "operation_failed"}


class Line:
    """Everything that happens to it is a call of one of these methods, in one thread.

    Attributes:
        greeted: The platform knows this epoch and has told us who we are.
        work, post: Set when there may be something new to make, or to send.
        greeting: Set when hello or status is to be said at once.
        back: Set when the platform answers again.
    """

    def __init__(
        self, *, chances: Chances, journal: Journal, faults: Faults, base_s: float = 0.5
    ) -> None:
        self.faults = faults
        self.misfortune = Misfortune(chances.seed)
        self.clock: PlantClock | None = None
        self.code = ""
        self.greeted = False
        self.work, self.post = asyncio.Event(), asyncio.Event()
        self.greeting, self.back = asyncio.Event(), asyncio.Event()
        self.memory = Memory(
            chances=chances,
            journal=journal,
            outbox=Outbox(self.misfortune, base_s=base_s),
            on_report=self._on_report,
        )

    def stir(self) -> None:
        self.work.set()
        self.post.set()

    def welcome(self, answer: dict[str, Any]) -> None:
        """Take who we are, the clock and the stations from an answer to hello or status."""
        self.code = answer["line"]
        self.clock = PlantClock.from_welcome(answer["clock"])
        self.greeted = True
        self.advance()
        self.memory.set_stations({one["resource"]: one["lanes"] for one in answer["stations"]})
        self.stir()

    def advance(self) -> None:
        """Let the floor catch up with the clock."""
        if self.clock is not None:
            self.memory.floor.advance(self.clock.plant_at(time.time()))

    def next_in_s(self) -> float | None:
        """Real seconds until something happens by itself."""
        at = self.memory.floor.next_at
        if at is None or self.clock is None:
            return None
        # The clock counts whole plant seconds: wait for the whole one.
        return max(0.0, self.clock.real_at(at) - time.time())

    # Job orders and commands

    def take_order(self, order: dict[str, Any]) -> dict[str, Any]:
        """Answer a job order that is valid by its schema: joback.schema.json.

        Raises:
            Problem: 409 the id is known with other content; 422 operations nobody can follow.
        """
        job = read_job(order, epoch=self.memory.epoch)
        self.advance()
        known = self.memory.floor.jobs.get(job.id)
        if known is not None:
            return self._take_again(known, order)
        refusal = self._refusal(order)
        if refusal is not None:
            code, text = refusal
            log("job_rejected", **facts(job), reason=code)
            return {**ack(job, "rejected"), "reason": {"code": code, "text": text}}
        self.memory.accept(job, order)
        log("job_accepted", **facts(job))
        self.stir()
        return ack(job, "accepted")

    def _take_again(self, job: Job, order: dict[str, Any]) -> dict[str, Any]:
        if content_of(order) != job.content:
            raise Problem(
                409,
                "job_order_differs",
                f"Job {job.id} is known with other content; give changed work a new id.",
            )
        if job.is_open and order["plan"] > job.plan and not self._unknown_stations(order):
            plan, operations = order["plan"], order["operations"]
            newer = {"job": job.id, "verb": "reschedule", "plan": plan, "operations": operations}
            self.memory.obey(job, newer)
        log("job_duplicate", **facts(job))
        self.stir()
        return ack(job, "duplicate")

    def _unknown_stations(self, order: dict[str, Any]) -> list[str]:
        wanted = {one["resource"] for one in order["operations"]}
        return sorted(wanted - self.memory.floor.stations.keys())

    def _refusal(self, order: dict[str, Any]) -> tuple[str, str] | None:
        if order["line"] != self.code:
            return "wrong_line", f"This is line {self.code}, the order is for {order['line']}."
        unknown = self._unknown_stations(order)
        if unknown:
            return "unknown_station", f"This line has no station {', '.join(unknown)}."[:500]
        if self.misfortune.strikes(self.faults.reject):
            return "line_refuses", "The line does not take this order."
        return None

    def command(self, command: dict[str, Any]) -> dict[str, Any]:
        """Carry out a command that is valid by its schema."""
        job = self.job(command["job"])
        answer = self.memory.obey(job, command)
        log("command", verb=command["verb"], result=answer["result"], **facts(job))
        self.stir()
        return answer

    def job(self, job_id: str) -> Job:
        """A known job, as of now."""
        self.advance()
        if job_id not in self.memory.floor.jobs:
            epoch = self.memory.epoch
            raise Problem(404, "unknown_job", f"Job {job_id[:40]} is unknown in epoch {epoch}.")
        return self.memory.floor.jobs[job_id]

    # Telling

    def _on_report(self, job: Job, report: dict[str, Any]) -> None:
        self.post.set()
        event = TOLD.get(report["operation_event"], "job_" + report["state"].lower())
        named = ("seq", "state", "sub_state", "operation", "station", "queue_position", "reason")
        told = {name: report[name] for name in named if report[name] is not None}
        log(event, plant=report["plant_time"], **facts(job), **told)

    @staticmethod
    def plant_seconds(report: dict[str, Any]) -> float:
        return read_time(report["plant_time"])

    def shown(self, report: dict[str, Any]) -> dict[str, Any]:
        """A report as this line tells it: its clock may be wrong."""
        skew_min = self.faults.clock_skew_min
        if not skew_min:
            return report
        plant_time = read_time(report["plant_time"]) + skew_min * MINUTE
        return {**report, "plant_time": write_time(plant_time)}

    def status(self, seq: int) -> dict[str, Any]:
        """status.schema.json."""
        jobs = [job for job in self.memory.floor.jobs.values() if job.is_open]
        running = sum(job.started for job in jobs)
        return {
            "epoch": self.memory.epoch,
            "seq": seq,
            "state": "running" if running else "idle",
            "queue": len(jobs) - running,
            "running": running,
            "unsent": len(self.memory.outbox),
        }

    # Faults

    def set_faults(self, part: dict[str, Any]) -> dict[str, Any]:
        """Turn switches; ``forget`` happens once, now."""
        forget = part.get("forget", False)
        if not isinstance(forget, bool):
            raise Problem(422, "not_the_schema", "forget is true or false.")
        rest = {name: value for name, value in part.items() if name != "forget"}
        self.faults = self.faults.changed(rest)
        log("faults_changed", **self.faults.as_json(), forget=forget)
        if forget:
            self.advance()
            self.memory.lose()
            self.greeted = False
        self.stir()
        self.greeting.set()
        return {**self.faults.as_json(), "forget": False, "epoch": self.memory.epoch}


def ack(job: Job, word: str) -> dict[str, Any]:
    return {"job": job.id, "epoch": job.epoch, "ack": word, "last_seq": len(job.reports)}


def facts(job: Job) -> dict[str, Any]:
    return {"job": job.id, "chain": job.chain, "serial": job.serial, "epoch": job.epoch}
