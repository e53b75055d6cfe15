"""What of an ordered unit may still change, until when, and what each change would come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import get_language

from cosmo.lib.errors import NotFound, Sentence
from cosmo.lib.ports import FreezePoint, freeze_points
from design.compile import compiled_offer, selection_from_json
from design.selectors.configured import price_of
from design.selectors.texts import ProductTexts, texts_in
from design.selectors.wording import stated_features
from orders.lifecycle import OrderStatus
from orders.models import Order, Unit
from orders.selectors.agreed import Terms, terms_of

NEVER = datetime.max.replace(tzinfo=UTC)  # of a step without a slot: last


@dataclass(frozen=True, slots=True)
class FixedBy:
    """A step of the making, and the answers that it fixes, in words."""

    step: str
    features: tuple[str, ...]
    begins_at: datetime | None
    time_zone: str
    has_begun: bool
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class ChangeEnd:
    """Until when a unit can be changed or cancelled.

    Attributes:
        at: Plant time; None where it has no place in the plan, or should have begun.
        is_said: Its customer was told so: nothing is begun before. Else work is planned to begin
            then, and the plan may move it.
    """

    at: datetime | None
    is_said: bool


@dataclass(frozen=True, slots=True)
class ChangeWindow:
    """How far one unit can still be changed.

    Attributes:
        end: None once work has begun.
        points: Steps that fix something, in the order in which they do.
    """

    unit: Unit
    end: ChangeEnd | None
    time_zone: str
    points: tuple[FixedBy, ...]

    @property
    def is_open(self) -> bool:
        return self.end is not None


@dataclass(frozen=True, slots=True)
class OtherAnswer:
    """One answer that could be had instead; ``difference`` is of the price."""

    feature: str
    feature_name: str
    option: str
    option_name: str
    difference: Decimal

    @property
    def key(self) -> str:
        return f"{self.feature}:{self.option}"


def windows_of(order: Order) -> dict[int, ChangeWindow]:
    """The window of every unit that is being made, by the unit's id."""
    if order.status != OrderStatus.CONFIRMED:
        return {}
    units = Unit.objects.filter(line__order=order, line__cancelled_at=None)
    found = units.select_related("line__texts", "line__offer")
    return {unit.pk: window for unit in found if (window := window_of(unit)) is not None}


def window_of(unit: Unit) -> ChangeWindow | None:
    """None where the unit is not being made (any more)."""
    plan = freeze_points().freeze_plan(unit_id=unit.pk)
    if not plan:
        return None
    texts = texts_in(unit.line.texts, get_language() or "en")
    compiled = compiled_offer(unit.line.offer)
    selection = selection_from_json(unit.line.selection)
    stated = {f.id for f in stated_features(compiled, selection)}
    return ChangeWindow(
        unit=unit,
        end=change_end(plan),
        time_zone=plan[0].time_zone,
        points=_fixing(plan, stated, texts),
    )


def change_end(plan: Sequence[FreezePoint]) -> ChangeEnd | None:
    """None once work on the unit has begun, and where nothing of it is made."""
    if not plan or plan[0].is_work_begun:
        return None
    said = plan[0].not_before
    if said is not None:
        return ChangeEnd(said, is_said=True)
    begins = [point.begins_at for point in plan if point.begins_at]
    is_overdue = any(point.is_overdue for point in plan)
    return ChangeEnd(None if is_overdue else min(begins, default=None), is_said=False)


def _fixing(
    plan: Sequence[FreezePoint], stated: set[str], texts: ProductTexts
) -> tuple[FixedBy, ...]:
    points, told = [], set[str]()
    for point in sorted(plan, key=lambda one: one.begins_at or NEVER):
        fixed = [name for name in point.features if name in stated and name not in told]
        told.update(fixed)
        if fixed:
            points.append(
                FixedBy(
                    step=texts.operation(point.operation),
                    features=tuple(texts.feature(name) for name in fixed),
                    begins_at=point.begins_at,
                    time_zone=point.time_zone,
                    has_begun=point.has_begun,
                    is_overdue=point.is_overdue,
                )
            )
    return tuple(points)


def unit_of_order(order: Order, public_id: UUID) -> Unit:
    """
    Raises:
        DomainError: the order has no such unit (``unknown_unit``).
    """
    unit = (
        Unit.objects.filter(line__order=order, public_id=public_id, line__cancelled_at=None)
        .select_related("line__order", "line__texts", "line__offer", "line__revision")
        .first()
    )
    if unit is None:
        raise NotFound("unknown_unit", Sentence("This order has no such unit."))
    return unit


def other_answers(unit: Unit) -> tuple[OtherAnswer, ...]:
    """Single answers that go with the rest of the unit, what is fixed left out."""
    compiled = compiled_offer(unit.line.offer)
    texts = texts_in(unit.line.texts, get_language() or "en")
    selection = selection_from_json(unit.line.selection)
    frozen = freeze_points().frozen_features(unit_id=unit.pk)
    terms = terms_of(unit.line) or Terms()
    found = []
    for feature in stated_features(compiled, selection):
        if feature.kind != "choice" or feature.id in frozen:
            continue
        for option in feature.options:
            other = {**selection, feature.id: option.id}
            if option.id == selection[feature.id] or compiled.engine.violations(other):
                continue
            price = terms.on(price_of(compiled, other))
            found.append(
                OtherAnswer(
                    feature=feature.id,
                    feature_name=texts.feature(feature.id),
                    option=option.id,
                    option_name=texts.option(feature.id, option.id),
                    difference=price.total - unit.line.unit_price,
                )
            )
    return tuple(found)
