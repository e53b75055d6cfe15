"""Designs side by side on a narrow screen: questions stay, and the next design shows its edge."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.gates.looks import speak
from tests.factories.orders import make_revision
from tests.factories.shop import make_shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# How much of each design is to be seen beside the questions, in percent of its width.
SEEN = """() => {
  const wrap = document.querySelector(".compare-wrap").getBoundingClientRect();
  const label = document.querySelector(".compare tbody th").getBoundingClientRect();
  const isMirrored = document.dir === "rtl";
  const from = isMirrored ? wrap.left : label.right;
  const to = isMirrored ? label.left : wrap.right;
  return [...document.querySelectorAll(".compare thead th")].map((one) => {
    const box = one.getBoundingClientRect();
    const seen = Math.min(box.right, to) - Math.max(box.left, from);
    return Math.max(0, Math.round((100 * seen) / box.width));
  });
}"""
# Comes back once the table has begun to scroll.
SCROLLS = """() => new Promise((done) => {
  const look = () =>
    document.querySelector(".compare-wrap").scrollLeft ? done(true) : requestAnimationFrame(look);
  look();
})"""
# Whether the names of the rows stand at the side where reading begins, after scrolling to the end.
STAYS = """() => {
  const wrap = document.querySelector(".compare-wrap");
  const isMirrored = document.dir === "rtl";
  wrap.scrollLeft = isMirrored ? -10000 : 10000;
  const [box, label] = [wrap, wrap.querySelector("tbody th")].map((e) => e.getBoundingClientRect());
  const isThere = Math.abs(isMirrored ? box.right - label.right : label.left - box.left) < 1;
  return isThere && Math.abs(wrap.scrollLeft) > 0;
}"""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_next_design_peeks_in_and_the_questions_stay(
    page: Page, address: str, violations: Callable[[], list[str]], language: str
) -> None:
    offer = make_shop()
    codes = [make_revision(offer, colour=one).design.code for one in ("white", "black", "red")]
    speak(page.context, address, language)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/compare/?" + "&".join(f"d={code}" for code in codes))
    first, second, third = page.evaluate(SEEN)
    assert (first, second) == (100, 100)
    assert 20 <= third <= 60
    page.locator(".compare-wrap").focus()
    page.keyboard.press("ArrowLeft" if language == "ar" else "ArrowRight")
    page.evaluate(SCROLLS)
    assert page.evaluate(STAYS)
    assert page.evaluate(SEEN)[2] == 100
    assert violations() == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.set_viewport_size({"width": 1280, "height": 800})
    assert page.evaluate(SEEN) == [100, 100, 100]
    page.goto(f"{address}/compare/?d={codes[0]}&d={codes[1]}")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(SEEN) == [100, 100]  # two lie side by side without scrolling
