"""A plant that counts some of the stool's parts, and what is asked of it."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from production.models import Plant, Stock
from production.services.materials import load_materials


def count(plant: Plant, *components: dict[str, Any]) -> dict[str, Stock]:
    """Load components; each ``code`` and ``on_hand``, the rest has simple values."""
    entries = [{"unit": "piece", "lead_time_days": 10, **one} for one in components]
    load_materials(
        plant=plant,
        document={"format": "cosmo-materials/1", "plant": plant.code, "components": entries},
    )
    rows = Stock.objects.filter(plant=plant).select_related("component")
    return {row.component.code: row for row in rows}


def numbers(stock: Stock) -> tuple[int, int, int, int]:
    """On hand, held, reserved, awaited as they are now."""
    row = Stock.objects.get(pk=stock.pk)
    return int(row.on_hand), int(row.held), int(row.reserved), int(row.awaited)


def sums(stock: Stock) -> tuple[Decimal, Decimal, Decimal]:
    """What its moves add up to."""
    moves = list(stock.moves.all())
    return (
        sum((move.on_hand for move in moves), Decimal(0)),
        sum((move.held for move in moves), Decimal(0)),
        sum((move.reserved for move in moves), Decimal(0)),
    )


def assert_moves_add_up() -> None:
    for stock in Stock.objects.all():
        assert sums(stock) == (stock.on_hand, stock.held, stock.reserved)


def now_of(plant: Plant) -> datetime:
    return Plant.objects.get(pk=plant.pk).clock.now()
