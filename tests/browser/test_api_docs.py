"""The browsable API page under our content security policy: nothing inline, no call home."""

from typing import Any

import pytest
from playwright.sync_api import Page, Request, Response

from tests.factories.partners import SECRET, make_program
from tests.factories.production import make_offer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "bypass_csp": False}


def test_the_api_page_shows_every_operation_and_can_try_one(
    page: Page, address: str, complaints: list[str]
) -> None:
    make_offer()
    program = make_program()
    foreign: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((address, "data:")):
            foreign.append(request.url)

    page.on("request", note)
    answer = page.goto(f"{address}/api/v1/docs/")
    assert isinstance(answer, Response)
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
    page.get_by_text("/api/v1/units/{public_id}/events/", exact=True).wait_for()
    assert page.locator(".opblock").count() == 14
    page.get_by_role("button", name="Authorize").click()
    page.locator("#client_id_clientCredentials").fill(program.client_id)
    page.locator("#client_secret_clientCredentials").fill(SECRET)
    page.locator(".scopes").get_by_text("select all").click()
    page.locator(".auth-btn-wrapper .authorize").click()
    page.get_by_text("Logout", exact=True).wait_for()
    page.locator(".auth-btn-wrapper .btn-done").click()
    page.locator("#operations-offers-offers_list .opblock-summary-control").click()
    page.get_by_role("button", name="Try it out").click()
    with page.expect_response(lambda seen: seen.url.endswith("/api/v1/offers/")) as tried:
        page.get_by_role("button", name="Execute").click()
    assert tried.value.status == 200
    assert tried.value.json()["results"][0]["product"] == "stool"
    assert foreign == []
    assert complaints == []
