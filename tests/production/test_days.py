"""The days of many designs at once: one that cannot be said takes no other with it."""

from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from cosmo.lib.errors import Invalid
from cosmo.lib.ports import promise_source
from production import promising
from production.selectors import places
from production.services.engineering import publish_engineering
from tests.factories.documents import ENGINEERING
from tests.factories.production import SELECTION, make_offer, make_plant


def test_a_day_that_cannot_be_said_is_none_and_the_click_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_day(*_args: object, **_named: object) -> None:
        raise Invalid("no_working_day", "The carrier has no working day then.")

    asked = SimpleNamespace(
        makers=[SimpleNamespace(plant_id=1)], gaps={1: None}, _first_minutes={1: 0}, supplies={}
    )
    monkeypatch.setattr(promising, "day_at", no_day)
    assert promising.PlantInquiry._day(asked, [None], 1) is None  # type: ignore[arg-type, list-item]


@pytest.mark.django_db
def test_an_answer_that_cannot_be_made_takes_no_day_from_the_others(client: Client) -> None:
    plant = make_plant()
    offer = make_offer(plant)
    only_small = deepcopy(ENGINEERING)
    for entry in only_small["routing"]:
        entry["when"] = "size == 'small'"
    publish_engineering(offer=offer, plant=plant, document=only_small)
    small, large = {**SELECTION, "size": "small"}, {**SELECTION, "size": "large"}
    inquiry = promise_source().inquiry(offer_id=offer.pk)
    assert inquiry.days([small, large]) == [inquiry.promise(small).date, None]
    for size in ("small", "large"):
        page = client.get("/products/stool/studio/", {"size": size, "by": "size"})
        assert page.status_code == 200


@pytest.mark.django_db
def test_promise_and_days_of_one_inquiry_look_at_the_clock_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offer = make_offer(make_plant())
    looked: list[int] = []
    real = places.first_minute

    def counted(*asked: Any) -> int:
        looked.append(real(*asked))
        return looked[-1]

    monkeypatch.setattr(promising, "first_minute", counted)
    monkeypatch.setattr(places, "first_minute", counted)
    inquiry = promise_source().inquiry(offer_id=offer.pk)
    inquiry.promise(SELECTION)
    inquiry.days([SELECTION, {**SELECTION, "size": "large"}])
    assert len(looked) == 1
