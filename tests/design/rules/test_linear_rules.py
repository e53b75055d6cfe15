"""Rules that add up scaled parameters, decimals and options, against every combination in NumPy.

An expression is drawn together with its value for each answer, worked out in fractions by Python
alone; both sides of the engine, clauses and diagram, have to allow exactly what the grid allows.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import ceil, floor, lcm
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from cosmo.lib.expressions import DocumentError
from design.rules import Caps, Engine, Model
from tests.design.rules.documents import Document, choice, offer, parameter, several

RULES = 150
BLOCK = 30
CAPS = Caps(seconds=20, nodes=200_000, tries=1)
Grid = NDArray[Any]


@dataclass(frozen=True)
class Axis:
    """A feature, its answers, and the number each stands for."""

    feature: Document
    answers: tuple[Any, ...]
    numbers: tuple[Fraction, ...] = ()

    @property
    def name(self) -> str:
        return str(self.feature["id"])


def _axes(rng: random.Random) -> list[Axis]:
    axes = [_parameter(rng, name) for name in rng.sample(["a", "b", "d"], rng.randint(2, 3))]
    options = [f"{letter}={rng.randint(1, 40)}" for letter in "xyz"[: rng.randint(2, 3)]]
    chosen = choice("c", *options, optional=rng.random() < 0.4)
    mm = {entry["id"]: Fraction(entry["values"]["mm"]) for entry in chosen["options"]}
    ids = ["none", *mm] if chosen["optional"] else list(mm)
    axes.append(Axis(chosen, tuple(ids), tuple(mm.get(one, Fraction(0)) for one in ids)))
    least, most = rng.choice([(0, 3), (1, 2), (0, 1)])
    options_of_m = several("m", *"pqr", least=least, most=most)
    sets = [some for size in range(least, most + 1) for some in combinations("pqr", size)]
    axes.append(Axis(options_of_m, tuple(sets), tuple(Fraction(len(some)) for some in sets)))
    return axes


def _parameter(rng: random.Random, name: str) -> Axis:
    steps, scale = rng.randint(8, 18), rng.choice([1, 1, 4, 10])
    step = Fraction(rng.choice([1, 3, 5]), scale)
    low = rng.randint(-9, 20) * step + Fraction(rng.choice([0, 1]), scale)
    numbers = tuple(low + n * step for n in range(steps))
    written = {key: _decimal(n) for key, n in
               (("min", low), ("max", numbers[-1]), ("step", step), ("default", low))}  # fmt: skip
    feature = {**parameter(name, 0, 0, 1), **written, "scaled": rng.random() < 0.8}
    places = max(len(text.partition(".")[2]) for text in written.values())
    return Axis(feature, tuple(int(n * 10**places) for n in numbers), numbers)


def _decimal(number: Fraction) -> str:
    assert 1000 % number.denominator == 0
    return f"{float(number):.3f}".rstrip("0").rstrip(".")


Part = tuple[str, tuple[Fraction, ...]]


def _part(rng: random.Random, axis: Axis) -> Part:
    """An expression over one feature, and what it comes to for each of its answers."""
    name, numbers, kind = axis.name, axis.numbers, axis.feature["kind"]
    factor = Fraction(rng.choice([-30, -5, 2, 3, 15, 25]), rng.choice([1, 10, 4]))
    if kind == "multi":
        times = [(f"len({name})", 1), (f"-len({name})", -1), (f"len({name}) * 3", 3)]
        text, by = rng.choice(times)
        return text, tuple(by * n for n in numbers)
    if kind == "choice":
        bonus = rng.randint(1, 30)
        plain = (
            f"({name}.mm if {name} != 'none' else 0)" if axis.feature["optional"] else f"{name}.mm"
        )
        first = axis.answers[-1]
        return rng.choice(
            [
                (plain, numbers),
                (f"{_decimal(factor)} * {plain}", tuple(factor * n for n in numbers)),
                (f"({bonus} if {name} == '{first}' else 1)",
                 tuple(Fraction(bonus if one == first else 1) for one in axis.answers)),
            ]
        )  # fmt: skip
    forms: list[tuple[str, Callable[[Fraction], Fraction]]] = [
        (name, lambda n: n),
        (f"-{name}", lambda n: -n),
        (f"{_decimal(factor)} * {name}", lambda n: factor * n),
        (f"{name} * {_decimal(factor)}", lambda n: factor * n),
        (f"{name} / 8", lambda n: n / 8),
        (f"({name} - 2) * {_decimal(factor)}", lambda n: (n - 2) * factor),
        (f"ceil({name} / 7)", lambda n: Fraction(ceil(n / 7))),
        (f"{name} // 3", lambda n: Fraction(floor(n / 3))),
        (f"max({name}, 5)", lambda n: max(n, Fraction(5))),
        (f"({name} * {name} if {name} > 3 else 7)", lambda n: n * n if n > 3 else Fraction(7)),
    ]
    text, of = rng.choice(forms)
    return text, tuple(of(n) for n in numbers)


def _sum(rng: random.Random, axes: list[Axis], among: list[Axis]) -> tuple[str, Grid]:
    """A sum over some of the features; its value as whole numbers, 1000 times 8 times as large."""
    text, total = "", _spread(axes, axes[0], (Fraction(0),) * len(axes[0].answers))
    for axis in among:
        part, amounts = _part(rng, axis)
        sign = rng.choice([1, 1, -1])
        text += (" + " if sign > 0 else " - ") + f"({part})" if text else f"{sign} * ({part})"
        total = total + sign * _spread(axes, axis, amounts)
    return text, total


SCALE = lcm(8000, 40 * 40, 4 * 8 * 1000)


def _spread(axes: list[Axis], axis: Axis, amounts: tuple[Fraction, ...]) -> Grid:
    whole = [amount * SCALE for amount in amounts]
    assert all(amount.denominator == 1 for amount in whole)
    shape = [len(axis.answers) if other is axis else 1 for other in axes]
    return np.array([int(amount) for amount in whole], dtype=np.int64).reshape(shape)


SIGNS: dict[str, Callable[[Grid, Any], Grid]] = {
    "<=": np.less_equal, "<": np.less, ">=": np.greater_equal, ">": np.greater,
    "==": np.equal, "!=": np.not_equal,
}  # fmt: skip


def _comparison(rng: random.Random, axes: list[Axis]) -> tuple[str, Grid]:
    numbers = [axis for axis in axes if axis.feature["kind"] == "parameter"]
    others = [axis for axis in axes if axis not in numbers]
    among = numbers + rng.sample(others, rng.randint(0, len(others)))
    rng.shuffle(among)
    cut = rng.randint(1, len(among))
    left, total = _sum(rng, axes, among[:cut])
    right, more = _sum(rng, axes, among[cut:]) if cut < len(among) else ("0", np.zeros(1, int))
    reached = np.unique(total - more)
    middle = Fraction(
        int(rng.choice(list(reached[len(reached) // 4 : 1 + 3 * len(reached) // 4]))), SCALE
    )
    if 10**6 % middle.denominator:
        middle = Fraction(round(middle))
    bound = f"{float(middle):.6f}"
    at = int(middle * SCALE)
    if rng.random() < 0.25:
        width = rng.randint(1, 30)
        text = f"{bound} - {width} <= {left} - ({right}) < {bound} + {width}"
        inside = (at - width * SCALE <= total - more) & (total - more < at + width * SCALE)
        return text, inside
    sign = rng.choice(list(SIGNS))
    return f"{left} {sign} {right} + {bound}", SIGNS[sign](total - more, at)


def _rule(rng: random.Random, axes: list[Axis]) -> tuple[Document, Grid]:
    text, holds = _comparison(rng, axes)
    form = rng.choice(["always", "never", "when", "or", "if"])
    chosen = next(axis for axis in axes if axis.name == "c")
    option = rng.choice(chosen.answers)
    is_option = np.array([one == option for one in chosen.answers]).reshape(
        [len(axis.answers) if axis is chosen else 1 for axis in axes]
    )
    match form:
        case "always":
            return {"always": text}, holds
        case "never":
            return {"never": text}, ~holds
        case "when":
            return {"when": f"c == '{option}'", "then": text}, ~is_option | holds
        case "or":
            return {"always": f"not ({text}) or c == '{option}'"}, ~holds | is_option
        case _:
            text = f"({text}) if c == '{option}' else 'p' not in m"
            sets = next(axis for axis in axes if axis.name == "m")
            has_p = np.array(["p" in some for some in sets.answers]).reshape(
                [len(axis.answers) if axis is sets else 1 for axis in axes]
            )
            return {"always": text}, np.where(is_option, holds, ~has_p)


def _case(seed: int) -> tuple[list[Axis], Document, Grid]:
    rng = random.Random(seed)
    axes = _axes(rng)
    shape = [len(axis.answers) for axis in axes]
    rules, allowed = [], np.ones(shape, dtype=bool)
    for _ in range(rng.choice([1, 1, 2])):
        rule, holds = _rule(rng, axes)
        rules.append(rule)
        allowed &= holds
    return axes, offer([axis.feature for axis in axes], *rules), allowed


def _states(rng: random.Random, axes: list[Axis], allowed: Grid) -> Iterator[dict[str, Any]]:
    """Choices of a few designs that are allowed, answer by answer, and one wild one."""
    yield {}
    for place in rng.sample(list(np.argwhere(allowed)), min(2, int(allowed.sum()))):
        state: dict[str, Any] = {}
        answers = [(axis.name, axis.answers[n]) for axis, n in zip(axes, place, strict=True)]
        for name, answer in rng.sample(answers, len(answers)):
            state = {**state, name: answer}
            yield state
    yield {axis.name: rng.choice(axis.answers) for axis in axes}


def _left(axes: list[Axis], allowed: Grid, state: dict[str, Any]) -> Grid:
    """The part of the grid with these choices."""
    left = allowed
    for n, axis in enumerate(axes):
        if axis.name in state:
            keep = np.array([answer == state[axis.name] for answer in axis.answers])
            left = left & keep.reshape([-1 if m == n else 1 for m in range(len(axes))])
    return left


def _domain(axes: list[Axis], allowed: Grid, state: dict[str, Any], axis: Axis) -> set[Any]:
    others = {name: answer for name, answer in state.items() if name != axis.name}
    left = _left(axes, allowed, others)
    at = axes.index(axis)
    fits: Grid = np.array(left.any(axis=tuple(n for n in range(len(axes)) if n != at)))
    answers = [answer for answer, fit in zip(axis.answers, fits, strict=True) if fit]
    if axis.feature["kind"] == "multi":
        held = set(state.get(axis.name, ()))
        if axis.name in state:
            sets = [set(some) for some in answers]
            return {option for option in "pqr" if held | {option} in sets}
        return {option for some in answers for option in some}
    if axis.feature.get("scaled") and answers:
        step = axis.answers[1] - axis.answers[0]
        return set(range(min(answers), max(answers) + 1, step))
    return set(answers)


blocks = pytest.mark.parametrize("first", range(0, RULES, BLOCK))


@blocks
def test_sums_allow_what_the_grid_allows(first: int) -> None:
    asked = 0
    for seed in range(first, first + BLOCK):
        axes, document, allowed = _case(seed)
        if not allowed.any():
            continue
        model = Model.from_document(document, defaults_hold=False)
        sat, drawn = Engine(model), Engine(model)
        diagram = drawn.compile(CAPS)
        assert diagram is not None
        drawn.use(diagram)
        rng = random.Random(seed)
        states = list(_states(rng, axes, allowed))
        for state in rng.sample(states, len(states)):
            wanted = {axis.name: _domain(axes, allowed, state, axis) for axis in axes}
            found = {name: set(domain) for name, domain in sat.domains(state).items()}
            assert found == wanted, (seed, state, document["rules"])
            assert {name: set(domain) for name, domain in drawn.domains(state).items()} == wanted
            assert drawn.count(state) == int(_left(axes, allowed, state).sum())
            assert sat.is_valid(state) is bool(_left(axes, allowed, state).any())
            asked += 1
    assert asked > BLOCK * 5


def _engine(features: list[Document], *rules: Document, with_diagram: bool = False) -> Engine:
    engine = Engine(Model.from_document(offer(features, *rules), defaults_hold=False))
    if with_diagram:
        diagram = engine.compile(CAPS)
        assert diagram is not None
        engine.use(diagram)
    return engine


def _limits(engine: Engine, state: dict[str, Any], name: str) -> tuple[int, int]:
    numbers = [int(value) for value in engine.domains(state)[name]]
    return min(numbers), max(numbers)


@pytest.mark.parametrize("with_diagram", [False, True])
@pytest.mark.parametrize("count", [2, 3, 4])
def test_a_scaled_parameter_of_few_values_has_all_of_them(count: int, with_diagram: bool) -> None:
    few = {**parameter("few", 10, 10 * count, 10), "scaled": True}
    engine = _engine([few, choice("a", "x", "y")], with_diagram=with_diagram)
    numbers = range(10, 10 * count + 1, 10)
    assert set(engine.domains({})["few"]) == set(numbers)
    for value in numbers:
        assert engine.is_valid({"few": value})
        assert engine.complete({"few": value})["few"] == value
    if with_diagram:
        assert engine.count({}) == 2 * count


@pytest.mark.parametrize("with_diagram", [False, True])
def test_a_parameter_of_one_value_counts_in_a_sum(with_diagram: bool) -> None:
    fixed = {**parameter("fixed", 7, 7, 1), "scaled": True}
    wide = [{**parameter(name, 0, 40, 1), "scaled": True} for name in "ab"]
    engine = _engine([fixed, *wide], {"always": "a + b + fixed == 80"}, with_diagram=with_diagram)
    assert _limits(engine, {}, "a") == (33, 40)
    assert _limits(engine, {"b": 35}, "a") == (38, 38)
    assert set(engine.domains({})["fixed"]) == {7}


@pytest.mark.parametrize("with_diagram", [False, True])
def test_limits_of_long_parameters_are_reached(with_diagram: bool) -> None:
    """Three of a thousand values and more, tied by sums whose ends can be worked out by hand."""
    long = [
        parameter("a", 0, 3_000, 1),
        parameter("b", 100, 2_100, 2),
        parameter("d", -500, 500, 1),
    ]
    engine = _engine(
        long, {"always": "2 * a - b <= 150"}, {"always": "a + d >= 900"}, with_diagram=with_diagram
    )
    assert _limits(engine, {}, "a") == (400, 1_125)  # d is at most 500, b at most 2,100
    assert _limits(engine, {}, "b") == (650, 2_100)  # twice 400 less 150
    assert _limits(engine, {}, "d") == (-225, 500)
    assert _limits(engine, {"d": 0}, "b") == (1_650, 2_100)
    assert _limits(engine, {"b": 1_000}, "a") == (400, 575)
    assert not engine.is_valid({"b": 1_000, "a": 576})
    assert engine.is_valid({"b": 1_000, "a": 575, "d": 325})
    assert not engine.is_valid({"b": 1_000, "a": 575, "d": 324})


@pytest.mark.parametrize("text", ["-2 * (a + b) >= -100", "(a + b) * (1 + 1) <= 100",
                                  "(a + b) / (4 - 2) <= 25", "-(a + b) >= -50"])  # fmt: skip
def test_a_sum_may_be_multiplied_as_a_whole(text: str) -> None:
    engine = _engine([parameter(name, 0, 999, 1) for name in "ab"], {"always": text})
    assert _limits(engine, {}, "a") == (0, 50)
    assert _limits(engine, {"b": 20}, "a") == (0, 30)


def test_a_sum_of_too_many_ways_is_a_fault_at_its_rule() -> None:
    odd = [parameter(name, 0, 3_999, 1) for name in "abde"]
    huge = {"always": "a * 1009 + b * 2003 - d * 3001 - e * 4001 == 17"}
    with pytest.raises(DocumentError) as raised:
        Model.from_document(offer(odd, {"always": "a <= b"}, huge))
    (problem,) = raised.value.problems
    assert problem.path[:2] == ("rules", 1)
    assert problem.code == "sum_too_large"


@pytest.mark.parametrize("size", [3, 4, 5, 6])
@pytest.mark.parametrize("with_diagram", [False, True])
def test_a_limit_that_several_choices_use_up_names_them_all(size: int, with_diagram: bool) -> None:
    """Each choice takes 30 of what there is; one more than fit is refused for all the others."""
    names = [f"p{n}" for n in range(size)]
    parts = [{**parameter(name, 0, 30, 1), "scaled": True} for name in names]
    rule = {"id": "room", "always": f"{' + '.join(names)} + spare <= {30 * size - 1}"}
    spare = {**parameter("spare", 0, 9, 1), "scaled": True}
    engine = _engine([*parts, spare], rule, with_diagram=with_diagram)
    rng = random.Random(size)
    earlier = rng.sample(names[1:], size - 1)
    choices = {"spare": 0, **dict.fromkeys(earlier, 30)}
    conflict = engine.explain(choices, names[0], 30)
    assert conflict is not None
    assert [choice.feature for choice in conflict.choices] == earlier
    assert conflict.rules == ("room",)
    repairs = engine.repairs(choices, names[0], 30)
    assert [len(repair) for repair in repairs] == [1] * min(3, size - 1)
    assert _limits(engine, choices, names[0]) == (0, 29)


@pytest.mark.parametrize("size", [3, 4, 5, 6])
def test_a_chain_of_rules_from_several_choices_is_named_link_by_link(size: int) -> None:
    """Choice n and state n give state n + 1; the last state forbids what is asked for."""
    states = [choice(f"s{n}", "off", "on") for n in range(size + 1)]
    switches = [choice(f"c{n}", "off", "on") for n in range(size)]
    decoys = [choice(f"x{n}", "off", "on") for n in range(4)]
    links = [
        {"id": f"L{n}", "when": f"c{n} == 'on' and s{n} == 'on'", "then": f"s{n + 1} == 'on'"}
        for n in range(size)
    ]
    loose = [{"never": f"x{n} == 'on' and x{n + 1} == 'on' and c0 == 'on'"} for n in range(3)]
    start = {"id": "start", "when": "c0 == 'on'", "then": "s0 == 'on'"}
    rng = random.Random(size)
    rules = [start, *links, *loose]
    rng.shuffle(rules)
    engine = _engine([*decoys, *states, *switches], *rules)
    order = [f"c{n}" for n in range(size)]
    rng.shuffle(order)
    choices = {"x0": "on", **dict.fromkeys(order, "on"), "x3": "on"}
    conflict = engine.explain(choices, f"s{size}", "off")
    assert conflict is not None
    assert [chosen.feature for chosen in conflict.choices] == order
    assert set(conflict.rules) == {"start", *(f"L{n}" for n in range(size))}
    repairs = engine.repairs(choices, f"s{size}", "off")
    assert [len(repair) for repair in repairs] == [1, 1, 1]
    for (taken,) in repairs:
        left = {name: value for name, value in choices.items() if name != taken.feature}
        assert "off" in engine.domains(left)[f"s{size}"]
    assert "off" not in engine.domains(choices)[f"s{size}"]


@pytest.mark.parametrize("size", [2, 3])
def test_a_repair_of_several_choices_is_found_where_no_smaller_one_is(size: int) -> None:
    """``size`` rules with nothing in common stand against it, each for two choices."""
    pairs = [choice(f"{side}{n}", "off", "on") for n in range(size) for side in "lr"]
    rules = [{"never": f"asked == 'on' and l{n} == 'on' and r{n} == 'on'"} for n in range(size)]
    engine = _engine([choice("asked", "off", "on"), *pairs], *rules)
    choices = {feature["id"]: "on" for feature in pairs}
    repairs = engine.repairs(choices, "asked", "on", most=99)
    found = {frozenset(chosen.feature for chosen in repair) for repair in repairs}
    assert len(repairs) == len(found) == 2**size
    assert all(len({name[1] for name in repair}) == size for repair in found)
    assert len(engine.repairs(choices, "asked", "on")) == 3
