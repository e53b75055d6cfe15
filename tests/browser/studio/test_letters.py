"""Behaviour 27: what is written is what is made, or a word says why not. Nothing is dropped."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.studio.acts import choose, price_is, write

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_b27_letters_are_shown_as_they_are_made_with_their_size(studio: Page) -> None:
    write(studio, "Zoë 安娜")
    line = studio.locator("#line-engraving")
    expect(line).to_contain_text("Letters 12 mm high")
    expect(line).to_contain_text("of 120 mm wide")
    outlines = line.locator("path").get_attribute("d") or ""
    assert outlines.count("Z") > 6  # contours: six characters, some of several
    choose(studio, "face-sans")
    expect(line).to_contain_text("Letters 12 mm high")
    assert line.locator("path").get_attribute("d") != outlines
    expect(studio.locator("#answer-engraving")).to_have_value("Zoë 安娜")
    expect(studio.locator(".studio-missing")).to_have_count(0)
    price_is(studio, "€109.90")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("Anna 🙂", "This lettering has no “🙂”"),
        ("a\u200db", "This lettering has no “U+200D”"),
        ("安娜龘", "This lettering has no “龘”"),
    ],
)
def test_b27_a_character_the_lettering_has_not_is_named(
    studio: Page, words: str, sentence: str
) -> None:
    write(studio, words)
    field = studio.locator("#answer-engraving")
    expect(studio.locator("#fault-engraving")).to_contain_text(sentence)
    expect(field).to_have_value(words)
    expect(field).to_have_attribute("aria-invalid", "true")
    studio.locator("#studio-add").click()
    studio.wait_for_url("**/studio/?*")
    expect(studio.locator(".messages")).to_contain_text("cannot be made like this")
    expect(field).to_have_value(words)


def test_b27_what_would_be_too_small_says_what_fits(page: Page, bench: str) -> None:
    page.goto(bench)
    write(page, "WWWWWWWWWWWW")
    fault = page.locator("#fault-engraving")
    expect(fault).to_contain_text("under 8 mm none can be made")
    expect(fault).to_contain_text("This much fits: “WWWW")
    expect(page.locator(".studio-missing")).to_contain_text("1 choice left: Engraving")


def test_b27_too_long_a_text_is_refused_and_stays_in_its_field(studio: Page) -> None:
    write(studio, "More than twelve")
    expect(studio.locator("#refused-engraving")).to_contain_text("at most 12 characters fit")
    expect(studio.locator("#answer-engraving")).to_have_value("More than twelve")
    choose(studio, "size-large")  # it stays while other things are answered, too
    expect(studio.locator("#answer-engraving")).to_have_value("More than twelve")
    expect(studio.locator("#refused-engraving")).to_be_visible()


@pytest.mark.parametrize("words", ["Sh1t", "f.u.c.k", "王 八 蛋", "RIVAL"])
def test_b27_words_that_are_not_made_are_refused(studio: Page, words: str) -> None:
    write(studio, words)
    expect(studio.locator("#refused-engraving")).to_contain_text("we do not make this word")
    expect(studio.locator("#answer-engraving")).to_have_value(words)
    expect(studio.locator("#line-engraving")).to_have_count(0)
    price_is(studio, "€100.00")
