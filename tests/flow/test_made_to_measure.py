"""A product with decimals, slanted tubes and questions of hundreds of answers is sold and delivered
like any other, by the plant it shares."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from cosmo.embedded.folders import CHECKOUT
from cosmo.invariants import find_breaches
from journey.pages import Visitor
from journey.shopping import buy, choose, find_studio, save_and_share, unit_addresses
from production.models import Plant, WorkOrder
from tests.factories.production import STANDSTILL, set_plant_time
from tests.flow import pump
from tests.flow.line import running_line
from tests.flow.test_strange_product import events_of
from tests.flow.waiting import wait_until

OPENS = datetime(2027, 3, 1, 6, 0, tzinfo=UTC)  # a Monday, 07:00 in Berlin
FACTOR = 14_400.0  # four hours of the plant in a second


@pytest.fixture
def riverside(transactional_db: None) -> Plant:
    call_command("load_catalogue", str(CHECKOUT / "catalogue" / "bicycle-frame"))
    plant = Plant.objects.get(code="riverside")
    set_plant_time(plant, OPENS, factor=STANDSTILL)
    return plant


def test_frame_is_designed_bought_welded_painted_and_delivered(
    riverside: Plant, live_server: LiveServer, tmp_path: Path
) -> None:
    visitor = Visitor(live_server.url)
    with visitor.client:
        studio, _ = choose(visitor, find_studio(visitor), clicks=3)
        design, saved = save_and_share(visitor, studio)
        bought = buy(visitor, saved, design)
        pump.turn()
        [unit] = unit_addresses(visitor, bought.order_url)

        set_plant_time(riverside, OPENS, factor=FACTOR)
        key = riverside.lines.get().key
        with running_line(url=live_server.url, key=key, log=tmp_path / "line.log") as line:
            wait_until(
                lambda: events_of(visitor, unit)[-1]["stage"] == "delivered",
                within_s=90,
                what="the frame delivered",
                look=pump.turn,
            )
            made = line.made()
        events = events_of(visitor, unit)

    assert (made["finished"], made["made_twice"]) == (1, [])
    steps = [one["facts"]["operation"] for one in events if one["stage"] == "running"]
    assert steps[0] == "cut"
    assert {"weld", "bond"} & set(steps)
    assert steps[-3:] == ["fit", "check", "pack"]
    work_order = WorkOrder.objects.get()
    assert work_order.unit.serial.startswith("BF")
    components = {line["component"] for line in work_order.bom}
    assert {"TUBE-TOP", "TUBE-DOWN", "SHELL", "FRAME-BOX"} <= components
    assert find_breaches() == []
