"""The planner's components: what the page says, what its buttons do, who may press them."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from cosmo.accounts.roles import Role
from production.models import Plant, PurchaseOrder, PurchaseProposal, StockMove
from tests.factories.work_orders import make_work_orders
from tests.production.materials.stocks import count, numbers
from tests.production.test_staff_pages import sign_in

pytestmark = pytest.mark.django_db
PAGE = "/planner/materials"


@pytest.fixture
def short(plant: Plant, client: Client) -> Plant:
    """Legs for one of two sold units, and a planner at the page."""
    names = {"en": "Turned leg", "zh-hans": "车制凳腿"}
    count(plant, {"code": "LEG", "on_hand": "3", "names": names}, {"code": "SEAT", "on_hand": "9"})
    make_work_orders(plant, quantity=2)
    sign_in(client, Role.PLANNER)
    return plant


def page(client: Client) -> str:
    response = client.get(PAGE)
    assert response.status_code == 200
    return response.content.decode()


def test_a_shortage_names_the_unit_it_delays_and_from_when(short: Plant, client: Client) -> None:
    text = page(client)
    waiting = PurchaseProposal.objects.get().units.get()
    assert "Turned leg" in text
    assert f"unit={waiting.public_id}" in text
    assert "Thursday 11 March" in text  # ten days after Monday the 1st
    assert "Nobody waits for a component." not in text


def test_in_chinese_it_is_the_chinese_name(short: Plant, client: Client) -> None:
    client.cookies["django_language"] = "zh-hans"
    text = page(client)
    assert "车制凳腿" in text
    assert "Turned leg" not in text


def test_from_proposal_to_delivery_by_buttons(short: Plant, client: Client) -> None:
    proposal = PurchaseProposal.objects.get()
    stock = proposal.stock
    answer = client.post(f"{PAGE}/proposals/{proposal.public_id}/accept", follow=True)
    assert "LEG is ordered." in answer.content.decode()
    purchase = PurchaseOrder.objects.get()
    decide = f"{PAGE}/purchases/{purchase.public_id}/decide"
    client.post(decide, {"act": "postpone", "day": "2027-04-01"})
    purchase.refresh_from_db()
    assert purchase.expected_at.isoformat() == "2027-04-01T10:00:00+00:00"
    client.post(decide, {"act": "receive", "quantity": "1,5"})
    assert numbers(stock) == (4, 0, 3, 3)
    answer = client.post(decide, {"act": "receive", "quantity": "9"}, follow=True)
    assert "9 is more than the 1.5 that are still to come" in answer.content.decode()
    client.post(decide, {"act": "receive", "quantity": "1.5"})
    assert numbers(stock) == (6, 0, 6, 0)
    text = page(client)
    assert "Nobody waits for a component." in text
    assert "Nothing is on order." in text


def test_counting_is_noted_with_who_and_why(short: Plant, client: Client) -> None:
    stock = PurchaseProposal.objects.get().stock
    address = f"{PAGE}/components/{stock.component.public_id}/count"
    sent = {"plant": short.code, "act": "scrap", "quantity": "1", "reason": "split"}
    client.post(address, sent)
    move = StockMove.objects.get(kind="scrap")
    assert (move.on_hand, move.reason) == (Decimal(-1), "split")
    assert move.user is not None
    assert move.user.email == "planner-factory@example.org"
    assert numbers(stock) == (2, 0, 0, 6)
    for wrong in ({"quantity": "-1"}, {"quantity": "NaN"}, {"quantity": ""}, {"quantity": "9"}):
        assert client.post(address, {**sent, **wrong}).status_code == 302
    assert client.post(address, {**sent, "act": "eat"}).status_code == 422
    assert StockMove.objects.filter(kind="scrap").count() == 1


def test_foreign_planners_and_operators_do_not_get_there(short: Plant, client: Client) -> None:
    proposal = PurchaseProposal.objects.get()
    sign_in(client, Role.PLANNER, "elsewhere")
    assert client.get(PAGE, {"plant": short.code}).status_code == 404
    assert client.post(f"{PAGE}/proposals/{proposal.public_id}/accept").status_code == 404
    sign_in(client, Role.OPERATOR)
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}/proposals/{proposal.public_id}/accept").status_code == 403
    assert PurchaseOrder.objects.count() == 0


def test_the_page_costs_the_same_however_much_there_is(
    plant: Plant, client: Client, django_assert_max_num_queries: Any
) -> None:
    stocks = [{"code": f"C{n}", "on_hand": "0", "reorder_level": "5"} for n in range(30)]
    count(plant, {"code": "LEG", "on_hand": "0"}, *stocks)
    make_work_orders(plant, quantity=6)
    sign_in(client, Role.PLANNER)
    page(client)
    with django_assert_max_num_queries(14):
        page(client)
