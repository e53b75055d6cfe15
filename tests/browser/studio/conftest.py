"""One shop for all tests of a module: they only look, and every page is a fresh one."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.core.management import call_command
from playwright.sync_api import Page
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import BUILT


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "bypass_csp": False}


@pytest.fixture(scope="module")
def bench(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of the studio of the stool."""
    # Not above: a conftest is read before Django is ready.
    from tests.browser.studio.bench import STUDIO, make_bench

    assert BUILT.exists(), "static/built is empty. Run `make setup` first."
    with django_db_blocker.unblock():
        make_bench()
        server = LiveServer("127.0.0.1")
        address = f"{server.url}{STUDIO}"
        httpx.get(address, timeout=120)  # rules are compiled once; no test waits for that
        yield address
        server.stop()
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def studio(page: Page, bench: str) -> Page:
    page.goto(bench)
    return page
