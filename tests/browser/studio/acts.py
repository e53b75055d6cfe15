"""What a shopper does in the studio."""

from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.studio.bench import STUDIO

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}


def choose(page: Page, answer: str) -> None:
    """Press a label and wait until the answer is shown. Blocked ones are pressed too."""
    with page.expect_response(lambda response: STUDIO in response.url):
        label_of(page, answer).click(force=True)
    # The headers came; the form they bring may still be on its way.
    expect(page.locator(".htmx-request")).to_have_count(0)


def label_of(page: Page, answer: str) -> Locator:
    return page.locator(f"label:has(#answer-{answer})")


def is_chosen(page: Page, *answers: str) -> None:
    for answer in answers:
        expect(page.locator(f"#answer-{answer}")).to_be_checked()


def price_is(page: Page, amount: str) -> None:
    expect(page.locator(".price-amount")).to_have_text(amount)


def write(page: Page, words: str) -> None:
    """Fill the engraving and wait until the studio has answered to all of it."""
    with page.expect_response(lambda response: "engraving=" in response.url):
        page.locator("#answer-engraving").fill(words)
