"""The picture one can turn: by hand and by key, and the drawing that stays where there is no 3D."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect

from design.services.catalogue import publish_product
from tests.catalogue.folders import read_product
from tests.factories.production import make_factory
from tests.factories.shop import STUDIO, make_shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CATALOGUE = Path(__file__).parents[3] / "catalogue"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}
SHAPE: dict[str, Any] = {
    "bounds": {"width": "size.mm", "depth": "300", "height": "450"},
    "materials": {
        "white": {"colour": "#f0f0ec", "finish": "gloss"},
        "red": {"colour": "#b3312b", "finish": "gloss"},
        "black": {"colour": "#15171a", "finish": "matt"},
        "steel": {"colour": "#a9adb1", "finish": "metal"},
    },
    "parts": [
        {
            "id": "seat",
            "kind": "box",
            "size": ["size.mm", "300", "40"],
            "at": ["0", "0", "410"],
            "radius": "12",
            "material": "colour",
        },
        {
            "id": "leg",
            "kind": "cylinder",
            "axis": "z",
            "repeat": "4",
            "size": ["30", "30", "410"],
            "at": ["20 + i % 2 * (size.mm - 70)", "20 + i // 2 * 230", "0"],
            "material": "'steel'",
        },
        {
            "id": "name",
            "kind": "text",
            "when": "engraving != ''",
            "text": "engraving",
            "size": ["160", "1", "24"],
            "at": ["size.mm / 2 - 80", "-1", "418"],
            "material": "'steel'",
        },
    ],
}
ALONE = """() => {
  document.getElementById("stage").style.background = "#ffffff";
  document.getElementById("stage-canvas").style.outline = "none";
  for (const over of document.querySelectorAll(".stage-bar, .stage-tools, .stage-lines"))
    over.style.opacity = "0";
}"""
NO_WEBGL = """() => {
  const real = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return kind.startsWith("webgl") ? null : real.call(this, kind, ...rest);
  };
}"""


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "bypass_csp": False, "reduced_motion": "reduce"}


@pytest.fixture
def studio(page: Page, address: str) -> Page:
    make_shop(shape=SHAPE)
    page.goto(address + STUDIO)
    return page


def open_solids(page: Page) -> None:
    page.locator("#stage-open").click()
    page.locator("#stage-view.is-on").wait_for(state="attached")
    at_rest(page)


def drawn(page: Page) -> int:
    return int(page.locator("#stage-canvas").get_attribute("data-drawn") or 0)


def at_rest(page: Page) -> None:
    """Two frames without a new picture."""
    page.wait_for_function(
        """() => new Promise((done) => {
          const canvas = document.getElementById("stage-canvas");
          const before = canvas.dataset.drawn;
          requestAnimationFrame(() => requestAnimationFrame(() =>
            done(Boolean(before) && canvas.dataset.drawn === before)));
        })"""
    )


def settle(page: Page) -> None:
    """Nothing is on its way to another place any more: two frames, and no transition left."""
    page.wait_for_function(
        """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
          done(document.getAnimations().length === 0))))"""
    )


def picture(page: Page) -> bytes:
    """The canvas alone, on one even colour."""
    at_rest(page)
    page.evaluate(ALONE)
    # Playwright would hide the caret by a style that the policy forbids.
    return page.locator("#stage-canvas canvas").screenshot(caret="initial")


def colours(png: bytes) -> int:
    image = Image.open(BytesIO(png)).convert("RGB")
    return len(image.getcolors(maxcolors=image.width * image.height) or [])


def choose(page: Page, answer: str) -> None:
    with page.expect_response(lambda response: STUDIO in response.url):
        page.locator(f"label:has(#answer-{answer})").click()


def test_b04_the_picture_follows_a_click(studio: Page, complaints: list[str]) -> None:
    assert studio.locator("#stage-canvas canvas").count() == 0  # nothing heavy before it is wanted
    open_solids(studio)
    before = picture(studio)
    canvas = studio.evaluate_handle("document.querySelector('#stage-canvas canvas')")
    choose(studio, "size-large")
    expect(studio.locator(".price-amount")).to_have_text("€150.00")
    assert picture(studio) != before
    # The canvas is the same one, and the drawing under it, for paper, follows too.
    assert canvas.evaluate("(one) => one.isConnected && one === document.querySelector('canvas')")
    parts = json.loads(studio.locator("#stage").get_attribute("data-parts") or "")
    assert parts["parts"][0]["size"][0] == parts["bounds"][0]
    large = picture(studio)
    choose(studio, "colour-black")
    assert picture(studio) != large
    assert complaints == []


@pytest.mark.parametrize("slug", ["refrigerator", "shelf", "bicycle-frame"])
def test_b04_the_stage_shows_more_than_1000_colours(
    page: Page, address: str, complaints: list[str], slug: str
) -> None:
    folder = read_product(CATALOGUE / slug)
    publish_product(organisation=make_factory(), offer_document=folder.offer, texts=folder.texts)
    page.goto(f"{address}/products/{slug}/studio/")
    open_solids(page)
    assert colours(picture(page)) > 1000
    page.locator("#stage-apart").click()
    assert page.locator("#stage-apart").get_attribute("aria-pressed") == "true"
    assert colours(picture(page)) > 1000
    assert complaints == []


def test_b30_keys_and_buttons_turn_the_product(studio: Page, complaints: list[str]) -> None:
    open_solids(studio)
    stage = studio.locator("#stage-canvas")
    expect(stage).to_be_focused()
    start = picture(studio)
    seen = {start}
    for key in ("ArrowRight", "ArrowUp", "+"):
        studio.keyboard.press(key)
        seen.add(picture(studio))
    assert len(seen) == 4
    studio.keyboard.press("Home")
    assert picture(studio) == start
    for name in ("front", "side", "top"):
        studio.locator(f"#stage-{name}").click()
        expect(studio.locator(f"#stage-{name}")).to_have_attribute("aria-pressed", "true")
        seen.add(picture(studio))
    assert len(seen) == 7
    expect(studio.locator("#live")).to_contain_text("Top")
    studio.locator("#stage-reset").click()
    assert picture(studio) == start
    for name in ("left", "in", "apart"):
        before = picture(studio)
        studio.locator(f"#stage-{name}").click()
        assert picture(studio) != before, name
    # The words beside the picture follow the answers.
    expect(stage).to_have_attribute("aria-describedby", "stage-words")
    words = studio.locator("#stage-words")
    before_words = words.text_content()
    choose(studio, "size-large")
    expect(words).not_to_have_text(before_words or "")
    assert complaints == []


def test_b30_measures_and_a_drag(studio: Page) -> None:
    open_solids(studio)
    lines = studio.locator(".stage-lines text")
    assert set(lines.all_text_contents()) >= {"450 mm"}
    studio.locator("#stage-measures").click()
    expect(lines).to_have_count(0)
    before = picture(studio)
    box = studio.locator("#stage-canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    studio.mouse.move(x, y)
    studio.mouse.down()
    studio.mouse.move(x + 90, y)
    studio.mouse.up()
    assert picture(studio) != before
    # The wheel belongs to the page.
    studio.mouse.wheel(0, 200)
    studio.wait_for_function("() => window.scrollY > 0")
    # Nothing is drawn while nothing changes.
    at_rest(studio)
    pictures = drawn(studio)
    studio.evaluate("new Promise((done) => setTimeout(done, 120))")
    assert drawn(studio) == pictures


def test_b30_on_a_phone_the_page_still_scrolls(
    studio: Page, violations: Callable[[], list[str]]
) -> None:
    studio.set_viewport_size(PHONE)
    open_solids(studio)
    touch = studio.locator("#stage-canvas").evaluate("(one) => getComputedStyle(one).touchAction")
    assert touch == "pan-y"
    small = studio.locator("#stage").bounding_box()
    studio.locator("#stage-large").click()
    studio.wait_for_function(
        "(before) => document.getElementById('stage').offsetHeight > before * 1.8",
        arg=small["height"] if small else 0,
    )
    for name in ("large", "top", "right"):  # all of it is in sight, nothing lies over it
        studio.locator(f"#stage-{name}").click(trial=True)
    assert studio.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert violations() == []
    studio.evaluate("scrollBy(0, 900)")  # and it goes with the page
    gone = studio.locator("#stage").bounding_box()
    assert gone is not None
    assert gone["y"] < -300
    studio.locator("#stage-top").focus()
    studio.keyboard.press("Escape")
    expect(studio.locator("#stage-large")).to_have_attribute("aria-pressed", "false")
    expect(studio.locator("#stage-large")).to_be_focused()  # "Top" is not there in the small one
    studio.keyboard.press("Enter")
    studio.evaluate("document.activeElement.blur()")  # as where a press gives no focus
    studio.keyboard.press("Escape")
    expect(studio.locator("#stage-large")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_b30_measures_in_the_large_picture_lie_under_no_button(
    page: Page, address: str, language: str
) -> None:
    make_shop(shape=SHAPE)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": address}])
    page.set_viewport_size(PHONE)
    page.goto(address + STUDIO)
    open_solids(page)
    for name in ("large", "measures"):
        page.locator(f"#stage-{name}").click()
    settle(page)
    at_rest(page)
    stage, tools = (page.locator(one).bounding_box() for one in ("#stage", ".stage-tools"))
    assert stage is not None
    assert tools is not None
    words = [one.bounding_box() for one in page.locator(".stage-lines text").all()]
    assert len(words) == 3
    for box in words:
        assert box is not None
        assert stage["x"] <= box["x"]
        assert box["x"] + box["width"] <= stage["x"] + stage["width"]
        aside = box["x"] >= tools["x"] + tools["width"] or box["x"] + box["width"] <= tools["x"]
        assert aside or box["y"] >= tools["y"] + tools["height"]


def test_b30_parts_apart_and_measures_end_each_other(studio: Page) -> None:
    open_solids(studio)
    apart, measures = studio.locator("#stage-apart"), studio.locator("#stage-measures")
    expect(measures).to_have_attribute("aria-pressed", "true")
    apart.click()
    expect(apart).to_have_attribute("aria-pressed", "true")
    expect(measures).to_have_attribute("aria-pressed", "false")
    measures.click()
    expect(apart).to_have_attribute("aria-pressed", "false")
    expect(studio.locator(".stage-lines text")).to_have_count(3)


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_size_lies_over_no_product(studio: Page, size: ViewportSize) -> None:
    studio.set_viewport_size(size)
    settle(studio)
    label = studio.locator(".studio-measures").bounding_box()
    drawing = studio.locator(".stage-elevation > svg").bounding_box()
    assert label is not None
    assert drawing is not None
    below = label["y"] >= drawing["y"] + drawing["height"]
    assert below or label["y"] + label["height"] <= drawing["y"]


def test_b30_what_was_written_stands_on_the_product(studio: Page) -> None:
    open_solids(studio)
    studio.locator("#stage-front").click()
    bare = picture(studio)
    studio.locator("#answer-engraving").fill("小明 Ada")
    with studio.expect_response(lambda response: "engraving=" in response.url):
        studio.locator("#answer-engraving").press("Tab")
    studio.wait_for_function(
        "() => document.getElementById('stage').dataset.parts.includes('\"id\":\"name\"')"
    )
    written = picture(studio)
    assert written != bare


def test_b31_without_webgl_the_drawing_and_the_form_stay(
    page: Page, address: str, complaints: list[str]
) -> None:
    page.add_init_script(f"({NO_WEBGL})()")
    make_shop(shape=SHAPE)
    page.goto(address + STUDIO)
    page.locator("#stage-open").click()
    expect(page.locator("#stage-open")).to_be_hidden()
    expect(page.locator("#stage .elevation")).to_be_visible()
    expect(page.locator("#live")).to_contain_text("cannot show the product in 3D")
    choose(page, "size-large")
    expect(page.locator(".price-amount")).to_have_text("€150.00")
    expect(page.locator("#stage .elevation")).to_be_visible()
    assert complaints == []


def test_b31_graphics_that_are_taken_away_leave_the_drawing(studio: Page) -> None:
    open_solids(studio)
    studio.evaluate(
        "document.querySelector('#stage-canvas canvas').getContext('webgl2')"
        ".getExtension('WEBGL_lose_context').loseContext()"
    )
    expect(studio.locator("#stage .elevation")).to_be_visible()
    expect(studio.locator("#stage-canvas")).to_be_hidden()


def test_b31_without_a_script_there_is_the_drawing_alone(browser: Browser, address: str) -> None:
    make_shop(shape=SHAPE)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + STUDIO)
    expect(page.locator("#stage .elevation")).to_be_visible()
    expect(page.locator("#stage-open")).to_be_hidden()
    context.close()


def test_b32_views_change_at_once_or_along_a_way(page: Page, address: str) -> None:
    make_shop(shape=SHAPE)
    page.goto(address + STUDIO)
    open_solids(page)
    before = drawn(page)
    page.locator("#stage-side").click()
    at_rest(page)
    still = drawn(page) - before
    page.emulate_media(reduced_motion="no-preference")
    before = drawn(page)
    page.locator("#stage-front").click()
    page.wait_for_function(
        "(least) => Number(document.getElementById('stage-canvas').dataset.drawn) >= least",
        arg=before + 3,
    )
    assert still == 1


def test_the_model_of_what_is_shown_can_be_taken_along(studio: Page, client: Client) -> None:
    open_solids(studio)
    choose(studio, "size-large")
    address = "/products/stool/model.glb?size=large&by=size"
    expect(studio.locator("#stage-model")).to_have_attribute("href", address)
    model = client.get(address)
    assert model.headers["Content-Type"] == "model/gltf-binary"
    assert model.content[:4] == b"glTF"
