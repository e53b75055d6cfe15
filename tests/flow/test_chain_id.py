"""One chain id from the click to the machine: whoever asks finds everything by it."""

import httpx
import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from cosmo.lib.clock import real_now
from cosmo.lib.models import OutboxEvent
from journey.pages import Visitor
from journey.shopping import buy, choose, find_studio, save_and_share
from orders.models import Order
from production.models import Line, Plant, WorkOrder
from tests.catalogue.folders import LAMP
from tests.factories.production import STANDSTILL, set_plant_time
from tests.flow import pump
from tests.flow.test_strange_product import OPENS
from tests.production.fake_line import EPOCH, FakeLine, open_line

GIVEN = "click-7c1f0a52-checkout"
TOPICS = ("order.confirmed", "mail.order_confirmed", "unit.changed")


def mark_checkout(request: httpx.Request) -> None:
    """The id belongs to the click that orders; paying is another click with one of its own."""
    if "/checkout/review/" in request.url.path and request.method == "POST":
        request.headers["X-Chain-Id"] = GIVEN


def buy_one(url: str) -> Order:
    visitor = Visitor(url)
    visitor.client.event_hooks = {"request": [mark_checkout]}
    with visitor.client:
        studio, _ = choose(visitor, find_studio(visitor), clicks=1)
        design, saved = save_and_share(visitor, studio)
        return Order.objects.get(number=buy(visitor, saved, design).order)


def send_to(fake: FakeLine, line: Line) -> None:
    line.address, line.epoch, line.seen_at = fake.address, fake.epoch, real_now()
    line.save()
    pump.turn()


@pytest.mark.usefixtures("transactional_db")
def test_the_id_of_the_click_is_in_order_work_order_job_order_and_outbox(
    live_server: LiveServer,
) -> None:
    call_command("load_catalogue", str(LAMP))
    plant = Plant.objects.get()
    set_plant_time(plant, OPENS, factor=STANDSTILL)
    order = buy_one(live_server.url)
    line = plant.lines.get()
    with open_line(line.key) as fake:
        send_to(fake, line)

    assert order.chain_id == GIVEN
    work_order = WorkOrder.objects.get(unit__line__order=order)
    assert work_order.chain_id == GIVEN
    job = str(work_order.public_id)
    assert fake.orders[job]["chain"] == GIVEN
    assert fake.headers[0]["cosmo-chain"] == GIVEN
    assert work_order.applied_epoch == EPOCH
    # A plan answers many clicks and belongs to none.
    of_click = OutboxEvent.objects.exclude(topic="plan.published")
    told = set(of_click.values_list("topic", "chain_id"))
    assert told == {(topic, GIVEN) for topic in TOPICS}


def test_a_malformed_id_is_not_taken_over(live_server: LiveServer) -> None:
    """It would stand in logs and in the headers of calls to a line."""
    with httpx.Client(trust_env=False) as visitor:
        answer = visitor.get(f"{live_server.url}/healthz", headers={"X-Chain-Id": "a b;drop"})
    assert "a b" not in answer.headers["X-Chain-Id"]
    assert len(answer.headers["X-Chain-Id"]) == 36
