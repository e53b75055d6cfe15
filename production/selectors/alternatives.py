"""What a customer could choose instead, so that a unit is there sooner than it is planned now."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import get_language

from cosmo.lib.ports import freeze_points, promise_source
from design.compile import CompiledOffer, compiled_offer, selection_from_json
from design.rules import Selection
from design.selectors.configured import price_of
from design.selectors.texts import texts_in
from orders.models import Unit
from production.compile import bom_of_unit, route_unit
from production.lifecycle import LIVE_WORK_ORDER, WorkOrderStatus
from production.models import Engineering, WorkOrder
from production.selectors.makers import makers_of
from production.selectors.slips import Alternative

MOST_ASKED = 60  # answers the factory is asked about for one page
MOST_SHOWN = 5


def sooner_alternatives(unit: Unit, *, than: date) -> list[Alternative]:
    """Single other answers that make the unit's way through the plant another one and bring it
    there before ``than``: the soonest first, then the cheapest. None once its work has begun.
    """
    work_order = (
        WorkOrder.objects.filter(unit=unit, status__in=LIVE_WORK_ORDER).order_by("-id").first()
    )
    if work_order is None or work_order.status != WorkOrderStatus.PLANNED:
        return []
    compiled = compiled_offer(unit.line.offer)
    texts = texts_in(unit.line.texts, get_language() or "en")
    others = list(_other_answers(unit, compiled))
    inquiry = promise_source().inquiry(offer_id=unit.line.offer_id)
    days = inquiry.days([selection for _f, _o, selection in others])
    found = []
    for (feature, option, selection), day in zip(others, days, strict=True):
        if day is not None and day < than:
            price = price_of(compiled, selection).total
            found.append(
                Alternative(
                    feature=feature,
                    feature_name=texts.feature(feature),
                    option=option,
                    option_name=texts.option(feature, option),
                    promise_date=day,
                    price=price,
                    difference=price - unit.line.unit_price,
                )
            )
    return sorted(found, key=lambda one: (one.promise_date, one.difference))[:MOST_SHOWN]


def _other_answers(unit: Unit, compiled: CompiledOffer) -> Iterator[tuple[str, str, Selection]]:
    """Answers that may still change, go with the rest, and are made in another way."""
    frozen = freeze_points().frozen_features(unit_id=unit.pk)
    selection = selection_from_json(unit.line.selection)
    makers = makers_of([unit.line.offer_id]).get(unit.line.offer_id, [])
    way = [_way(maker, selection) for maker in makers]
    asked = 0
    for feature in compiled.model.features:
        if feature.kind != "choice" or feature.id in frozen:
            continue
        for option in feature.options:
            if option.id == selection[feature.id] or asked == MOST_ASKED:
                continue
            other = {**selection, feature.id: option.id}
            if compiled.engine.violations(other) or not compiled.engine.is_valid(other):
                continue
            if [_way(maker, other) for maker in makers] != way:
                asked += 1
                yield feature.id, option.id, other


def _way(maker: Engineering, selection: Selection) -> tuple[object, object]:
    """What decides when a unit is ready: its operations and its components."""
    return route_unit(maker, selection), bom_of_unit(maker, selection)
