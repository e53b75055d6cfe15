"""Plants, offers and orders over the small documents, made by the services that make real ones."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from cosmo.accounts.models import Organisation
from cosmo.lib.clock import real_now
from design.models import Design, DesignRevision, Offer
from design.services.catalogue import publish_product
from orders.models import Order, OrderLine, Unit
from production.models import Plant
from production.services.engineering import publish_engineering
from production.services.plants import load_plant
from tests.factories.documents import ENGINEERING, OFFER, PLANT, TEXTS

# Half a minute before the plant opens at 06:00 in Berlin: within it, whole minutes stay the same.
MONDAY = datetime(2027, 3, 1, 4, 59, 30, tzinfo=UTC)
STANDSTILL = 1e-9  # a plant whose time does not pass while a test thinks
SELECTION: dict[str, Any] = {"size": "small", "colour": "white", "engraving": ""}
numbers = count(1)


def make_factory(slug: str = "factory") -> Organisation:
    return Organisation.objects.get_or_create(slug=slug, defaults={"name": slug.title()})[0]


def make_plant(*, at: datetime = MONDAY, factor: float = STANDSTILL, **changes: Any) -> Plant:
    """The plant of the small documents; its time is ``at`` now."""
    plant = load_plant(organisation=make_factory(), document={**PLANT, **changes}).plant
    set_plant_time(plant, at, factor=factor)
    return plant


def set_plant_time(plant: Plant, at: datetime, *, factor: float = STANDSTILL) -> None:
    """Make it ``at`` in the plant; time stands still there unless a factor is given."""
    plant.clock_origin_plant, plant.clock_origin_real = at, real_now()
    plant.clock_factor = factor
    plant.save(update_fields=["clock_origin_plant", "clock_origin_real", "clock_factor"])


def make_offer(plant: Plant | None = None, **changes: Any) -> Offer:
    """The published offer; with ``plant`` also its engineering there."""
    offer = publish_product(
        organisation=make_factory(), offer_document={**OFFER, **changes}, texts=TEXTS
    ).offer
    if plant is not None:
        publish_engineering(offer=offer, plant=plant, document={**ENGINEERING, "plant": plant.code})
    return offer


def make_order(
    offer: Offer, *lines: dict[str, Any], promise_date: date = date(2027, 1, 1)
) -> Order:
    """A quoted order without hold. Each line: ``quantity`` and features that differ."""
    number = next(numbers)
    order = Order.objects.create(
        number=f"T-{number:06d}",
        seller=offer.product.organisation,
        email="ada@example.org",
        name="Ada",
        street="1 Loom Street",
        postal_code="10115",
        city="Berlin",
        country="DE",
        currency="EUR",
        total=Decimal(100),
        tax_total=Decimal("15.97"),
        promise_date=promise_date,
        terms_version="test",
        terms_accepted_at=real_now(),
        checkout_key=f"test-{number}",
        chain_id=f"chain-{number}",
    )
    for position, wanted in enumerate(lines or ({},), start=1):
        _make_line(order, offer, position, dict(wanted))
    return order


def _make_line(order: Order, offer: Offer, position: int, wanted: dict[str, Any]) -> None:
    quantity = wanted.pop("quantity", 1)
    selection = {**SELECTION, **wanted}
    design = Design.objects.create(product=offer.product)
    revision = DesignRevision.objects.create(
        design=design, number=1, offer=offer, choices=[], selection=selection, selection_hash="x"
    )
    texts = offer.product.published_texts
    assert texts is not None
    line = OrderLine.objects.create(
        order=order,
        position=position,
        product=offer.product,
        offer=offer,
        texts=texts,
        revision=revision,
        selection=selection,
        price_lines=[],
        unit_price=Decimal(100),
        quantity=quantity,
        tax_percent=Decimal(19),
        tax=Decimal("15.97"),
        promise_date=order.promise_date,
    )
    Unit.objects.bulk_create(
        Unit(line=line, position=n, gtin=offer.product.gtin, serial=f"ST{order.pk}-{position}-{n}")
        for n in range(1, quantity + 1)
    )
