"""What belongs to one partner does not exist for another."""

import pytest

from design.models import Offer
from tests.factories.orders import place
from tests.factories.partners import Api, assert_problem, make_api, make_program, make_token


@pytest.fixture
def foreign(offer: Offer) -> Api:
    return make_api("other-partner")


def test_lists_hold_ones_own_only(api: Api, foreign: Api) -> None:
    placed = api.order().json()
    for path in ("designs/", "orders/", "units/"):
        assert len(api.get(path).json()["results"]) == 1
        assert foreign.get(path).json()["results"] == []
    assert foreign.order().status_code == 201
    assert [o["id"] for o in api.get("orders/").json()["results"]] == [placed["id"]]


def test_what_is_a_partners_does_not_exist_for_another(api: Api, foreign: Api) -> None:
    design = api.save_design()
    placed = api.order(design=design).json()
    unit = placed["lines"][0]["units"][0]["id"]
    for path, code in (
        (f"designs/{design}/", "unknown_design"),
        (f"orders/{placed['id']}/", "unknown_order"),
        (f"units/{unit}/", "unknown_unit"),
        (f"units/{unit}/events/", "unknown_unit"),
    ):
        assert api.get(path).status_code == 200
        assert_problem(foreign.get(path), 404, code)
    assert_problem(foreign.post(f"orders/{placed['id']}/cancel/"), 404, "unknown_order")
    assert_problem(foreign.order(design=design), 404, "unknown_design")
    assert foreign.get("orders/").json()["results"] == []


def test_consumers_orders_and_designs_are_no_partners(api: Api, offer: Offer) -> None:
    order = place(offer)
    line = order.lines.get()
    assert_problem(api.get(f"orders/{order.public_id}/"), 404, "unknown_order")
    unit = line.units.get()
    assert_problem(api.get(f"units/{unit.public_id}/events/"), 404, "unknown_unit")
    design = line.revision.design.code
    assert_problem(api.get(f"designs/{design}/"), 404, "unknown_design")
    assert_problem(api.order(design=design), 404, "unknown_design")


def test_two_programs_of_one_partner_share_its_orders(api: Api) -> None:
    placed = api.order().json()
    other = Api(token=make_token(make_program("partner")))
    assert other.get(f"orders/{placed['id']}/").json() == placed
