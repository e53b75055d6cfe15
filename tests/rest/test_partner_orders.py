"""A partner's way: offers, configure, design, order, unit, events."""

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings

from design.models import Offer
from orders.models import Order, Unit
from production.models import Operation
from tests.factories.partners import Api, assert_problem, order_body
from tests.factories.production import make_offer


def test_offers_say_what_can_be_chosen(api: Api, offer: Offer) -> None:
    [listed] = api.get("offers/").json()["results"]
    assert listed["product"] == "stool"
    assert listed["offer"] == str(offer.public_id)
    found = api.get("offers/stool/").json()
    assert [feature["id"] for feature in found["features"]] == ["size", "colour", "engraving"]
    assert [option["id"] for option in found["features"][1]["options"]] == ["white", "black", "red"]
    assert found["features"][2]["max_length"] == 12
    assert [rule["id"] for rule in found["rules"]] == ["R01"]


def test_possible_choices_have_domains_price_and_date(api: Api) -> None:
    found = api.post("offers/stool/configure/", {"choices": {"size": "large"}}, key=None).json()
    assert found["is_possible"] is True
    assert found["domains"]["colour"] == ["black", "white"]
    assert found["selection"] == {"size": "large", "colour": "white", "engraving": ""}
    lines = sum(Decimal(line["amount"]) for line in found["price"]["lines"])
    assert lines == Decimal(found["price"]["total"]) == Decimal(100)
    assert found["promise"]["plant"] == "yard"
    assert date.fromisoformat(found["promise"]["date"]) > date(2027, 3, 1)


def test_choices_that_contradict_each_other_are_explained(api: Api) -> None:
    choices = {"engraving": "Ada", "size": "large", "colour": "red"}
    found = api.post("offers/stool/configure/", {"choices": choices}, key=None).json()
    assert found["is_possible"] is False
    assert found["conflict"]["choices"] == [
        {"feature": "size", "option": "large"},
        {"feature": "colour", "option": "red"},
    ]
    assert [rule["id"] for rule in found["conflict"]["rules"]] == ["R01"]
    saved = api.post("designs/", {"product": "stool", "choices": choices})
    assert_problem(saved, 422, "choices_conflict")


def test_an_order_is_confirmed_with_its_units(api: Api) -> None:
    design = api.save_design(colour="black")
    answer = api.order(design=design, lines=[{"design": design, "quantity": 2}], reference="PO 7")
    assert answer.status_code == 201
    placed = answer.json()
    assert placed["status"] == "confirmed"
    assert placed["reference"] == "PO 7"
    assert (placed["total"], placed["tax_total"]) == ("200.00", "31.93")
    [line] = placed["lines"]
    assert line["design"] == design
    assert len(line["units"]) == 2
    assert line["units"][0]["digital_link"].startswith(settings.PUBLIC_URL + "/01/0")
    assert api.get(f"orders/{placed['id']}/").json() == placed
    assert api.get("orders/").json()["results"] == [placed]
    order = Order.objects.get()
    assert order.partner is not None
    assert order.partner.slug == "partner"
    assert order.user is None


def test_what_was_said_must_still_hold(api: Api) -> None:
    design = api.save_design()
    asked = api.post("offers/stool/configure/", {}, key=None).json()
    said = {"total": "100.00", "promise_date": asked["promise"]["date"]}
    cheap = api.order(design=design, said={**said, "total": "99.00"})
    problem = assert_problem(cheap, 409, "price_moved")
    assert (problem["old"], problem["new"]) == ("99.00", "100.00")
    early = api.order(design=design, said={**said, "promise_date": "2027-03-01"})
    assert assert_problem(early, 409, "promise_moved")["new"] == said["promise_date"]
    assert not Order.objects.exists()
    assert api.order(design=design, said=said).status_code == 201


def test_a_confirmed_order_is_cancelled_until_work_on_it_begins(api: Api) -> None:
    placed, begun = api.order().json(), api.order().json()
    cancelled = api.post(f"orders/{placed['id']}/cancel/")
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    unit = begun["lines"][0]["units"][0]["id"]
    Operation.objects.filter(work_order__unit__public_id=unit, code="saw").update(status="running")
    assert_problem(api.post(f"orders/{begun['id']}/cancel/"), 409, "already_in_production")
    assert Order.objects.get(public_id=begun["id"]).status == "confirmed"


def test_a_design_of_yesterdays_offer_is_not_sold(api: Api) -> None:
    design = api.save_design()
    make_offer(price={"base": "120", "lines": []})
    problem = assert_problem(api.order(design=design), 409, "offer_outdated")
    assert problem["design"] == design
    assert not Order.objects.exists()


def test_a_unit_and_what_happened_to_it(api: Api) -> None:
    placed = api.order(reference="PO 8").json()
    unit = placed["lines"][0]["units"][0]
    found = api.get(f"units/{unit['id']}/").json()
    assert found["serial"] == unit["serial"]
    assert found["order"] == placed["id"]
    assert found["reference"] == "PO 8"
    assert found["stage"] == "planned"
    assert found["promise_date"] == placed["promise_date"]
    assert api.get("units/").json()["results"] == [found]
    history = api.get(f"units/{unit['id']}/events/").json()
    assert [event["stage"] for event in history["events"]] == ["confirmed", "planned"]
    assert history["more"] is False
    after = api.get(f"units/{unit['id']}/events/", after=history["last"]).json()
    assert after == {"events": [], "last": history["last"], "more": False}


def test_a_unit_without_events_has_no_stage(api: Api) -> None:
    api.order()
    unit = Unit.objects.get()
    unit.events.all().delete()
    assert api.get(f"units/{unit.public_id}/").json()["stage"] is None


@pytest.mark.parametrize("lines", [[], [{"design": "x"}] * 21])
def test_an_order_has_one_to_twenty_lines(api: Api, lines: list[dict[str, str]]) -> None:
    assert_problem(api.post("orders/", order_body("x", lines=lines)), 422, "invalid")
