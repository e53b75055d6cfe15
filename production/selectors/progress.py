"""How far one unit has got, in the customer's words (docs/line-protocol.md, section 7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils.translation import get_language

from design.selectors.texts import texts_in
from orders.models import Unit
from orders.selectors.changing import ChangeEnd, change_end
from production.freezing import points_of
from production.lifecycle import OperationStatus, Stage
from production.models import Operation, Shipment, Slip, UnitEvent, WorkOrder
from production.selectors.dispatch import is_silent
from production.selectors.stage_words import StageWords
from production.selectors.waiting import GOES_ON, waiting_for

State = Literal["done", "current", "next", "stopped", "late"]
# The way of a unit; paused and made again are states of a stage, not stages of the way.
WAY: tuple[Stage, ...] = (
    Stage.CONFIRMED,
    Stage.PLANNED,
    Stage.QUEUED,
    Stage.NEXT,
    Stage.RUNNING,
    Stage.MADE,
    Stage.READY,
    Stage.ON_ITS_WAY,
    Stage.DELIVERED,
)
# Stages whose facts only count while they last.
PASSING = frozenset({Stage.QUEUED, Stage.RUNNING})
# Stages that say what is waited for, while they last.
WAITS = frozenset({Stage.PLANNED, Stage.QUEUED, Stage.NEXT})
# Told beside the way: the day moved, or the unit was cancelled.
ASIDE = frozenset({Stage.NEW_DAY, Stage.CANCELLED})
OVER = frozenset({Stage.DELIVERED, Stage.CANCELLED})
MADE = frozenset({Stage.MADE, Stage.READY, Stage.ON_ITS_WAY, Stage.DELIVERED})
HALVES = {OperationStatus.DONE: 2, OperationStatus.RUNNING: 1}


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage of the way. ``at`` is plant time it was reached."""

    stage: Stage
    state: State
    title: str
    note: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class StepView:
    """One operation of the present work order."""

    name: str
    place: str
    status: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything the progress of a unit shows.

    Attributes:
        seq: Of the last event that is in here.
        headline: The present stage in a sentence, also spoken.
        is_line_silent: The line has not been heard of for a while.
        slip: The last delay told, if the day ever moved.
        time_factor: Plant seconds per real second.
        changed_at: Plant time of the last thing that happened.
        change_end: Until when it can be changed or cancelled; None once work has begun.
        made: How much of it is there, in tenths: what its picture shows.
    """

    seq: int
    stage: str
    headline: str
    slip: Slip | None
    stages: tuple[StageView, ...]
    steps: tuple[StepView, ...]
    shipment: Shipment | None
    is_line_silent: bool
    time_factor: float
    time_zone: str
    remakes: int
    changed_at: datetime | None
    change_end: ChangeEnd | None
    made: int

    @property
    def runs_faster(self) -> bool:
        return self.time_factor > 1

    @property
    def state(self) -> State:
        """Of the present stage; what its picture shows."""
        now = next((one.state for one in self.stages if one.state not in ("done", "next")), None)
        return now or ("done" if self.stage == Stage.DELIVERED else "next")

    @property
    def is_over(self) -> bool:
        return self.stage in OVER


@dataclass(frozen=True, slots=True)
class _Told:
    """What was last told of one stage."""

    facts: Mapping[str, Any]
    at: datetime


def progress_of(unit: Unit) -> Progress:
    """Four statements: events, work order with plant and line, operations with their places,
    shipment; one more where the day has moved.
    """
    events = list(UnitEvent.objects.filter(unit=unit).order_by("seq"))
    work_order = (
        WorkOrder.objects.filter(unit=unit)
        .select_related("plant", "line")
        .order_by("-generation")
        .first()
    )
    texts = texts_in(unit.line.texts, get_language() or "en")
    operations = _operations(work_order)
    plant = work_order.plant if work_order else None
    words = StageWords(texts, plant, waiting_for(work_order, operations))
    last = events[-1] if events else None
    steps = _steps(operations, words)
    stages = _stages([event for event in events if event.stage not in ASIDE], words)
    stage = last.stage if last else ""
    return Progress(
        seq=last.seq if last else 0,
        stage=stage,
        headline=_headline(events, stages),
        slip=_slip(events, unit),
        stages=stages,
        steps=steps,
        shipment=Shipment.objects.filter(unit=unit).first(),
        is_line_silent=bool(
            work_order and work_order.status in GOES_ON and is_silent(work_order.line)
        ),
        time_factor=work_order.plant.clock_factor if work_order else 1.0,
        time_zone=work_order.plant.time_zone if work_order else "UTC",
        remakes=sum(event.stage == Stage.REMAKE for event in events),
        changed_at=last.plant_time if last else None,
        change_end=change_end(points_of(work_order, operations)) if work_order else None,
        made=made_tenths(stage, [step.status for step in steps]),
    )


def _headline(events: Sequence[UnitEvent], stages: Sequence[StageView]) -> str:
    if not events:
        return ""
    is_over = events[-1].stage == Stage.CANCELLED
    return str(Stage.CANCELLED.label) if is_over else stages[_place(events)].title


def made_tenths(stage: str, statuses: Sequence[str]) -> int:
    """How much of a unit is there: all of it once it is made, else as its steps are."""
    if stage in MADE:
        return 10
    if not statuses:
        return 0
    halves = sum(HALVES.get(OperationStatus(status), 0) for status in statuses)
    return 10 * halves // (2 * len(statuses))


def _slip(events: Sequence[UnitEvent], unit: Unit) -> Slip | None:
    """Asked for only where an event says that there is one."""
    if not any(event.stage == Stage.NEW_DAY for event in events):
        return None
    return Slip.objects.filter(unit=unit).order_by("-id").first()


def _stages(events: Sequence[UnitEvent], words: StageWords) -> tuple[StageView, ...]:
    told, last = _told(events), events[-1] if events else None
    current = _place(events)
    views = []
    for number, stage in enumerate(WAY):
        known = told.get(stage)
        facts, at = (known.facts, known.at) if known else ({}, None)
        state: State = "done" if number < current else "next"
        title, note = words.title(stage, facts), words.note(stage, facts)
        if number == current and last is not None:
            state = "done" if stage == Stage.DELIVERED else "current"
            if last.stage in (Stage.PAUSED, Stage.REMAKE):
                state = "stopped" if last.stage == Stage.PAUSED else "late"
                title, at = words.title(Stage(last.stage), last.facts), last.plant_time
                note = ""
        if state == "next":
            title, note, at = words.title(stage, {}), "", None
        elif state == "done" and stage in PASSING:
            title, note = words.title(stage, {}), ""
        elif state == "done" and stage in WAITS:
            note = ""
        views.append(StageView(stage=stage, state=state, title=title, note=note, at=at))
    return tuple(views)


def _told(events: Sequence[UnitEvent]) -> dict[str, _Told]:
    """Per stage the newest facts and when it was first reached, in the present making."""
    told: dict[str, _Told] = {}
    for event in events:
        if event.stage == Stage.REMAKE:
            told = {stage: one for stage, one in told.items() if stage == Stage.CONFIRMED}
        elif event.stage in told:
            told[event.stage] = _Told(event.facts, told[event.stage].at)
        else:
            told[event.stage] = _Told(event.facts, event.plant_time)
    return told


def _place(events: Sequence[UnitEvent]) -> int:
    """Number of the present stage on the way; a pause stays where it began."""
    for event in reversed(events):
        if event.stage == Stage.REMAKE:
            return WAY.index(Stage.PLANNED)
        if event.stage in WAY:
            return WAY.index(Stage(event.stage))
    return 0


def _operations(work_order: WorkOrder | None) -> list[Operation]:
    if work_order is None:
        return []
    return list(work_order.operations.select_related("work_centre", "booking").order_by("position"))


def _steps(operations: Sequence[Operation], words: StageWords) -> tuple[StepView, ...]:
    return tuple(
        StepView(
            name=words.step(operation.code),
            place=words.work_centre(operation.work_centre.code),
            status=OperationStatus(operation.status),
        )
        for operation in operations
    )
