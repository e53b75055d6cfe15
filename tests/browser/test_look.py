"""Pages that belong to no room, as people see them: every width, both themes, without a script."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from cosmo.accounts.models import User
from tests.factories.production import make_offer
from tests.factories.shop import make_shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = ("/", "/accounts/login/", "/accounts/signup/", "/nothing/")
WIDTHS = (320, 390, 768, 1280, 1920)
CONTROLS = "a[href], button, input:not([type=hidden]), summary, select, textarea"


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "bypass_csp": False}


def width_beyond(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_nothing_runs_out_of_the_page(page: Page, address: str, direction: str) -> None:
    make_offer()
    beyond = []
    for path in PAGES:
        page.goto(address + path)
        page.evaluate("(way) => { document.documentElement.dir = way; }", direction)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if width_beyond(page) > 0:
                beyond.append((path, width))
    assert beyond == []


@pytest.fixture
def gallery(page: Page, address: str) -> Page:
    """The style gallery, as a member of staff sees it."""
    client = Client()
    client.force_login(User.objects.create_superuser("ada@example.org", "a-long-password"))
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": address,
            }
        ]
    )
    page.goto(f"{address}/styleguide/")
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_component_is_free_of_accessibility_faults(
    gallery: Page, complaints: list[str], violations: Callable[[], list[str]], theme: Any
) -> None:
    gallery.emulate_media(color_scheme=theme)
    assert violations() == []
    assert complaints == []


def test_every_control_shows_its_focus(gallery: Page) -> None:
    """Whatever Tab reaches has a ring, on itself or on the card around it."""
    bare: list[str] = []
    for _ in range(gallery.locator(CONTROLS).count()):
        gallery.keyboard.press("Tab")
        bare += gallery.evaluate(
            """() => {
              const at = document.activeElement;
              if (!at || at === document.body) return [];
              const rings = [at, at.closest(".choice, .swatch, .segment")];
              const ringed = rings.some((e) => e && getComputedStyle(e).outlineStyle !== "none");
              return ringed ? [] : [at.outerHTML.slice(0, 120)];
            }"""
        )
    assert bare == []


def test_a_dialog_opens_closes_and_gives_the_focus_back(gallery: Page) -> None:
    opener = gallery.locator("[data-opens]")
    opener.click()
    assert gallery.locator("#sg-dialog").evaluate("(d) => d.open")
    gallery.keyboard.press("Escape")
    assert not gallery.locator("#sg-dialog").evaluate("(d) => d.open")
    assert opener.evaluate("(e) => e === document.activeElement")


def test_stepper_and_slider_move_the_number(gallery: Page) -> None:
    gallery.locator("[data-step='1']").click()
    assert gallery.locator(".stepper input").input_value() == "2"
    gallery.locator("[data-mirrors]").fill("1800")
    assert gallery.locator("#sg-height").input_value() == "1800"
    gallery.locator("#sg-height").fill("1600")
    assert gallery.locator("[data-mirrors]").input_value() == "1600"


def test_the_menu_closes_by_escape_and_by_a_click_elsewhere(page: Page, address: str) -> None:
    page.goto(f"{address}/accounts/login/")
    menu = page.locator("details.menu").first
    menu.locator("summary").click()
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    menu.locator("summary").click()
    page.locator("h1").click()
    assert menu.get_attribute("open") is None


def test_theme_and_language_change_without_a_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/accounts/login/")
    page.locator("details.menu summary").first.click()
    page.locator("button[value=dark]").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.locator("details.menu summary").first.click()
    page.locator("button[value=zh-hans]").click()
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    assert page.url == f"{address}/accounts/login/"
    context.close()


def test_motion_stops_where_it_is_not_wanted(gallery: Page) -> None:
    moving = """() => document.getAnimations()
      .filter((a) => a.effect.getTiming().iterations === Infinity).length"""
    gallery.emulate_media(reduced_motion="no-preference")
    assert gallery.evaluate(moving) > 0
    gallery.emulate_media(reduced_motion="reduce")
    assert gallery.evaluate(moving) == 0


def test_a_lost_connection_is_said_and_forgotten(page: Page, address: str) -> None:
    page.goto(f"{address}/accounts/login/")
    notice = page.locator("#connection")
    expect(notice).to_be_hidden()
    page.context.set_offline(True)
    expect(notice).to_contain_text("You are offline")
    page.context.set_offline(False)
    expect(notice).to_be_hidden()


def test_a_lost_connection_covers_nothing_of_the_picture(page: Page, address: str) -> None:
    make_shop()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/products/stool/studio/")
    page.evaluate("window.scrollTo(0, 500)")
    page.context.set_offline(True)
    expect(page.locator("#connection")).to_contain_text("You are offline")
    edges = """() => new Promise((done) => {
      const of = (selector) => document.querySelector(selector).getBoundingClientRect();
      const look = () => {
        const [notice, stage, way] = [of("#connection"), of(".studio-stage"), of(".studio-way")];
        done([notice.bottom, stage.top, stage.bottom, way.top].map(Math.round));
      };
      requestAnimationFrame(() => requestAnimationFrame(look));
    })"""
    notice, head, foot, way = page.evaluate(edges)
    assert 0 < notice <= head < foot <= way
    page.context.set_offline(False)
    expect(page.locator("#connection")).to_be_hidden()
    assert page.evaluate(edges)[1] == 0


def test_no_style_says_left_or_right() -> None:
    """Arabic is read from the right: only the names of start and end hold in both."""
    physical = re.compile(
        r"(^|[\s;{])((margin|padding|border|inset|scroll-\w+)-(left|right)|left|right"
        r"|border-(top|bottom)-(left|right)-radius)\s*:"
        r"|(text-align|float|clear)\s*:\s*(left|right)"
    )
    sheets = (Path(settings.BASE_DIR) / "static" / "css").rglob("*.css")
    found = [
        f"{sheet.name}:{number}: {line.strip()}"
        for sheet in sheets
        for number, line in enumerate(sheet.read_text().splitlines(), 1)
        if physical.search(line)
    ]
    assert found == []
