"""What is asked, what it costs and when it comes: behaviours 1 to 9, 28, 29 and 33 to 36."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.studio.acts import DESK, PHONE, choose, is_chosen, label_of, price_is
from tests.browser.studio.bench import WOODS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_b01_it_opens_with_a_complete_valid_priced_default(studio: Page) -> None:
    is_chosen(studio, "size-small", "colour-white", "wood-oak", "name-none", "face-serif")
    expect(studio.locator("#answer-reach")).to_have_value("400")
    price_is(studio, "€100.00")
    expect(studio.locator(".studio-date")).to_contain_text("With you on")
    expect(studio.locator(".studio-missing, .studio .notice")).to_have_count(0)
    expect(studio.locator("#suggested-opener")).to_have_text("6 answers are still our suggestion")


def test_b02_three_presets_each_with_its_reason_and_price(studio: Page) -> None:
    presets = studio.locator(".studio-preset")
    expect(presets).to_have_count(3)
    for place, (name, reason, price) in enumerate(
        [
            ("Bar", "High enough to lean.", "€150.00"),
            ("Child", "Low and bright.", "€100.00"),
            ("Plain", "Nothing but wood.", "€100.00"),
        ]
    ):
        expect(presets.nth(place).locator("a")).to_have_text(name)
        expect(presets.nth(place)).to_contain_text(reason)
        expect(presets.nth(place)).to_contain_text(price)
        expect(presets.nth(place).locator("svg")).to_have_count(1)
    choose(studio, "wood-ash")
    studio.locator("#preset-1").click()
    is_chosen(studio, "size-large", "colour-black")
    expect(studio.locator("#preset-1")).to_have_attribute("aria-current", "true")
    studio.locator("#studio-back").click()  # what was there before is not lost
    is_chosen(studio, "size-small", "wood-ash")


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_b03_b05_b08_picture_price_and_day_stay_in_sight(
    page: Page, bench: str, size: dict[str, int]
) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    page.goto(bench)
    for answer in ("size-large", "wood-pine", "name-below"):
        label_of(page, answer).scroll_into_view_if_needed()
        for part in (".stage svg", ".studio-summary .price-amount", ".studio-date"):
            expect(page.locator(part).first).to_be_in_viewport()
        expect(page.locator(".price-note")).to_have_text("19 % VAT and delivery included")


def test_b06_b09_each_answer_says_what_it_does_to_price_and_day(studio: Page) -> None:
    expect(label_of(studio, "size-large")).to_contain_text("+\u2060€50.00")
    expect(label_of(studio, "size-large")).to_contain_text("+1 day")
    expect(label_of(studio, "wood-pine")).to_contain_text("same price")
    choose(studio, "size-large")
    expect(label_of(studio, "size-small")).to_contain_text("−\u2060€50.00")
    expect(label_of(studio, "size-small")).to_contain_text("1 day sooner")
    expect(label_of(studio, "size-large").locator(".choice-effect")).to_have_count(0)


def test_b07_the_breakdown_opens_from_the_total_and_adds_up(studio: Page) -> None:
    choose(studio, "size-large")
    studio.locator("#sum-opener").click()
    amounts = studio.locator(".breakdown-lines tbody td").all_inner_texts()
    assert amounts == ["€100.00", "€50.00"]
    total = sum(Decimal(amount.removeprefix("€")) for amount in amounts)
    foot = studio.locator(".breakdown-lines tfoot td").all_inner_texts()
    assert foot == [f"€{total}", "€23.95"]
    price_is(studio, foot[0])


def test_b28_a_slider_has_a_number_a_unit_limits_a_step_and_keys(studio: Page) -> None:
    slide, number = studio.locator("#slide-reach"), studio.locator("#answer-reach")
    expect(number).to_have_attribute("step", "10")
    expect(studio.locator(".slider-number")).to_contain_text("mm")
    expect(studio.locator("#limits-reach")).to_have_text(re.compile(r"300\s*600"))
    slide.focus()
    with studio.expect_response(lambda response: "reach=410" in response.url):
        slide.press("ArrowRight")
    expect(number).to_have_value("410")
    expect(slide).to_be_focused()
    number.fill("1000")
    number.press("Tab")
    expect(studio.locator("#refused-reach")).to_contain_text("from 300 to 600 mm")
    expect(studio.locator(".studio-missing a")).to_have_text("Reach")


def test_b28_a_number_between_two_steps_stays_and_is_not_bought(studio: Page) -> None:
    number = studio.locator("#answer-reach")
    number.fill("417")
    number.press("Tab")
    expect(studio.locator("#refused-reach")).to_contain_text("410 and 420 are possible")
    expect(number).to_have_value("417")
    expect(number).to_have_attribute("aria-invalid", "true")
    choose(studio, "size-large")  # it stays while other things are answered, too
    expect(number).to_have_value("417")
    studio.locator("#studio-add").click()
    expect(studio.get_by_text("One answer cannot be made like this.")).to_be_visible()
    expect(number).to_have_value("417")
    studio.get_by_role("link", name="420 mm").click()
    expect(number).to_have_value("420")
    expect(number).to_be_focused()
    expect(studio.locator("#refused-reach")).to_have_count(0)
    studio.locator("#studio-add").click()
    expect(studio).to_have_url(re.compile("/cart/"))


def test_b29_colours_have_names(studio: Page) -> None:
    names = studio.locator(".swatches .swatch-name").all_inner_texts()
    assert names == ["Chalk white", "Ink", "Brick"]
    expect(studio.get_by_role("radio", name="Ink")).to_have_count(1)


def test_b33_one_polite_region_says_price_and_conflicts(studio: Page) -> None:
    # The site's own word about the connection is no part of the studio.
    polite = "[aria-live=polite], [role=status]:not(#connection), output"
    expect(studio.locator(polite)).to_have_count(1)
    choose(studio, "size-large")
    expect(studio.locator("#live")).to_contain_text("€150.00")
    choose(studio, "colour-red")
    expect(studio.locator("#live")).to_contain_text("A large stool does not fit into the booth")
    expect(studio.locator(polite)).to_have_count(1)


def test_b34_what_is_left_is_counted_and_one_press_away(studio: Page) -> None:
    choose(studio, "size-large")
    choose(studio, "name-below")
    expect(studio.locator(".studio-missing")).to_contain_text("1 choice left: Engraving")
    choose(studio, "colour-red")
    expect(studio.locator(".studio-missing")).to_contain_text("2 choices left: Colour, Engraving")
    studio.locator(".studio-missing a", has_text="Engraving").click()
    expect(studio.locator("#answer-engraving")).to_be_focused()
    expect(studio.locator("#answer-engraving")).to_be_in_viewport()


def test_b35_many_answers_and_many_questions_can_be_searched(studio: Page) -> None:
    box, woods = studio.locator("#find-wood"), studio.locator("#feature-wood .choice")
    expect(studio.locator("input[type=search]")).to_have_count(1)  # few have so many answers
    assert woods.count() == len(WOODS)
    box.fill("PÍN")
    expect(woods.filter(visible=True)).to_have_count(2)  # the chosen one stays
    choose(studio, "wood-pine")
    expect(box).to_have_value("PÍN")  # an answer does not undo the search
    expect(woods.filter(visible=True)).to_have_count(1)
    box.fill("steel")
    expect(studio.locator("[data-found=find-wood]")).to_have_text("Nothing is called that.")
    box.press("Escape")
    expect(woods.filter(visible=True)).to_have_count(len(WOODS))


def test_b36_steps_can_be_taken_in_any_order(studio: Page) -> None:
    for group in ("yours", "body", "surface"):
        studio.locator(f"#to-{group}").click()
        expect(studio.locator(f"#group-{group}-title")).to_be_in_viewport()
    choose(studio, "colour-black")
    choose(studio, "size-large")
    is_chosen(studio, "colour-black", "size-large")
