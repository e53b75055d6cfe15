"""Every unit somebody has ordered, with where each stands: a list, in a handful of statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import get_language

from cosmo.accounts.models import User
from design.compile import compiled_offer, selection_from_json
from design.selectors.pictures import elevation
from design.selectors.texts import texts_in
from orders.lifecycle import OrderStatus
from orders.models import Unit
from production.lifecycle import SlipStatus, Stage
from production.models import Operation, Slip, UnitEvent, WorkOrder
from production.selectors.progress import made_tenths
from production.selectors.stage_words import StageWords
from production.selectors.waiting import waiting_for


@dataclass(frozen=True, slots=True)
class UnitCard:
    """One unit as the list shows it.

    Attributes:
        state: done, current, stopped, late or next: as the stages of its own page.
        at: Plant time of the last thing that happened.
        expected: A later day than promised, while the customer is asked about it.
    """

    unit: Unit
    product_name: str
    picture: str
    state: str
    title: str
    note: str
    at: datetime | None
    time_zone: str
    made: int
    expected: date | None

    @property
    def moves(self) -> bool:
        """Whether something may still happen to it."""
        return self.state != "done" and self.unit.line.order.status != OrderStatus.FULFILLED


def units_of(user: User) -> QuerySet[Unit]:
    """What is made, or was, for somebody: the newest order first. One statement."""
    return (
        Unit.objects.filter(
            line__order__user=user,
            line__cancelled_at=None,
            line__order__status__in=[OrderStatus.CONFIRMED, OrderStatus.FULFILLED],
        )
        .select_related("line__order", "line__texts", "line__offer")
        .defer("line__offer__document")
        .order_by("-line__order_id", "line__position", "position")
    )


def unit_cards(units: Sequence[Unit]) -> list[UnitCard]:
    """Four statements for any number: newest events, work orders, their operations, slips."""
    events = {
        event.unit_id: event
        for event in UnitEvent.objects.filter(unit__in=units)
        .exclude(stage=Stage.NEW_DAY)
        .order_by("unit_id", "-seq")
        .distinct("unit_id")
    }
    work_orders = {
        work_order.unit_id: work_order
        for work_order in WorkOrder.objects.filter(unit__in=units)
        .select_related("plant")
        .order_by("unit_id", "-generation")
        .distinct("unit_id")
    }
    steps: dict[int, list[Operation]] = defaultdict(list)
    of_now = [work_order.pk for work_order in work_orders.values()]
    placed = Operation.objects.select_related("work_centre", "booking")
    for operation in placed.filter(work_order__in=of_now).order_by("position"):
        steps[operation.work_order_id].append(operation)
    slips = dict(
        Slip.objects.filter(unit__in=units, status=SlipStatus.OPEN).values_list(
            "unit_id", "expected"
        )
    )
    return [
        _card(
            unit,
            events.get(unit.pk),
            work_orders.get(unit.pk),
            steps[work_orders[unit.pk].pk] if unit.pk in work_orders else [],
            slips.get(unit.pk),
        )
        for unit in units
    ]


def _card(
    unit: Unit,
    event: UnitEvent | None,
    work_order: WorkOrder | None,
    steps: Sequence[Operation],
    expected: date | None,
) -> UnitCard:
    texts = texts_in(unit.line.texts, get_language() or "en")
    plant = work_order.plant if work_order else None
    words = StageWords(texts, plant, waiting_for(work_order, steps))
    stage = Stage(event.stage) if event else Stage.CONFIRMED
    facts = event.facts if event else {}
    return UnitCard(
        unit=unit,
        product_name=texts.product_name,
        picture=elevation(
            compiled_offer(unit.line.offer),
            texts,
            selection_from_json(unit.line.selection),
            is_close=True,
        ),
        state=_state(stage, is_late=expected is not None),
        title=words.title(stage, facts),
        note=words.note(stage, facts),
        at=event.plant_time if event else None,
        time_zone=work_order.plant.time_zone if work_order else "UTC",
        made=made_tenths(stage, [step.status for step in steps]),
        expected=expected,
    )


def _state(stage: Stage, *, is_late: bool) -> str:
    if stage == Stage.DELIVERED:
        return "done"
    if stage == Stage.PAUSED:
        return "stopped"
    return "late" if is_late or stage == Stage.REMAKE else "current"
