"""What authors see of what was bought: units of orders that stand, nothing else."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from design.models import Product
from design.selectors.texts import ProductTexts
from orders.lifecycle import OrderStatus
from orders.models import Order, OrderLine
from orders.selectors.taken import ordered_options
from tests.design.authoring.desk import make_person, put_on_sale
from tests.factories.orders import place

pytestmark = pytest.mark.django_db


@pytest.fixture
def stool(tmp_path: Path) -> Product:
    put_on_sale(tmp_path / "stool")
    return Product.objects.get(slug="stool")


def sell(product: Product, quantity: int, status: OrderStatus, **selection: str) -> OrderLine:
    assert product.published_offer is not None
    order = place(product.published_offer, quantity=quantity)
    Order.objects.filter(pk=order.pk).update(status=status)
    line = order.lines.get()
    line.selection = {**line.selection, **selection}
    line.save()
    return line


def test_units_of_standing_orders_are_counted_and_no_others(stool: Product) -> None:
    sell(stool, 3, OrderStatus.CONFIRMED, colour="black")
    sell(stool, 1, OrderStatus.FULFILLED, colour="white")
    sell(stool, 5, OrderStatus.QUOTED, colour="red")
    sell(stool, 2, OrderStatus.CANCELLED, colour="red")
    total, features = ordered_options(stool, ProductTexts({}, {}))
    [colour] = [one for one in features if one.feature == "colour"]
    shares = {one.option: (one.count, one.percent) for one in colour.options}
    assert (total, shares) == (4, {"white": (1, 25), "black": (3, 75), "red": (0, 0)})
    assert colour.never == ("red",)


def test_the_authors_page_asks_for_it_and_gets_a_part(client: Client, stool: Product) -> None:
    sell(stool, 2, OrderStatus.CONFIRMED, colour="black")
    client.force_login(make_person("ada"))
    address = reverse("orders:taken", args=["stool"])
    assert address in client.get(reverse("design:author-product", args=["stool"])).content.decode()
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "Counted from 2 ordered units." in part
    assert "<html" not in part
    whole = client.get(address).content.decode()
    assert "<html" in whole
    assert "Counted from 2 ordered units." in whole


def test_authors_of_others_do_not_see_it(client: Client, stool: Product) -> None:
    client.force_login(make_person("eve", slug="elsewhere"))
    assert client.get(reverse("orders:taken", args=["stool"])).status_code == 404
