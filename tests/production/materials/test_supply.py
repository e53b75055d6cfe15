"""When components can be had, worked out by hand."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest

from production.selectors.materials_supply import (
    ComponentSupply,
    Counter,
    Need,
    PlantSupply,
    times,
)

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)


def supply(**components: ComponentSupply) -> PlantSupply:
    return PlantSupply(1, 0, components)


def some(free: int, *receipts: tuple[int, int], lead: int = 10, stock: int = 1) -> ComponentSupply:
    coming = tuple((NOW + DAY * days, Decimal(quantity)) for days, quantity in receipts)
    return ComponentSupply(stock, Decimal(free), coming, lead)


def need(component: str, quantity: int, *substitutes: str) -> Need:
    return Need(component, Decimal(quantity), substitutes)


@pytest.mark.parametrize(
    ("known", "quantity", "days"),
    [
        (some(5), 5, None),
        (some(5), 6, 10),
        (some(5, (3, 1)), 6, 3),
        (some(5, (3, 1)), 7, 10),
        (some(5, (3, 1), (4, 1)), 7, 4),
        (some(5, (30, 9)), 7, 10),  # ordering anew is quicker than what is on its way
        (some(-2, (3, 5)), 3, 3),  # earlier claims are served first
        (some(-2, (3, 5)), 4, 10),
        (some(0, (-2, 5)), 4, 1),  # overdue: a day from now
        (some(0, lead=0), 1, 0),
    ],
)
def test_the_moment_is_stock_or_delivery_or_lead_time(
    known: ComponentSupply, quantity: int, days: int | None
) -> None:
    expected = None if days is None else NOW + DAY * days
    assert known.when(Decimal(quantity), NOW) == expected


def test_the_last_component_decides_and_is_named() -> None:
    plant = supply(A=some(9), B=some(0, (2, 9)), C=some(0, (4, 9)), D=some(0, (4, 9)))
    found = plant.availability([need(code, 1) for code in "ABCD"], NOW)
    assert found.at == NOW + 4 * DAY
    assert found.deciding == ("C", "D")


def test_what_the_plant_does_not_count_is_always_there() -> None:
    found = supply().availability([need("A", 1_000_000)], NOW)
    assert (found.at, found.deciding, found.picks[0].stock_id) == (None, (), None)


def test_a_substitute_is_taken_only_when_the_first_is_short_and_it_is_sooner() -> None:
    plant = supply(A=some(1, lead=5), B=some(1, stock=2), C=some(0, (3, 9), stock=3))
    counter = Counter(plant, NOW)
    taken = [counter.take([need("A", 1, "B", "C")]) for _ in range(4)]
    assert [one.picks[0].component for one in taken] == ["A", "B", "C", "C"]
    assert [one.picks[0].instead_of for one in taken] == ["", "A", "A", "A"]
    assert [one.at for one in taken] == [None, None, NOW + 3 * DAY, NOW + 3 * DAY]


def test_a_substitute_that_is_not_counted_stands_in_for_nothing() -> None:
    found = supply(A=some(0)).availability([need("A", 1, "UNKNOWN")], NOW)
    assert found.picks[0].component == "A"
    assert found.at == NOW + 10 * DAY


def test_units_one_after_the_other_are_never_later_than_all_at_once() -> None:
    for free, coming, other, count in product(range(3), range(3), range(3), range(1, 5)):
        plant = supply(A=some(free, (2, coming)), B=some(other, (4, 2), stock=2))
        wanted = [need("A", 1, "B")]
        counter = Counter(plant, NOW)
        singly = [counter.take(wanted).at or NOW for _ in range(count)]
        assert max(singly) <= (plant.availability(times(wanted, count), NOW).at or NOW)
