"""A database for one measurement, with a plant full of bookings; dropped afterwards."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

from django.core.management import call_command
from django.db import connection, connections

from cosmo.accounts.models import Organisation
from cosmo.lib.clock import real_now
from design.models import Design, DesignRevision, Offer
from design.services.catalogue import publish_product
from orders.models import Order, OrderLine, Unit
from production.compile import floor_of
from production.measuring.documents import (
    FAMILIES,
    FEATURES,
    engineering_document,
    offer_document,
    plant_document,
    texts_document,
)
from production.models import Booking, Engineering, HeldUnit, Hold, Plant
from production.selectors.bookings import HORIZON, gaps_of, layout_windows
from production.services.engineering import publish_engineering
from production.services.plants import load_plant

STANDSTILL = 1e-9  # the plant's time does not pass while it is measured
CENTRES = 8
FILLED_DAYS = 300
FAR = timedelta(days=30)
numbers = count(1)


@contextmanager
def own_database() -> Iterator[str]:
    """An empty database with every table on the same server; nothing else is ever touched."""
    before = connections.databases["default"]["NAME"]
    name = f"bench_promise_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')  # not from outside: our own process number
    use_database(name)
    try:
        call_command("migrate", verbosity=0, interactive=False)
        yield name
    finally:
        use_database(before)
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def use_database(name: str) -> None:
    connection.close()
    connections.databases["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def make_plant(code: str, *, resources: int) -> tuple[Plant, Offer]:
    """A plant that makes the bench's product; its time stands still on a Monday morning."""
    factory, _ = Organisation.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
    document = plant_document(code, centres=CENTRES, resources=resources)
    plant = load_plant(organisation=factory, document=document).plant
    plant.clock_origin_plant = datetime.fromisoformat("2027-03-01T04:00:00+00:00")
    plant.clock_origin_real, plant.clock_factor = real_now(), STANDSTILL
    plant.save()
    offer = publish_product(
        organisation=factory, offer_document=offer_document(), texts={"en": texts_document()}
    ).offer
    engineering = engineering_document(code, centres=CENTRES)
    publish_engineering(offer=offer, plant=plant, document=engineering)
    return plant, offer


def retire_others(plant: Plant) -> None:
    """Only this plant makes the product from now on."""
    Engineering.objects.exclude(plant=plant).update(is_current=False)


def random_selection(rng: random.Random) -> dict[str, str]:
    parts = {f"part{number}": rng.choice("abcd") for number in range(FEATURES - 1)}
    return {**parts, "colour": rng.choice(FAMILIES)}


def fill(plant: Plant, offer: Offer, bookings: int, rng: random.Random) -> None:
    """So many bookings, spread over the lanes and the coming months, of one hold that lasts."""
    [order_id] = make_orders(offer, 1, rng)
    unit = Unit.objects.get(line__order_id=order_id)
    hold = Hold.objects.create(order_id=order_id, expires_at=real_now() + FAR)
    HeldUnit.objects.create(
        hold=hold,
        unit=unit,
        plant=plant,
        engineering=plant.engineerings.get(),
        promise_date=date(2028, 3, 1),
        due_at=plant.clock.now() + HORIZON,
    )
    floor, origin = floor_of(plant), gaps_of(plant).origin
    windows = layout_windows(floor, origin, origin + timedelta(days=FILLED_DAYS))
    each = bookings // len(floor.lanes)
    rows: list[Booking] = []
    for lane in floor.lanes:
        for start, length in _spread(windows[lane.work_centre], each, rng):
            begins = origin + timedelta(minutes=start)
            rows.append(
                Booking(
                    plant=plant,
                    lane_id=lane.id,
                    period=(begins, begins + timedelta(minutes=length)),
                    set_up_min=0,
                    unit=unit,
                    operation_code="filler",
                    hold=hold,
                    seq=plant.booking_seq + 1,
                )
            )
    Booking.objects.bulk_create(rows, batch_size=5000)
    Plant.objects.filter(pk=plant.pk).update(booking_seq=plant.booking_seq + 1)


def _spread(
    windows: tuple[tuple[int, int], ...], wanted: int, rng: random.Random
) -> Iterator[tuple[int, int]]:
    """Periods that leave some four tenths of the windows free, in pieces of any size."""
    open_min = sum(end - start for start, end in windows)
    mean = max(2, open_min * 6 // 10 // max(1, wanted))
    made = 0
    for start, end in windows:
        at = start + rng.randint(0, mean)
        while made < wanted:
            length = rng.randint(max(1, mean // 2), mean * 3 // 2)
            if at + length > end:
                break
            yield at, length
            made += 1
            at += length + rng.choice((0, 0, mean // 2, 2 * mean))


def make_orders(offer: Offer, wanted: int, rng: random.Random) -> list[int]:
    """Quoted orders of one unit each, without a hold; a few statements for all."""
    texts = offer.product.published_texts
    first = next(numbers) * 1_000_000
    orders = Order.objects.bulk_create(
        Order(
            number=f"B-{first + number:09d}",
            seller=offer.product.organisation,
            email="bench@example.org",
            name="Bench",
            street="1 Loom Street",
            postal_code="10115",
            city="Berlin",
            country="DE",
            currency="EUR",
            total=Decimal(100),
            tax_total=Decimal("15.97"),
            promise_date=date(2027, 1, 1),
            terms_version="bench",
            terms_accepted_at=real_now(),
            checkout_key=f"bench-{os.getpid()}-{first + number}",
        )
        for number in range(wanted)
    )
    design = Design.objects.create(product=offer.product)
    revision = DesignRevision.objects.create(
        design=design, number=1, offer=offer, choices=[], selection={}, selection_hash="bench"
    )
    lines = OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            position=1,
            product=offer.product,
            offer=offer,
            texts=texts,
            revision=revision,
            selection=random_selection(rng),
            price_lines=[{"id": "base", "feature": None, "amount": "100"}],
            unit_price=Decimal(100),
            quantity=1,
            tax_percent=Decimal(19),
            tax=Decimal("15.97"),
            promise_date=order.promise_date,
        )
        for order in orders
    )
    Unit.objects.bulk_create(
        Unit(line=line, position=1, gtin=offer.product.gtin, serial=f"BE{line.pk}")
        for line in lines
    )
    return [order.pk for order in orders]
