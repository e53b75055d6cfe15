"""Back and forth without loss: behaviours 15 to 18, late answers, and no connection at all."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.studio.acts import PHONE, choose, is_chosen, label_of, price_is
from tests.browser.studio.bench import STUDIO

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_b15_undo_and_redo_by_button_and_key_and_over_a_reload(studio: Page) -> None:
    undo, redo = studio.locator("#studio-undo"), studio.locator("#studio-redo")
    expect(undo).to_have_attribute("aria-disabled", "true")
    choose(studio, "size-large")
    choose(studio, "colour-black")
    choose(studio, "wood-ash")
    undo.click()
    is_chosen(studio, "wood-oak", "colour-black")
    expect(undo).to_be_focused()
    studio.locator("#answer-size-large").focus()
    studio.keyboard.press("Control+z")
    is_chosen(studio, "colour-white", "size-large")
    studio.reload()
    is_chosen(studio, "colour-white", "size-large")
    redo.click()
    is_chosen(studio, "colour-black")
    studio.keyboard.press("Control+Shift+Z")
    is_chosen(studio, "wood-ash")
    expect(redo).to_have_attribute("aria-disabled", "true")
    field = studio.locator("#answer-engraving")
    field.focus()
    studio.keyboard.press("Control+z")  # belongs to the field while something is written
    is_chosen(studio, "wood-ash")
    undo.click()
    is_chosen(studio, "wood-oak")
    choose(studio, "wood-pine")  # a new way: the old one is no longer ahead
    expect(redo).to_have_attribute("aria-disabled", "true")


def test_b15_fifty_steps_are_kept(studio: Page) -> None:
    steps = [f"reach={300 + 10 * (number % 30)}&by=reach&wood=ash" for number in range(70)]
    studio.evaluate(
        "(steps) => sessionStorage.setItem(`cosmo.steps:${location.pathname}`,"
        " JSON.stringify({ steps, at: steps.length - 1 }))",
        steps,
    )
    studio.reload()
    kept = "JSON.parse(sessionStorage.getItem(`cosmo.steps:${location.pathname}`))"
    assert studio.evaluate(f"{kept}.steps.length") == 51  # where it began, and fifty steps
    assert studio.evaluate(f"{kept}.at") == 50


def test_b16_starting_again_offers_the_way_back_instead_of_asking(studio: Page) -> None:
    expect(studio.locator("#studio-reset")).to_have_count(0)
    choose(studio, "size-large")
    studio.on("dialog", lambda dialog: pytest.fail(dialog.message))
    studio.locator("#studio-reset").click()
    is_chosen(studio, "size-small")
    expect(studio.locator("#replaced")).to_contain_text("Your design before is not lost.")
    expect(studio.locator("#studio-back")).to_be_focused()
    studio.locator("#studio-back").click()
    is_chosen(studio, "size-large")
    expect(studio.locator("#replaced")).to_have_count(0)


def test_b17_b18_reload_keeps_and_back_takes_one_step(studio: Page) -> None:
    choose(studio, "size-large")
    is_chosen(studio, "size-large")
    choose(studio, "colour-black")
    is_chosen(studio, "colour-black")
    studio.reload()
    is_chosen(studio, "colour-black", "size-large")
    studio.go_back()
    is_chosen(studio, "colour-white", "size-large")
    expect(studio.locator("#studio-redo")).to_have_attribute("aria-disabled", "false")
    studio.go_back()
    is_chosen(studio, "size-small")


def test_a_late_answer_does_not_overwrite_a_newer_one(studio: Page) -> None:
    held: list[Any] = []
    studio.route(
        lambda url: "size=large" in url and "colour=white" in url,
        lambda route: held.append(route) if not held else route.continue_(),
    )
    label_of(studio, "size-large").click()
    choose(studio, "colour-black")
    is_chosen(studio, "colour-black", "size-large")
    assert len(held) == 1
    held[0].abort()
    price_is(studio, "€150.00")
    is_chosen(studio, "colour-black")


@pytest.mark.parametrize("is_step", [False, True])
def test_what_a_newer_click_replaces_is_no_error(
    studio: Page, complaints: list[str], is_step: bool
) -> None:
    held: list[Any] = []
    if is_step:
        choose(studio, "size-large")
        choose(studio, "colour-black")
    # The first request from here on gets no answer.
    studio.route(
        lambda url: STUDIO in url,
        lambda route: route.continue_() if held else held.append(route),
    )
    with studio.expect_request(lambda request: STUDIO in request.url):
        if is_step:
            studio.locator("#studio-undo").click()
        else:
            label_of(studio, "size-large").click()
    choose(studio, "wood-ash")
    is_chosen(studio, "wood-ash", "size-large")
    assert len(held) == 1
    assert complaints == []


def test_a_choice_that_fails_is_still_an_error(studio: Page, complaints: list[str]) -> None:
    choose(studio, "wood-ash")  # nothing was under way that this one could replace
    studio.context.set_offline(True)
    label_of(studio, "size-large").click()
    expect(studio.locator("#studio-offline")).to_be_visible()
    assert any("htmx:sendError" in one for one in complaints)
    studio.context.set_offline(False)
    price_is(studio, "€150.00")


def test_on_a_phone_steps_and_undo_stay_in_sight(studio: Page) -> None:
    studio.set_viewport_size(PHONE)
    choose(studio, "size-large")
    studio.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    stage, way = studio.locator("#stage").bounding_box(), studio.locator(".studio-way")
    expect(way).to_be_in_viewport(ratio=0.9)
    box = way.bounding_box()
    assert stage is not None
    assert box is not None
    assert abs(box["y"] - (stage["y"] + stage["height"])) <= 1
    assert box["height"] <= 60  # one line
    studio.locator("#studio-undo").click()
    price_is(studio, "€100.00")


def test_without_a_connection_nothing_leads_to_a_page_of_the_browsers(studio: Page) -> None:
    studio.context.set_offline(True)
    studio.locator("#studio-add").click()
    expect(studio.locator("#studio-offline")).to_be_visible()
    expect(studio.locator("#studio-offline")).to_contain_text("press again")
    assert STUDIO in studio.url
    studio.context.set_offline(False)
    expect(studio.locator("#studio-offline")).to_be_hidden()
    expect(studio.locator("#live")).to_have_text("Connected again.")
    studio.locator("#studio-add").click()
    expect(studio).to_have_url(re.compile("/cart/"))


def test_a_browser_without_a_network_reaches_a_server_beside_it(studio: Page) -> None:
    alone = "Object.defineProperty(Navigator.prototype, 'onLine', {get: () => false})"
    studio.add_init_script(alone)
    studio.reload()
    assert studio.evaluate("navigator.onLine") is False
    choose(studio, "size-large")
    studio.locator("#studio-add").click()
    expect(studio).to_have_url(re.compile("/cart/"))
    expect(studio.locator("main")).to_contain_text("€150.00")


def test_without_a_connection_choices_are_kept_and_sent_again(studio: Page) -> None:
    studio.context.set_offline(True)
    label_of(studio, "size-large").click()
    expect(studio.locator("#studio-offline")).to_be_visible()
    expect(studio.locator("#live")).to_contain_text("Your choice is kept")
    label_of(studio, "colour-black").click()
    is_chosen(studio, "size-large", "colour-black")
    studio.context.set_offline(False)  # the browser says it is online again
    price_is(studio, "€150.00")
    is_chosen(studio, "size-large", "colour-black")
    expect(studio.locator("#studio-offline")).to_be_hidden()


@pytest.mark.parametrize("is_pressed", [True, False])
def test_what_is_sent_again_goes_where_choices_go(studio: Page, is_pressed: bool) -> None:
    """Also where a button that leads away was pressed in vain, or has the focus."""
    asked: list[str] = []
    studio.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    studio.context.set_offline(True)
    label_of(studio, "size-large").click()
    expect(studio.locator("#studio-offline")).to_be_visible()
    if is_pressed:
        studio.locator("#studio-add").click()
        expect(studio.locator("#studio-offline")).to_contain_text("press again")
    else:
        studio.locator("#studio-add").focus()
    studio.context.set_offline(False)
    price_is(studio, "€150.00")
    expect(studio.locator("#studio-offline")).to_be_hidden()
    assert [one for one in asked if one.startswith("POST") and "/cart/" in one] == []
    assert STUDIO in studio.url


def test_a_gateway_that_reaches_nobody_is_said_once(studio: Page) -> None:
    studio.evaluate(
        """() => {
          globalThis.said = 0;
          const note = new MutationObserver(() => { globalThis.said += 1; });
          note.observe(document.getElementById("live"), { childList: true, characterData: true });
        }"""
    )
    tries: list[str] = []

    def refuse(route: Route) -> None:
        tries.append(route.request.url)
        route.fulfill(status=502)

    with studio.expect_request(lambda _: len(tries) == 2, timeout=30_000):
        studio.route(lambda url: STUDIO in url, refuse)
        label_of(studio, "size-large").click()
        expect(studio.locator("#live")).to_contain_text("Your choice is kept")
        told = studio.evaluate("said")
    studio.unroute_all()
    assert studio.evaluate("said") == told
    price_is(studio, "€150.00")
