"""A "no" is explained and can be overruled; nothing moves unseen: behaviours 10 to 14."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.studio.acts import choose, is_chosen, label_of, price_is

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_b10_a_blocked_answer_stays_in_sight_and_takes_the_focus(studio: Page) -> None:
    choose(studio, "size-large")
    red = studio.locator("#answer-colour-red")
    expect(red).to_have_attribute("aria-disabled", "true")
    expect(red).not_to_have_attribute("disabled", "")
    expect(label_of(studio, "colour-red")).to_be_visible()
    choose(studio, "colour-black")
    expect(studio.locator("#live")).to_contain_text("€150.00")
    expect(studio.locator("#answer-colour-black")).to_be_focused()
    with studio.expect_response(lambda response: "colour=red" in response.url):
        studio.keyboard.press("ArrowDown")
    expect(studio.locator("#why-not-colour")).to_be_visible()
    expect(red).to_be_focused()
    is_chosen(studio, "colour-black")


def test_b11_why_not_names_the_rule_and_the_choices_behind_it(studio: Page) -> None:
    choose(studio, "size-large")
    expect(label_of(studio, "colour-red")).to_contain_text("Why not?")
    choose(studio, "colour-red")
    reason = studio.locator("#why-not-colour")
    expect(reason).to_be_in_viewport()
    expect(reason).to_contain_text("Why not Colour: Brick?")
    expect(reason).to_contain_text("A large stool does not fit into the booth")
    expect(reason).to_contain_text("You chose: Size: large")


def test_b12_choose_anyway_shows_what_it_takes_and_can_be_left(studio: Page) -> None:
    choose(studio, "size-large")
    choose(studio, "colour-red")
    reason = studio.locator("#why-not-colour")
    expect(reason.locator("li")).to_have_text(["Size: large Small"])
    expect(reason).to_contain_text("−\u2060€50.00")
    expect(reason).to_contain_text("With you on")  # a day sooner than now
    studio.locator("#leave-colour").click()
    expect(reason).to_have_count(0)
    is_chosen(studio, "size-large", "colour-white")
    expect(studio.locator("#answer-colour-red")).to_be_focused()
    choose(studio, "colour-red")
    studio.locator("#anyway-colour").click()
    is_chosen(studio, "size-small", "colour-red")
    price_is(studio, "€100.00")


def test_b13_what_moved_along_is_listed_and_can_be_undone(studio: Page) -> None:
    choose(studio, "size-large")
    choose(studio, "colour-red")
    studio.locator("#anyway-colour").click()
    expect(studio.locator("#moved li")).to_have_text(["Size: large Small"])
    studio.locator("#undo").click()
    is_chosen(studio, "size-large", "colour-white")
    expect(studio.locator("#moved")).to_have_count(0)


def test_b14_choices_survive_a_conflict_a_step_back_and_another_category(studio: Page) -> None:
    choose(studio, "wood-ash")
    choose(studio, "face-script")
    choose(studio, "size-large")
    choose(studio, "colour-red")
    is_chosen(studio, "wood-ash", "face-script", "size-large")
    studio.locator("#anyway-colour").click()
    is_chosen(studio, "wood-ash", "face-script", "colour-red")
    studio.locator("#to-body").click()
    studio.go_back()
    is_chosen(studio, "wood-ash", "face-script")
