"""The days of many designs at once: one that cannot be said takes no other with it."""

from types import SimpleNamespace

import pytest

from cosmo.lib.errors import Invalid
from production import promising


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
