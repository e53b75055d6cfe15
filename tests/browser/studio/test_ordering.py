"""Behaviours 31 and 37 to 40: the review, the sheet, the window after ordering, never twice."""

from collections.abc import Callable
from io import BytesIO

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from design.models import DesignRevision
from orders.models import ChangeOrder, Order
from production.models import Operation, Plant
from tests.factories.orders import CONTACT
from tests.factories.production import make_plant
from tests.factories.shop import STOOL, STUDIO, make_shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TYPED = ("email", "name", "street", "postal_code", "city")


@pytest.fixture
def plant() -> Plant:
    plant = make_plant(change_window_min=240)
    make_shop(plant)
    return plant


@pytest.fixture
def faults(page: Page, violations: Callable[[], list[str]]) -> Callable[[], list[str]]:
    def look() -> list[str]:
        found = []
        for width, theme in ((390, "dark"), (1280, "light")):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            found += violations()
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                found.append(f"runs out at {width}")
        return found

    return look


def reach_review(page: Page, address: str, query: str = "") -> None:
    page.goto(f"{address}{STUDIO}?{query}")
    page.locator("#studio-add").click()
    page.locator("a[href='/checkout/']").click()
    for name in TYPED:
        page.locator(f"[name={name}]").fill(getattr(CONTACT, name))
    page.locator("form.form button").click()
    expect(page.locator("[name=terms]")).to_be_visible()


def buy(page: Page) -> None:
    page.locator("[name=terms]").check()
    page.get_by_role("button", name="Order with obligation to pay").click()
    page.locator("[value=accept]").click()
    expect(page.get_by_text("Your order is confirmed")).to_be_visible()


def pages_of(page: Page) -> int:
    return len(PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages)


def test_b37_the_review_says_everything_and_b40_what_moved_since_it_was_saved(
    page: Page, address: str, plant: Plant, faults: Callable[[], list[str]]
) -> None:
    reach_review(page, address, "size=large&by=size")
    told = page.locator("main")
    for words in (
        "large",
        "€150.00",
        "within 14 days",
        "cannot withdraw",
        "Change or cancel until",
    ):
        expect(told).to_contain_text(words)
    expect(page.locator(".order-picture svg")).to_be_visible()
    page.locator(".breakdown summary").click()
    expect(page.locator(".breakdown-lines")).to_contain_text("€50.00")
    assert faults() == []
    DesignRevision.objects.update(said_date="2027-03-01")  # as if it had been saved long ago
    page.reload()
    expect(page.locator(".order-before del")).to_have_text("Monday 1 March")
    make_shop(plant, price={**STOOL["price"], "base": "120"})
    page.locator("[name=terms]").check()
    page.get_by_role("button", name="Order with obligation to pay").click()
    expect(page.locator(".order-moved")).to_contain_text("€150.00")
    expect(page.locator(".order-moved")).to_contain_text("€170.00")
    assert Order.objects.count() == 0


def test_b38_a_design_and_an_order_fit_one_sheet_with_a_code(
    page: Page, address: str, plant: Plant, faults: Callable[[], list[str]]
) -> None:
    page.goto(f"{address}{STUDIO}?size=large&by=size")
    page.locator("#studio-save").click()
    page.get_by_role("link", name="Print on one sheet").click()
    expect(page.locator(".sheet .qr")).to_be_visible()
    assert faults() == []
    assert pages_of(page) == 1
    reach_review(page, address)
    buy(page)
    page.get_by_role("link", name="Print on one sheet").click()
    expect(page.locator(".sheet .qr")).to_be_visible()
    assert faults() == []
    assert pages_of(page) == 1


def test_b39_after_ordering_a_window_then_freeze_points_then_the_units_timeline(
    page: Page, address: str, plant: Plant, faults: Callable[[], list[str]]
) -> None:
    reach_review(page, address)
    buy(page)
    expect(page.locator(".order-window")).to_contain_text("You can change or cancel it until")
    expect(page.locator(".timeline")).to_be_visible()
    page.locator(".freezing summary").click()
    expect(page.locator(".freezing-points li").first).to_be_visible()
    assert faults() == []
    page.get_by_role("link", name="Change something").click()
    page.locator("#answer").select_option("colour:black")
    page.get_by_role("button", name="See price and day").click()
    expect(page.locator("#preview-title")).to_contain_text("black")
    assert faults() == []
    page.locator("#confirm").dblclick()
    expect(page.locator(".order-facts")).to_contain_text("black")
    assert ChangeOrder.objects.filter(status="done").count() == 1
    page.get_by_role("link", name="Change something").click()
    page.locator("#answer").select_option("size:large")
    page.get_by_role("button", name="See price and day").click()
    expect(page.locator(".card-raised")).to_contain_text("€150.00")
    page.locator("#confirm").click()
    page.locator("[value=accept]").click()  # the difference is paid
    expect(page.locator(".sums-total")).to_contain_text("€150.00")
    live = Operation.objects.filter(work_order__status="planned").order_by("position")
    Operation.objects.filter(pk=live[0].pk).update(status="running")
    page.reload()
    expect(page.locator(".order-window")).to_have_count(0)
    expect(page.get_by_text("Work has begun")).to_be_visible()
    expect(page.locator(".freezing .is-fixed")).to_have_count(1)


def test_b40_two_clicks_back_and_a_second_sending_order_once(
    page: Page, address: str, plant: Plant
) -> None:
    reach_review(page, address)
    page.locator("[name=terms]").check()
    sent = page.evaluate(  # two clicks whose requests are under way at once
        """async () => {
          const form = document.querySelector("form[action='/checkout/review/']");
          const send = () => fetch(form.action, { method: "POST", body: new FormData(form) });
          const answers = await Promise.all([send(), send(), send()]);
          return answers.map((answer) => answer.url.includes("/pay/"));
        }"""
    )
    assert sent == [True, True, True]
    assert Order.objects.count() == 1
    page.get_by_role("button", name="Order with obligation to pay").dblclick()
    page.wait_for_url("**/pay/simulator/**")
    page.locator("[value=accept]").click()
    expect(page.get_by_text("Your order is confirmed")).to_be_visible()
    page.go_back()
    page.go_back()
    again = page.get_by_role("button", name="Order with obligation to pay")
    if again.count():  # the review came back from the browser's memory
        again.click()
        expect(page.get_by_text("Your order is confirmed")).to_be_visible()
    assert Order.objects.count() == 1
    assert Order.objects.get().payments.count() == 1


def test_b31_an_order_is_completed_without_a_script(
    browser: Browser, address: str, plant: Plant
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    reach_review(page, address, "size=large&by=size")
    expect(page.locator(".order-picture svg")).to_be_visible()
    buy(page)
    page.get_by_role("link", name="Change something").click()
    page.locator("#answer").select_option("colour:black")
    page.get_by_role("button", name="See price and day").click()
    page.locator("#confirm").click()
    expect(page.locator(".order-items")).to_contain_text("black")
    context.close()
