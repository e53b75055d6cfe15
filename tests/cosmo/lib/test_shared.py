"""Expressions that share their parts come to what each comes to alone, fault for fault."""

import random
from decimal import Decimal

import pytest

from cosmo.lib.expressions import Chosen, ExpressionError, Scope, Value, parse, sharing
from cosmo.lib.expressions.evaluator import Compiler

BOARDS = "depth * ((bays.n + 1) * (height - 30) + 2 * width + shelves * (width - bays.n * 18))"
SOURCES = (
    f"round({BOARDS} * wood.price / 1000000)",
    f"round({BOARDS} * wood.price * 65 / 100000000)",
    f"  ({BOARDS}) / 1000000",
    "ceil(width / 1000) * 38 if wood == 'oak' and width > 900 else 0",
    "240 + (ceil(width / 1000) * 38 if wood == 'oak' and width > 900 else 0)",
    "max(width / shelves, 3) + 1",
    "max(width / shelves, 3) + 2",
    "max(width / shelves, 3) + 2.0",
    "width in (600, 1200) and wood != 'oak'",
    "wood.price",
)


BAYS = [Chosen("one", {"n": 1}), Chosen("two", {"n": 2})]
WOODS = [Chosen("oak", {"price": Decimal("45.5")}), Chosen("pine", {"price": 20})]
DEPTHS: list[Value] = [300, Decimal("340.5")]


def scope_of(rng: random.Random) -> dict[str, Value]:
    return {
        "width": rng.choice([600, 1200, 1800]),
        "height": rng.choice([900, 1800]),
        "depth": rng.choice(DEPTHS),
        "shelves": rng.choice([0, 2, 5]),
        "bays": rng.choice(BAYS),
        "wood": rng.choice(WOODS),
    }


def said(source: str, evaluate: object, scope: Scope) -> tuple[object, ...]:
    try:
        value = evaluate(scope)  # type: ignore[operator]
    except ExpressionError as error:
        return error.code, error.source, error.column, str(error)
    return type(value), str(value)


def test_each_comes_to_the_same_and_tells_its_own_faults() -> None:
    twins = sharing(parse(source) for source in SOURCES)
    rng, faults = random.Random(3), 0
    for _ in range(400):
        scope = scope_of(rng)
        if rng.random() < 0.1:
            scope["depth"] = "deep"
        if rng.random() < 0.1:
            del scope["height"]
        for source in rng.sample(SOURCES, len(SOURCES)):
            plain, twin = parse(source), twins[parse(source)]
            assert (twin.source, twin.names, twin.tree) == (source, plain.names, plain.tree)
            told = said(source, plain.evaluate, scope)
            assert said(source, twin.evaluate, scope) == told
            faults += len(told) == 4
    assert faults > 300


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows with every name that an expression compiled from now on looks up."""
    looked_up: list[int] = []
    real = Compiler._compile_name

    def counting(compiler: Compiler, node: object) -> object:
        inner = real(compiler, node)  # type: ignore[arg-type]

        def evaluate(scope: Scope) -> Value:
            looked_up.append(1)
            return inner(scope)

        return evaluate

    monkeypatch.setattr(Compiler, "_compile_name", counting)
    return looked_up


def test_a_common_part_is_worked_out_once(worked: list[int]) -> None:
    twins = sharing(parse(source) for source in SOURCES[:3])
    scope = scope_of(random.Random(1))
    twins[parse(SOURCES[0])].evaluate(scope)
    first = len(worked)
    for source in SOURCES[1:3]:
        twins[parse(source)].evaluate(scope)
    assert first >= 6
    assert len(worked) - first <= 1  # the price of the wood; the boards are known


def test_a_fault_deep_inside_sums_of_sums_is_found_at_once(worked: list[int]) -> None:
    sums = ["1 / a0 + a1 * 2"]
    for place in range(2, 30):
        sums.append(f"{sums[-1]} + a{place} * {place}")
    twins = sharing(parse(source) for source in sums)
    scope: dict[str, Value] = {"a0": 0, **{f"a{place}": 1 for place in range(1, 30)}}
    with pytest.raises(ExpressionError) as told:
        twins[parse(sums[-1])].evaluate(scope)
    assert (told.value.code, told.value.source) == ("division_by_zero", sums[-1])
    assert len(worked) < 100  # not twice for each of the sums inside


def test_what_stands_alone_is_left_as_it_is() -> None:
    alone = [parse("width * depth * 3 + 1"), parse("height + 1"), parse("height + 2")]
    assert all(one is twin for one, twin in sharing(alone).items())
    twice = sharing([alone[0], alone[0]])
    assert twice[alone[0]] is not alone[0]
