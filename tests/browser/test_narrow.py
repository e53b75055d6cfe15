"""On a phone: a wide product fills its stage, papers stand in line, a sheet is not squeezed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from cosmo.accounts.models import User
from orders.models import Order
from tests.factories.cocreation import known_person, show
from tests.factories.documents import OFFER
from tests.factories.orders import pay, place
from tests.factories.production import make_plant
from tests.factories.shop import make_shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE: Any = {"width": 390, "height": 844}
DESK: Any = {"width": 1280, "height": 800}
BOARD = {**OFFER["shape"]["parts"][0], "size": ["1800", "300", "450"], "at": ["0", "0", "0"]}
WIDE: dict[str, Any] = {
    **OFFER["shape"],
    "bounds": {"width": "1800", "depth": "300", "height": "450"},
    "parts": [
        {**OFFER["shape"]["parts"][0], "size": ["1800", "300", "450"], "at": ["0", "0", "0"]}
    ],
}

# Height of the stage, and of the room that the picture leaves empty in it.
STAGE = """() => {
  const stage = document.querySelector(".stage, .sheet-picture");
  const drawn = stage.querySelector("svg").viewBox.baseVal;
  const box = stage.querySelector("svg").getBoundingClientRect();
  const scale = Math.min(box.width / drawn.width, box.height / drawn.height);
  const high = stage.getBoundingClientRect().height;
  return [Math.round(high), Math.round(high - scale * drawn.height)];
}"""
# Where the figures of a paper end, every one of those that stand in a column.
ENDS = """() => {
  const ends = [...document.querySelectorAll(".invoice-table td.num")].map((cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return Math.round(range.getBoundingClientRect().right);
  });
  return [...new Set(ends)];
}"""
# Whether each note below a name stands right below the note before it.
STEPS = """() => {
  const notes = [...document.querySelectorAll(".invoice-table tbody th .muted")];
  const tops = notes.map((note) => note.getBoundingClientRect().top);
  return tops.slice(1).map((top, number) => top - tops[number] < 1.8 * notes[0].offsetHeight);
}"""
ROWS = """() => [...document.querySelectorAll(".account-paper")].map((row) => {
  const [name, file] = [...row.querySelectorAll("a")].map((one) => one.getBoundingClientRect());
  const box = row.getBoundingClientRect();
  return [Math.round(box.right - file.right), file.top < name.bottom];
})"""
# Whether the picture on an order's sheet stands above its words, and whether they take the line.
UNIT = """() => {
  const [picture, words] = document.querySelector(".sheet-unit").children;
  const above = picture.getBoundingClientRect().bottom <= words.getBoundingClientRect().top;
  return [above, words.offsetWidth / document.querySelector(".sheet").offsetWidth > 0.95];
}"""


@pytest.fixture
def owner() -> User:
    return known_person("ada@example.org", "Ada")


@pytest.fixture
def order(page: Page, address: str, owner: User) -> Order:
    """A paid order, in the browser of who placed it."""
    client = Client()
    client.force_login(owner)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}]
    )
    return pay(place(make_shop(make_plant(), shape=WIDE), user=owner, quantity=2))


def test_a_wide_product_fills_its_stage(page: Page, address: str, owner: User) -> None:
    make_shop(shape=WIDE)
    code = show(owner).design.code
    page.set_viewport_size(PHONE)
    for path in (
        f"/d/{code}/",
        f"/d/{code}/sheet/",
        reverse("design:gallery-entry", args=[code]),
    ):
        page.goto(address + path)
        high, empty = page.evaluate(STAGE)
        assert 100 <= high <= 260, path
        assert empty <= 60, path  # the room around a picture and no more


def test_the_papers_of_an_order_stand_in_line(
    page: Page, address: str, order: Order, violations: Callable[[], list[str]]
) -> None:
    papers = reverse("account:papers", args=[order.public_id])
    page.set_viewport_size(PHONE)
    page.goto(address + papers)
    assert page.evaluate(ROWS) == [[0, True], [0, True]]
    for place_of in (
        page.locator(".account-paper a").first.get_attribute("href"),
        reverse("orders:invoice", args=[order.public_id]),
    ):
        page.goto(f"{address}{place_of}")
        assert len(page.evaluate(ENDS)) == 1
        assert all(page.evaluate(STEPS))
        assert violations() == []
        assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_sheet_of_an_order_is_read_on_a_phone_and_printed_beside_its_picture(
    page: Page, address: str, order: Order, violations: Callable[[], list[str]]
) -> None:
    page.goto(address + reverse("orders:sheet", args=[order.public_id]))
    page.set_viewport_size(PHONE)
    assert page.evaluate(UNIT) == [True, True]
    assert violations() == []
    page.set_viewport_size(DESK)
    assert page.evaluate(UNIT) == [False, False]
    page.set_viewport_size({"width": 620, "height": 877})
    page.emulate_media(media="print")
    assert page.evaluate(UNIT) == [False, False]
