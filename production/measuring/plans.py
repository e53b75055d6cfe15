"""What is measured of planning: a full plant planned and published, and one large order."""

import random
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from design.models import DesignRevision, Offer
from design.services.designs import save_design
from orders.models import Cart, Order
from orders.payments.simulator import decide_charge
from orders.services.carts import add_to_cart
from orders.services.checkout import Contact, Wanted, place_order
from orders.services.payments import settle_payment, start_payment
from production.measuring.ground import random_selection
from production.models import Booking, Operation, Plant, ScheduleRun
from production.services.planning import plan_if_wanted, plan_plant

CONTACT = Contact(
    email="bench@example.org",
    name="Bench",
    street="1 Loom Street",
    postal_code="10115",
    city="Berlin",
    country="DE",
)


@dataclass(slots=True)
class Measured:
    """Seconds, the processor's seconds of this process and SQL statements of the steps of
    something, in their order. The database's own work is in the seconds only.
    """

    steps: dict[str, dict[str, float | int]] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        began, worked = time.perf_counter(), time.process_time()
        with CaptureQueriesContext(connection) as queries:
            yield
        self.steps[name] = {
            "seconds": round(time.perf_counter() - began, 3),
            "cpu_seconds": round(time.process_time() - worked, 3),
            "sql": len(queries),
        }

    @property
    def seconds(self) -> float:
        return round(sum(step["seconds"] for step in self.steps.values()), 3)

    @property
    def cpu_seconds(self) -> float:
        return round(sum(step["cpu_seconds"] for step in self.steps.values()), 3)

    @property
    def sql(self) -> int:
        return int(sum(step["sql"] for step in self.steps.values()))


def fill_cart(offer: Offer, lines: int, rng: random.Random) -> list[DesignRevision]:
    """So many different designs in one cart."""
    cart, revisions = Cart.objects.create(), []
    for _ in range(lines):
        saved = save_design(offer=offer, choices=random_selection(rng))
        revision = DesignRevision.objects.select_related(
            "offer", "design__product__published_texts"
        ).get(pk=saved.pk)
        add_to_cart(cart_id=cart.pk, revision=revision)
        revisions.append(revision)
    return revisions


def sell(revisions: list[DesignRevision], *, quantity: int, key: str, measured: Measured) -> Order:
    """Through checkout and payment, as a shopper does it."""
    with measured.step("order"):
        order = place_order(
            wanted=[Wanted(revision=one, quantity=quantity) for one in revisions],
            contact=CONTACT,
            language="en",
            checkout_key=key,
            said=None,
        )
    with measured.step("pay"):
        start_payment(order_id=order.pk, provider="simulator")
        payment = order.payments.latest("id")
        decide_charge(reference=payment.provider_reference, choice="accept")
        settle_payment(payment_id=payment.pk)
    return order


def fill_plant(offer: Offer, units: int, rng: random.Random) -> None:
    """Sold work: orders of twenty lines with up to ten units each."""
    left, number = units, 0
    while left > 0:
        quantity = min(10, max(1, left // 20))
        lines = min(20, left // quantity)
        revisions = fill_cart(offer, lines, rng)
        sell(revisions, quantity=quantity, key=f"bench-fill-{number}", measured=Measured())
        left, number = left - lines * quantity, number + 1


def planned(plant: Plant, *, trigger: str) -> dict[str, Any]:
    """One plan, from the open work in the database to the published bookings."""
    measured = Measured()
    with measured.step("plan"):
        run = plan_plant(plant_id=plant.pk, trigger=trigger)
    return {
        "seconds": measured.seconds,
        "cpu_seconds": measured.cpu_seconds,
        "sql": measured.sql,
        **figures(run),
    }


def figures(run: ScheduleRun) -> Mapping[str, Any]:
    wanted = ("work_orders", "operations", "made_ms", "late", "moved")
    return {
        "published": run.was_published,
        **{name: run.measures.get(name) for name in wanted},
        "made_by": run.measures.get("made_by", ""),
    }


def order_to_plan(plant: Plant, offer: Offer, lines: int, rng: random.Random) -> dict[str, Any]:
    """From the full cart to the published plan that holds every unit of it."""
    revisions = fill_cart(offer, lines, rng)
    measured = Measured()
    order = sell(revisions, quantity=1, key="bench-large", measured=measured)
    with measured.step("plan"):
        run = plan_if_wanted(plant_id=plant.pk)
    mine = Operation.objects.filter(work_order__unit__line__order=order)
    return {
        "lines": lines,
        "seconds": measured.seconds,
        "cpu_seconds": measured.cpu_seconds,
        "sql": measured.sql,
        "steps": measured.steps,
        "published": run is not None and run.was_published,
        "unplanned": mine.filter(booking=None).count(),
    }


def bookings() -> int:
    return Booking.objects.filter(operation__isnull=False).count()
