"""Loading a plant: idempotent, never deleting, keys and clock kept."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings

from cosmo.lib.clock import real_now
from cosmo.lib.errors import DomainError
from cosmo.lib.ports import promise_source
from production.compile import floor_of
from production.models import Line, Plant, Resource, ResourceLane, WorkCentre
from production.services.clock import resume_clocks, touch_clocks
from production.services.engineering import publish_engineering
from production.services.plants import load_plant
from tests.factories.documents import ENGINEERING, PLANT
from tests.factories.production import (
    MONDAY,
    SELECTION,
    make_factory,
    make_offer,
    make_plant,
    set_plant_time,
)

pytestmark = pytest.mark.django_db


def load(**changes: Any) -> Plant:
    return load_plant(organisation=make_factory(), document={**PLANT, **changes}).plant


def with_booths(*booths: dict[str, Any]) -> list[dict[str, Any]]:
    centres = [dict(centre) for centre in PLANT["work_centres"]]
    centres[1]["resources"] = list(booths)
    return centres


def test_loading_makes_rows_for_all_that_stands_there() -> None:
    plant = load()
    assert list(WorkCentre.objects.order_by("position").values_list("code", flat=True)) == [
        "saws",
        "paint",
        "bench",
    ]
    assert Resource.objects.get(code="saw-2").speed_percent == 80
    assert [lane.name for lane in floor_of(plant).lanes] == [
        *("saw-1/1", "saw-2/1"),
        *("booth/1", "booth/2"),
        *("bench-1/1", "bench-1/2"),
    ]
    key = Line.objects.get().key
    assert key.startswith("whsec_")
    assert len(base64.b64decode(key.removeprefix("whsec_"))) == 32


def test_loading_again_changes_nothing() -> None:
    first = load()
    key = Line.objects.get().key
    again = load_plant(organisation=make_factory(), document=dict(reversed(PLANT.items())))
    assert (again.is_new, again.is_changed) == (False, False)
    assert Line.objects.get().key == key
    after = Plant.objects.get()
    assert after.clock_origin_plant == first.clock_origin_plant
    assert after.booking_seq == first.booking_seq


def test_lanes_are_retired_and_come_back_as_the_same_rows() -> None:
    load()
    before = set(ResourceLane.objects.values_list("pk", flat=True))
    key = Line.objects.get().key
    load(work_centres=with_booths({"id": "booth"}, {"id": "new-booth"}))
    assert list(
        ResourceLane.objects.filter(is_retired=True).values_list("resource__code", "number")
    ) == [("booth", 2)]
    load()
    in_use = ResourceLane.objects.filter(is_retired=False)
    assert set(in_use.values_list("pk", flat=True)) == before
    assert Line.objects.get().key == key


def test_changed_plant_asks_for_a_plan_and_for_fresh_gaps() -> None:
    before = load()
    after = load(promise_buffer_min=90)
    assert after.booking_seq == before.booking_seq + 1
    assert Plant.objects.get().plan_wanted_for == "plant document loaded"


def test_plant_of_another_organisation_is_left_alone() -> None:
    load()
    with pytest.raises(DomainError) as refused:
        load_plant(organisation=make_factory("other"), document={**PLANT, "promise_buffer_min": 1})
    assert refused.value.code == "plant_taken"
    assert Plant.objects.get().document["promise_buffer_min"] == 60


def test_plant_that_can_no_longer_make_what_is_sold_is_refused() -> None:
    plant = load()
    make_offer(plant)
    centres = [centre for centre in PLANT["work_centres"] if centre["id"] != "bench"]
    lines = [{**PLANT["lines"][0], "work_centres": ["saws", "paint"]}]
    with pytest.raises(DomainError, match="stool") as refused:
        load(work_centres=centres, lines=lines)
    assert refused.value.code == "engineering_unfit"
    assert WorkCentre.objects.count() == 3


def test_engineering_is_published_once_and_the_newest_is_current() -> None:
    plant = load()
    offer = make_offer(plant)
    first = plant.engineerings.get()
    again = publish_engineering(offer=offer, plant=plant, document=ENGINEERING)
    assert (again.is_changed, again.engineering) == (False, first)
    quicker = {**ENGINEERING, "bom": ENGINEERING["bom"][:1]}
    second = publish_engineering(offer=offer, plant=plant, document=quicker)
    assert (second.is_new, second.engineering.number) == (True, 2)
    assert plant.engineerings.get(is_current=True) == second.engineering
    back = publish_engineering(offer=offer, plant=plant, document=ENGINEERING)
    assert (back.is_new, back.is_changed, back.engineering) == (False, True, first)
    assert plant.engineerings.get(is_current=True) == first


def test_engineering_of_another_product_is_refused() -> None:
    plant = load()
    with pytest.raises(DomainError) as refused:
        publish_engineering(
            offer=make_offer(), plant=plant, document={**ENGINEERING, "product": "table"}
        )
    assert refused.value.code == "wrong_product"


def test_clock_goes_on_from_when_it_was_last_seen_at_the_new_speed() -> None:
    plant = make_plant(at=MONDAY, factor=60.0)
    Plant.objects.update(
        clock_origin_real=real_now() - timedelta(hours=10),
        clock_seen_real=real_now() - timedelta(hours=9),
    )
    with override_settings(COSMO_CLOCK_FACTOR=120.0):
        assert resume_clocks() == [plant]
    plant.refresh_from_db()
    assert plant.clock_factor == 120.0
    # One real hour was seen; the nine after it did not pass in the plant.
    stopped = MONDAY + timedelta(hours=60)
    assert stopped <= plant.clock.now() < stopped + timedelta(hours=1)


def test_real_time_plant_is_left_alone() -> None:
    make_plant(at=MONDAY, factor=1.0)
    with override_settings(COSMO_CLOCK_FACTOR=1.0):
        assert resume_clocks() == []


def test_touching_notes_that_the_clocks_run() -> None:
    make_plant()
    Plant.objects.update(clock_seen_real=real_now() - timedelta(hours=1))
    touch_clocks()
    assert real_now() - Plant.objects.get().clock_seen_real < timedelta(minutes=1)


def test_promises_follow_a_new_calendar_at_once() -> None:
    plant = load()
    set_plant_time(plant, MONDAY)
    offer = make_offer(plant)
    before = promise_source().inquire(offer_id=offer.pk, selection=SELECTION).leaves_at
    late_shift = {"days": {"weekdays": {"mon": ["14:00-22:00"]}}}
    load(calendars=late_shift)
    after = promise_source().inquire(offer_id=offer.pk, selection=SELECTION).leaves_at
    assert after - before == timedelta(hours=8)
