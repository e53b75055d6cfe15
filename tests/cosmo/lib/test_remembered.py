"""What is remembered of a scope is what would be worked out, by the names that count alone."""

import pytest

from cosmo.lib.expressions import Chosen, Composed, ExpressionError, Remembered, Scope, parse
from cosmo.lib.expressions import remembered as module


def counted(source: str, asked: list[Scope]) -> Remembered[object]:
    expression = parse(source)

    def work(scope: Scope) -> object:
        asked.append(scope)
        return expression.evaluate(scope)

    return Remembered(expression.names, work)


def test_it_is_worked_out_once_for_the_values_it_names() -> None:
    asked: list[Scope] = []
    area = counted("width * depth", asked)
    assert area({"width": 3, "depth": 4, "colour": Chosen("red", {})}) == 12
    assert area({"width": 3, "depth": 4, "colour": Chosen("blue", {})}) == 12
    assert area({"width": 4, "depth": 3, "colour": Chosen("red", {})}) == 12
    assert len(asked) == 2
    always = counted("7", asked)
    assert [always({}), always({"width": 1})] == [7, 7]
    assert len(asked) == 3


def test_what_raises_is_worked_out_again_and_says_the_same() -> None:
    asked: list[Scope] = []
    broken = counted("width + colour", asked)
    scopes: list[Scope] = [{"width": 1}, {"width": 1, "colour": "red"}]
    for scope in scopes:
        for _ in range(2):
            with pytest.raises(ExpressionError):
                broken(scope)
    assert len(asked) == 4


def test_it_keeps_no_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 3)
    asked: list[Scope] = []
    double = counted("width * 2", asked)
    assert [double({"width": n}) for n in range(5)] == [0, 2, 4, 6, 8]
    assert [double({"width": n}) for n in (3, 4, 0)] == [6, 8, 0]
    assert len(asked) == 6


def test_what_is_composed_is_worked_out_once_for_the_same_objects() -> None:
    asked: list[tuple[list[int], ...]] = []

    def work(parts: tuple[list[int], ...]) -> int:
        asked.append(parts)
        return sum(map(sum, parts))

    composed = Composed(work)
    one, other, twin = [1], [2], [1]
    assert [composed((one, other)), composed((one, other)), composed((twin, other))] == [3, 3, 3]
    assert asked == [(one, other), (twin, other)]
    assert composed(()) == 0


def test_what_is_composed_of_objects_that_are_gone_is_not_taken_for_that_of_new_ones() -> None:
    composed: Composed[list[int], int] = Composed(lambda parts: parts[0][0])
    for number in range(5000):  # memory is used again at once, so addresses are
        assert composed(([number],)) == number
