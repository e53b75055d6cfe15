"""After anything that can happen to orders, what is booked and claimed is exactly what live holds
and work orders need: worked out here from what each was sold as, by nobody's bookkeeping.
"""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.db import transaction

from cosmo.lib.clock import real_now
from cosmo.lib.ports import promise_source
from orders.models import Order, Unit
from production.compile import bom_of_unit, route_unit
from production.models import Booking, Engineering, Hold, Reservation, Stock, WorkOrder
from production.services.holds import expire_holds
from production.services.planning import plan_plant
from production.services.sooner import bring_sooner
from tests.factories.production import make_offer, make_order, make_plant
from tests.production.materials.stocks import assert_moves_add_up, count

pytestmark = pytest.mark.django_db
LASTS = timedelta(minutes=15)
COLOURS = ("white", "black", "red")


def live_units() -> set[int]:
    """Units of holds that stand, and of work orders that are not over."""
    held = Unit.objects.filter(line__order__holds__status="active").values_list("pk", flat=True)
    made = WorkOrder.objects.exclude(status__in=["aborted", "cancelled"])
    return {*held, *made.values_list("unit_id", flat=True)}


def needed() -> tuple[Counter[tuple[int, str]], Counter[tuple[int, str]]]:
    """Operations and counted components by unit, from the selections alone."""
    engineering = Engineering.objects.select_related("plant", "offer").get(is_current=True)
    counted = set(Stock.objects.values_list("component__code", flat=True))
    operations: Counter[tuple[int, str]] = Counter()
    components: Counter[tuple[int, str]] = Counter()
    for unit in Unit.objects.filter(pk__in=live_units()).select_related("line"):
        for operation in route_unit(engineering, unit.line.selection):
            operations[unit.pk, operation.code] += 1
        for line in bom_of_unit(engineering, unit.line.selection):
            if line["component"] in counted:
                components[unit.pk, line["component"]] += int(line["quantity"])
    return operations, components


def kept() -> tuple[Counter[tuple[int, str]], Counter[tuple[int, str]]]:
    operations = Counter(Booking.objects.values_list("unit_id", "operation_code"))
    components: Counter[tuple[int, str]] = Counter()
    claims = Reservation.objects.filter(status__in=["held", "confirmed"])
    for unit_id, code, quantity in claims.values_list(
        "unit_id", "stock__component__code", "quantity"
    ):
        components[unit_id, code] += int(quantity)
    return operations, components


class Story:
    """A plant, and everything that people do to orders there."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.plant = make_plant()
        self.offer = make_offer(self.plant)
        self.source = promise_source()
        self.waiting: list[Order] = []
        count(self.plant, {"code": "LEG", "on_hand": 20}, {"code": "PLATE", "on_hand": 1})

    def hold(self, order: Order) -> None:
        self.source.hold(order_id=order.pk, lasts=LASTS)

    def take_one(self) -> Order | None:
        """An order that waits to be paid, for the last time."""
        return self.waiting.pop(self.rng.randrange(len(self.waiting))) if self.waiting else None

    def ask(self) -> None:
        line = {"quantity": self.rng.randint(1, 3), "colour": self.rng.choice(COLOURS)}
        order = make_order(self.offer, {**line, "engraving": self.rng.choice(("", "Ada"))})
        self.hold(order)
        self.waiting.append(order)

    def ask_again(self) -> None:
        if self.waiting:
            self.hold(self.rng.choice(self.waiting))

    def buy(self) -> None:
        if order := self.take_one():
            self.source.confirm(order_id=order.pk)

    def give_back(self) -> None:
        if order := self.take_one():
            self.source.release(order_id=order.pk)

    def let_expire(self) -> None:
        if order := self.take_one():
            ended = real_now() - timedelta(seconds=1)
            Hold.objects.filter(order=order, status="active").update(expires_at=ended)
            assert expire_holds() == 1

    def break_off(self) -> None:
        with transaction.atomic():
            self.hold(make_order(self.offer, {"quantity": 2}))
            transaction.set_rollback(True)

    def cancel(self) -> None:
        if planned := WorkOrder.objects.filter(status="planned").order_by("pk").first():
            self.source.withdraw(unit_ids=[planned.unit_id], even_if_begun=False)

    def bring(self) -> None:
        if self.waiting:
            bring_sooner(order_id=self.waiting[-1].pk, seconds=0.2)

    def plan(self) -> None:
        plan_plant(plant_id=self.plant.pk, trigger="test")

    def go_on(self) -> None:
        acts = (self.buy, self.give_back, self.let_expire, self.break_off, self.cancel)
        self.rng.choice((self.ask, self.ask, self.ask_again, self.bring, self.plan, *acts))()


@pytest.mark.parametrize("seed", range(6))
def test_nothing_leaks_whatever_happens(seed: int) -> None:
    story = Story(seed)
    for _ in range(14):
        story.go_on()
        assert kept() == needed()
    assert_moves_add_up()
