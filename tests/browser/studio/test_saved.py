"""Behaviours 19 to 26: a saved design, opened, kept, compared, copied and shared."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cosmo.accounts.models import User
from cosmo.lib.qr import qr_svg
from design.models import Design, Sketch
from production.models import Plant
from tests.factories.production import make_plant
from tests.factories.shop import STOOL, STUDIO, make_shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WITHOUT_BLACK = [
    {**feature, "options": [{"id": "white"}, {"id": "red"}]}
    if feature["id"] == "colour"
    else feature
    for feature in STOOL["features"]
]
DEARER = {**STOOL["price"], "base": "120"}


@pytest.fixture
def plant() -> Plant:
    plant = make_plant()
    make_shop(plant)
    return plant


@pytest.fixture
def faults(page: Page, violations: Callable[[], list[str]]) -> Callable[[], list[str]]:
    """What is wrong with the page on a phone in the dark and on a desk in the light."""

    def look() -> list[str]:
        found = []
        for width, theme in ((390, "dark"), (1280, "light")):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            found += violations()
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                found.append(f"runs out at {width}")
        return found

    return look


def save(page: Page, address: str, query: str = "") -> str:
    """Save what the studio shows there; the address of the design's page."""
    page.goto(f"{address}{STUDIO}?{query}")
    page.locator("#studio-save").click()
    expect(page.locator("#link")).to_be_visible()
    return page.url.partition("?")[0]


def hidden(page: Page, field: str) -> list[int]:
    """How much of what stands in the field is not seen, across and down."""
    found: list[int] = page.locator(field).evaluate(
        "(it) => [it.scrollWidth - it.clientWidth, it.scrollHeight - it.clientHeight]"
    )
    return found


def other(browser: Browser) -> Page:
    """Somebody else, elsewhere."""
    return browser.new_context().new_page()


def test_b19_b26_a_link_opens_the_design_elsewhere_and_words_only_with_the_private_one(
    page: Page, browser: Browser, address: str, plant: Plant, faults: Callable[[], list[str]]
) -> None:
    save(page, address, "size=large&engraving=Anna&by=size,engraving")
    private = page.locator("#link").input_value()
    plain = page.locator("#open-link").input_value()
    assert faults() == []
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert [hidden(page, one) for one in ("#link", "#open-link")] == [[0, 0], [0, 0]]
    stranger = other(browser)
    stranger.goto(plain)
    expect(stranger.locator(".price-amount").first).to_have_text("€150.00")
    expect(stranger.locator(".saved-facts")).to_contain_text("large")
    assert "Anna" not in stranger.content()
    expect(stranger.get_by_role("button", name="Add to cart")).to_have_count(0)
    stranger.locator("#start").click()
    expect(stranger.locator("#answer-size-large")).to_be_checked()
    assert "Anna" not in stranger.content()
    stranger.goto(f"{address}/compare/?d={plain}")
    assert "Anna" not in stranger.content()
    stranger.goto(private)
    expect(stranger.locator(".saved-facts")).to_contain_text("Anna")
    stranger.get_by_role("button", name="Add to cart").click()
    expect(stranger.locator("#cart")).to_contain_text("Anna")


def test_b20_b40_an_old_link_and_an_old_cart_say_what_changed_and_are_brought_up_to_date(
    page: Page, browser: Browser, address: str, plant: Plant, faults: Callable[[], list[str]]
) -> None:
    link = save(page, address, "colour=black&by=colour")
    page.get_by_role("button", name="Add to cart").click()
    make_shop(plant, features=WITHOUT_BLACK, price=DEARER)
    stranger = other(browser)
    stranger.goto(link)
    told = stranger.locator(".moved-on")
    for words in ("black", "white", "no longer on offer", "€100.00", "€120.00"):
        expect(told).to_contain_text(words)
    stranger.locator("#update").click()
    expect(stranger.locator(".price-amount").first).to_have_text("€120.00")
    expect(
        stranger.locator(".saved-credit")
    ).to_be_visible()  # a stranger's is a design of their own
    assert stranger.url != link
    page.goto(link)
    assert faults() == []
    page.goto(f"{address}/cart/")
    moved = page.locator(".order-moved")
    for words in ("black", "white", "€100.00", "€120.00"):
        expect(moved).to_contain_text(words)
    expect(page.locator("a[href='/checkout/']")).to_have_count(0)
    assert faults() == []
    moved.get_by_role("button").click()
    expect(page.locator(".sums-total")).to_contain_text("€120.00")
    expect(page.locator("a[href='/checkout/']")).to_be_visible()
    page.goto(link)
    expect(page.locator(".version")).to_have_count(2)  # the owner's is a further version


def test_b21_saved_and_left_without_an_account_adopted_by_a_later_sign_in(
    page: Page, address: str, plant: Plant
) -> None:
    save(page, address, "size=large&by=size")
    page.goto(address + STUDIO)
    with page.expect_response(lambda answer: "/sketch/" in answer.url and answer.status == 204):
        page.locator("label:has(#answer-colour-black)").click()
    assert Design.objects.get().owner is None
    ada = User.objects.create_user("ada@example.org", password="loom-and-lathe-17")
    page.goto(f"{address}/accounts/login/")
    page.locator("[name=login]").fill(ada.email)
    page.locator("[name=password]").fill("loom-and-lathe-17")
    page.locator("[name=password]").press("Enter")
    expect(page.locator("[name=password]")).to_have_count(0)
    assert Design.objects.get().owner == ada
    assert Sketch.objects.get().user == ada


def test_b22_autosave_says_so_and_gives_back_what_was_left(
    page: Page, context: BrowserContext, address: str, plant: Plant
) -> None:
    page.goto(address + STUDIO)
    page.locator("label:has(#answer-size-large)").click()
    expect(page.locator("[data-autosave-words]")).to_have_text("Saved just now")
    assert Sketch.objects.get().address == "size=large&by=size"
    page.close()
    again = context.new_page()
    again.goto(address + STUDIO)
    expect(again.locator("#answer-size-small")).to_be_checked()
    again.locator("#sketch-back").click()
    expect(again.locator("#answer-size-large")).to_be_checked()
    context.set_offline(True)
    again.evaluate("history.pushState({}, '', '?colour=black&by=colour')")
    again.evaluate("document.dispatchEvent(new Event('htmx:afterSettle'))")
    expect(again.locator("[data-autosave]")).to_have_attribute("data-state", "failed")
    context.set_offline(False)
    expect(again.locator("[data-autosave]")).to_have_attribute("data-state", "kept")
    assert Sketch.objects.get().address == "colour=black&by=colour"


def test_b23_versions_have_names_come_back_and_lie_side_by_side(
    page: Page, address: str, plant: Plant, faults: Callable[[], list[str]]
) -> None:
    link = save(page, address, "size=large&by=size")
    page.locator("#start").click()
    with page.expect_response(lambda answer: "colour=black" in answer.url):
        page.locator("label:has(#answer-colour-black)").click()
    expect(page.locator("#answer-colour-black")).to_be_checked()
    page.locator("#studio-compare").click()
    expect(page.locator(".compare thead th")).to_have_count(2)
    expect(page.locator(".compare thead")).to_contain_text("In the studio now")
    expect(page.locator("#differences")).to_contain_text("1 of 2")
    assert "csrf" not in page.url
    page.go_back()
    expect(page.locator("#answer-colour-black")).to_be_checked()
    page.locator("#studio-save").click()
    expect(page.locator(".version")).to_have_count(2)
    assert page.url.partition("?")[0] == link
    first = page.locator(".version").last
    first.locator("summary").click()
    first.locator("[name=name]").fill("For the hall")
    first.get_by_role("button", name="Keep").click()
    expect(page.locator(".version").last).to_contain_text("For the hall")
    assert faults() == []
    page.get_by_role("button", name="Compare what is ticked").click()
    rows = page.locator(".compare tbody tr")
    expect(page.locator("#differences")).to_contain_text("1 of 2")
    assert rows.count() == 4  # price, day, size, colour
    page.locator("#only").check()
    expect(rows).to_have_count(3)
    expect(page.locator(".compare")).to_contain_text("For the hall")
    expect(page.locator(".compare tbody")).not_to_contain_text("large")
    assert faults() == []
    page.goto(link)
    page.get_by_role("button", name="Bring back").click()
    expect(page.locator(".version")).to_have_count(3)
    expect(page.locator(".saved-facts")).to_contain_text("white")


def test_b24_a_fork_credits_its_parent_and_its_parents_parent(
    page: Page, browser: Browser, address: str, plant: Plant
) -> None:
    first = save(page, address, "size=large&by=size")
    friend = other(browser)
    friend.goto(first)
    friend.locator("#start").click()
    friend.locator("#studio-save").click()
    expect(friend.locator(".saved-credit")).to_have_text("Started from a private design")
    assert first.rstrip("/").rpartition("/")[2] not in friend.locator(".saved-credit").inner_html()
    second = friend.url.partition("?")[0]
    assert second != first
    third = other(browser)
    third.goto(second)
    third.get_by_role("button", name="Make a copy").click()
    chain = "Started from a private design, which started from a private design"
    expect(third.locator(".saved-credit")).to_have_text(chain)
    friend.goto(third.url)  # each sees the link of what is theirs, and nobody another's
    expect(friend.locator(".saved-credit a")).to_have_attribute("href", urlsplit(second).path)
    page.goto(third.url)
    expect(page.locator(".saved-credit a")).to_have_attribute("href", urlsplit(first).path)


def test_b25_share_by_link_code_and_the_devices_own_way(
    page: Page, context: BrowserContext, address: str, plant: Plant
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script(
        "navigator.share = (what) => { window.shared = what; return Promise.resolve(); }"
    )
    link = save(page, address, "size=large&by=size")
    assert page.locator("#link").input_value() == link
    page.locator("[data-copy]").first.click()
    expect(page.locator(".toast")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link
    page.locator("[data-share]").click()
    assert page.evaluate("window.shared.url") == link
    drawn = page.locator(".share-qr path").get_attribute("d")
    assert drawn is not None
    assert drawn in qr_svg(link, label="")
    assert page.locator("meta[property='og:title']").get_attribute("content") == "Stool"
