"""The studio as hand and keyboard meet it: nothing jumps, nothing is covered, nothing is lost."""

import gzip
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, ViewportSize, expect

from tests.factories.shop import STUDIO, make_shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE: ViewportSize = {"width": 390, "height": 844}
COVERED = """() => {
  const at = document.activeElement;
  if (!at.closest("#studio")) return "";  // past the last control
  const box = (at.closest("label") ?? at).getBoundingClientRect();
  const points = [0.5, 0.15, 0.85].map((share) => document.elementFromPoint(
    box.left + box.width / 2, box.top + box.height * share));
  const shows = (found) => found && (at.contains(found) || found.contains(at)
    || at.closest("label")?.contains(found));
  return points.every(shows) ? "" : `${at.id || at.outerHTML.slice(0, 80)}`;
}"""


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "bypass_csp": False}


@pytest.fixture
def studio(page: Page, address: str) -> Page:
    make_shop()
    page.goto(address + STUDIO)
    return page


def choose(page: Page, answer: str) -> None:
    """Press a label and wait for the answer. Blocked ones are pressed too."""
    with page.expect_response(lambda response: STUDIO in response.url):
        page.locator(f"label:has(#answer-{answer})").click(force=True)


def test_a_click_keeps_the_focus_the_place_and_the_address(
    studio: Page, complaints: list[str]
) -> None:
    studio.set_viewport_size(PHONE)
    answer = studio.locator("#answer-size-large")
    answer.scroll_into_view_if_needed()
    before = answer.bounding_box()
    choose(studio, "size-large")
    expect(studio.locator(".price-amount")).to_have_text("€150.00")
    assert studio.evaluate("document.activeElement.id") == "answer-size-large"
    after = answer.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 2
    assert studio.url.endswith(f"{STUDIO}?size=large&by=size")
    expect(studio.locator("#live")).to_contain_text("€150.00")
    assert complaints == []


def test_everything_can_be_chosen_by_keyboard_alone(studio: Page) -> None:
    studio.locator("#answer-size-small").focus()
    studio.keyboard.press("ArrowDown")
    expect(studio.locator(".price-amount")).to_have_text("€150.00")
    assert studio.evaluate("document.activeElement.id") == "answer-size-large"
    studio.keyboard.press("Tab")
    studio.keyboard.press("ArrowDown")
    expect(studio.locator("#answer-colour-black")).to_be_checked()
    studio.keyboard.press("ArrowDown")  # red: a keyboard meets the reason, too
    expect(studio.locator("#why-not-colour")).to_be_visible()
    assert studio.evaluate("document.activeElement.id") == "answer-colour-red"
    studio.locator("#sum-opener").focus()
    studio.keyboard.press("Enter")
    expect(studio.locator(".studio-sum-panel")).to_be_visible()
    studio.keyboard.press("Escape")
    expect(studio.locator(".studio-sum-panel")).to_be_hidden()
    assert studio.evaluate("document.activeElement.id") == "sum-opener"


def test_words_are_sent_while_they_are_written_and_never_taken_back(studio: Page) -> None:
    field = studio.locator("#answer-engraving")
    field.focus()
    with studio.expect_response(lambda response: "engraving=An" in response.url):
        field.press_sequentially("An")
    field.press_sequentially("na")
    studio.wait_for_url(f"**{STUDIO}?engraving=Anna&by=engraving")
    expect(field).to_have_value("Anna")
    assert studio.evaluate("document.activeElement.id") == "answer-engraving"
    studio.locator("#studio-add").click()  # leaves the field and the page in one press
    studio.wait_for_url("**/cart/")
    expect(studio.locator("#cart")).to_contain_text("Anna")


@pytest.mark.parametrize(
    "size", [PHONE, {"width": 320, "height": 640}, {"width": 1280, "height": 720}]
)
def test_no_focused_control_is_covered_and_price_and_day_stay_in_sight(
    studio: Page, size: Any
) -> None:
    studio.set_viewport_size(size)
    covered = []
    studio.locator("#to-body").focus()
    for key in ["Tab"] * 9 + ["Shift+Tab"] * 8:
        studio.keyboard.press(key)
        covered.append(studio.evaluate(COVERED))
    for part in (".studio-summary .price-amount", ".studio-date", ".stage svg"):
        expect(studio.locator(part).first).to_be_in_viewport()
    assert [one for one in covered if one] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_studio_is_free_of_accessibility_faults(
    studio: Page, violations: Callable[[], list[str]], theme: Any
) -> None:
    studio.emulate_media(color_scheme=theme)
    choose(studio, "size-large")
    choose(studio, "colour-red")
    expect(studio.locator("#why-not-colour")).to_be_visible()
    assert violations() == []


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_runs_out_of_the_studio(studio: Page, width: int) -> None:
    studio.set_viewport_size({"width": width, "height": 800})
    beyond = "document.documentElement.scrollWidth - window.innerWidth"
    assert studio.evaluate(beyond) <= 0


def test_scripts_before_interaction_stay_in_the_budget(page: Page, address: str) -> None:
    make_shop()
    scripts: dict[str, int] = {}

    def weigh(answer: Response) -> None:
        if answer.request.resource_type == "script":
            scripts[answer.url.rpartition("/")[2]] = len(gzip.compress(answer.body()))

    page.on("response", weigh)
    page.goto(address + STUDIO, wait_until="networkidle")
    assert {"htmx-2.min.js", "site.js", "studio.js"} <= set(scripts)
    assert sum(scripts.values()) < 40_000


def test_b31_the_studio_works_without_a_script(browser: Browser, address: str) -> None:
    make_shop()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + STUDIO)
    page.locator("#answer-size-large").check()
    page.locator(".studio-update button").click()
    expect(page.locator(".price-amount")).to_have_text("€150.00")
    page.locator("#answer-colour-red").check(force=True)
    page.locator(".studio-update button").click()
    page.locator("a[href='#why-not-colour']").click()
    expect(page.locator("#why-not-colour")).to_be_in_viewport()
    page.locator("#studio-save").click()
    expect(page.locator("#link")).to_be_visible()
    context.close()
