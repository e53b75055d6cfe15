"""Reports that the platform has not acknowledged yet, in order per job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulator.faults import Misfortune

BATCH = 50
SHUFFLE_S = 1.0
MAX_WAIT_S = 30.0


@dataclass(slots=True)
class Pending:
    """A report to send; not before a real time when reports are shuffled."""

    job: str
    seq: int
    chain: str
    report: dict[str, Any]
    not_before: float = 0.0


@dataclass(slots=True)
class Refused:
    """A job whose first report was refused: it waits, the others go on."""

    until: float
    attempts: int


class Outbox:
    def __init__(self, misfortune: Misfortune, *, base_s: float = 0.5) -> None:
        self._pending: dict[tuple[str, int], Pending] = {}
        self._refused: dict[str, Refused] = {}
        self._misfortune = misfortune
        self._base_s = base_s

    def __len__(self) -> int:
        return len(self._pending)

    def wait_s(self, attempts: int) -> float:
        """How long to wait after so many failed attempts."""
        return min(MAX_WAIT_S, self._base_s * 2.0 ** min(attempts - 1, 10))

    def add(self, pending: Pending) -> None:
        self._pending[pending.job, pending.seq] = pending

    def clear(self) -> None:
        self._pending.clear()
        self._refused.clear()

    def due(self, now: float, *, shuffle: bool) -> list[Pending]:
        """The next batch. Without ``shuffle`` a job's reports never overtake each other."""
        batch: list[Pending] = []
        for one in self._pending.values():
            if len(batch) == BATCH:
                break
            if one.job in self._refused and self._refused[one.job].until > now:
                continue
            if shuffle and not one.not_before:
                one.not_before = now + self._misfortune.delay_s(SHUFFLE_S)
            if not shuffle or one.not_before <= now:
                batch.append(one)
        if shuffle:
            batch.sort(key=lambda one: one.not_before)
        return batch

    def next_due(self, now: float, *, shuffle: bool) -> float | None:
        """When the next report may go, seen from a moment at which none is due."""
        moments = [refused.until for refused in self._refused.values()]
        if shuffle:
            moments += [one.not_before for one in self._pending.values()]
        later = [moment for moment in moments if moment > now]
        return min(later) if later and self._pending else None

    def acknowledge(self, sent: list[tuple[str, int]]) -> None:
        for job, seq in sent:
            self._pending.pop((job, seq), None)
            self._refused.pop(job, None)

    def is_waiting(self, job: str) -> bool:
        return job in self._refused

    def refuse(self, one: Pending, now: float) -> float:
        """Let the job of a refused report wait; returns for how long, in seconds."""
        before = self._refused.get(one.job)
        attempts = 1 + (before.attempts if before else 0)
        wait_s = self.wait_s(attempts)
        self._refused[one.job] = Refused(until=now + wait_s, attempts=attempts)
        return wait_s
