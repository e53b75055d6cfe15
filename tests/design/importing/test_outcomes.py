"""What becomes of each row, worked out by hand."""

from decimal import Decimal
from functools import cache

import pytest

from design.importing import Importer, Outcome, outcome_to_json, read_table
from design.rules import violations
from tests.design.importing.stools import FILE, engine, mapping, texts

KINDS = ("accepted", "repaired", "refused")


@cache
def outcomes() -> dict[str, Outcome]:
    importer = Importer(engine(), mapping(), texts()["en"]["rules"])
    table = read_table(FILE.read_bytes(), mapping())
    return {row.name: importer.outcome(row) for row in table.rows}


def changes(name: str) -> dict[str, tuple[str, str]]:
    return {one.name: (str(one.before), str(one.after)) for one in outcomes()[name].repaired}


def test_kinds_of_all_rows() -> None:
    kinds = {kind: [n for n, one in outcomes().items() if one.kind == kind] for kind in KINDS}
    assert kinds == {
        "accepted": ["1", "2", "3", "4", "5"],
        "repaired": ["6", "8", "9", "10", "14"],
        "refused": ["7", "11", "12", "13", "15", "16", "17"],
    }


def test_row_on_its_steps_is_accepted_as_it_is() -> None:
    one = outcomes()["1"]
    assert (one.rounded, one.repaired) == ((), ())
    assert one.filled == {"cushion": "felt", "rail": "none"}


def test_rounding_to_a_step_is_accepted_and_recorded() -> None:
    """A factor comes first: 45.2 cm are 452 mm, and the step is 5. Half a step goes up."""
    rounded = {c.name: (c.before, c.after) for c in outcomes()["2"].rounded}
    assert rounded == {
        "height": (Decimal(452), 450),
        "seat": (Decimal(321), 320),
        "leg": (Decimal("30.25"), Decimal("30.5")),
    }


def test_empty_cell_leaves_its_feature_open() -> None:
    one = outcomes()["3"]
    assert one.filled is not None
    assert one.filled["seat"] == 320
    assert one.choices is not None
    assert "seat" not in one.choices


def test_default_that_does_not_fit_gives_way_to_what_fits() -> None:
    """A seat of 280 mm takes no felt; a stool of 70 cm takes a double rail."""
    told = outcome_to_json(outcomes()["4"], engine().model)
    assert (told["defaults"], told["filled"]) == (["rail"], {"cushion": "none"})
    told = outcome_to_json(outcomes()["5"], engine().model)
    assert (told["defaults"], told["filled"]) == (["cushion"], {"rail": "double"})


def test_smallest_relative_change_is_taken() -> None:
    """Legs of 37 are too thin for the double rail of 70 cm: 695 mm (0.7 %) beats 38 mm (2.7 %)."""
    assert changes("6") == {"height": ("700", "695")}


def test_rule_of_a_material_moves_a_number_and_never_the_material() -> None:
    assert changes("8") == {"leg": ("27", "28.0")}


def test_two_numbers_are_moved_where_each_alone_would_move_further() -> None:
    """600 is above 2 x 290: 580 would be 3.3 %, a seat of 300 is 3.4 %; so the height gives way."""
    assert changes("9") == {"height": ("600", "580")}


def test_value_beyond_a_limit_comes_back_to_it() -> None:
    assert changes("10") == {"height": ("820", "800")}


def test_fixed_column_may_be_a_little_different() -> None:
    assert changes("14") == {"Board": ("31", "30")}


@pytest.mark.parametrize(
    ("name", "code", "of", "sentence"),
    [
        ("7", "rule", "stout", "A high stool needs stout legs. (stout: height 700, leg 25)"),
        ("11", "limit", "height", "'height' 950 mm is above 800 mm."),
        ("12", "option", "wood", "'Wood' is 'PINE'; this product knows OAK, ASH."),
        ("13", "missing", "height", "'Height cm' is empty; 'height' needs a value."),
        ("15", "fixed", "Board", "'Board' is 0 mm; this product always has 30 mm."),
        ("16", "limit", "seat", "'seat' 0 mm is below 200 mm."),
        ("17", "limit", "height", "4 values are beyond the limits, more than 3: height 820,"),
    ],
)
def test_refusal_says_limit_or_rule_and_value(name: str, code: str, of: str, sentence: str) -> None:
    refusal = outcomes()[name].refusal
    assert refusal is not None
    assert (refusal.code, refusal.name) == (code, of)
    assert sentence in refusal.sentence


def test_every_design_keeps_every_rule_by_the_independent_reading() -> None:
    for one in outcomes().values():
        if one.selection is not None:
            assert violations(engine().model, one.selection) == ()
            assert list(one.selection) == [feature.id for feature in engine().model.features]
