"""A whole purchase, by clicking and without a script; every page of it read by axe."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.factories.orders import CONTACT
from tests.factories.shop import STUDIO, make_shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TYPED = ("email", "name", "street", "postal_code", "city")


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "bypass_csp": False}


def walk(page: Page, address: str) -> Iterator[str]:
    """From the product to the confirmed order, stopping at each page."""
    page.goto(f"{address}/products/stool/")
    yield "product"
    page.get_by_role("link", name="Design yours").click()
    yield "studio"
    page.locator("#studio-save").click()
    expect(page.locator("#link")).to_be_visible()
    yield "design"
    page.get_by_role("button", name="Add to cart").click()
    yield "cart"
    page.locator("a[href='/checkout/']").click()
    yield "address"
    for name in TYPED:
        page.locator(f"[name={name}]").fill(getattr(CONTACT, name))
    page.locator("form.form button").click()
    yield "review"
    page.locator("[name=terms]").check()
    page.get_by_role("button", name="Order with obligation to pay").click()
    yield "payment"
    page.locator("[value=accept]").click()
    expect(page.get_by_text("Your order is confirmed")).to_be_visible()
    yield "order"
    page.locator("a[href$='/invoice/']").click()
    yield "invoice"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_purchase_by_clicking_has_no_accessibility_fault_and_fits_a_phone(
    page: Page,
    address: str,
    violations: Callable[[], list[str]],
    complaints: list[str],
    theme: Any,
) -> None:
    make_shop()
    page.emulate_media(color_scheme=theme)
    faults, beyond = {}, []
    for name in walk(page, address):
        found = violations()
        if found:
            faults[name] = found
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                beyond.append((name, width))
        page.set_viewport_size({"width": 1280, "height": 800})
    assert faults == {}
    assert beyond == []
    assert complaints == []


def test_a_purchase_without_a_script(browser: Browser, address: str) -> None:
    make_shop()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    assert list(walk(page, address))[-1] == "invoice"
    context.close()


def test_the_cart_changes_in_place_and_keeps_the_focus(page: Page, address: str) -> None:
    make_shop()
    page.goto(address + STUDIO)
    page.locator("#studio-add").click()
    quantity = page.locator("[name=quantity]")
    quantity.fill("3")
    quantity.press("Enter")
    expect(page.locator(".sums-total")).to_contain_text("€300.00")
    assert page.url == f"{address}/cart/"
    assert page.evaluate("document.activeElement.name") == "quantity"
