"""The board in a browser: by keyboard, by mouse, without a script, in both themes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cosmo.accounts.models import Membership, User
from cosmo.accounts.roles import Role
from production.models import Plant, WorkOrder
from tests.factories.production import make_plant
from tests.factories.work_orders import make_work_orders

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BARS = "#board .bar-of a"


@pytest.fixture
def plant() -> Plant:
    plant = make_plant()
    make_work_orders(plant, quantity=3)
    last = WorkOrder.objects.latest("pk")
    WorkOrder.objects.filter(pk=last.pk).update(due_at=plant.clock.now())
    WorkOrder.objects.filter(pk=last.pk - 1).update(dispatch="stuck", last_error="No answer")
    return plant


def sign_in(context: BrowserContext, address: str) -> None:
    user = User.objects.create_user("ada@example.org")
    organisation = Plant.objects.get().organisation
    Membership.objects.create(user=user, organisation=organisation, role=Role.ADMINISTRATOR)
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])


@pytest.fixture
def board(page: Page, address: str, plant: Plant) -> Page:
    sign_in(page.context, address)
    page.goto(f"{address}/planner/?zoom=shift")
    return page


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/planner/?zoom=shift", "/operator/", "/author/"])
def test_pages_have_no_accessibility_fault_and_break_no_policy(
    board: Page,
    address: str,
    complaints: list[str],
    violations: Callable[[], list[str]],
    path: str,
    theme: Any,
) -> None:
    board.emulate_media(color_scheme=theme)
    board.goto(address + path)
    assert violations() == []
    assert complaints == []


def test_nothing_runs_out_of_the_page(board: Page, address: str) -> None:
    for path in ("/planner/?zoom=shift", "/operator/", "/author/"):
        board.goto(address + path)
        for width in (320, 390, 768, 1280, 1920):
            board.set_viewport_size({"width": width, "height": 800})
            beyond = board.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert beyond <= 0, (path, width)


def test_arrows_walk_the_bars_and_tab_comes_back(board: Page) -> None:
    assert board.locator(BARS).count() == 12
    expect(board.locator(f'{BARS}[tabindex="0"]')).to_have_count(1)
    first = board.locator(BARS).first
    first.focus()
    begin = focused(board)
    board.keyboard.press("ArrowRight")
    second = focused(board)
    assert second != begin
    board.keyboard.press("ArrowLeft")
    assert focused(board) == begin
    board.keyboard.press("End")
    last = focused(board)
    board.keyboard.press("ArrowRight")
    assert focused(board) == last
    board.keyboard.press("ArrowDown")
    below = focused(board)
    assert below not in {begin, second, last}
    expect(board.locator(f'{BARS}[tabindex="0"]')).to_have_id(below)


def test_a_bar_shows_its_unit_and_escape_closes_it(board: Page) -> None:
    bar = board.locator(BARS).first
    bar.focus()
    board.keyboard.press("Enter")
    expect(board.locator("#chosen-title")).to_be_visible()
    expect(board.locator(".chosen-chain li")).to_have_count(4)
    expect(board.locator("#board .is-chosen")).to_have_count(4)
    assert "unit=" in board.url
    board.reload()
    expect(board.locator("#chosen-title")).to_be_visible()
    board.locator(BARS).first.focus()
    board.keyboard.press("Escape")
    expect(board.locator("#chosen-title")).to_have_count(0)
    assert "unit=" not in board.url


def test_focus_scroll_and_choice_survive_a_new_drawing(board: Page) -> None:
    board.set_viewport_size({"width": 600, "height": 800})
    bar = board.locator(BARS).nth(5)
    bar.click()
    expect(board.locator("#chosen-title")).to_be_visible()
    before = focused(board)
    board.evaluate("document.getElementById('board-scroll').scrollLeft = 120")
    board.evaluate("document.getElementById('board').dataset.old = 'yes'")
    plant = Plant.objects.get()
    Plant.objects.update(booking_seq=plant.booking_seq + 1)
    board.evaluate("document.body.dispatchEvent(new Event('planned'))")
    expect(board.locator("#board[data-old]")).to_have_count(0)
    assert focused(board) == before
    assert board.evaluate("document.getElementById('board-scroll').scrollLeft") == 120
    expect(board.locator("#board .is-chosen")).to_have_count(4)


def test_search_finds_and_marks_the_unit(board: Page) -> None:
    serial = WorkOrder.objects.latest("pk").unit.serial
    board.locator(BARS).first.focus()
    board.keyboard.press("/")
    assert focused(board) == "planner-q"
    board.keyboard.type(serial)
    board.keyboard.press("Enter")
    expect(board.locator("#board .is-found")).to_have_count(4)
    expect(board.locator(".chosen-card")).to_contain_text(serial)


def test_plan_now_says_that_a_plan_is_being_made(board: Page) -> None:
    Plant.objects.update(plan_wanted_at=None)
    board.reload()
    board.locator("#plan-now-button").click()
    expect(board.locator("#plan-now")).to_contain_text("A plan is being made")
    assert Plant.objects.get().plan_wanted_for == "asked by ada@example.org"


def test_all_of_it_works_without_a_script(browser: Browser, address: str, plant: Plant) -> None:
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, address)
    page = context.new_page()
    page.goto(f"{address}/planner/?zoom=shift")
    page.locator(BARS).first.click()
    expect(page.locator(".chosen-chain li")).to_have_count(4)
    expect(page.locator("#board .is-chosen")).to_have_count(4)
    page.locator(".chosen-close").click()
    expect(page.locator(".chosen-card")).to_have_count(0)
    page.get_by_role("link", name="Week").click()
    assert "zoom=week" in page.url
    page.goto(f"{address}/operator/")
    page.get_by_role("button", name="Send again").click()
    expect(page.locator("main")).to_contain_text("Nothing is stuck")
    context.close()
