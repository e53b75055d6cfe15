"""A crew's lane is promised and held with the machine's, an oven as a whole, and ways take time."""

from copy import deepcopy
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from cosmo.lib.ports import promise_source
from production.models import Booking
from production.services.planning import plan_plant
from tests.factories.documents import PLANT
from tests.factories.production import SELECTION, make_offer, make_order, make_plant

pytestmark = pytest.mark.django_db
LASTS = timedelta(minutes=15)


def with_crew(people: int) -> list[dict[str, Any]]:
    """Both saws need somebody of one crew."""
    centres = deepcopy(PLANT["work_centres"])
    centres[0]["crew"] = "sawyers"
    crew = {"id": "sawyers", "kind": "crew", "calendar": "days", "names": {"en": "Sawyers"}}
    return [*centres, {**crew, "resources": [{"id": "people", "lanes": people}]}]


def plant_with(centres: list[dict[str, Any]], **changes: Any) -> Any:
    line = {**PLANT["lines"][0], "work_centres": [centre["id"] for centre in centres]}
    return make_plant(work_centres=centres, lines=[line], **changes)


def test_two_saws_and_one_sawyer_make_one_piece_at_a_time() -> None:
    plant = plant_with(with_crew(1))
    offer = make_offer(plant)
    order = make_order(offer, {"quantity": 3})
    promise_source().hold(order_id=order.pk, lasts=LASTS)
    sawn = list(Booking.objects.filter(operation_code="saw").order_by("period"))
    assert len(sawn) == 3
    assert {one.second_lane.resource.code for one in sawn if one.second_lane} == {"people"}
    assert all(a.period.upper <= b.period.lower for a, b in pairwise(sawn))
    assert Booking.objects.exclude(operation_code="saw").filter(second_lane=None).count() == 9
    promise_source().confirm(order_id=order.pk)
    assert plan_plant(plant_id=plant.pk, trigger="test").measures["late"] == 0


def test_two_sawyers_are_as_fast_as_no_crew_at_all() -> None:
    free = make_offer(make_plant())
    alone = promise_source().inquire(offer_id=free.pk, selection=SELECTION, quantity=4)
    plant_with(with_crew(2))
    crewed = promise_source().inquire(offer_id=free.pk, selection=SELECTION, quantity=4)
    assert crewed.leaves_at == alone.leaves_at
    plant_with(with_crew(1))
    slower = promise_source().inquire(offer_id=free.pk, selection=SELECTION, quantity=4)
    assert slower.leaves_at > alone.leaves_at
