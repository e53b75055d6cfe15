"""A materials document becomes components and, the first time, their opening stock."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from cosmo.accounts.models import Organisation
from cosmo.lib.documents import CatalogueInvalid, PlacedProblem
from cosmo.lib.errors import Invalid
from design.folder import read_checked
from production.lifecycle import StockMoveKind
from production.locks import plant_lock
from production.models import Component, Plant, Stock
from production.services.materials.ledger import (
    Change,
    make_changes,
    mark_material_changed,
    write_moves,
)
from production.services.materials.settling import settle

OPENING = "opening stock"
SCHEMA = Path(__file__).parents[2] / "schemas" / "materials.schema.json"
SETTINGS = ("names", "unit", "lead_time_days", "lot_size", "minimum_order", "unit_cost", "currency")


def load_materials_folder(folder: Path, organisation: Organisation) -> dict[str, int]:
    """Load ``materials/*.yaml`` of a catalogue folder, all or nothing; by plant, how many
    components were new or changed. No such files: nothing to do.

    Raises:
        CatalogueInvalid: with every fault found, each with file and line.
        DomainError: as ``load_materials``.
    """
    problems: list[PlacedProblem] = []
    documents = [
        read_checked(file, SCHEMA, problems) for file in sorted(folder.glob("materials/*.yaml"))
    ]
    plants = {one.code: one for one in Plant.objects.filter(organisation=organisation)}
    for document in documents:
        if document is not None and document.content["plant"] not in plants:
            sentence = (
                f"There is no plant '{document.content['plant']}'; load a product made there."
            )
            problems.append(document.problem(("plant",), "unknown_plant", sentence))
    if problems:
        raise CatalogueInvalid(problems)
    with transaction.atomic():
        return {
            document.content["plant"]: load_materials(
                plant=plants[document.content["plant"]], document=document.content
            )
            for document in documents
            if document is not None
        }


@transaction.atomic
def load_materials(*, plant: Plant, document: Mapping[str, Any]) -> int:
    """Bring the plant's components up to a document that satisfies the materials' JSON Schema; how
    many of them were new or changed. The same document again changes nothing, and what is on hand
    is only said once: from then on it is counted.

    Raises:
        Invalid: a component is named twice (``component_twice``), or its unit changes while there
            is stock of it (``unit_changed``).
    """
    plant_lock(plant.pk)
    entries: dict[str, Mapping[str, Any]] = {}
    for entry in document["components"]:
        if entry["code"] in entries:
            raise Invalid(
                "component_twice", f"Component {entry['code']} is listed twice. Take one out."
            )
        entries[entry["code"]] = entry
    changed = sum(_load(plant, entry) for entry in entries.values())
    if changed:
        settle(plant_id=plant.pk, at=plant.clock.now())
    return changed


def _load(plant: Plant, entry: Mapping[str, Any]) -> bool:
    wanted = _settings(entry)
    component, is_new = Component.objects.get_or_create(
        organisation_id=plant.organisation_id, code=entry["code"], defaults=wanted
    )
    is_changed = not is_new and any(getattr(component, name) != wanted[name] for name in SETTINGS)
    if is_changed:
        _check_unit(component, entry["unit"])
        Component.objects.filter(pk=component.pk).update(**wanted)
    level = Decimal(entry.get("reorder_level", "0"))
    stock, is_first = Stock.objects.get_or_create(
        plant=plant, component=component, defaults={"reorder_level": level}
    )
    if is_first:
        _open(stock, Decimal(entry["on_hand"]), plant)
    elif stock.reorder_level != level:
        Stock.objects.filter(pk=stock.pk).update(reorder_level=level)
        is_changed = True
    if is_changed:
        mark_material_changed(plant.pk)
    return is_new or is_first or is_changed


def _settings(entry: Mapping[str, Any]) -> dict[str, Any]:
    cost = entry.get("unit_cost")
    return {
        "names": dict(entry.get("names", {})),
        "unit": entry["unit"],
        "lead_time_days": entry["lead_time_days"],
        "lot_size": Decimal(entry.get("lot_size", "1")),
        "minimum_order": Decimal(entry.get("minimum_order", "0")),
        "unit_cost": None if cost is None else Decimal(cost),
        "currency": entry.get("currency", "EUR") if cost is not None else "",
    }


def _check_unit(component: Component, unit: str) -> None:
    if component.unit != unit and Stock.objects.filter(component=component).exists():
        raise Invalid(
            "unit_changed",
            f"Component {component.code} is counted in {component.unit}; its stock cannot become "
            f"{unit}. Give the new unit a component of its own.",
        )


def _open(stock: Stock, quantity: Decimal, plant: Plant) -> None:
    changes = [Change(stock.pk, StockMoveKind.RECEIPT, on_hand=quantity)]
    make_changes(changes)
    write_moves(plant.pk, changes, at=plant.clock.now(), reason=OPENING)
