"""A shelf with doors and drawers is sold, made in the plant by the river and delivered."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from cosmo.invariants import find_breaches
from journey.pages import Visitor
from journey.shopping import buy, save_and_share, unit_addresses
from orders.models import Order
from production.lifecycle import WorkOrderStatus
from production.models import Plant, Shipment, WorkOrder
from tests.catalogue.shelf.designs import FOLDER
from tests.factories.production import STANDSTILL, set_plant_time
from tests.flow import pump
from tests.flow.line import running_line
from tests.flow.waiting import wait_until

OPENS = datetime(2027, 3, 1, 6, 0, tzinfo=UTC)  # a Monday, 07:00 in Berlin
FACTOR = 14_400.0  # four hours of the plant in a second
WANTED = "doors=fitted&drawer_unit=fitted&drawer_unit_rows=2&width=1750&colour=blue"
WANTED += "&by=doors,drawer_unit,drawer_unit_rows,width,colour"


@pytest.fixture
def riverside(transactional_db: None) -> Plant:
    """The shelf published by the command, its plant standing still at its opening."""
    call_command("load_catalogue", str(FOLDER))
    plant = Plant.objects.get()
    set_plant_time(plant, OPENS, factor=STANDSTILL)
    return plant


def test_from_the_studio_to_the_door(
    riverside: Plant, live_server: LiveServer, tmp_path: Path
) -> None:
    visitor = Visitor(live_server.url)
    with visitor.client:
        studio = visitor.open(f"/products/shelf/studio/?{WANTED}")
        design, saved = save_and_share(visitor, studio)
        bought = buy(visitor, saved, design)
        pump.turn()
        [unit] = unit_addresses(visitor, bought.order_url)

        def events() -> list[dict[str, Any]]:
            found: Any = visitor.json(f"{unit}events?after=0")["events"]
            return list(found)

        set_plant_time(riverside, OPENS, factor=FACTOR)
        key = riverside.lines.get().key
        with running_line(url=live_server.url, key=key, log=tmp_path / "line.log") as line:
            wait_until(
                lambda: events()[-1]["stage"] == "delivered",
                within_s=90,
                what="the shelf delivered",
                look=pump.turn,
            )
            made = line.made()
        steps = [one["facts"]["operation"] for one in events() if one["stage"] == "running"]

    assert (made["finished"], made["made_twice"]) == (1, [])
    assert {"cut", "drill", "drawers", "doors", "paint", "fit", "check", "pack"} <= set(steps)
    assert steps[-2:] == ["check", "pack"]
    check_books(bought.order)
    assert find_breaches() == []


def check_books(number: str) -> None:
    assert Order.objects.get(number=number).status == "fulfilled"
    work_order = WorkOrder.objects.get()
    assert work_order.status == WorkOrderStatus.CLOSED
    assert work_order.unit.serial.startswith("SH")
    quantities = {line["component"]: line["quantity"] for line in work_order.bom}
    assert quantities["DRAWER-BOX"] == "2"
    assert quantities["DOOR-PLAIN"] == "2"  # three bays, one of them with the drawers
    assert int(quantities["PAINT"]) > 0
    assert Shipment.objects.get().delivered_at is not None
