"""A plant's stock over the partner API, and what may replace a component on the page."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from cosmo.accounts.models import Membership, User
from cosmo.accounts.roles import Role
from production.models import Plant
from production.services.engineering import publish_engineering
from production.services.holds import hold_capacity
from tests.factories.documents import ENGINEERING
from tests.factories.partners import Api, assert_problem, make_program, make_token
from tests.factories.production import make_offer, make_order
from tests.production.materials.stocks import count

pytestmark = pytest.mark.django_db


@pytest.fixture
def short_plant(plant: Plant) -> Plant:
    """Legs are short; bent ones would do too, and are short as well."""
    leg, *others = ENGINEERING["bom"]
    bill = [{**leg, "substitutes": ["BENT-LEG"]}, *others]
    offer = make_offer()
    publish_engineering(
        offer=offer, plant=plant, document={**ENGINEERING, "plant": plant.code, "bom": bill}
    )
    count(
        plant,
        {"code": "LEG", "on_hand": "4"},
        {"code": "BENT-LEG", "on_hand": "1", "names": {"en": "Bent leg"}},
    )
    for _ in range(2):
        hold_capacity(order_id=make_order(offer).pk, lasts=timedelta(minutes=15))
    return plant


def test_a_plants_own_program_reads_stock_and_shortages(short_plant: Plant) -> None:
    own = make_program(short_plant.organisation.slug)
    bent, leg = Api(token=make_token(own)).get("stocks/").json()["results"]
    assert (bent["component"], bent["on_hand"], bent["substitutes"]) == ("BENT-LEG", "1", [])
    assert (leg["plant"], leg["component"], leg["unit"]) == ("yard", "LEG", "piece")
    assert (leg["on_hand"], leg["kept"], leg["free"], leg["ordered"]) == ("4", "3", "1", "0")
    assert leg["substitutes"] == ["BENT-LEG"]
    short = {one["component"]: Decimal(one["short"]) for one in (bent, leg)}
    assert sum(short.values()) == 3
    assert [one["available_at"] for one in (bent, leg) if Decimal(one["short"])] != [None]


def test_other_organisations_see_none_of_it(short_plant: Plant) -> None:
    stranger = make_program("stranger")
    assert Api(token=make_token(stranger)).get("stocks/").json()["results"] == []
    less = Api(token=make_token(stranger, scopes="orders:read"))
    assert_problem(less.get("stocks/"), 403, "scope_missing")


def test_the_page_says_what_may_be_taken_instead(short_plant: Plant, client: Client) -> None:
    user = User.objects.create_user("planner@example.org", "a-long-password")
    Membership.objects.create(user=user, organisation=short_plant.organisation, role=Role.PLANNER)
    client.force_login(user)
    page = client.get("/planner/materials").content.decode()
    assert "Can be replaced by: Bent leg" in " ".join(page.split())
