"""How far one unit has got, in the customer's words (docs/line-protocol.md, section 7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cosmo.lib.formats import format_day
from cosmo.lib.ports import freeze_points
from design.selectors.texts import ProductTexts, texts_in
from orders.models import Unit
from production.lifecycle import OperationStatus, Stage, WorkOrderStatus
from production.models import Plant, Shipment, Slip, UnitEvent, WorkOrder
from production.selectors.dispatch import is_silent
from production.selectors.reasons import reason_text
from production.selectors.units import fact_day

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
# Told beside the way: the day moved, or the unit was cancelled.
ASIDE = frozenset({Stage.NEW_DAY, Stage.CANCELLED})
OVER = frozenset({Stage.DELIVERED, Stage.CANCELLED})
MADE = frozenset({Stage.MADE, Stage.READY, Stage.ON_ITS_WAY, Stage.DELIVERED})
HALVES = {OperationStatus.DONE: 2, OperationStatus.RUNNING: 1}
ON_THE_LINE = frozenset({WorkOrderStatus.PLANNED, WorkOrderStatus.RUNNING, WorkOrderStatus.HELD})


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
class FreezeView:
    """The next step that fixes answers; ``at`` is plant time, None while it has no place."""

    step: str
    features: tuple[str, ...]
    at: datetime | None
    time_zone: str


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
        next_freeze: What can still be changed, and until when; None once all is fixed.
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
    next_freeze: "FreezeView | None"
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
    """Five statements: events, work order with plant and line, operations, what freezes when,
    shipment.
    """
    events = list(UnitEvent.objects.filter(unit=unit).order_by("seq"))
    work_order = (
        WorkOrder.objects.filter(unit=unit)
        .select_related("plant", "line")
        .order_by("-generation")
        .first()
    )
    texts = texts_in(unit.line.texts, get_language() or "en")
    words = StageWords(texts, work_order.plant if work_order else None)
    last = events[-1] if events else None
    steps = _steps(work_order, words)
    words = replace(words, next_step=next_step(steps))
    stages = _stages([event for event in events if event.stage not in ASIDE], words)
    stage = last.stage if last else ""
    return Progress(
        seq=last.seq if last else 0,
        stage=stage,
        headline=stages[_place(events)].title if events else "",
        slip=_slip(events, unit),
        stages=stages,
        steps=steps,
        shipment=Shipment.objects.filter(unit=unit).first(),
        is_line_silent=bool(
            work_order and work_order.status in ON_THE_LINE and is_silent(work_order.line)
        ),
        time_factor=work_order.plant.clock_factor if work_order else 1.0,
        time_zone=work_order.plant.time_zone if work_order else "UTC",
        remakes=sum(event.stage == Stage.REMAKE for event in events),
        changed_at=last.plant_time if last else None,
        next_freeze=None if stage in OVER else _next_freeze(unit, words),
        made=made_tenths(stage, [step.status for step in steps]),
    )


def next_step(steps: Sequence[StepView]) -> str:
    """The name of the first step that has not begun."""
    return next((step.name for step in steps if step.status == OperationStatus.PLANNED), "")


def made_tenths(stage: str, statuses: Sequence[str]) -> int:
    """How much of a unit is there: all of it once it is made, else as its steps are."""
    if stage in MADE:
        return 10
    if not statuses:
        return 0
    halves = sum(HALVES.get(OperationStatus(status), 0) for status in statuses)
    return 10 * halves // (2 * len(statuses))


def _next_freeze(unit: Unit, words: "StageWords") -> FreezeView | None:
    for point in freeze_points().freeze_plan(unit_id=unit.pk):
        if point.features and not point.has_begun:
            return FreezeView(
                step=words.step(point.operation),
                features=tuple(words.texts.feature(feature) for feature in point.features),
                at=point.begins_at,
                time_zone=point.time_zone,
            )
    return None


def _slip(events: Sequence[UnitEvent], unit: Unit) -> Slip | None:
    """Asked for only where an event says that there is one."""
    if not any(event.stage == Stage.NEW_DAY for event in events):
        return None
    return Slip.objects.filter(unit=unit).order_by("-id").first()


def _stages(events: Sequence[UnitEvent], words: "StageWords") -> tuple[StageView, ...]:
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


def _steps(work_order: WorkOrder | None, words: "StageWords") -> tuple[StepView, ...]:
    if work_order is None:
        return ()
    operations = work_order.operations.select_related("work_centre").order_by("position")
    return tuple(
        StepView(
            name=words.step(operation.code),
            place=words.work_centre(operation.work_centre.code),
            status=OperationStatus(operation.status),
        )
        for operation in operations
    )


@dataclass(frozen=True, slots=True)
class StageWords:
    """Names in the reader's language, from the product's texts and the plant's document."""

    texts: ProductTexts
    plant: Plant | None
    next_step: str = ""

    def title(self, stage: Stage, facts: Mapping[str, Any]) -> str:
        match stage:
            case Stage.PLANNED if (day := fact_day(dict(facts), "day")) is not None:
                return _("Planned for %(day)s") % {"day": format_day(day)}
            case Stage.QUEUED if facts.get("position"):
                return _("In the queue, position %(position)s") % {"position": facts["position"]}
            case Stage.RUNNING if facts.get("operation") and facts.get("step"):
                return _("Being made: %(step)s, %(number)s of %(count)s") % {
                    "step": self.step(str(facts["operation"])),
                    "number": facts["step"],
                    "count": facts.get("count"),
                }
            case Stage.PAUSED:
                return _("Paused: %(reason)s") % {"reason": reason_text(facts)}
            case Stage.REMAKE:
                return _("Being made again: %(reason)s") % {"reason": reason_text(facts)}
        return str(stage.label)

    def note(self, stage: Stage, facts: Mapping[str, Any]) -> str:
        match stage:
            case Stage.QUEUED if (before := _before(facts)) is not None and self.next_step:
                return self._queue(before)
            case Stage.RUNNING if facts.get("station"):
                return _("Station %(station)s") % {"station": facts["station"]}
            case Stage.ON_ITS_WAY if facts.get("parcel"):
                return _("Parcel %(parcel)s, expected on %(day)s") % {
                    "parcel": facts["parcel"],
                    "day": _day_text(fact_day(dict(facts), "expected")),
                }
        return ""

    def _queue(self, before: int) -> str:
        if before == 0:
            return _("Yours is the next at: %(step)s") % {"step": self.next_step}
        return ngettext(
            "%(count)s unit before yours at: %(step)s",
            "%(count)s units before yours at: %(step)s",
            before,
        ) % {"count": before, "step": self.next_step}

    def step(self, code: str) -> str:
        return self.texts.operation(code)

    def work_centre(self, code: str) -> str:
        for centre in self.plant.document["work_centres"] if self.plant else ():
            if centre["id"] == code:
                return in_language(centre["names"])
        return code


def _before(facts: Mapping[str, Any]) -> int | None:
    """Units in the queue before this one."""
    position = facts.get("position")
    return position - 1 if isinstance(position, int) and position > 0 else None


def in_language(names: Mapping[str, str]) -> str:
    """The name in the reader's language, else in English."""
    return names.get(get_language() or "en") or names.get("en", "")


def _day_text(day: date | None) -> str:
    return format_day(day) if day else "?"
