"""Quotes, slips and what planners read of them, as people see them."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from cosmo.accounts.models import Membership, User
from orders.models import Order, Unit
from orders.selectors.access import link_key
from production.models import Slip
from tests.factories.orders import let_hold_expire, pay, place
from tests.factories.production import make_factory
from tests.production.slips.late import lose_time, sell
from tests.production.slips.test_accuracy import deliver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("COSMO_PICTURES", "")  # a folder to look at what was tested


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "bypass_csp": False}


def make_pages() -> dict[str, str]:
    """Name and path of every page, with a key where a guest comes by link."""
    plant, offer, late = sell(quantity=2)
    quoted, ended, done = place(offer, quantity=2), place(offer), pay(place(offer, quantity=2))
    one, other = Unit.objects.filter(line__order=done).order_by("id")
    deliver(one, -1)
    deliver(other, 2)
    let_hold_expire(ended)
    lose_time(plant)
    slip = Slip.objects.filter(unit__line__order=late).order_by("id")[0]

    def keyed(path: str, order: Order) -> str:
        return f"{path}?key={link_key(order)}"

    return {
        "quote": keyed(f"/orders/{quoted.public_id}/quote/", quoted),
        "ended": keyed(f"/orders/{ended.public_id}/quote/", ended),
        "order": keyed(f"/orders/{late.public_id}/", late),
        "slip": keyed(f"/slips/{slip.public_id}/", late),
        "unit": f"/units/{slip.unit.public_id}/",
        "slips": "/planner/slips?plant=yard",
        "accuracy": "/planner/accuracy?plant=yard",
    }


def sign_in(page: Page, address: str) -> None:
    user = User.objects.create_user(email="plan@example.org", password="pw")
    Membership.objects.create(user=user, organisation=make_factory(), role="planner")
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}]
    )


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "zh-hans")])
def test_pages_of_quotes_and_slips_have_no_fault_and_fit_a_phone(
    page: Page,
    address: str,
    violations: Callable[[], list[str]],
    complaints: list[str],
    theme: Any,
    language: str,
) -> None:
    sign_in(page, address)
    page.emulate_media(color_scheme=theme)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": address}])
    faults, beyond = {}, []
    for name, path in make_pages().items():
        page.goto(address + path)
        assert page.locator("h1").count() == 1, name
        if found := violations():
            faults[name] = found
        for width in (1280, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                beyond.append((name, width))
            if PICTURES:
                shot = Path(PICTURES) / f"{name}-{language}-{width}.png"
                page.screenshot(path=shot, full_page=True)
        page.set_viewport_size({"width": 1280, "height": 800})
    assert faults == {}
    assert beyond == []
    assert complaints == []
