"""A product that no line of code knows sells and is delivered: its folder is enough."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from cosmo.embedded.folders import CHECKOUT
from cosmo.invariants import find_breaches
from journey.pages import Visitor
from journey.shopping import buy, choose, find_studio, save_and_share, unit_addresses
from orders.models import Order
from production.lifecycle import DispatchStatus, WorkOrderStatus
from production.models import Plant, Shipment, WorkOrder
from tests.catalogue.folders import LAMP
from tests.factories.production import STANDSTILL, set_plant_time
from tests.flow import pump
from tests.flow.line import running_line
from tests.flow.waiting import wait_until

OPENS = datetime(2027, 3, 1, 7, 0, tzinfo=UTC)  # a Monday, 08:00 in Vienna
FACTOR = 14_400.0  # four hours of the plant in a second
OUR_CODE = ("cosmo", "design", "orders", "production", "simulator", "journey", "templates")
STAGES = ["confirmed", "planned", "queued", "next", "running", "made", "ready"]
STAGES += ["on_its_way", "delivered"]


@pytest.fixture
def workshop(transactional_db: None) -> Plant:
    """The strange folder published by the command, its plant standing still at its opening."""
    call_command("load_catalogue", str(LAMP))
    plant = Plant.objects.get()
    set_plant_time(plant, OPENS, factor=STANDSTILL)
    return plant


def events_of(visitor: Visitor, unit: str) -> list[dict[str, Any]]:
    found: Any = visitor.json(f"{unit}events?after=0")["events"]
    return list(found)


def test_from_a_folder_to_a_delivered_unit(
    workshop: Plant, live_server: LiveServer, tmp_path: Path
) -> None:
    visitor = Visitor(live_server.url)
    with visitor.client:
        studio, chosen = choose(visitor, find_studio(visitor), clicks=3)
        design, saved = save_and_share(visitor, studio)
        bought = buy(visitor, saved, design)
        pump.turn()
        [unit] = unit_addresses(visitor, bought.order_url)
        assert [one["stage"] for one in events_of(visitor, unit)] == ["confirmed", "planned"]

        set_plant_time(workshop, OPENS, factor=FACTOR)
        key = workshop.lines.get().key
        with running_line(url=live_server.url, key=key, log=tmp_path / "line.log") as line:
            wait_until(
                lambda: events_of(visitor, unit)[-1]["stage"] == "delivered",
                within_s=60,
                what="the unit delivered",
                look=pump.turn,
            )
            made = line.made()
        events = events_of(visitor, unit)

    assert len(chosen) == 3
    assert (made["finished"], made["made_twice"]) == (1, [])
    check_history(events)
    check_books(bought.order, made["units"][0]["serial"])
    assert find_breaches() == []


def check_history(events: list[dict[str, Any]]) -> None:
    stages = [one["stage"] for one in events]
    assert [one["seq"] for one in events] == sorted({one["seq"] for one in events})
    ranks = [STAGES.index(stage) for stage in stages]
    assert ranks == sorted(ranks), stages
    assert set(stages) >= {"confirmed", "planned", "running", "made", "ready", "delivered"}
    times = [datetime.fromisoformat(one["plant_time"]) for one in events]
    assert times == sorted(times)
    steps = [one["facts"] for one in events if one["stage"] == "running"]
    assert [step["operation"] for step in steps][-3:] == ["mount", "check", "pack"]
    assert [step["step"] for step in steps] == list(range(1, steps[-1]["count"] + 1))


def check_books(number: str, serial: str) -> None:
    order = Order.objects.get(number=number)
    work_order = WorkOrder.objects.get()
    assert order.status == "fulfilled"
    assert (work_order.dispatch, work_order.status) == (
        DispatchStatus.ACCEPTED,
        WorkOrderStatus.CLOSED,
    )
    assert work_order.unit.serial == serial
    assert serial.startswith("L")
    assert work_order.bom[0]["component"] == "BASE"
    assert not work_order.operations.exclude(status="done").exists()
    shipment = Shipment.objects.get()
    assert shipment.parcel_number
    assert shipment.delivered_at is not None


def test_no_line_of_code_knows_it() -> None:
    """Neither the product nor its plant or line is named anywhere in what runs."""
    name = re.compile(r"\b(lamps?|dimmer|lathe)\b|[\"']workshop[\"']", re.IGNORECASE)
    files = [file for folder in OUR_CODE for file in (CHECKOUT / folder).rglob("*.*")]
    texts = {f: f.read_text("utf-8") for f in files if f.suffix in (".py", ".html", ".txt")}
    assert len(texts) > 200
    assert [str(file) for file, text in texts.items() if name.search(text)] == []
