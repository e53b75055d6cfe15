"""Standstills in a browser: both themes, both languages, phones, by keyboard, without a script."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from production.lifecycle import DowntimeKind
from production.models import Downtime, Line, Plant, WorkOrder
from production.services.downtimes import note_downtime
from tests.browser.test_planner import sign_in
from tests.factories.production import MONDAY, make_plant
from tests.factories.work_orders import make_accepted, make_work_orders

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/planner/standstills"


@pytest.fixture
def plant() -> Plant:
    plant = make_plant()
    for work_order in make_work_orders(plant, quantity=2):
        make_accepted(work_order, epoch="epoch-1")
    Line.objects.update(seen_at=MONDAY - timedelta(days=900))  # silent
    note_downtime(
        plant_id=plant.pk,
        resource="saw-1",
        kind=DowntimeKind.BREAKDOWN,
        ends_at=MONDAY + timedelta(hours=6),
        reason="The blade has lost two teeth; a new one comes with the afternoon's parcel.",
    )
    return plant


def unit_page() -> str:
    return f"/planner/?unit={WorkOrder.objects.order_by('pk')[0].unit.public_id}"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_have_no_accessibility_fault_and_stay_in_the_window(
    page: Page,
    address: str,
    plant: Plant,
    complaints: list[str],
    violations: Callable[[], list[str]],
    theme: Any,
    language: str,
) -> None:
    sign_in(page.context, address)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": address}])
    page.emulate_media(color_scheme=theme)
    for path in (PAGE, unit_page()):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address + path)
        assert violations() == [], path
        assert complaints == [], path
        for width in (320, 390, 768, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert beyond <= 0, (path, width)


def test_noting_and_ending_work_without_a_script(
    browser: Browser, address: str, plant: Plant
) -> None:
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, address)
    page = context.new_page()
    page.goto(address + PAGE)
    page.get_by_label("Resource", exact=True).select_option("saws/saw-2")
    page.get_by_label("Works again", exact=True).fill("2027-02-01T10:00")
    page.get_by_role("button", name="Note it and plan anew").click()
    expect(page.get_by_text("it ends after now and after its beginning")).to_be_visible()
    expect(page.get_by_label("Resource", exact=True)).to_have_value("saws/saw-2")
    page.get_by_label("Works again", exact=True).fill("2027-03-01T16:00")
    page.get_by_role("button", name="Note it and plan anew").click()
    expect(page.get_by_text("saw-2 stands still; a new plan is being made.")).to_be_visible()
    page.get_by_role("button", name="saw-1").click()
    expect(page.get_by_text("saw-1 works again; a new plan is being made.")).to_be_visible()
    context.close()
    standing = {one.resource.code for one in Downtime.objects.filter(ended_at=None)}
    assert standing == {"saw-2"}


def test_putting_first_and_reporting_by_hand(page: Page, address: str, plant: Plant) -> None:
    sign_in(page.context, address)
    page.goto(address + unit_page())
    page.get_by_role("button", name="Put first").press("Enter")
    expect(page.get_by_text("In a rush")).to_be_visible()
    page.get_by_label("Why you report it").fill("Seen on the floor")
    page.get_by_role("button", name="Report", exact=True).press("Enter")
    expect(page.get_by_text("Noted for")).to_be_visible()
    assert WorkOrder.objects.filter(is_rush=True).count() == 1
    assert WorkOrder.objects.filter(status="running").count() == 1
