"""What is written can be read back and has the same designs."""

import random
from collections.abc import Callable

import pytest

from cosmo.lib.expressions import parse
from design.rules import ChoiceValue, Engine, Model, Rule, Selection, violations
from design.rules.combinations import answers
from design.rules.exchange import (
    FileModelError,
    read_dimacs,
    read_uvl,
    write_dimacs,
    write_uvl,
)
from design.rules.exchange.file_model import boolean_feature
from tests.design.exchange.designs import chosen_sets, count, sets, solutions, solved_sets, uvl
from tests.design.fridge import fridge
from tests.design.rules.documents import choice, offer, parameter, several, writing
from tests.design.rules.random_models import random_document

LAMP = offer(
    [
        choice("shade", "glass", "or", "oak"),
        choice("cable", "red", "black", optional=True, default="red"),
        several("extras", "dimmer", "hook", "timer", least=0, most=2),
        parameter("height", 100, 300, 100),
        writing("words"),
    ],
    {"when": "height > 200", "then": "shade == 'glass'"},
    {"never": "cable == 'none' and 'hook' in extras"},
    {"when": "words != ''", "then": "'hook' not in extras or 'timer' in extras"},
    {"table": {"features": ["shade", "cable"],
               "allowed": [["glass", "red"], ["or", "none"], ["oak", "black"]]}},
)  # fmt: skip


GOLDEN = """\
include
	Boolean.group-cardinality
features
	lamp
		mandatory
			shade
				alternative
					"shade=glass"
					"shade=or"
					"shade=oak"
		optional
			cable
				alternative
					"cable=red"
					"cable=black"
		mandatory
			extras
				[0..2]
					"extras=dimmer"
					"extras=hook"
					"extras=timer"
			height
				alternative
					"height=100"
					"height=200"
					"height=300"
		optional
			words
constraints
	// R1: Tall lamps need glass.
	"height=100" | "height=200" | "shade=glass"
	cable | !"extras=hook"
	!words | !"extras=hook" | "extras=timer"
	("shade=glass" & "cable=red") | ("shade=oak" & "cable=black") | ("shade=or" & !cable)
"""


def test_an_offer_is_written_as_a_tree_with_constraints() -> None:
    text = write_uvl(Model.from_document(LAMP), "lamp", {"R1": "Tall lamps\nneed glass."})
    assert text == GOLDEN


def test_a_written_offer_has_as_many_designs() -> None:
    model = Model.from_document(LAMP)
    assert count(model) == solutions(model)
    assert solutions(read_uvl(write_uvl(model), "lamp.uvl").model) == count(model)
    assert solutions(read_dimacs(write_dimacs(model), "lamp.dimacs").model) == count(model)


@pytest.mark.parametrize("first", range(0, 120, 20))
def test_random_offers_keep_their_designs_in_both_formats(first: int) -> None:
    for seed in range(first, first + 20):
        planted = random_document(seed)
        if planted is None:
            continue
        document, oracle = planted
        model = Model.from_document(document)
        of_uvl = read_uvl(write_uvl(model), "random.uvl").model
        of_dimacs = read_dimacs(write_dimacs(model), "random.dimacs").model
        assert solutions(of_uvl) == len(oracle.valid), seed
        assert solutions(of_dimacs) == len(oracle.valid), seed


def test_long_sums_are_written_as_attributes_and_as_inner_variables() -> None:
    features = [
        choice(f"f{n}", *(f"o{k}={k * 100 + n + 1}" for k in range(3)), optional=n == 0)
        for n in range(6)
    ]
    total = " + ".join(["(f0.mm if f0 != 'none' else 0)", *(f"f{n}.mm" for n in range(1, 6))])
    document = offer(
        features,
        {"always": f"{total} <= 300"},
        {"when": "f1 == 'o0'", "then": f"{total} >= 110 or f0 == 'none'"},
    )
    model = Model.from_document(document)
    text = write_uvl(model)
    assert "sum(sum_1) <= " in text
    assert "\tArithmetic.aggregate-function\n" in text
    expected = count(model)
    assert 0 < expected < 4 * 3**5 // 2
    assert solutions(read_uvl(text, "long.uvl").model) == expected
    assert solutions(read_dimacs(write_dimacs(model), "long.dimacs").model) == expected


def test_components_and_decimals_are_written() -> None:
    unit = {
        "id": "unit", "group": "g", "kind": "component", "optional": True,
        "features": [choice("front", "oak", "ash"), several("inside", "ice", "wine"),
                     {**parameter("angle", 0, 0, 1), "min": 1, "max": 3, "step": "0.5",
                      "default": 1}, writing("words")],
        "rules": [{"id": "I1", "when": "front == 'oak'", "then": "angle > 1.5 and words == ''"}],
    }  # fmt: skip
    rule = {"when": "unit_front == 'oak'", "then": "body == 'ash'"}
    document = offer([choice("body", "oak", "ash"), unit], rule)
    model = Model.from_document(document)
    text = write_uvl(model)
    assert '"unit_angle=2.5"' in text
    # Not fitted: any body. Fitted: oak needs an ash body, 1.5 < angle, no words; times 4 insides.
    expected = 2 + 4 * (1 * 3 + 2 * 5 * 2)
    assert count(model) == expected
    assert solutions(read_uvl(text, "x").model) == expected
    assert solutions(read_dimacs(write_dimacs(model), "x").model) == expected


TREE = """
	R {w 1}
		optional
			A {w 2}
				[2..3]
					"a 1"
					"a 2"
					"a 3"
			B
		alternative
			"or"
			Y
""".strip("\n")


def test_a_boolean_model_keeps_names_and_designs() -> None:
    model = uvl(TREE, '\tB <=> Y\n\tsum(w) == 3 | "a 1" & !B')
    expected = chosen_sets(model)
    assert expected
    again = read_dimacs(write_dimacs(model), "again.dimacs").model
    inner = {feature.id for feature in again.features} - model.by_id.keys()
    found = solved_sets(again)
    assert {chosen - inner for chosen in found} == expected
    assert len(found) == len(expected)
    twice = read_uvl(write_uvl(model, name="R"), "again.uvl").model
    assert {chosen - {"R_"} for chosen in solved_sets(twice)} == expected


def test_clauses_are_written_as_they_were_read() -> None:
    text = "c 1 a b\nc 2 2\nc 3 x.y\np cnf 3 3\n1 -2 0\n0\n-3 1 2 0\n"
    assert write_dimacs(read_dimacs(text, "x").model) == text
    holds = read_uvl(write_uvl(read_dimacs(text.replace("\n0\n", "\n3 0\n"), "x").model), "x").model
    assert chosen_sets(holds) == {frozenset(s) for s in (
        {"product", "x.y", "a b"}, {"product", "x.y", "a b", "2"})}  # fmt: skip


def test_a_contradiction_stays_one() -> None:
    model = uvl("\tR\n\t\toptional\n\t\t\tA", "\t1 > 2")
    assert chosen_sets(read_uvl(write_uvl(model), "x").model) == set()
    assert chosen_sets(read_dimacs(write_dimacs(model), "x").model) == set()


def test_a_rule_that_always_holds_needs_no_line() -> None:
    model = uvl("\tR", "\t1 < 2")
    assert "constraints\n\tR\n" in write_uvl(model)
    assert chosen_sets(read_uvl(write_uvl(model, name="top"), "x").model) == sets("top R")


def test_designs_of_the_refrigerator_are_designs_of_what_was_written() -> None:
    """They are too many to list, so random ones are carried over, in both directions."""
    model, rng = fridge().model, random.Random(7)
    engine = Engine(model)
    for written in (
        read_uvl(write_uvl(model, name="refrigerator"), "r.uvl").model,
        read_dimacs(write_dimacs(model), "r.dimacs").model,
    ):
        there = Engine(written)
        for _ in range(20):
            design = there.complete({}, prefer={n: rng.choice(BOTH) for n in written.by_id})
            assert violations(model, _selection(model, design)) == ()
        for _ in range(20):
            wish = {f.id: rng.choice(list(answers(f))) for f in model.features}
            design = engine.complete({}, prefer={**wish, "engraving_text": "Anna"})
            assert there.is_valid(_literals(model, written, design))


def test_what_is_no_design_of_the_refrigerator_is_none_of_what_was_written() -> None:
    model, rng, refused = fridge().model, random.Random(8), 0
    writings = [
        read_uvl(write_uvl(model, name="refrigerator"), "r.uvl").model,
        read_dimacs(write_dimacs(model), "r.dimacs").model,
    ]
    engines = [(written, Engine(written)) for written in writings]
    for _ in range(40):
        design = dict(model.defaults)
        for feature in rng.sample(model.features, 2):
            design[feature.id] = rng.choice(list(answers(feature)))
        broken = violations(model, design) != ()
        refused += broken
        for written, there in engines:
            assert there.is_valid(_literals(model, written, design)) is not broken
    assert 5 < refused < 35  # both answers were put to the test


BOTH: tuple[ChoiceValue, ...] = ("true", "false")


def _literals(model: Model, written: Model, design: Selection) -> dict[str, ChoiceValue]:
    """A design of an offer in the features of its written model; inner variables stay open."""
    holds = set()
    for feature in model.features:
        value = design[feature.id]
        if feature.kind == "text":
            holds |= {feature.id} if value else set()
        else:
            listed = value if isinstance(value, tuple) else (value,)
            holds |= {f"{feature.id}={item}" for item in listed}
    asked = {f.id for f in model.features if f.kind == "text"}
    asked |= {name for name in written.by_id if "=" in name}
    return {name: "true" if name in holds else "false" for name in written.by_id if name in asked}


def _selection(model: Model, written: Selection) -> Selection:
    """The design of an offer behind a design of its written model."""
    chosen = {name for name, value in written.items() if value == "true"}
    found: dict[str, ChoiceValue] = {}
    for feature in model.features:
        values = [value for value in feature.domain if f"{feature.id}={value}" in chosen]
        if feature.kind == "text":
            found[feature.id] = "Anna" if feature.id in chosen else ""
        elif feature.kind == "multi":
            found[feature.id] = tuple(map(str, values))
        else:
            found[feature.id] = values[0] if values else "none"
    return found


def test_a_parameter_of_many_steps_is_refused_by_name() -> None:
    model = Model.from_document(offer([parameter("height", 0, 100, 1)]))
    _check_refused(model, "'height' has 101 values; at most 64")


def test_a_rule_of_too_many_combinations_is_refused_by_name() -> None:
    features = [several(name, *(f"{name}{n}" for n in range(9))) for name in "fg"]
    rule = Rule("R7", always=parse("max(len(f), len(g) * len(f)) < 20"))
    _check_refused(Model(Model.from_document(offer(features)).features, (rule,)), "Rule R7: ")


def _check_refused(model: Model, words: str) -> None:
    for write in (write_uvl, write_dimacs):
        with pytest.raises(FileModelError, match=words) as raised:
            write(model)
        assert (raised.value.code, raised.value.line) == ("not_writable", 0)


@pytest.mark.parametrize(
    ("name", "write"), [('a"b', write_uvl), ("a\nb", write_uvl), ("a\nb", write_dimacs)]
)
def test_a_name_that_breaks_a_line_is_refused(name: str, write: Callable[[Model], str]) -> None:
    model = Model((boolean_feature(name),), ())
    with pytest.raises(FileModelError, match="cannot be a name"):
        write(model)


def test_two_things_of_one_name_are_refused() -> None:
    model = Model(
        (boolean_feature("f=a"), *Model.from_document(offer([choice("f", "a", "b")])).features), ()
    )
    with pytest.raises(FileModelError, match="'f=a' would stand for two things"):
        write_uvl(model)
