"""Every fault of meaning is found when the document is loaded, each with its path."""

from collections.abc import Callable
from typing import Any

import pytest

from cosmo.lib.expressions import DocumentError
from production.engineering import EngineeringBook, PlantBook

from .documents import FEATURES, engineering, plant

Fault = tuple[tuple[str | int, ...], str]


def faults(document: dict[str, Any], **options: Any) -> list[Fault]:
    with pytest.raises(DocumentError) as refused:
        EngineeringBook.from_document(
            document,
            offer_features=FEATURES,
            plant=PlantBook.from_document(plant()),
            **options,
        )
    return [(problem.path, problem.code) for problem in refused.value.problems]


def set_in(part: str, index: int, **changes: Any) -> dict[str, Any]:
    document = engineering()
    document[part][index].update(changes)
    return document


def test_the_bench_is_faultless() -> None:
    EngineeringBook.from_document(
        engineering(), offer_features=FEATURES, plant=PlantBook.from_document(plant())
    )


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        (
            set_in("bom", 0, quantity="widht.mm"),
            (("bom", 0, "quantity"), "unknown_name"),
        ),
        (set_in("bom", 1, when="drawer == 'tall'"), (("bom", 1, "when"), "unknown_option")),
        (set_in("bom", 0, quantity="width.cm"), (("bom", 0, "quantity"), "unknown_attribute")),
        (set_in("bom", 0, quantity="colour"), (("bom", 0, "quantity"), "wrong_kind")),
        (set_in("bom", 2, quantity="1 - len(extras)"), (("bom", 2, "quantity"), "bad_quantity")),
        (set_in("bom", 0, unit="piece"), (("bom", 0, "quantity"), "bad_quantity")),
        (
            set_in("routing", 0, duration_min="height - 800"),
            (("routing", 0, "duration_min"), "bad_duration"),
        ),
        (
            set_in("routing", 0, duration_min="60 // abs(700 - height) + 1"),
            (("routing", 0, "duration_min"), "division_by_zero"),
        ),
        (
            set_in("routing", 2, set_up_family="height"),
            (("routing", 2, "set_up_family"), "wrong_kind"),
        ),
        (
            set_in("routing", 0, freezes=["width", "length"]),
            (("routing", 0, "freezes", 1), "unknown_feature"),
        ),
        (
            set_in("routing", 0, work_centre="lathe"),
            (("routing", 0, "work_centre"), "unknown_work_centre"),
        ),
        (
            set_in("routing", 1, resources=["saw-9"]),
            (("routing", 1, "resources", 0), "unknown_resource"),
        ),
        (
            set_in("routing", 4, after=["paint", "pack"]),
            (("routing", 4, "after", 1), "unknown_operation"),
        ),
        (set_in("routing", 4, id="cut"), (("routing", 4, "id"), "duplicate_id")),
        (set_in("routing", 0, after=["cure"]), (("routing", 0, "after"), "operation_cycle")),
        (
            set_in("routing", 2, duration_min="446"),  # with 35 min set-up 481 in an 8 h shift
            (("routing", 2, "duration_min"), "operation_too_long"),
        ),
        ({**engineering(), "plant": "barn"}, (("plant",), "wrong_plant")),
    ],
)
def test_each_fault_is_found_at_its_place(document: dict[str, Any], fault: Fault) -> None:
    assert faults(document) == [fault]


def test_all_faults_are_reported_at_once() -> None:
    document = set_in("bom", 0, quantity="widht.mm")
    document["routing"][0]["work_centre"] = "lathe"
    document["routing"][4]["after"] = ["pack"]
    assert [code for _, code in faults(document)] == [
        "unknown_name",
        "unknown_operation",
        "unknown_work_centre",
    ]


def test_a_cycle_that_only_some_units_have_is_found() -> None:
    """Without ``b`` the default of ``c`` falls back to ``a``, which waits for ``c``."""
    document = engineering()
    base = {"work_centre": "saw", "duration_min": "10"}
    document["routing"] = [
        {**base, "id": "a", "after": ["c"]},
        {**base, "id": "b", "when": "carving != ''", "after": []},
        {**base, "id": "c"},
    ]
    assert faults(document) == [(("routing", 0, "after"), "operation_cycle")]


def test_the_longest_run_with_its_worst_set_up_may_fill_the_window_exactly() -> None:
    document = set_in("routing", 2, duration_min="445 if colour == 'graphite' else 455")
    EngineeringBook.from_document(
        document, offer_features=FEATURES, plant=PlantBook.from_document(plant())
    )


def test_a_slow_resource_alone_is_too_slow_but_any_fast_one_will_do() -> None:
    document = set_in("routing", 0, duration_min="400")  # 500 min on saw-2, 480 are open
    EngineeringBook.from_document(document, plant=PlantBook.from_document(plant()))
    document["routing"][0]["resources"] = ["saw-2"]
    assert faults(document) == [(("routing", 0, "duration_min"), "operation_too_long")]


def test_an_operation_may_be_longer_than_a_day_where_the_plant_never_closes() -> None:
    document = set_in("routing", 4, duration_min="3000")
    EngineeringBook.from_document(
        document, offer_features=FEATURES, plant=PlantBook.from_document(plant())
    )


def test_a_fault_names_the_choices_that_lead_to_it() -> None:
    document = set_in("routing", 0, duration_min="200 + height - width.mm")
    with pytest.raises(DocumentError) as refused:
        EngineeringBook.from_document(document, offer_features=FEATURES)
    assert str(refused.value) == (
        "routing.0.duration_min: Operation cut comes to 0 min; it must take more than 0. Correct "
        "`200 + height - width.mm` or say `when` it exists. Met with height = 700, width = w900."
    )


def only_without(choices: dict[str, Any]) -> Callable[[Any], bool]:
    return lambda met: not all(met.get(name) == value for name, value in choices.items())


def test_a_fault_in_impossible_choices_is_none() -> None:
    document = set_in("routing", 0, duration_min="800 - width.mm")
    assert faults(document) == [(("routing", 0, "duration_min"), "bad_duration")]
    EngineeringBook.from_document(
        document,
        offer_features=FEATURES,
        plant=PlantBook.from_document(plant()),
        is_possible=only_without({"width": "w900"}),
    )


def test_work_centres_of_two_lines_cannot_make_one_unit() -> None:
    split = plant()
    split["lines"] = [
        {"code": "line-1", "connector": "rest", "work_centres": ["saw", "paint"]},
        {"code": "line-2", "connector": "rest", "work_centres": ["oven"]},
    ]
    with pytest.raises(DocumentError) as refused:
        EngineeringBook.from_document(engineering(), plant=PlantBook.from_document(split))
    assert [problem.code for problem in refused.value.problems] == ["no_line"]
