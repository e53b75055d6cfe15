"""Gallery and campaign in a browser: voting without reloading, all without JavaScript too; axe."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from cosmo.accounts.models import User
from orders.models import Pledge
from tests.factories.cocreation import known_person, open_for, show
from tests.factories.shop import make_shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COOKIE = settings.SESSION_COOKIE_NAME
ADDRESS_FORM = {
    "Full name": "Ada",
    "Street and number": "1 Loom Street",
    "Postcode": "10115",
    "Town": "Berlin",
}


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[COOKIE].value


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_looking_voting_and_the_family(
    page: Page,
    address: str,
    violations: Callable[[], list[str]],
    complaints: list[str],
    width: int,
    theme: str,
) -> None:
    make_shop()
    entry = show(known_person("a@example.org", "Lotte"), "Under the window")
    voter = known_person("b@example.org", "Noor")
    show(voter, "By the door", forked_from=entry.revision)
    page.context.add_cookies([{"name": COOKIE, "value": session_of(voter), "url": address}])
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}/gallery/")
    assert violations() == []
    page.get_by_role("link", name="Under the window").click()
    page.get_by_role("button", name="Vote").click()
    voted = page.get_by_role("button", name="Voted")
    expect(voted).to_have_attribute("aria-pressed", "true")
    expect(voted).to_contain_text("1")
    assert violations() == []
    page.get_by_role("link", name="Its family").click()
    expect(page.get_by_role("listitem").filter(has_text="By the door")).to_have_count(2)
    assert violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []


def test_taking_part_without_javascript(browser: Browser, address: str) -> None:
    make_shop()
    shower = known_person("a@example.org", "Lotte")
    campaign = open_for(show(shower), owner=shower)
    context = browser.new_context(java_script_enabled=False)
    user = User.objects.create_user("backer@example.org")
    context.add_cookies([{"name": COOKIE, "value": session_of(user), "url": address}])
    page = context.new_page()
    page.goto(f"{address}/campaigns/")
    page.get_by_role("link", name="Stools for all").click()
    page.get_by_role("link", name="Take part").click()
    for label, text in ADDRESS_FORM.items():
        page.get_by_label(label).fill(text)
    page.get_by_label("I have read the terms").check()
    page.get_by_role("button", name="Take part with obligation to pay").click()
    page.get_by_role("button", name="Agree").click()
    expect(page.get_by_text("You take part", exact=True)).to_be_visible()
    assert Pledge.objects.get().status == "committed"
    page.get_by_role("button", name="Take part no more").click()
    assert Pledge.objects.get().status == "released"
    assert campaign.pledges.count() == 1
    context.close()
