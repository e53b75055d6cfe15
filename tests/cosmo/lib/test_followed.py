"""Lines that follow a scope come to what they would come to alone, and are asked no more often."""

import random

import pytest

from cosmo.lib.expressions import (
    Chosen,
    ExpressionError,
    Followed,
    Remembered,
    Scope,
    Value,
    parse,
)

SOURCES = (
    "width * depth",
    "width + 1",
    "7",
    "colour == 'red'",
    "3 if colour == 'red' else depth",
    "len(feet)",
)


def followed(asked: list[str]) -> Followed[Value]:
    def line(source: str) -> tuple[frozenset[str], Remembered[Value]]:
        expression = parse(source)

        def work(scope: Scope) -> Value:
            asked.append(source)
            return expression.evaluate(scope)

        return expression.names, Remembered(expression.names, work)

    return Followed([line(source) for source in SOURCES])


def test_every_scope_gets_its_own_answers_whatever_came_before() -> None:
    rng, asked = random.Random(5), list[str]()
    lines = followed(asked)
    for _ in range(300):
        scope: dict[str, Value] = {
            "width": rng.randrange(4),
            "depth": rng.randrange(4),
            "colour": Chosen(rng.choice(["red", "blue"]), {}),
            "feet": frozenset(rng.sample(["a", "b"], rng.randrange(3))),
        }
        assert lines(scope) == tuple(parse(source).evaluate(scope) for source in SOURCES)


def test_only_lines_that_look_up_what_changed_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[Remembered[Value]] = []
    lines = followed([])
    scope: dict[str, Value] = {
        "width": 2,
        "depth": 3,
        "colour": Chosen("red", {}),
        "feet": frozenset(),
    }
    first = lines(scope)
    real = Remembered.__call__

    def noted(line: Remembered[Value], of: Scope) -> Value:
        called.append(line)
        return real(line, of)

    monkeypatch.setattr(Remembered, "__call__", noted)
    assert lines({**scope, "colour": Chosen("red", {}), "height": 9}) == first
    assert not called
    assert lines({**scope, "width": 5}) == (15, 6, *first[2:])
    assert len(called) == 2


def test_what_raises_leaves_what_was_known() -> None:
    lines = followed([])
    scope: dict[str, Value] = {
        "width": 2,
        "depth": 3,
        "colour": Chosen("red", {}),
        "feet": frozenset(),
    }
    first = lines(scope)
    broken: list[Scope] = [{**scope, "width": "wide"}, {"width": 1}]
    for one in broken:
        with pytest.raises(ExpressionError):
            lines(one)
    assert lines(scope) == first
