import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django_htmx.middleware import HtmxDetails

from cosmo import views
from cosmo.lib.errors import Conflict, Forbidden, Invalid, NotFound
from cosmo.lib.errors_http import DomainErrorMiddleware

MESSAGE = "Width 1,850 mm is above 1,800 mm. Choose 1,800 mm or less."


def request_to(path: str, *, is_htmx: bool = False) -> HttpRequest:
    headers = {"HX-Request": "true"} if is_htmx else {}
    request = RequestFactory(headers=headers).get(path)
    request.user = AnonymousUser()
    request.chain_id = "chain-of-this-request"  # type: ignore[attr-defined]
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    return request


def refuse(error: Exception, path: str = "/studio/", *, is_htmx: bool = False) -> tuple[int, str]:
    middleware = DomainErrorMiddleware(lambda request: pytest.fail("not asked"))
    response = middleware.process_exception(request_to(path, is_htmx=is_htmx), error)
    assert response is not None
    return response.status_code, response.content.decode()


def test_a_missing_page_says_what_can_be_done_and_names_its_chain(client: Client) -> None:
    response = client.get("/nothing/here/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "There is no page at /nothing/here/" in page
    assert "What you can do" in page
    assert response["X-Chain-Id"] in page


def test_a_missing_page_speaks_chinese(client: Client) -> None:
    client.cookies["django_language"] = "zh-hans"
    assert '<html lang="zh-hans"' in client.get("/nothing/").content.decode()


def test_the_address_is_shown_as_text_never_as_markup(client: Client) -> None:
    page = client.get("/<script>alert(1)</script>/").content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Conflict("too_wide", MESSAGE), 409),
        (Invalid("too_wide", MESSAGE), 422),
        (Forbidden("too_wide", MESSAGE), 403),
        (NotFound("too_wide", MESSAGE), 404),
    ],
)
@pytest.mark.parametrize("is_htmx", [False, True])
def test_a_refusal_shows_its_sentence(error: Exception, status: int, is_htmx: bool) -> None:
    answered, page = refuse(error, is_htmx=is_htmx)
    assert answered == status
    assert MESSAGE in page
    assert ("<html" in page) is not is_htmx


def test_a_refusal_of_a_fragment_goes_to_its_own_place() -> None:
    middleware = DomainErrorMiddleware(lambda request: pytest.fail("not asked"))
    request = request_to("/studio/", is_htmx=True)
    response = middleware.process_exception(request, Conflict("too_wide", MESSAGE))
    assert response is not None
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#refusals", "innerHTML")


def test_programs_get_a_problem_document() -> None:
    status, body = refuse(Conflict("too_wide", MESSAGE), "/api/v1/designs")
    problem = json.loads(body)
    assert status == 409
    assert (problem["code"], problem["detail"]) == ("too_wide", MESSAGE)
    assert problem["chain_id"] == "chain-of-this-request"


def test_an_unknown_api_address_is_a_problem_too(client: Client) -> None:
    response = client.get("/api/v1/nothing")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_other_errors_are_left_to_the_server_error_page() -> None:
    middleware = DomainErrorMiddleware(lambda request: pytest.fail("not asked"))
    assert middleware.process_exception(request_to("/"), ValueError("ours")) is None


def test_a_server_error_needs_no_database_and_shows_no_traceback() -> None:
    # No database mark: a statement would fail this test.
    response = views.server_error(request_to("/studio/"))
    page = response.content.decode()
    assert response.status_code == 500
    assert "chain-of-this-request" in page
    assert "Traceback" not in page
    assert "<form" not in page


def test_an_expired_form_says_so() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/appearance/", {"theme": "dark"})
    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()
    assert "cosmo_theme" not in response.cookies


def test_the_gallery_is_closed_to_visitors(client: Client) -> None:
    assert client.get("/styleguide/").status_code == 404
