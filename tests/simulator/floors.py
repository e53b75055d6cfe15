"""A floor without clock, network or luck."""

from __future__ import annotations

from typing import Any

from simulator.chances import Chances
from simulator.commands import obey
from simulator.floor import Floor
from simulator.job import Job
from simulator.joborder import read_job
from simulator.yard import Yard
from tests.simulator.orders import STATIONS, seconds

NO_LUCK = Chances(seed=7, scrap=0, rework=0, stops=0)


class Shop:
    """A floor at dawn minus a day, and every report it made."""

    def __init__(self, chances: Chances = NO_LUCK, stations: dict[str, int] | None = None) -> None:
        self.yard = Yard()
        self.told: list[dict[str, Any]] = []
        self.floor = Floor(chances=chances, yard=self.yard, on_report=self._hear)
        self.floor.advance(seconds(-1440))
        self.floor.set_stations(stations or STATIONS)

    def _hear(self, _job: Job, report: dict[str, Any]) -> None:
        self.told.append(report)

    def take(self, order: dict[str, Any], *, at: float = -1440) -> Job:
        self.floor.advance(seconds(at))
        job = read_job(order, epoch="epoch-01")
        self.floor.accept(job)
        return job

    def tell(self, job: Job, verb: str, *, at: float, **more: Any) -> dict[str, Any]:
        self.floor.advance(seconds(at))
        return obey(self.floor, job, {"job": job.id, "verb": verb, **more})

    def run(self, until: float = 10_000) -> None:
        self.floor.advance(seconds(until))


def states(reports: list[dict[str, Any]]) -> list[str]:
    """Each report in short: state/sub-state operation event."""
    return [
        " ".join(
            part
            for part in (
                "/".join(filter(None, (one["state"], one["sub_state"]))),
                one["operation"],
                one["operation_event"],
            )
            if part
        )
        for one in reports
    ]


def started(reports: list[dict[str, Any]], name: str) -> list[str]:
    """Plant times at which an operation was begun."""
    return [
        one["plant_time"]
        for one in reports
        if one["operation"] == name and one["operation_event"] == "started"
    ]
