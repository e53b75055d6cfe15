"""One job on the floor: its operations, its ISA-95 state, and the reports it has made."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from simulator.clock import write_time

TELL_ALL_TO = 10  # queue positions up to this are told on every change, above when halved


class Phase(StrEnum):
    TODO = "todo"
    QUEUED = "queued"
    LOADED = "loaded"
    RUNNING = "running"
    DONE = "done"


@dataclass(slots=True)
class Operation:
    """A step of a job. Times are plant seconds since 1970.

    Attributes:
        number: Place in the order's list, from 1.
        waits: Further operations to wait for: those repeated before a failed inspection.
        round: How often it was begun before.
        generation: Grows whenever planned events of it have become void.
    """

    id: str
    kind: str
    number: int
    resource: str
    after: tuple[str, ...]
    rework: tuple[str, ...]
    planned_start: int
    set_up_min: int
    duration_min: int
    phase: Phase = Phase.TODO
    waits: frozenset[str] = frozenset()
    round: int = 0
    generation: int = 0

    @property
    def begun(self) -> bool:
        return self.phase in (Phase.LOADED, Phase.RUNNING, Phase.DONE)


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    text: str

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "text": self.text}


@dataclass(slots=True)
class Job:
    """One accepted job order.

    Attributes:
        content: Hash of what must be the same when the order is sent again.
        arrival: Counts accepted jobs; breaks ties in queues.
        attempt: How many other jobs of this serial were begun before.
        pauses: Why a begun job stands still, newest last: cause -> (sub-state, reason).
    """

    id: str
    epoch: str
    plan: int
    chain: str
    serial: str
    gs1: str
    content: str
    operations: dict[str, Operation]
    arrival: int = 0
    attempt: int = 0
    released: bool = False
    started: bool = False
    held: Reason | None = None
    final: tuple[str, str | None] | None = None
    entry_sub: str = "Waiting"
    told_position: int | None = None
    produced: int = 0
    scrap: int = 0
    pauses: dict[str, tuple[str, Reason]] = field(default_factory=dict)
    reports: list[dict[str, Any]] = field(default_factory=list)

    @property
    def entry(self) -> Operation:
        """The operation whose queue the customer is told about."""
        return next(operation for operation in self.operations.values() if not operation.after)

    @property
    def is_open(self) -> bool:
        return self.final is None

    @property
    def state(self) -> tuple[str, str | None]:
        """ISA-95 state and sub-state."""
        if self.final:
            return self.final
        if self.started:
            if not self.pauses:
                return "Running", None
            return "Interrupted", next(reversed(self.pauses.values()))[0]
        if self.released and not self.held:
            return "AllowedToStart", self.entry_sub
        return "NotAllowedToStart", None

    @property
    def standing_reason(self) -> Reason | None:
        if self.final:
            return None
        if self.started and self.pauses:
            return next(reversed(self.pauses.values()))[1]
        return None if self.started else self.held

    def ready(self, operation: Operation) -> bool:
        """Its turn has come: not begun, and all it is after (or waits for) is done."""
        needed = {*operation.after, *operation.waits}
        return operation.phase is Phase.TODO and all(
            self.operations[name].phase is Phase.DONE for name in needed
        )

    def report(
        self,
        at: int,
        *,
        operation: Operation | None = None,
        event: str | None = None,
        reason: Reason | None = None,
        inspection: dict[str, Any] | None = None,
        position: int | None = None,
    ) -> dict[str, Any]:
        """Add what has just happened; jobresponse.schema.json."""
        state, sub_state = self.state
        said = reason or self.standing_reason
        step = operation and {"number": operation.number, "count": len(self.operations)}
        entry = {
            "job": self.id,
            "epoch": self.epoch,
            "seq": len(self.reports) + 1,
            "state": state,
            "sub_state": sub_state,
            "plant_time": write_time(at),
            "operation": operation and operation.id,
            "operation_event": event,
            "station": operation and operation.resource,
            "step": step,
            "queue_position": position,
            "reason": said and said.as_json(),
            "inspection": inspection,
            "produced": self.produced,
            "scrap": self.scrap,
        }
        self.reports.append(entry)
        return entry

    def worth_telling(self, position: int) -> bool:
        """Whether a new queue position is reported: a long queue must not flood the platform."""
        told = self.told_position
        if told is None or told == position:
            return told is None
        return position <= TELL_ALL_TO or position * 2 <= told or position >= told * 2

    def record(self, after: int = 0) -> dict[str, Any]:
        """jobrecord.schema.json."""
        return {**self.summary(), "reports": self.reports[after:]}

    def summary(self) -> dict[str, Any]:
        state, sub_state = self.state
        return {
            "job": self.id,
            "epoch": self.epoch,
            "state": state,
            "sub_state": sub_state,
            "last_seq": len(self.reports),
        }
