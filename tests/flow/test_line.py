"""Confirmed units are made by the simulated line and delivered: real HTTP in both directions.

The background work runs here, in the order a relay, a worker and beat would do it, so that the
test knows when to look; the processes around it are tested by the demo.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from cosmo.invariants import find_breaches
from cosmo.lib.clock import real_now
from orders.lifecycle import OrderStatus
from orders.models import Order, Unit
from production.models import Booking, Line, LineReport, Plant, UnitEvent, WorkOrder
from simulator.chances import Chances
from tests.factories.production import MONDAY, make_plant, set_plant_time
from tests.factories.work_orders import make_work_orders
from tests.flow import pump
from tests.flow.line import LineProcess, running_line
from tests.flow.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_S = 150.0
FACTOR = 20_000.0
SLOW_FACTOR = 2_000.0  # slow enough to be seen while something is being made
StartLine = Callable[..., AbstractContextManager[LineProcess]]


def work_until(condition: Callable[[], bool]) -> None:
    wait_until(condition, within_s=PATIENCE_S, what=f"{condition.__name__}", look=pump.turn)


def is_delivered() -> bool:
    return not Order.objects.exclude(status=OrderStatus.FULFILLED).exists()


def check_outcome(line: LineProcess, units: int) -> None:
    """Made once each, told in order, nothing double, nothing left."""
    made = line.made()
    assert made["made_twice"] == []
    finished = [unit["serial"] for unit in made["units"] if unit["finished"] == 1]
    assert sorted(finished) == sorted(Unit.objects.values_list("serial", flat=True))
    assert len(finished) == units
    # The factory's orders came without money and mail; what production must hold, holds.
    assert [one for one in find_breaches() if not one.invariant.startswith("order-")] == []
    assert LineReport.objects.filter(applied_at=None).count() == 0
    assert [flag for flag in LineReport.objects.values_list("flag", flat=True) if flag] == []
    for unit in Unit.objects.all():
        stages = list(
            UnitEvent.objects.filter(unit=unit).order_by("seq").values_list("stage", flat=True)
        )
        assert stages[0] == "confirmed"
        assert stages[-4:] == ["made", "ready", "on_its_way", "delivered"]
        assert Booking.objects.filter(unit=unit, operation__work_order__status="closed").exists()


@pytest.fixture
def plant() -> Plant:
    return make_plant(factor=FACTOR)


@pytest.fixture
def start_line(plant: Plant, live_server: LiveServer, tmp_path: Path) -> StartLine:
    """Starts the plant's line with further arguments; the last of equal ones counts."""
    key = str(plant.lines.get().key)

    def start(*arguments: str) -> AbstractContextManager[LineProcess]:
        log = tmp_path / "line.log"
        return running_line(url=live_server.url, key=key, log=log, arguments=arguments)

    return start


def test_units_are_made_and_delivered(plant: Plant, start_line: StartLine) -> None:
    with start_line() as line:
        make_work_orders(plant, quantity=3)
        work_until(is_delivered)
        check_outcome(line, units=3)


def test_lost_answers_repeats_and_disorder_change_nothing(
    plant: Plant, start_line: StartLine
) -> None:
    faults = ("--drop-answer", "0.4", "--duplicate", "0.3", "--shuffle")
    with start_line(*faults) as line:
        make_work_orders(plant, quantity=3)
        work_until(is_delivered)
        check_outcome(line, units=3)


def unlucky_seed(serial: str) -> int:
    """With which the line scraps this unit when it is inspected first."""
    return next(
        seed
        for seed in count()
        if Chances(seed, scrap=0.5).inspect(serial, 0, "check", 0) == "scrap"
    )


def test_scrapped_units_are_made_again(plant: Plant, start_line: StartLine) -> None:
    first = make_work_orders(plant, quantity=3)[0].unit.serial
    seed = unlucky_seed(first)
    with start_line("--scrap", "0.5", "--stops", "0.3", "--seed", str(seed)) as line:
        work_until(is_delivered)
        check_outcome(line, units=3)
    assert WorkOrder.objects.count() > 3
    assert UnitEvent.objects.filter(stage="remake").count() == WorkOrder.objects.count() - 3


def test_line_that_forgets_gets_only_what_never_began_again(
    plant: Plant, start_line: StartLine
) -> None:
    set_plant_time(plant, MONDAY, factor=SLOW_FACTOR)
    with start_line() as line:
        make_work_orders(plant, quantity=6)
        work_until(lambda: WorkOrder.objects.filter(status="running").exists())
        line.turn(forget=True)
        work_until(lambda: not WorkOrder.objects.filter(status="planned").exists())
        undecided = WorkOrder.objects.exclude(status="closed").exclude(dispatch="review")
        work_until(lambda: not undecided.exists())
        assert line.made()["made_twice"] == []
        assert WorkOrder.objects.filter(dispatch="review").exists()


def test_line_offline_for_a_while_delays_and_loses_nothing(
    plant: Plant, start_line: StartLine
) -> None:
    with start_line() as line:
        line.turn(offline=True)
        make_work_orders(plant, quantity=3)
        work_until(lambda: WorkOrder.objects.filter(attempts__gte=2).count() == 3)
        Line.objects.update(seen_at=real_now() - timedelta(minutes=1))
        line.turn(offline=False)
        work_until(is_delivered)
        check_outcome(line, units=3)
