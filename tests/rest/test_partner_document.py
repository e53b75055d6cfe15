"""The examples of docs/partner-api.md do what they say, and so does the partner's journey."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from pytest_django.live_server_helper import LiveServer

from cosmo.accounts.models import ApiClient
from cosmo.lib.clock import real_now
from orders.models import Order
from orders.signals import order_confirmed
from production.lifecycle import Stage
from production.models import Plant, WorkOrder
from production.services.history import Happening, record_events
from tests.factories.partners import SECRET, make_program
from tests.factories.production import MONDAY, make_factory, set_plant_time

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(settings.BASE_DIR)
TEXT = (ROOT / "docs" / "partner-api.md").read_text(encoding="utf-8")


@pytest.fixture
def program(live_server: LiveServer) -> ApiClient:
    make_factory()
    call_command("load_catalogue", str(ROOT / "catalogue"), verbosity=0)
    for plant in Plant.objects.all():
        set_plant_time(plant, MONDAY)
    return make_program()


def blocks(language: str) -> str:
    return "\n".join(re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL))


def run(command: list[str], url: str, program: ApiClient, text: str = "") -> Any:
    environment = {
        "PATH": os.environ["PATH"],
        "URL": url,
        "CLIENT_ID": program.client_id,
        "CLIENT_SECRET": SECRET,
    }
    return subprocess.run(
        command, input=text, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60
    )


def test_the_examples_in_curl_run(live_server: LiveServer, program: ApiClient) -> None:
    script = "set -euo pipefail\n" + blocks("sh")
    done = run(["bash", "-s"], live_server.url, program, script)
    assert done.returncode == 0, done.stderr
    order = Order.objects.get()
    assert order.partner_reference == "PO-7"
    assert '"is_possible":false' in done.stdout
    assert '"rules":[{"id":"R04"' in done.stdout
    assert '"is_possible":true' in done.stdout
    assert '"stage":"confirmed"' in done.stdout


def test_the_example_in_python_runs(live_server: LiveServer, program: ApiClient) -> None:
    done = run([sys.executable, "-"], live_server.url, program, blocks("python"))
    assert done.returncode == 0, done.stderr
    order = Order.objects.get()
    unit = order.lines.get().units.get()
    assert done.stdout.splitlines()[0] == (
        f"{unit.serial} {settings.PUBLIC_URL}{unit.digital_link}"
    )
    assert " confirmed " in done.stdout


def release_at_once(order_id: int, **_: Any) -> None:
    """The line has it: what dispatch and reports bring about elsewhere."""
    with transaction.atomic():
        for work_order in WorkOrder.objects.filter(unit__line__order=order_id):
            queued = Happening(
                unit_id=work_order.unit_id, stage=Stage.QUEUED, plant_time=real_now()
            )
            record_events(plant_id=work_order.plant_id, happenings=[queued])


def test_the_partners_journey_ends_well(
    live_server: LiveServer, program: ApiClient, tmp_path: Path
) -> None:
    accounts = tmp_path / "accounts.json"
    known = {"client_id": program.client_id, "client_secret": SECRET}
    accounts.write_text(json.dumps({"partner": known}))
    order_confirmed.connect(release_at_once)
    try:
        command = [sys.executable, "-m", "journey.partner", "--url", live_server.url]
        done = run([*command, "--accounts", str(accounts)], live_server.url, program)
    finally:
        order_confirmed.disconnect(release_at_once)
    assert done.returncode == 0, done.stderr + done.stdout
    result = json.loads(done.stdout.splitlines()[-1])
    assert [stage["stage"] for stage in result["stages"]] == ["confirmed", "planned", "queued"]
    assert result["blocked"]["rules"]
    assert result["order"] == Order.objects.get().number


def test_the_journey_says_why_it_ends(
    live_server: LiveServer, program: ApiClient, tmp_path: Path
) -> None:
    accounts = tmp_path / "accounts.json"
    accounts.write_text(json.dumps({"partner": {"client_id": "nobody", "client_secret": "x"}}))
    command = [sys.executable, "-m", "journey.partner", "--url", live_server.url]
    done = run([*command, "--accounts", str(accounts)], live_server.url, program)
    assert done.returncode == 1
    assert "No token: 401" in done.stderr
    assert not Order.objects.exists()
