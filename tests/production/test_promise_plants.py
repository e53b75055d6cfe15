"""Several plants side by side, and the days of many designs at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cosmo.lib.ports import promise_source
from production.models import HeldUnit, Plant
from production.selectors import demands
from production.services.engineering import publish_engineering
from production.services.plants import load_plant
from tests.factories.documents import ENGINEERING, PLANT
from tests.factories.production import (
    MONDAY,
    SELECTION,
    make_factory,
    make_offer,
    make_order,
    make_plant,
    set_plant_time,
)

pytestmark = pytest.mark.django_db


def second_plant(**changes: Any) -> Plant:
    document = {**PLANT, "code": "meadow", "names": {"en": "Meadow"}, **changes}
    plant = load_plant(organisation=make_factory(), document=document).plant
    set_plant_time(plant, MONDAY)
    return plant


def test_plants_are_compared_by_day_and_by_the_way_to_the_customer() -> None:
    offer = make_offer(make_plant())
    far = second_plant(carrier={**PLANT["carrier"], "working_days": 3})
    publish_engineering(offer=offer, plant=far, document={**ENGINEERING, "plant": "meadow"})
    promise = promise_source().inquire(offer_id=offer.pk, selection=SELECTION)
    near, other = promise.plants
    assert (near.code, near.is_earliest, near.is_nearest, near.travel_days) == (
        "yard",
        True,
        True,
        1,
    )
    assert (other.code, other.is_earliest, other.is_nearest) == ("meadow", False, False)
    assert other.date - near.date == timedelta(days=2)
    assert (promise.plant, promise.date) == ("yard", near.date)


def test_a_full_plant_hands_over_to_the_other() -> None:
    offer = make_offer(make_plant())
    other = second_plant()
    publish_engineering(offer=offer, plant=other, document={**ENGINEERING, "plant": "meadow"})
    first = promise_source().inquire(offer_id=offer.pk, selection=SELECTION, quantity=1)
    held = make_order(offer, {"quantity": 40})
    promise_source().hold(order_id=held.pk, lasts=timedelta(minutes=15))
    second = promise_source().inquire(offer_id=offer.pk, selection=SELECTION, quantity=1)
    assert {first.plant, second.plant} == {"yard", "meadow"}
    assert second.date == first.date


def test_days_of_many_designs_are_those_of_single_inquiries_in_one_statement() -> None:
    offer = make_offer(make_plant())
    busy = make_order(offer, {"quantity": 12, "colour": "red"})
    promise_source().hold(order_id=busy.pk, lasts=timedelta(minutes=15))
    selections = [
        {**SELECTION, "size": size, "colour": colour, "engraving": text}
        for size in ("small", "large")
        for colour in ("white", "red")
        for text in ("", "Ada", "Bob")
    ]
    single = [promise_source().inquire(offer_id=offer.pk, selection=one).date for one in selections]
    with CaptureQueriesContext(connection) as few:
        promise_source().inquiry(offer_id=offer.pk).days(selections[:1])
    with CaptureQueriesContext(connection) as many:
        inquiry = promise_source().inquiry(offer_id=offer.pk)
        found = inquiry.days(selections)
        assert inquiry.promise(selections[0]).date == found[0]
    assert list(found) == single
    assert len(many) == len(few)


def test_days_of_what_nobody_makes_are_none() -> None:
    assert promise_source().inquiry(offer_id=make_offer().pk).days([SELECTION]) == [None]


def test_a_demand_is_worked_out_once_for_answers_that_change_nothing_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offer = make_offer(make_plant())
    demands._demands.clear()
    made: list[object] = []
    make = demands._made

    def noted(key: demands.Key, *given: Any) -> demands.Demand:
        made.append(key)
        return make(key, *given)

    monkeypatch.setattr(demands, "_made", noted)
    promise_source().inquiry(offer_id=offer.pk).days(
        [{**SELECTION, "unheard": number} for number in range(20)]
    )
    assert len(made) == 1
    monkeypatch.setattr(demands, "KEPT", 1)
    promise_source().inquire(offer_id=offer.pk, selection={**SELECTION, "colour": "red"})
    assert len(demands._demands) == 1


def test_what_was_late_before_is_added_to_the_day() -> None:
    plant = make_plant()
    offer = make_offer(plant)
    before = promise_source().inquire(offer_id=offer.pk, selection=SELECTION)
    plant.engineerings.update(learnt_buffer_min=24 * 60)
    after = promise_source().inquire(offer_id=offer.pk, selection=SELECTION)
    assert after.date - before.date == timedelta(days=1)
    assert after.leaves_at == before.leaves_at
    order = make_order(offer)
    promise_source().hold(order_id=order.pk, lasts=timedelta(minutes=15))
    held = HeldUnit.objects.get(hold__order=order)
    assert held.promise_date == after.date
    assert held.due_at - after.leaves_at >= timedelta(days=1)
