"""One memory of the line, named by its epoch: floor and unsent reports, kept by the journal."""

from __future__ import annotations

import secrets
from typing import Any

from simulator.chances import Chances
from simulator.commands import obey
from simulator.floor import Floor, Observer
from simulator.job import Job
from simulator.joborder import read_job
from simulator.journal import Journal
from simulator.log import log
from simulator.outbox import Outbox, Pending
from simulator.problems import Problem
from simulator.yard import Yard


class Memory:
    """Every input goes through here: written down first, then done. The yard outlives a memory."""

    def __init__(
        self, *, chances: Chances, journal: Journal, outbox: Outbox, on_report: Observer
    ) -> None:
        self.yard = Yard()
        self.outbox = outbox
        self._chances = chances
        self._journal = journal
        self._observer = on_report
        self._replaying = False
        self._lanes: dict[str, int] = {}
        try:
            entries = journal.read()
            if entries:
                self._recall(entries)
                return
        except (ValueError, KeyError, TypeError, AttributeError, Problem) as error:
            # Written by another version, or damaged: what cannot be read is lost, and said.
            aside = journal.set_aside()
            log("memory_unreadable", kept_as=str(aside), reason=f"{type(error).__name__}: {error}")
            self._replaying = False
            self.yard = Yard()
            self._lanes = {}
            outbox.clear()
        self._begin()

    def _begin(self) -> None:
        self.epoch = secrets.token_hex(8)
        self.floor = self._empty_floor()
        head = {"memory": self.epoch, "chances": self._chances.as_json()}
        self._journal.begin([{**head, "yard": self.yard.entries()}])

    def _empty_floor(self) -> Floor:
        return Floor(chances=self._chances, yard=self.yard, on_report=self._on_report)

    def _on_report(self, job: Job, report: dict[str, Any]) -> None:
        self.outbox.add(Pending(job.id, report["seq"], job.chain, report))
        if not self._replaying:
            self._observer(job, report)

    def _recall(self, entries: list[dict[str, Any]]) -> None:
        head, *inputs = entries
        self.epoch = head["memory"]
        self._chances = Chances(**head["chances"])  # of the whole memory, whatever was asked now
        self.yard = Yard(head["yard"])
        self.floor = self._empty_floor()
        self._replaying = True
        for entry in inputs:
            self._replay(entry)
        self._replaying = False
        self._journal.begin(entries)
        log("memory_read", epoch=self.epoch, jobs=len(self.floor.jobs), unsent=len(self.outbox))

    def _replay(self, entry: dict[str, Any]) -> None:
        self.floor.advance(entry["at"])
        if "stations" in entry:
            self._lanes = entry["stations"]
            self.floor.set_stations(self._lanes)
        elif "order" in entry:
            self.floor.accept(read_job(entry["order"], epoch=self.epoch))
        elif "command" in entry:
            obey(self.floor, self.floor.jobs[entry["command"]["job"]], entry["command"])
        else:
            self.outbox.acknowledge([(job, seq) for job, seq in entry["sent"]])

    def _write(self, name: str, entry: Any, *, sync: bool = True) -> None:
        self._journal.write({"at": self.floor.now, name: entry}, sync=sync)

    def set_stations(self, lanes: dict[str, int]) -> None:
        if lanes != self._lanes:
            self._write("stations", lanes)
            self._lanes = lanes
            self.floor.set_stations(lanes)

    def accept(self, job: Job, order: dict[str, Any]) -> None:
        self._write("order", order)
        self.floor.accept(job)

    def obey(self, job: Job, command: dict[str, Any]) -> dict[str, Any]:
        """Carry out a command; a refused one is not written down.

        Raises:
            Problem: from the command.
        """
        answer = obey(self.floor, job, command)
        self._write("command", command)
        return answer

    def acknowledge(self, batch: list[Pending]) -> None:
        """The platform has these reports safely."""
        sent = [(one.job, one.seq) for one in batch]
        self.outbox.acknowledge(sent)
        # Losing this line only means sending them again, so it need not reach the disk at once.
        self._write("sent", sent, sync=False)

    def lose(self) -> None:
        """Forget every job now; what was made stays in the yard."""
        lost, lanes, now = len(self.floor.jobs), self._lanes, self.floor.now
        self.yard.abandon()
        self.outbox.clear()
        self._begin()
        self._lanes = {}
        self.floor.advance(now)
        self.set_stations(lanes)
        log("memory_lost", epoch=self.epoch, jobs=lost)

    def close(self) -> None:
        self._journal.close()
