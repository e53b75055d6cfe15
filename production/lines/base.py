"""What the platform asks of a line, whatever way it is spoken to.

Inside there is one form of message: ISA-95 job order and job response as JSON, with the published
schemas of production/schemas; each connector converts. What a line reports on its own comes in
through the connector's own door (REST: production/rest/line) into one inbox.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from production.models import Line


@dataclass(frozen=True, slots=True)
class JobOrder:
    """One unit to make.

    Attributes:
        job: The work order's public id; the same however often it is sent.
        plan: The plant's booking_seq that the times come from; grows.
        body: joborder.schema.json.
    """

    job: UUID
    plan: int
    chain: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Command:
    """Something said about a job the line has; ``message`` is the same when it is said again."""

    job: UUID
    verb: Literal["abort", "hold", "resume", "reschedule"]
    message: str
    chain: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ack:
    """The line's definite answer to a job order.

    Attributes:
        epoch: Of the memory that has the job; empty where a refusal named none.
        reason: ``code: text`` of a rejection.
    """

    outcome: Literal["accepted", "duplicate", "rejected"]
    epoch: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class JobRecord:
    """All a line knows of a job: its reports in order, each jobresponse.schema.json."""

    epoch: str
    reports: Sequence[Mapping[str, Any]]


class LineSilent(Exception):
    """No definite answer: unreachable, too late, or not understandable. Asking again may help."""


class LineRefuses(Exception):
    """A definite refusal of a command or question. Asking again does not help.

    Attributes:
        code: Stable, docs/line-protocol.md section 10.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class LineConnector(Protocol):
    """Made for one line. Every call ends within seconds and holds no lock of ours."""

    def __init__(self, line: Line) -> None: ...

    def submit(self, order: JobOrder) -> Ack:
        """Hand over a job order. Safe to repeat: the job id is the idempotency key.

        Raises:
            LineSilent: nobody knows whether the line has it.
        """
        ...

    def command(self, command: Command) -> None:
        """Tell the line something about a job it has.

        Raises:
            LineSilent, LineRefuses.
        """
        ...

    def query(self, job: UUID, *, after: int = 0) -> JobRecord:
        """Everything reported about ``job`` after its seq ``after``.

        Raises:
            LineSilent, LineRefuses: ``unknown_job`` in the line's present memory.
        """
        ...

    def health(self) -> bool:
        """Whether the line answers now."""
        ...


def connector_of(line: Line) -> LineConnector:
    connector = import_string(settings.COSMO_LINE_CONNECTORS[line.connector])
    return cast(LineConnector, connector(line))
