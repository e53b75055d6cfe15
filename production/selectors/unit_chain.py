"""All steps of one unit for the planner: where, when, in what state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from cosmo.lib.errors import NotFound
from design.selectors.texts import ProductTexts
from orders.models import Unit
from production.compile import Floor
from production.lifecycle import LIVE_WORK_ORDER, OperationStatus
from production.models import Booking, Operation, Plant, WorkOrder
from production.selectors.board import words_of


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One operation; ``start`` is None while it has no place in the plan."""

    code: str
    name: str
    lane: str
    start: datetime | None
    end: datetime | None
    set_up_min: int
    set_up_family: str
    status: str
    is_pinned: bool


@dataclass(frozen=True, slots=True)
class UnitChain:
    """A unit with its whole chain. ``work_order`` is None while capacity is only kept for it."""

    unit: Unit
    product: str
    work_order: WorkOrder | None
    steps: tuple[ChainStep, ...]
    expected: date | None

    @property
    def days_late(self) -> int:
        promised = self.unit.line.promise_date
        return max(0, (self.expected - promised).days) if self.expected else 0


def unit_chain(plant: Plant, floor: Floor, public_id: UUID, language: str) -> UnitChain:
    """The unit's live work order, else its last one, else what is kept for it.

    Raises:
        NotFound: nothing of it is or was planned at this plant (``unknown_unit``).
    """
    unit = (
        Unit.objects.filter(public_id=public_id)
        .filter(pk__in=Booking.objects.filter(plant=plant).values("unit"))
        .select_related("line__order")
        .first()
    )
    if unit is None:
        raise NotFound("unknown_unit", f"No unit {public_id} is planned at plant {plant.code}.")
    texts = words_of([unit.line.texts_id], language)[unit.line.texts_id]
    work_orders = (
        WorkOrder.objects.filter(unit=unit, plant=plant)
        .select_related("line")
        .order_by("-generation")
    )
    work_order = work_orders.filter(status__in=LIVE_WORK_ORDER).first() or work_orders.first()
    steps = _kept(unit, floor, texts) if work_order is None else _steps(work_order, floor, texts)
    ends = [step.end for step in steps if step.end is not None]
    return UnitChain(
        unit=unit,
        product=texts.product_name,
        work_order=work_order,
        steps=tuple(steps),
        expected=floor.promise_date(max(ends)) if ends else None,
    )


def find_unit(plant: Plant, query: str, now: datetime) -> tuple[UUID, datetime] | None:
    """The unit whose order number or serial contains ``query``, and when its next step begins.

    Whole matches come before parts, what is still to be done before what is past.
    """
    bookings = Booking.objects.filter(plant=plant)
    exact = Q(unit__line__order__number__iexact=query) | Q(unit__serial__iexact=query)
    part = Q(unit__line__order__number__icontains=query) | Q(unit__serial__icontains=query)
    for wanted in (exact, part):
        for order in ("period", "-period"):
            found = bookings.filter(wanted)
            if order == "period":
                found = found.filter(period__endswith__gt=now)
            row = found.order_by(order).values_list("unit__public_id", "period").first()
            if row is not None:
                return row[0], row[1].lower
    return None


def _steps(work_order: WorkOrder, floor: Floor, texts: ProductTexts) -> Sequence[ChainStep]:
    operations = (
        Operation.objects.filter(work_order=work_order)
        .select_related("booking")
        .order_by("position")
    )
    return [
        _step(
            operation.code, texts, floor, getattr(operation, "booking", None), operation.status,
            operation.set_up_family, is_pinned=operation.is_pinned,
        )
        for operation in operations
    ]  # fmt: skip


def _kept(unit: Unit, floor: Floor, texts: ProductTexts) -> Sequence[ChainStep]:
    return [
        _step(booking.operation_code, texts, floor, booking, OperationStatus.PLANNED,
              booking.set_up_family)
        for booking in Booking.objects.filter(unit=unit).order_by("period")
    ]  # fmt: skip


def _step(
    code: str,
    texts: ProductTexts,
    floor: Floor,
    booking: Booking | None,
    status: str,
    family: str,
    *,
    is_pinned: bool = False,
) -> ChainStep:
    lane = floor.lane_of.get(booking.lane_id) if booking else None
    has_several = lane and len(floor.lanes_of.get((lane.work_centre, lane.resource), ())) > 1
    return ChainStep(
        code=code,
        name=texts.operation(code),
        lane="" if lane is None else lane.name if has_several else lane.resource,
        start=booking.period.lower if booking else None,
        end=booking.period.upper if booking else None,
        set_up_min=booking.set_up_min if booking else 0,
        set_up_family=family,
        status=status,
        is_pinned=is_pinned,
    )
