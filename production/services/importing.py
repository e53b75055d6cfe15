"""Somebody else's plant: read, planned, verified, and stored with its documents and its plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from django.db import transaction

from cosmo.accounts.models import Organisation
from cosmo.lib.clock import real_now
from cosmo.lib.documents import content_hash
from cosmo.lib.errors import Conflict, Invalid
from production.importing.documents import (
    expected_receipts,
    materials_documents,
    plant_documents,
)
from production.importing.frepple import Shop, read_shop
from production.importing.netting import Works, work_out
from production.importing.problems import Ground, Layout, late_demands, lay_out
from production.importing.rows import Rows, read_rows
from production.models import Plant, ScheduleRun, Stock
from production.scheduling.check import violations
from production.scheduling.dispatch import make_plan
from production.scheduling.solution import Solution
from production.scheduling.stop import after_seconds
from production.services.materials import load_materials, order_component
from production.services.plants import load_plant

log = structlog.get_logger(__name__)
LARGEST_FILE = 100_000_000
STEPS_KEPT = 5_000  # of a plan in its run; --out writes all


@dataclass(frozen=True, slots=True)
class PlannedShop:
    """A fixture that was read and has a plan that the checker passed."""

    rows: Rows
    shop: Shop
    ground: Ground
    works: Works
    layout: Layout
    solution: Solution
    digest: str

    @property
    def late(self) -> list[str]:
        return late_demands(self.layout, self.shop, self.solution.placements)

    def plan(self) -> list[dict[str, Any]]:
        """Every step with where and when, by begin."""
        problem, shop = self.layout.problem, self.shop
        found = [
            {
                "demand": problem.jobs[step.job].name,
                "operation": step.name,
                "resource": problem.lanes[place.lane].name,
                "start": _moment(shop, place.start),
                "set_up_min": place.set_up,
                "end": _moment(shop, place.end),
                **(
                    {"with": problem.lanes[place.second_lane].name}
                    if place.second_lane >= 0
                    else {}
                ),
            }
            for step, place in zip(problem.operations, self.solution.placements, strict=True)
        ]
        return sorted(found, key=lambda one: (one["start"], one["resource"]))

    def summary(self) -> dict[str, Any]:
        shop = self.shop
        return {
            "items": len(shop.items),
            "operations": len(shop.operations),
            "resources": len(shop.resources),
            "demands": len(shop.demands),
            "open_demands": len(self.layout.served),
            "planned": len(self.layout.delivered(self.solution.placements)),
            "late": len(self.late),
            "steps": len(self.layout.problem.operations),
            "violations": 0,
            "made_by": self.solution.made_by,
            "not_understood": self.rows.not_understood(),
        }


def plan_fixture(path: Path, *, seconds: float) -> PlannedShop:
    """Read a fixture of frePPLe and plan its open demands. Writes nothing.

    Raises:
        Invalid: the file is none of that kind or wrong somewhere; the sentence says where.
        Conflict: the checker found a fault in the plan (``plan_refused``).
        Infeasible: there is no plan at all.
    """
    text = _read(path)
    rows = read_rows(path.name, text)
    shop = read_shop(rows, now=real_now().replace(second=0, microsecond=0))
    ground = Ground(shop, rows)
    works = work_out(shop, rows, ground.longest_min())
    layout = lay_out(shop, works, ground)
    solution = make_plan(layout.problem, stop=after_seconds(seconds))
    faults = violations(layout.problem, solution.placements)
    if faults:
        raise Conflict(
            "plan_refused",
            f"The check found {len(faults)} faults in the plan of {path.name}; the first: "
            f"{faults[0].sentence}",
        )
    return PlannedShop(rows, shop, ground, works, layout, solution, content_hash({"text": text}))


@transaction.atomic
def store_planned_shop(
    planned: PlannedShop, *, organisation: Organisation, prefix: str
) -> list[Plant]:
    """A plant for every location with resources, its components and stock, what is on its way, and
    the plan as a run. Storing the same file again changes nothing.

    Demands become no orders: an order needs a design that somebody chose.
    """
    documents = plant_documents(planned.shop, planned.ground, planned.rows, prefix=prefix)
    stored = [_store_plant(document, organisation, planned.shop) for document in documents]
    fresh = {plant.code for plant, is_new in stored if is_new}
    by_code = {plant.code: plant for plant, _ in stored}
    for document in materials_documents(planned.shop, documents, planned.ground):
        load_materials(plant=by_code[document["plant"]], document=document)
    for code, component, quantity, moment in expected_receipts(
        planned.shop, documents, planned.ground
    ):
        stock = Stock.objects.filter(plant__code=code, component__code=component).first()
        if code in fresh and stock is not None:
            order_component(stock_id=stock.pk, quantity=quantity, expected_at=moment)
    for plant in by_code.values():
        _store_run(plant, planned)
    return list(by_code.values())


def _store_plant(
    document: Mapping[str, Any], organisation: Organisation, shop: Shop
) -> tuple[Plant, bool]:
    loaded = load_plant(organisation=organisation, document=document)
    if loaded.is_new:
        loaded.plant.clock_origin_plant = shop.now
        loaded.plant.save(update_fields=["clock_origin_plant"])
    return loaded.plant, loaded.is_new


def _store_run(plant: Plant, planned: PlannedShop) -> None:
    trigger = f"imported {planned.digest[:16]}"
    if ScheduleRun.objects.filter(plant=plant, trigger=trigger).exists():
        return
    tardiness = planned.solution.tardiness()
    ScheduleRun.objects.create(
        plant=plant,
        trigger=trigger,
        was_published=False,
        refusal="Imported demands are no orders: the plan stands for itself.",
        measures={
            "operations": len(planned.layout.problem.operations),
            "work_orders": 0,
            "late": len(planned.late),
            "late_min": sum(tardiness),
            "set_up_min": planned.solution.set_up_min,
            "moved": 0,
            "made_by": planned.solution.made_by,
            "plan": planned.plan()[:STEPS_KEPT],
        },
        booking_seq=plant.booking_seq,
        plant_time=planned.shop.now,
    )


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Invalid("too_large", f"{path.name} has more than {LARGEST_FILE} bytes.")
        return path.read_text("utf-8")
    except OSError as error:
        raise Invalid("no_file", f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Invalid(
            "bad_json", f"{path.name}, byte {error.start}: this is no UTF-8 text."
        ) from error


def _moment(shop: Shop, minute: int) -> str:
    moment: datetime = shop.now + timedelta(minutes=minute)
    return moment.isoformat()
