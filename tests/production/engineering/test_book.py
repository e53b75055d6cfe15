from decimal import Decimal
from typing import Any

import pytest

from cosmo.lib.errors import Invalid
from cosmo.lib.expressions import Chosen, Scope
from production.engineering import BomLine, EngineeringBook, OperationPlan

from .documents import FEATURES, engineering


def scope(**changes: Any) -> Scope:
    return {
        "width": Chosen("w600", {"mm": 600}),
        "colour": Chosen("white", {}),
        "drawer": Chosen("none", {}),
        "extras": frozenset(),
        "height": 750,
        "carving": "",
        **changes,
    }


def book(document: dict[str, Any] | None = None) -> EngineeringBook:
    return EngineeringBook.from_document(document or engineering(), offer_features=FEATURES)


def routing_book(*routing: dict[str, Any]) -> EngineeringBook:
    """Operations that take ten minutes on the saw."""
    entries = [{"work_centre": "saw", "duration_min": "10", **entry} for entry in routing]
    return book({**engineering(), "routing": entries})


def waits(built: EngineeringBook, **changes: Any) -> dict[str, tuple[str, ...]]:
    return {plan.id: plan.after for plan in built.operations(scope(**changes))}


SMALL = Chosen("small", {"pieces": 2})


def test_components_of_the_plainest_and_of_the_fullest_bench() -> None:
    assert book().bom(scope()) == (BomLine("BOARD", Decimal("0.45"), "m2"),)
    full = scope(drawer=SMALL, extras=frozenset({"vice", "lamp"}))
    assert book().bom(full) == (
        BomLine("BOARD", Decimal("0.45"), "m2"),
        BomLine("RUNNER", Decimal(2), "piece"),
        BomLine("EXTRA", Decimal(2), "piece"),
    )


def test_quantities_that_do_not_end_are_rounded_to_six_places() -> None:
    document = engineering()
    document["bom"] = [{"component": "GLUE", "quantity": "1 / 3", "unit": "kg"}]
    assert book(document).bom(scope())[0].quantity == Decimal("0.333333")


def test_operations_carry_rounded_up_minutes_family_and_freezes() -> None:
    cut, paint, cure = book().operations(scope(colour=Chosen("graphite", {})))
    assert cut == OperationPlan(
        "cut", "saw", None, 15, None, (), ("width", "height"), "make"
    )  # 12 + 600 / 250 = 14.4
    assert (paint.set_up_family, paint.after, paint.duration_min) == ("graphite", ("cut",), 30)
    assert (cure.kind, cure.after) == ("inspect", ("cut", "paint"))


def test_an_operation_waits_for_the_nearest_earlier_one_the_unit_has() -> None:
    assert waits(book()) == {"cut": (), "paint": ("cut",), "cure": ("cut", "paint")}
    assert waits(book(), carving="Anna", drawer=SMALL) == {
        "cut": (),
        "carve": ("cut",),
        "paint": ("carve",),
        "box": ("cut",),
        "cure": ("paint", "box"),
    }


def test_missing_operations_hand_on_what_they_would_have_waited_for() -> None:
    never = "width.mm > 9000"
    built = routing_book(
        {"id": "a"},
        {"id": "b", "after": []},
        {"id": "c", "when": never, "after": ["a"]},
        {"id": "d", "when": never, "after": ["c", "b"]},
        {"id": "e", "after": ["d"]},
    )
    assert waits(built) == {"a": (), "b": (), "e": ("a", "b")}


def test_operations_come_after_those_they_wait_for_whatever_the_order_of_the_document() -> None:
    built = routing_book({"id": "last", "after": ["first"]}, {"id": "first", "after": []})
    assert [plan.id for plan in built.operations(scope())] == ["first", "last"]


def test_a_unit_without_operations_is_refused() -> None:
    built = routing_book({"id": "a", "when": "width.mm > 9000"})
    with pytest.raises(Invalid) as refused:
        built.operations(scope())
    assert refused.value.code == "empty_routing"


@pytest.mark.parametrize(
    ("entry", "code", "words"),
    [
        ({"duration_min": "600 - width.mm"}, "bad_duration", "comes to 0 min"),
        ({"duration_min": "500 - width.mm"}, "bad_duration", "comes to -100 min"),
        ({"duration_min": "5 // (width.mm - 600)"}, "bad_engineering", "operation a"),
        ({"when": "missing == 'x'"}, "bad_engineering", "missing"),
    ],
)
def test_a_value_that_is_no_duration_is_refused_when_the_unit_is_worked_out(
    entry: dict[str, Any], code: str, words: str
) -> None:
    entries = [{"id": "a", "work_centre": "saw", "duration_min": "10", **entry}]
    built = EngineeringBook.from_document({**engineering(), "routing": entries})
    with pytest.raises(Invalid) as refused:
        built.operations(scope())
    assert refused.value.code == code
    assert words in refused.value.message


@pytest.mark.parametrize(
    ("quantity", "unit", "sentence"),
    [
        ("-1", "kg", "Component X comes to -1 kg; it must be 0 or more. Correct `-1`."),
        (
            "3 / 2",
            "piece",
            "Component X comes to 1.5 piece; it must be a whole number, 0 or more. "
            "Correct `3 / 2`.",
        ),
    ],
)
def test_a_value_that_is_no_quantity_is_refused(quantity: str, unit: str, sentence: str) -> None:
    line = {"component": "X", "quantity": quantity, "unit": unit}
    built = EngineeringBook.from_document({**engineering(), "bom": [line]})
    with pytest.raises(Invalid) as refused:
        built.bom(scope())
    assert (refused.value.code, refused.value.message) == ("bad_quantity", sentence)
