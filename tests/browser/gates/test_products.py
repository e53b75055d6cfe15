"""The same for the real products: their pages and studios are the largest there are."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Page

from tests.browser.gates.looks import (
    WIDTHS,
    covered_controls,
    faults_in_both_themes,
    mirrored_prices,
    speak,
    width_beyond,
)
from tests.browser.gates.pages import LANGUAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PRODUCTS = ("refrigerator", "shelf", "bicycle-frame")
PATHS = (
    "/",
    *(f"/products/{slug}/" for slug in PRODUCTS),
    *(f"/products/{slug}/studio/" for slug in PRODUCTS),
)


def test_the_products_in_every_language(page: Page, address: str) -> None:
    page.set_default_navigation_timeout(180_000)  # the first look compiles all rules of a product
    call_command("load_catalogue", str(settings.BASE_DIR / "catalogue"), stdout=StringIO())
    faults, beyond, mirrored, covered, prices = [], [], [], [], 0
    for language in LANGUAGES:
        speak(page.context, address, language)
        for path in PATHS:
            page.goto(address + path)
            at = f"{path} {language}"
            faults += [f"{at} {fault}" for fault in faults_in_both_themes(page)]
            prices += page.locator("main").inner_text().count("€")
            mirrored += [f"{at} {price}" for price in mirrored_prices(page)]
            beyond += [at] if width_beyond(page) > 0 else []
    for path in ("/", *PATHS[4:]):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            page.goto(address + path)
            covered += [f"{path} {width} {trouble}" for trouble in covered_controls(page)]
    assert faults == []
    assert beyond == []
    assert mirrored == []
    assert covered == []
    assert prices > 100
