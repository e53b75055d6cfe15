"""The public record of one unit: what it is made of, where, when, and how it was tested.

Nothing of who ordered it: what customers wrote themselves (texts such as an engraving) is left
out of the picture and of the facts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cosmo.lib.formats import format_number
from design.compile import CompiledOffer, compiled_offer, selection_from_json
from design.selectors.pictures import elevation
from design.selectors.texts import ProductTexts, texts_in
from orders.models import Unit
from orders.selectors.carts import chosen_facts
from production.lifecycle import Stage, WorkOrderStatus
from production.models import Inspection, UnitEvent, WorkOrder
from production.selectors.reasons import finding_text
from production.selectors.stage_words import in_language

UNITS: dict[str, str | Promise] = {"piece": _("pcs"), "set": _("set"), "m2": "m²"}


@dataclass(frozen=True, slots=True)
class ComponentView:
    name: str
    code: str
    quantity: str
    unit: str


@dataclass(frozen=True, slots=True)
class InspectionView:
    """``findings`` in words; empty where it passed."""

    name: str
    is_passed: bool
    findings: tuple[str, ...]
    day: date


@dataclass(frozen=True, slots=True)
class Passport:
    """``made_on`` is None while the unit is still being made; then nothing is listed as built."""

    unit: Unit
    product_name: str
    plant_name: str
    made_on: date | None
    picture: str
    facts: Sequence[tuple[str, str]]
    materials: tuple[str, ...]
    components: tuple[ComponentView, ...]
    inspections: tuple[InspectionView, ...]


def passport_of(unit: Unit) -> Passport:
    line = unit.line
    texts = texts_in(line.texts, get_language() or "en")
    compiled = compiled_offer(line.offer)
    selection = _without_texts(compiled, line.selection)
    work_order = (
        WorkOrder.objects.filter(unit=unit).select_related("plant").order_by("-generation")[0]
    )
    zone = ZoneInfo(work_order.plant.time_zone)
    made_on = _made_on(unit, work_order, zone)
    return Passport(
        unit=unit,
        product_name=texts.product_name,
        plant_name=in_language(work_order.plant.document["names"]),
        made_on=made_on,
        picture=elevation(compiled, texts, selection),
        facts=chosen_facts(compiled, texts, selection),
        materials=_materials(compiled, texts, selection),
        components=_components(work_order, texts) if made_on else (),
        inspections=_inspections(work_order, texts, zone),
    )


def _without_texts(compiled: CompiledOffer, stored: dict[str, Any]) -> dict[str, Any]:
    written = {f["id"] for f in compiled.document["features"] if f["kind"] == "text"}
    selection = selection_from_json(stored)
    return {name: "" if name in written else answer for name, answer in selection.items()}


def _made_on(unit: Unit, work_order: WorkOrder, zone: ZoneInfo) -> date | None:
    if work_order.status not in (WorkOrderStatus.COMPLETED, WorkOrderStatus.CLOSED):
        return None
    made = UnitEvent.objects.filter(unit=unit, stage=Stage.MADE).order_by("-seq").first()
    return made.plant_time.astimezone(zone).date() if made else None


def _materials(
    compiled: CompiledOffer, texts: ProductTexts, selection: dict[str, Any]
) -> tuple[str, ...]:
    return tuple(texts.material(material) for material in compiled.substances(selection))


def _components(work_order: WorkOrder, texts: ProductTexts) -> tuple[ComponentView, ...]:
    return tuple(
        ComponentView(
            name=texts.component(entry["component"]),
            code=entry["component"],
            quantity=format_number(_plain(entry["quantity"])),
            unit=unit_text(entry["unit"]),
        )
        for entry in work_order.bom
    )


def _plain(quantity: str) -> Decimal:
    """Without the zeros that say nothing: 24.800000 is 24.8, and 60 stays 60."""
    value = Decimal(quantity)
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def unit_text(unit: str) -> str:
    return str(UNITS.get(unit, unit))


def _inspections(
    work_order: WorkOrder, texts: ProductTexts, zone: ZoneInfo
) -> tuple[InspectionView, ...]:
    """Of this very piece: what was scrapped before it is not in it."""
    return tuple(
        InspectionView(
            name=texts.operation(inspection.operation_code),
            is_passed=inspection.is_passed,
            findings=tuple(finding_text(finding) for finding in inspection.findings),
            day=inspection.plant_time.astimezone(zone).date(),
        )
        for inspection in Inspection.objects.filter(work_order=work_order).order_by(
            "plant_time", "id"
        )
    )
