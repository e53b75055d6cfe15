"""The planner's components in a browser: both themes, both languages, phones, without a script."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from production.models import Plant, PurchaseOrder
from production.services.materials import order_component
from tests.browser.test_planner import sign_in
from tests.factories.production import make_plant
from tests.factories.work_orders import make_work_orders
from tests.production.materials.stocks import count

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/planner/materials"


@pytest.fixture
def plant() -> Plant:
    plant = make_plant()
    legs = {"en": "Turned leg", "zh-hans": "车制凳腿"}
    seats = {"en": "Round seat", "zh-hans": "圆形坐板"}
    stocks = count(
        plant,
        {"code": "LEG", "on_hand": "5", "reorder_level": "12", "names": legs},
        {"code": "SEAT", "on_hand": "1", "lead_time_days": 4, "names": seats},
        {"code": "OAK-BOARD", "on_hand": "12.25", "unit": "m2", "reorder_level": "4"},
    )
    make_work_orders(plant, quantity=3)
    order_component(stock_id=stocks["SEAT"].pk, quantity=Decimal(5))
    return plant


@pytest.fixture
def components(page: Page, address: str, plant: Plant) -> Page:
    sign_in(page.context, address)
    page.goto(address + PAGE)
    return page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_has_no_accessibility_fault_and_stays_in_the_page(
    components: Page,
    address: str,
    complaints: list[str],
    violations: Callable[[], list[str]],
    theme: Any,
    language: str,
) -> None:
    components.context.add_cookies([{"name": "django_language", "value": language, "url": address}])
    components.emulate_media(color_scheme=theme)
    components.goto(address + PAGE)
    assert violations() == []
    assert complaints == []
    for width in (320, 390, 768, 1280):
        components.set_viewport_size({"width": width, "height": 800})
        beyond = components.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert beyond <= 0, width


def test_ordering_and_receiving_work_without_a_script(
    browser: Browser, address: str, plant: Plant
) -> None:
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, address)
    page = context.new_page()
    page.goto(address + PAGE)
    page.get_by_role("button", name="Order it Turned leg").click()
    expect(page.get_by_text("LEG is ordered.")).to_be_visible()
    page.get_by_role("button", name="Book it Round seat").click()
    expect(page.get_by_text("Noted for SEAT.")).to_be_visible()
    context.close()
    assert PurchaseOrder.objects.get(stock__component__code="SEAT").status == "received"
    assert PurchaseOrder.objects.get(stock__component__code="LEG").status == "open"
