"""axe, 320 px and prices on every consumer page, in every language, both themes, two widths."""

import pytest
from django.conf import settings
from playwright.sync_api import Page

from tests.browser.gates.looks import (
    covered_controls,
    faults_in_both_themes,
    mirrored_prices,
    speak,
    width_beyond,
)
from tests.browser.gates.pages import LANGUAGES, Place, error_pages, make_places
from tests.routes.world import World, visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Whoever renames a page must not lose its gate.
AMONG = {"home", "design:product", "design:studio", "design:open", "orders:cart", "orders:order"}


@pytest.fixture
def shop() -> tuple[World, list[Place]]:
    world, places = make_places()
    assert {place.name for place in places} >= AMONG
    return world, places


def become(page: Page, address: str, visitor: str, world: World) -> None:
    page.context.clear_cookies()
    session = visit(visitor, world).cookies.get(settings.SESSION_COOKIE_NAME)
    if session is not None:
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session.value, "url": address}]
        )


def test_every_page_in_every_language_is_without_faults(
    page: Page, address: str, shop: tuple[World, list[Place]]
) -> None:
    world, places = shop
    faults, beyond, mirrored, directions = [], [], [], set()
    for visitor in ("owner", "stranger"):
        become(page, address, visitor, world)
        for language in LANGUAGES:
            speak(page.context, address, language)
            for place in (one for one in places if one.visitor == visitor):
                page.goto(address + place.path)
                directions.add((language, page.locator("html").get_attribute("dir")))
                at = f"{place.name} {language}"
                faults += [f"{at} {fault}" for fault in faults_in_both_themes(page)]
                beyond += [at] if width_beyond(page) > 0 else []
                mirrored += [f"{at} {price}" for price in mirrored_prices(page)]
    assert faults == []
    assert beyond == []
    assert mirrored == []
    assert directions == {("en", "ltr"), ("zh-hans", "ltr"), ("ar", "rtl")}


def test_what_goes_wrong_is_readable_too(page: Page, address: str) -> None:
    faults, beyond = [], []
    for language in LANGUAGES:
        for name, html in error_pages(language):
            serve(page, f"{address}/gate-{language}-{name}/", html)
            faults += [f"{name} {language} {fault}" for fault in faults_in_both_themes(page)]
            beyond += [f"{name} {language}"] if width_beyond(page) > 0 else []
    assert faults == []
    assert beyond == []


def serve(page: Page, url: str, html: str) -> None:
    """Open what cannot be asked for: a page that only a fault shows."""
    kind = "text/html; charset=utf-8"
    page.route(url, lambda route: route.fulfill(content_type=kind, body=html))
    page.goto(url)


def test_no_control_with_the_focus_is_covered(
    page: Page, address: str, shop: tuple[World, list[Place]]
) -> None:
    world, places = shop
    covered = []
    for visitor in ("owner", "stranger"):
        become(page, address, visitor, world)
        for place in (one for one in places if one.visitor == visitor):
            page.set_viewport_size({"width": 390, "height": 700})
            page.goto(address + place.path)
            covered += [f"{place.name} {trouble}" for trouble in covered_controls(page)]
    assert covered == []
