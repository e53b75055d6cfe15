"""The author's desk in a browser: the editor, findings with their line, axe, small screens."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Dialog, Page, expect

from cosmo.accounts.roles import Role
from design.models import Draft
from tests.design.authoring.desk import check, make_draft, make_person, put_on_sale, rewrite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def draft(address: str, context: BrowserContext, client: Client, tmp_path: Path) -> Draft:
    """A checked draft with a dead option, its author signed in."""
    put_on_sale(tmp_path / "stool")
    ada = make_person("ada", Role.AUTHOR)
    client.force_login(ada)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
    found = make_draft(ada)
    found = rewrite(found, "rules:", "rules:\n  - {id: R3, never: \"colour == 'red'\"}")
    found = rewrite(found, "R1: ", "R3: No red, R1: ", "texts/en.yaml")
    check(found)
    return found


def at(draft: Draft, name: str = "draft") -> str:
    return reverse(f"design:{name}", args=[draft.public_id])


def test_typing_shows_the_fault_and_leads_to_its_line(
    draft: Draft, address: str, page: Page, complaints: list[str]
) -> None:
    page.goto(address + at(draft))
    text = page.locator("#text")
    lines = draft.files["offer.yaml"].count("\n") + 1
    expect(page.locator(".code-numbers span")).to_have_count(lines)
    wrong = draft.files["offer.yaml"].replace("size.mm", "size.nm", 1)
    text.fill(wrong)
    fault = page.locator("#problems a[data-line]").first
    expect(fault).to_be_visible()
    line = int(fault.get_attribute("data-line") or 0)
    assert "size.nm" in wrong.splitlines()[line - 1]
    expect(page.locator(".code-numbers .is-faulty")).to_have_text(str(line))
    fault.click()
    expect(text).to_be_focused()
    selected = page.evaluate("() => getSelection().toString()")
    assert "size.nm" in selected
    assert complaints == []


def test_saving_with_the_keyboard_and_leaving_unsaved_words(
    draft: Draft, address: str, page: Page
) -> None:
    page.goto(address + at(draft))
    page.locator("#text").press("Control+End")
    page.locator("#text").press_sequentially("# kept")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Words", exact=True).click(no_wait_after=True)
    assert asked == ["beforeunload"]
    page.locator("#text").press("Control+s")
    expect(page.get_by_text("Saved.")).to_be_visible()
    draft.refresh_from_db()
    assert draft.files["offer.yaml"].endswith("# kept")


@pytest.mark.parametrize(
    "name", ["draft", "draft-difference", "draft-words", "draft-prices", "draft-preview"]
)
@pytest.mark.parametrize("width", [1280, 360])
def test_no_accessibility_faults_and_nothing_wider_than_the_screen(
    draft: Draft,
    address: str,
    page: Page,
    violations: Callable[[], list[str]],
    complaints: list[str],
    name: str,
    width: int,
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    query = "?target=everything&percent=3&rounding=whole" if name == "draft-prices" else ""
    page.goto(address + at(draft, name) + query)
    assert violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []


@pytest.mark.parametrize("width", [1280, 360])
def test_list_and_product_page_are_clean(
    draft: Draft, address: str, page: Page, violations: Callable[[], list[str]], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("/author/", "/author/products/stool/"):
        page.goto(address + path)
        assert violations() == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
