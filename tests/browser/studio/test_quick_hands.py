"""Hands that are faster than answers: no press falls between two of them."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.studio.acts import choose, is_chosen, label_of, price_is

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_a_key_pressed_in_the_moment_of_the_exchange_is_heard(studio: Page) -> None:
    studio.evaluate(
        """() => {
          const exchanged = (event) => {
            if (event.detail.target.id !== "studio") return; // other pieces come by themselves
            document.removeEventListener("htmx:afterSwap", exchanged);
            queueMicrotask(() => document.getElementById("answer-colour-black").click());
          };
          document.addEventListener("htmx:afterSwap", exchanged);
        }"""
    )
    choose(studio, "size-large")
    price_is(studio, "€150.00")
    expect(studio.locator("input[name=was]")).to_have_value(
        "size=large&colour=black&by=size%2Ccolour"
    )


def answered_while_pressed(studio: Page) -> None:
    """ "Large" was chosen; its answer comes while the pointer is down on "black"."""

    def is_large(url: str) -> bool:
        return "size=large" in url and "colour=white" in url

    held: list[Route] = []
    studio.route(is_large, lambda route: held.append(route))
    label_of(studio, "size-large").click()
    label_of(studio, "colour-black").hover()
    studio.mouse.down()
    with studio.expect_response(lambda response: is_large(response.url)) as answer:
        held[0].continue_()
    answer.value.finished()
    studio.unroute(is_large)


def test_a_click_that_an_answer_falls_into_is_not_lost(studio: Page) -> None:
    answered_while_pressed(studio)
    studio.mouse.up()
    is_chosen(studio, "size-large", "colour-black")
    price_is(studio, "€150.00")


def test_a_press_that_slides_off_shows_what_came_meanwhile(studio: Page) -> None:
    answered_while_pressed(studio)
    studio.mouse.move(1, 1)
    studio.mouse.up()
    price_is(studio, "€150.00")
    is_chosen(studio, "size-large", "colour-white")


def test_who_answers_before_the_script_has_come_is_heard(bench: str, page: Page) -> None:
    held: list[Any] = []
    page.route("**/*.js", lambda route: held.append(route))
    page.goto(bench, wait_until="commit")
    label_of(page, "size-large").click()
    expect(page.locator("#answer-size-large")).to_be_checked()
    assert held
    page.unroute("**/*.js")  # lets go of what is held
    price_is(page, "€150.00")
    is_chosen(page, "size-large")
