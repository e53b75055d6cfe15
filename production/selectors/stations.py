"""What an operator needs of a plant: lines, stations with their work, what went wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from design.selectors.texts import ProductTexts
from production.compile import Floor
from production.lifecycle import OperationStatus, Stage, WorkOrderStatus
from production.models import Booking, Line, LineReport, Plant, UnitEvent
from production.selectors.board import centre_name, words_of
from production.selectors.dispatch import is_silent
from production.selectors.reasons import reason_text

SHOWN = 30
OPEN = (WorkOrderStatus.PLANNED, WorkOrderStatus.RUNNING, WorkOrderStatus.HELD)


@dataclass(frozen=True, slots=True)
class LineState:
    """A line and its last word of itself. ``state`` is running, idle, held or empty."""

    line: Line
    is_silent: bool
    state: str
    queue: int | None
    running: int | None
    unsent: int | None


@dataclass(frozen=True, slots=True)
class Work:
    """One operation at a station."""

    unit: UUID
    serial: str
    order_number: str
    step: str
    start: datetime
    end: datetime
    is_paused: bool


@dataclass(frozen=True, slots=True)
class Station:
    """One lane, with what is on it and what comes next."""

    name: str
    centre: str
    now: Work | None
    next: Work | None


def line_states(plant: Plant) -> list[LineState]:
    return [_line_state(line) for line in Line.objects.filter(plant=plant).order_by("code")]


def _line_state(line: Line) -> LineState:
    said: dict[str, Any] = line.status
    return LineState(
        line=line,
        is_silent=is_silent(line),
        state=str(said.get("state", "")),
        queue=said.get("queue"),
        running=said.get("running"),
        unsent=said.get("unsent"),
    )


def stations_of(plant: Plant, floor: Floor, language: str) -> list[Station]:
    """All lanes in use, in the document's order; three statements."""
    work = Booking.objects.filter(plant=plant, operation__work_order__status__in=OPEN)
    running = _first_by_lane(work.filter(operation__status=OperationStatus.RUNNING))
    coming = _first_by_lane(work.filter(operation__status=OperationStatus.PLANNED))
    texts = {row["unit__line__texts_id"] for row in (*running.values(), *coming.values())}
    words = words_of(texts, language)
    return [
        Station(
            name=lane.name
            if _has_several(floor, lane.work_centre, lane.resource)
            else lane.resource,
            centre=centre_name(floor, lane.work_centre, language),
            now=_work(running.get(lane.id), words),
            next=_work(coming.get(lane.id), words),
        )
        for lane in floor.lanes
    ]


def flagged_reports(plant: Plant) -> QuerySet[LineReport]:
    """Reports that were stored but not simply followed, newest first."""
    return (
        LineReport.objects.filter(plant=plant)
        .exclude(flag="")
        .select_related("line")
        .order_by("-id")[:SHOWN]
    )


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a unit, its stage in the reader's language."""

    event: UnitEvent
    stage: str
    step: str
    reason: str


def recent_events(plant: Plant, language: str) -> list[Happened]:
    """The newest events, newest first; two statements."""
    rows = list(
        UnitEvent.objects.filter(plant=plant).select_related("unit__line").order_by("-seq")[:SHOWN]
    )
    words = words_of((row.unit.line.texts_id for row in rows), language)
    return [
        Happened(
            event=row,
            stage=str(Stage(row.stage).label) if row.stage in Stage else row.stage,
            step=words[row.unit.line.texts_id].operation(str(row.facts["operation"]))
            if row.facts.get("operation")
            else "",
            reason=reason_text(row.facts) if row.facts.get("reason") else "",
        )
        for row in rows
    ]


def _first_by_lane(bookings: QuerySet[Booking]) -> dict[int, dict[str, Any]]:
    rows: Iterable[dict[str, Any]] = (
        bookings.order_by("lane_id", "period")
        .distinct("lane_id")
        .values(
            *("lane_id", "period", "operation_code", "unit__public_id", "unit__serial"),
            *("unit__line__order__number", "unit__line__texts_id"),
            "operation__work_order__status",
        )
    )
    return {row["lane_id"]: row for row in rows}


def _has_several(floor: Floor, work_centre: str, resource: str) -> bool:
    return len(floor.lanes_of.get((work_centre, resource), ())) > 1


def _work(row: dict[str, Any] | None, words: dict[int, ProductTexts]) -> Work | None:
    if row is None:
        return None
    return Work(
        unit=row["unit__public_id"],
        serial=row["unit__serial"],
        order_number=row["unit__line__order__number"],
        step=words[row["unit__line__texts_id"]].operation(row["operation_code"]),
        start=row["period"].lower,
        end=row["period"].upper,
        is_paused=row["operation__work_order__status"] == WorkOrderStatus.HELD,
    )
