"""The account in a browser: every page at both widths, in light, dark and Chinese, with and without
script; one whole way from a design to its removal.
"""

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from cosmo.accounts.models import User
from orders.models import Order
from tests.factories.cocreation import saved
from tests.factories.production import make_plant
from tests.factories.shop import make_shop
from tests.orders.account.lives import delivered, ordered, units
from tests.orders.account.test_complaints import complained

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("COSMO_SHOTS", "")


@pytest.fixture
def ada(address: str) -> User:
    return User.objects.create_user("ada@example.org", "a-long-enough-password")


@pytest.fixture
def cookie(address: str, ada: User) -> Any:
    client = Client()
    client.force_login(ada)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}


@pytest.fixture
def order(ada: User) -> Order:
    """Ada has designs, one order under way, one delivered with a complaint."""
    offer = make_shop(make_plant())
    saved(ada)
    ordered(offer, user=ada)
    done = delivered(offer, user=ada)
    complained(done)
    return done


def pages_of(order: Order) -> list[str]:
    [unit] = units(order)
    live = units(Order.objects.exclude(pk=order.pk).get())[0]
    own = ("", "units/", "designs/", "mails/", "my-data/")
    return [
        *(f"/account/{page}" for page in own),
        f"/orders/{order.public_id}/papers/",
        f"/orders/{order.public_id}/confirmation/",
        f"/units/{unit.public_id}/delivery-note/",
        f"/units/{unit.public_id}/complaint/",
        f"/units/{live.public_id}/",
        f"/orders/{live.line.order.public_id}/address/",
        "/orders/find/",
    ]


@pytest.mark.parametrize(
    ("scheme", "language", "width"),
    [("light", "en", 1280), ("dark", "zh-hans", 390)],
)
def test_every_page_is_readable_by_everybody(
    page: Page,
    address: str,
    cookie: Any,
    order: Order,
    scheme: Any,
    language: str,
    width: int,
    violations: Callable[[], list[str]],
    complaints: list[str],
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    chosen: Any = {"name": "django_language", "value": language, "url": address}
    page.context.add_cookies([cookie, chosen])
    page.set_viewport_size({"width": width, "height": 900})
    for number, path in enumerate(pages_of(order)):
        page.goto(address + path)
        assert violations() == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        if SHOTS:
            shot = Path(SHOTS) / f"{number:02}-{width}-{scheme}.png"
            page.screenshot(path=shot, full_page=True)
    assert complaints == []


def test_a_design_is_named_and_removed_and_mails_chosen_without_script(
    browser: Browser, address: str, cookie: Any, order: Order
) -> None:
    context = browser.new_context(java_script_enabled=False)
    with closing(context):
        context.add_cookies([cookie])
        page = context.new_page()
        page.goto(f"{address}/account/")
        page.get_by_role("link", name="Designs").click()
        page.get_by_text("Rename or remove").click()
        page.get_by_role("textbox", name="Name").fill("For the kitchen")
        page.get_by_role("button", name="Rename").click()
        expect(page.get_by_role("heading", name="For the kitchen")).to_be_visible()
        page.get_by_text("Rename or remove").click()
        page.get_by_role("button", name="Remove it").click()
        expect(page.get_by_role("heading", name="No design saved yet")).to_be_visible()
        page.get_by_role("link", name="Mails", exact=True).click()
        page.get_by_label("A unit is on its way").uncheck()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_label("A unit is on its way")).not_to_be_checked()
        page.goto(f"{address}/account/")
        page.get_by_role("link", name="Papers").first.click()
        expect(page.get_by_role("link", name="Invoice").first).to_be_visible()
