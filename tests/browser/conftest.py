"""What all browser tests share: an address with the built files, and the accessibility checker."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import ConsoleMessage, Page
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
BUILT = Path(settings.BASE_DIR) / "static" / "built" / "site.css"

AT_REST = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  await frame();
  await frame();
  for (const moving of document.getAnimations()) {
    if (moving.effect.getComputedTiming().endTime !== Infinity) moving.finish();
  }
  await frame();
}"""


@pytest.fixture(scope="session", autouse=True)
def _orm_beside_the_browser() -> Iterator[None]:
    """Playwright's loop runs in this thread; without this Django refuses every statement."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session", autouse=True)
def _nobody_asks_at_the_end(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A page that asks every second may be answered still when the last test is over; the test
    database could not be dropped while somebody holds it.
    """
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _answers_end_first(request: pytest.FixtureRequest, _django_db_helper: None) -> Iterator[None]:
    """A page says what it keeps when it is left; emptying the tables beside such a request would
    lock both. The page is closed by then, so this waits for the answers under way.
    """
    yield
    if request.node.get_closest_marker("django_db") is None:
        return
    with connection.cursor() as cursor:
        for _ in range(100):
            cursor.execute(
                "SELECT count(*), pg_sleep(0.05) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND state <> 'idle'"
            )
            if cursor.fetchone()[0] == 0:
                return


@pytest.fixture(scope="session")
def base_url() -> None:
    """Tests name full addresses; pytest-playwright's own fixture raises a deprecation warning."""


@pytest.fixture
def address(live_server: LiveServer) -> str:
    assert BUILT.exists(), "static/built is empty. Run `make setup` first."
    return str(live_server.url)


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console complained about: policy violations, script errors.

    Not that no live process answers: none runs here, and pages do without.
    """
    heard: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.text.startswith("WebSocket connection to"):
            return
        if message.type in {"error", "warning"}:
            heard.append(f"{message.text} at {message.location}")

    page.on("console", note)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


# 24 px for a finger, or room around it, is WCAG 2.2; axe asks for it only where it is told to.
RUN_AXE = """async (rules) => {
  const options = rules
    ? { runOnly: { type: "rule", values: rules } }
    : { rules: { "target-size": { enabled: true } } };
  const { violations } = await axe.run(document, options);
  return violations.flatMap((fault) =>
    fault.nodes.map((node) => `${fault.id}: ${node.target.join(" ")}`));
}"""


@pytest.fixture
def violations(page: Page) -> Callable[[], list[str]]:
    """Accessibility faults of the page as it stands, by axe: rule and place.

    A colour on its way from one theme to the other has a contrast of its own, so what is moving
    comes to rest first.
    """

    def ask() -> list[str]:
        page.evaluate(AT_REST)
        page.evaluate(AXE.read_text())
        return list(page.evaluate(RUN_AXE, None))

    return ask
