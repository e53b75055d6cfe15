"""Findings inside components, two deep: those of brute force, none invented.

The oracle knows nothing of flat documents: it fits the components or leaves them out, and has
Python read each rule where it stands.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any

import pytest

from design.rules import Model
from design.rules.findings import findings
from tests.design.rules.documents import Document, choice, offer, parameter

SEEDS = range(60)
ROWS_WITHOUT = 2  # the default, which the number keeps where there is no unit
OUTSIDE = ("a", "b")
ANSWERS: Mapping[str, tuple[Any, ...]] = {
    "a": ("a1", "a2", "a3"),
    "b": ("b1", "b2"),
    "front": ("p", "q", "r"),
    "rows": (1, 2, 3),
    "knob": ("none", "k"),
    "lining": ("x", "y"),
    "box": ("none", "fitted"),
    "unit": ("none", "fitted"),
}
UNIT = ("front", "rows", "knob", "box", "box_lining")
# What rules of each place may name.
SEEN = {
    "": (*OUTSIDE, "unit", *(f"unit_{name}" for name in UNIT)),
    "unit_": (*OUTSIDE, *UNIT),
    "unit_box_": (*OUTSIDE, "front", "lining"),
}
Design = dict[str, Any]
Rules = dict[str, tuple[str, Document]]
"""By flat id: the place, and the rule as it is written there."""


def test_dead_options_and_redundant_rules_are_those_of_brute_force() -> None:
    dead_seen = redundant_seen = 0
    for seed in SEEDS:
        rules = random_rules(random.Random(seed))
        broken = broken_by(rules)
        if all(broken.values()):
            continue  # void: told as such, and nothing else
        found = findings(Model.from_document(document_of(rules), defaults_hold=False))
        dead = {(f.feature, f.option): f.rules for f in found if f.code == "dead_option"}
        wanted = dead_of(broken)
        assert set(dead) <= wanted, seed
        assert wanted - set(dead) <= told_by_the_unit(wanted), seed
        for (feature, option), cause in dead.items():
            assert is_minimal(broken, feature, option, cause), (seed, feature, option, cause)
        redundant = {f.rule for f in found if f.code == "redundant_rule"}
        assert redundant == {name for name in rules if {name} not in broken.values()}, seed
        dead_seen += sum(feature.startswith("unit_") for feature, _ in dead)
        redundant_seen += sum(name.startswith("unit_") for name in redundant)
    assert dead_seen > 30
    assert redundant_seen > 30


@pytest.mark.parametrize(
    ("place", "rule", "feature", "option"),
    [
        ("unit_", {"never": "front == 'q'"}, "unit_front", "q"),
        ("unit_", {"when": "rows == 3", "then": "rows < 2"}, "unit_rows", 3),
        ("unit_box_", {"never": "lining == 'y'"}, "unit_box_lining", "y"),
        ("", {"when": "unit == 'fitted'", "then": "unit_knob == 'none'"}, "unit_knob", "k"),
        ("unit_", {"always": "box == 'none'"}, "unit_box", "fitted"),
    ],
)
def test_what_is_planted_is_found_with_its_rule(
    place: str, rule: Document, feature: str, option: str | int
) -> None:
    name = f"{place}R0"
    found = findings(Model.from_document(document_of({name: (place, rule)}), defaults_hold=False))
    dead = {(f.feature, f.option): f.rules for f in found if f.code == "dead_option"}
    assert dead[feature, option] == (name,)
    twice: Rules = {name: (place, rule), f"{place}R1": (place, rule)}
    found = findings(Model.from_document(document_of(twice), defaults_hold=False))
    said = {f.rule: f.rules for f in found if f.code == "redundant_rule"}
    assert said == {name: (f"{place}R1",), f"{place}R1": (name,)}


def random_rules(rng: random.Random) -> Rules:
    drawn: Rules = {}
    for number in range(rng.randint(3, 7)):
        place = rng.choice(("", "unit_", "unit_", "unit_box_"))
        form = rng.choice(("implication", "implication", "never", "always"))
        names = SEEN[place]
        if form == "implication":
            rule = {"when": condition(rng, names), "then": condition(rng, names)}
        else:
            rule = {form: condition(rng, names)}
        drawn[f"{place}R{number}"] = (place, rule)
    return drawn


def condition(rng: random.Random, names: Sequence[str]) -> str:
    first, second = (atom(rng, rng.choice(names)) for _ in range(2))
    return rng.choice((first, f"({first} and {second})", f"({first} or {second})"))


def atom(rng: random.Random, name: str) -> str:
    own = name.rsplit("_", 1)[-1]
    if own == "rows":
        return f"{name} {rng.choice(('<', '>=', '=='))} {rng.randint(1, 3)}"
    return f"{name} {rng.choice(('==', '!='))} {rng.choice(ANSWERS[own])!r}"


def document_of(rules: Rules) -> Document:
    def written(place: str) -> list[Document]:
        return [
            {"id": name.removeprefix(place), **rule}
            for name, (where, rule) in rules.items()
            if where == place
        ]

    box: Document = {
        "id": "box", "group": "g", "kind": "component", "optional": True, "default": "none",
        "features": [choice("lining", "x", "y")], "rules": written("unit_box_"),
    }  # fmt: skip
    unit: Document = {
        "id": "unit", "group": "g", "kind": "component", "optional": True, "default": "none",
        "features": [
            choice("front", "p", "q", "r"),
            parameter("rows", 1, 3, 1, default=ROWS_WITHOUT),
            choice("knob", "k", optional=True),
            box,
        ],
        "rules": written("unit_"),
    }  # fmt: skip
    outside = [choice("a", *ANSWERS["a"]), choice("b", *ANSWERS["b"]), unit]
    return {**offer(outside), "rules": written("")}


@cache
def designs() -> tuple[Design, ...]:
    return tuple(
        {"a": a, "b": b, **inside}
        for a, b in product(ANSWERS["a"], ANSWERS["b"])
        for inside in _units()
    )


def _units() -> Iterator[Design]:
    nothing = {"front": "none", "rows": ROWS_WITHOUT, "knob": "none", "box": "none"}
    yield _as_unit("none", {**nothing, "box_lining": "none"})
    for front, rows, knob in product(*(ANSWERS[name] for name in ("front", "rows", "knob"))):
        chosen = {"front": front, "rows": rows, "knob": knob}
        yield _as_unit("fitted", {**chosen, "box": "none", "box_lining": "none"})
        for lining in ANSWERS["lining"]:
            yield _as_unit("fitted", {**chosen, "box": "fitted", "box_lining": lining})


def _as_unit(fitted: str, inside: Design) -> Design:
    return {"unit": fitted, **{f"unit_{name}": value for name, value in inside.items()}}


def broken_by(rules: Rules) -> dict[int, set[str]]:
    """By number of the design: the rules it breaks."""
    return {
        number: {name for name, (place, rule) in rules.items() if breaks(place, rule, design)}
        for number, design in enumerate(designs())
    }


def breaks(place: str, rule: Document, design: Design) -> bool:
    if place and design[place.removesuffix("_")] == "none":
        return False  # a component's rules hold where it is fitted
    names = dict(design)
    for start in ("unit_", "unit_box_"):
        if place.startswith(start):
            own = {k.removeprefix(start): v for k, v in design.items() if k.startswith(start)}
            names |= own
    said = {form: eval(text, {}, names) for form, text in rule.items()}  # noqa: S307 - the oracle
    if "when" in said:
        return bool(said["when"] and not said["then"])
    return bool(said["never"]) if "never" in said else not said["always"]


def dead_of(broken: Mapping[int, set[str]]) -> set[tuple[str, Any]]:
    """Options without a design; ``none`` that only says "no component" is told of the component."""
    valid = [design for number, design in enumerate(designs()) if not broken[number]]
    told_elsewhere = {("unit_front", "none"), ("unit_box_lining", "none")}
    return {
        (name, value)
        for name in designs()[0]
        for value in {design[name] for design in designs()}
        if (name, value) not in told_elsewhere and all(one[name] != value for one in valid)
    }


def told_by_the_unit(dead: set[tuple[str, Any]]) -> set[tuple[str, Any]]:
    """Where the unit is always there, that nobody goes without its parts may be said of it."""
    return {("unit_knob", "none"), ("unit_box", "none")} if ("unit", "none") in dead else set()


def is_minimal(
    broken: Mapping[int, set[str]], feature: str, option: Any, cause: Sequence[str]
) -> bool:
    """The rules forbid the option, and without any one of them some design has it."""
    having = [broken[n] for n, design in enumerate(designs()) if design[feature] == option]

    def is_possible(rules: set[str]) -> bool:
        return any(not breaking & rules for breaking in having)

    return not is_possible(set(cause)) and all(is_possible(set(cause) - {one}) for one in cause)
