"""Supply of components, kept in the process while a plant's material does not change."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import F, Q

from cosmo.lib.expressions import Composed
from production.compile import engineering_book, scope_of_unit
from production.engineering import BomLine
from production.lifecycle import PurchaseStatus
from production.models import Engineering, Plant, Stock
from production.selectors.materials_supply import (
    Availability,
    ComponentSupply,
    Need,
    PlantSupply,
    needs_in,
)

_supplies: dict[int, PlantSupply] = {}


def needs_of(engineering: Engineering, selection: Mapping[str, object]) -> tuple[Need, ...]:
    """What one unit needs by component, with substitutes; no statement when the process is warm."""
    return needs_in_bill(engineering_book(engineering).bom(scope_of_unit(engineering, selection)))


def needs_in_bill(lines: Iterable[BomLine]) -> tuple[Need, ...]:
    """The same by the lines of a unit's bill."""
    found: dict[str, Need] = {}
    for line in lines:
        need, before = _need((line,)), found.get(line.component)
        if before is not None:
            quantity = before.quantity + need.quantity
            need = Need(need.component, quantity, before.substitutes or need.substitutes)
        found[need.component] = need
    return tuple(found.values())


def _need_of(lines: tuple[BomLine, ...]) -> Need:
    (line,) = lines
    return Need(line.component, line.quantity, line.substitutes)


_need = Composed(_need_of)
"""Of one line of a bill, which is the same object in most bills."""


def earliest_supply(
    *, plant_id: int, needs: Mapping[str, Decimal] | Sequence[Need], at: datetime
) -> datetime | None:
    """The moment from which all needs are there; None when they are there now.

    ``availability_of`` also says which components decide, and which substitutes are taken.
    """
    return availability_of(plant_id=plant_id, needs=needs, at=at).at


def availability_of(
    *, plant_id: int, needs: Mapping[str, Decimal] | Sequence[Need], at: datetime
) -> Availability:
    """When all needs of one or more units can be had at a plant; at most two statements."""
    plant = Plant.objects.only("pk", "material_seq").get(pk=plant_id)
    return supply_of(plant).availability(needs_in(needs), at)


def supply_of(plant: Plant) -> PlantSupply:
    """The plant's supply as of ``plant.material_seq``: one statement, none while it has not moved.

    What is read inside a transaction is kept for others only once that has committed.
    """
    kept = _supplies.get(plant.pk)
    if kept is not None and kept.seq == plant.material_seq:
        return kept
    fresh = read_supply(plant.pk, plant.material_seq)
    transaction.on_commit(partial(_supplies.__setitem__, plant.pk, fresh))
    return fresh


def read_supply(plant_id: int, seq: int) -> PlantSupply:
    """One statement whatever the number of components."""
    is_open = Q(purchases__status=PurchaseStatus.OPEN)
    rows = (
        Stock.objects.filter(plant_id=plant_id)
        .annotate(
            free=F("on_hand") - F("held") - F("reserved") - F("awaited"),
            expected=ArrayAgg("purchases__expected_at", filter=is_open),
            coming=ArrayAgg(F("purchases__quantity") - F("purchases__received"), filter=is_open),
        )
        .values_list(
            *("id", "component__code", "component__lead_time_days"), *("free", "expected", "coming")
        )
    )
    return PlantSupply(
        plant_id,
        seq,
        {
            code: ComponentSupply(
                stock_id,
                free,
                tuple(sorted(zip(expected or (), coming or (), strict=True))),
                lead_time_days,
            )
            for stock_id, code, lead_time_days, free, expected, coming in rows
        },
    )
