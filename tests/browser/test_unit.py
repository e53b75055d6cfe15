"""A unit's page in a browser: it follows live, catches up, and works without a script."""

import asyncio
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from cosmo.embedded.children import start_child
from cosmo.embedded.folders import CHECKOUT
from cosmo.embedded.ports import LOOPBACK, free_port
from cosmo.relay import publish_events
from orders.selectors.access import SESSION_GRANTS
from production.models import Plant, WorkOrder
from tests.factories.production import MONDAY, make_plant, set_plant_time
from tests.factories.work_orders import make_accepted, make_work_order
from tests.flow.waiting import wait_until
from tests.production.fake_line import EPOCH
from tests.production.reporting import Body, Reporter, deliver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEADLINE = "[aria-current=step] .timeline-title"


@pytest.fixture
def plant() -> Plant:
    from cosmo.lib.clock import real_now

    made = make_plant()
    made.lines.update(epoch=EPOCH, seen_at=real_now())
    return made


@pytest.fixture
def work_order(plant: Plant) -> WorkOrder:
    made = make_accepted(make_work_order(plant), epoch=EPOCH)
    set_plant_time(plant, MONDAY + timedelta(days=1))
    return made


@pytest.fixture
def unit_page(address: str, work_order: WorkOrder) -> str:
    return address + reverse("production:unit", args=[work_order.unit.public_id])


@pytest.fixture
def cookie(address: str, work_order: WorkOrder) -> Any:
    """Of the browser that placed the order."""
    session = Client().session
    session[SESSION_GRANTS] = [str(work_order.unit.line.order.public_id)]
    session.save()
    return {"name": "sessionid", "value": str(session.session_key), "url": address}


@contextmanager
def live_process(port: int, log: Path) -> Iterator[None]:
    """The sockets' process, as in the demo."""
    command = [sys.executable, "-m", "uvicorn", "--host", LOOPBACK, "--port", str(port)]
    child = start_child(
        [*command, "--lifespan", "off", "cosmo.asgi:application"],
        log=log,
        environment={**os.environ, "PYTHONWARNINGS": "ignore"},
        cwd=CHECKOUT,
    )
    try:
        wait_until(lambda: listens(port), within_s=60, what="the live process listens")
        yield
    finally:
        child.kill()
        child.wait()


def listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


@pytest.fixture
def live_port(settings: Any) -> int:
    """Where pages look for their socket."""
    port = free_port()
    settings.LIVE_URL = f"ws://{LOOPBACK}:{port}"
    policy = settings.CONTENT_SECURITY_POLICY
    directives = {**policy["DIRECTIVES"], "connect-src": ["'self'", settings.LIVE_URL]}
    settings.CONTENT_SECURITY_POLICY = {**policy, "DIRECTIVES": directives}
    return port


def tell(work_order: WorkOrder, bodies: list[Body]) -> None:
    """Reported, applied, and handed on by the relay."""
    deliver(work_order, bodies)
    relay = threading.Thread(target=publish)  # playwright's loop runs in this one
    relay.start()
    relay.join()


def publish() -> None:
    try:
        with asyncio.Runner() as runner:
            publish_events(runner)
    finally:
        connection.close()


def test_page_follows_the_unit_and_catches_up_after_the_socket_was_away(
    page: Page,
    unit_page: str,
    cookie: Any,
    live_port: int,
    work_order: WorkOrder,
    tmp_path: Path,
    complaints: list[str],
) -> None:
    line = Reporter(work_order)
    page.context.add_cookies([cookie])
    with live_process(live_port, tmp_path / "live.log"):
        with page.expect_websocket():
            page.goto(unit_page)
        expect(page.locator(HEADLINE)).to_have_text("Planned for Monday 1 March")
        queued = line.say("AllowedToStart/Waiting", queue_position=3)
        tell(work_order, [queued])
        expect(page.locator(HEADLINE)).to_have_text("In the queue, position 3", timeout=20_000)
        expect(page.locator("#live")).to_have_text("In the queue, position 3")
        assert complaints == []
    tell(work_order, line.make("saw"))
    tell(work_order, [line.about("paint", "started")])
    with live_process(live_port, tmp_path / "live.log"):
        expect(page.locator(HEADLINE)).to_have_text("Being made: paint, 2 of 4", timeout=30_000)
        tell(work_order, [line.about("paint", "ended"), line.about("check", "started")])
        expect(page.locator(HEADLINE)).to_have_text("Being made: check, 3 of 4", timeout=20_000)


def test_page_is_whole_without_script(
    browser: Browser, unit_page: str, cookie: Any, work_order: WorkOrder
) -> None:
    context = browser.new_context(java_script_enabled=False)
    with closing(context):
        context.add_cookies([cookie])
        page = context.new_page()
        page.goto(unit_page)
        expect(page.locator(HEADLINE)).to_have_text("Planned for Monday 1 March")
        deliver(work_order, Reporter(work_order).queue())
        page.get_by_role("link", name="Look again").click()
        expect(page.locator(HEADLINE)).to_have_text("Next on the line")
        page.get_by_role("link", name="Its passport").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Stool")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_unit_and_passport_are_readable_by_everybody(
    page: Page,
    unit_page: str,
    address: str,
    cookie: Any,
    work_order: WorkOrder,
    scheme: Any,
    violations: Callable[[], list[str]],
) -> None:
    deliver(work_order, Reporter(work_order).life())
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.context.add_cookies([cookie])
    for path in (unit_page, address + work_order.unit.digital_link):
        page.goto(path)
        assert violations() == []
        page.set_viewport_size({"width": 320, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.set_viewport_size({"width": 1280, "height": 800})
