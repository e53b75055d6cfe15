"""From a reviewed cart to a quoted order: once, at what was said, with its capacity held."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from cosmo.lib.errors import DomainError
from design.models import Offer
from orders.models import Order, OrderLine, Unit
from orders.services.checkout import Said, Wanted, place_order
from production.models import Booking, Hold
from tests.factories.documents import OFFER
from tests.factories.orders import CONTACT, make_revision, place
from tests.factories.production import make_offer, make_plant


@pytest.fixture
def offer(db: None) -> Offer:
    return make_offer(make_plant())


def test_an_order_freezes_what_was_sold(offer: Offer) -> None:
    order = place(offer, quantity=2)
    line = order.lines.get()
    assert order.status == "quoted"
    assert order.total == Decimal("200.00")
    assert order.tax_total == Decimal("31.93")
    assert line.selection == {"size": "small", "colour": "white", "engraving": ""}
    assert sum(Decimal(entry["amount"]) for entry in line.price_lines) == line.unit_price
    assert line.offer_id == offer.pk
    assert line.promise_date == order.promise_date
    units = list(line.units.order_by("position"))
    assert [unit.position for unit in units] == [1, 2]
    assert len({unit.serial for unit in units}) == 2
    assert all(unit.serial.startswith("ST") and len(unit.serial) <= 20 for unit in units)
    assert units[0].digital_link == f"/01/0{OFFER['gtin']}/21/{units[0].serial}"


def test_every_unit_has_its_operations_booked(offer: Offer) -> None:
    order = place(offer, quantity=2)
    hold = Hold.objects.get(order=order)
    assert hold.status == "active"
    assert Booking.objects.filter(hold=hold).count() == 2 * 4  # saw, paint, check, pack


def test_the_same_checkout_key_orders_once(offer: Offer) -> None:
    first = place(offer, checkout_key="one-page")
    again = place(offer, checkout_key="one-page")
    assert again.pk == first.pk
    assert Order.objects.count() == 1
    assert Unit.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_two_threads_orders_once() -> None:
    offer = make_offer(make_plant())

    def click(_: int) -> int:
        try:
            return place(offer, checkout_key="double-click").pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=4) as pool:
        found = set(pool.map(click, range(4)))
    assert len(found) == 1
    assert Order.objects.count() == 1
    assert Hold.objects.filter(status="active").count() == 1


@pytest.mark.parametrize(
    ("dearer", "earlier_days", "code"), [(1, 0, "price_moved"), (0, 1, "promise_moved")]
)
def test_what_became_dearer_or_later_is_said_and_nothing_is_ordered(
    offer: Offer, dearer: int, earlier_days: int, code: str
) -> None:
    known = place(offer)
    said = Said(
        total=known.total - dearer,
        promise_date=known.promise_date - timedelta(days=earlier_days),
    )
    with pytest.raises(DomainError) as refused:
        place(offer, said=said)
    assert refused.value.code == code
    assert {"old", "new"} <= set(refused.value.facts)
    assert Order.objects.count() == 1
    assert Hold.objects.count() == 1
    assert Booking.objects.count() == 4


def test_an_offer_that_moved_on_is_not_sold(offer: Offer) -> None:
    old = make_revision(offer)
    make_offer(price={"base": "120", "lines": []})
    old.design.product.refresh_from_db()
    with pytest.raises(DomainError) as refused:
        place_order(
            wanted=[Wanted(revision=old, quantity=1)],
            contact=CONTACT,
            language="en",
            checkout_key="late",
            said=None,
        )
    assert refused.value.code == "offer_outdated"
    assert OrderLine.objects.count() == 0


def test_nothing_is_no_order(offer: Offer) -> None:
    with pytest.raises(DomainError) as refused:
        place_order(wanted=[], contact=CONTACT, language="en", checkout_key="empty", said=None)
    assert refused.value.code == "cart_empty"


def test_a_checkout_takes_at_most_forty_statements(offer: Offer) -> None:
    place(offer)  # engines and gaps are warm, as in a running installation
    with CaptureQueriesContext(connection) as seen:
        place(offer)
    statements = [q["sql"] for q in seen if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) <= 40, "\n".join(statements)
