"""A price change over many amounts at once, written into the text of the offer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from cosmo.lib.expressions import ExpressionError, parse
from design.drafting.amounts import Money, Value, money_in, values_in
from design.drafting.scalars import Path, Scalar, replaced, scalars_of
from design.rules.components import flat_features

Rounding = Literal["whole", "ninety_nine", "cent"]
BASE, EVERYTHING = "base", "everything"


@dataclass(frozen=True, slots=True)
class Raise:
    """What is to happen to amounts: percent first, then the addition, then rounding."""

    percent: Decimal = Decimal(0)
    added: Decimal = Decimal(0)
    rounding: Rounding = "whole"

    def of(self, amount: Decimal, *, is_rate: bool = False, is_whole: bool = False) -> Decimal:
        """The amount afterwards. What costs nothing keeps costing nothing.

        Args:
            is_rate: It is a price of one of many: percent only, to the cent.
            is_whole: It is written as a whole number, which has no cents.
        """
        if not amount:
            return amount
        moved = amount * (1 + self.percent / 100)
        if is_rate and not is_whole:
            return moved.quantize(Decimal("0.01"), ROUND_HALF_UP)
        moved += 0 if is_rate else self.added
        if self.rounding == "cent" and not is_whole:
            return moved.quantize(Decimal("0.01"), ROUND_HALF_UP)
        if self.rounding == "ninety_nine" and not is_whole:
            return _to_ninety_nine(moved)
        return moved.quantize(Decimal(1), ROUND_HALF_UP)


def _to_ninety_nine(amount: Decimal) -> Decimal:
    """The nearest amount that ends in .99, away from zero."""
    sign = -1 if amount < 0 else 1
    size = abs(amount)
    whole = (size + Decimal("0.01")).quantize(Decimal(1), ROUND_HALF_UP)
    return sign * (max(whole, Decimal(1)) - Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class PriceMove:
    """One amount before and after; ``name`` is a price line, or feature and option."""

    name: str
    line: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Repriced:
    """The new text.

    Attributes:
        left: Price lines of which a part has no amount that could be moved.
    """

    text: str
    moves: tuple[PriceMove, ...]
    left: tuple[str, ...]


def price_targets(offer: Mapping[str, Any]) -> tuple[str, ...]:
    """Features that have a price line, in the order of the document."""
    priced = {line.get("feature") for line in offer["price"]["lines"]}
    return tuple(feature["id"] for _, feature in flat_features(offer) if feature["id"] in priced)


def reprice(text: str, offer: Mapping[str, Any], target: str, change: Raise) -> Repriced:
    """Move the amounts of ``target`` in the text of an offer.

    Args:
        offer: What the text says; free of faults.
        target: ``base``, ``everything``, or a feature.
    """
    scalars = scalars_of(text)
    edits: dict[Path, str] = {}
    moves: list[PriceMove] = []
    left: list[str] = []
    if target in (BASE, EVERYTHING):
        _move_base(scalars, offer, change, edits, moves)
    priced = _priced_values(offer)
    values: dict[Value, None] = {}
    for index, line in enumerate(offer["price"]["lines"]):
        if target not in (EVERYTHING, line.get("feature")):
            continue
        money = _money_of(line, priced)
        values.update(dict.fromkeys(money.values))
        path: Path = ("price", "lines", index, "amount")
        _move_numbers(scalars[path], path, line["id"], money, change, edits, moves)
        if money.is_partial or (not money.numbers and not money.values):
            left.append(line["id"])
    _move_values(scalars, offer, values, change, edits, moves)
    return Repriced(replaced(text, edits), tuple(moves), tuple(left))


def _move_base(
    scalars: Mapping[Path, Scalar],
    offer: Mapping[str, Any],
    change: Raise,
    edits: dict[Path, str],
    moves: list[PriceMove],
) -> None:
    path: Path = ("price", "base")
    before = str(offer["price"]["base"])
    try:
        after = _shown(change.of(Decimal(before)))
    except ArithmeticError:
        return  # an expression; its numbers are for its author to move
    if after != before:
        edits[path] = after
        moves.append(PriceMove(BASE, scalars[path].line, before, after))


def _money_of(line: Mapping[str, Any], priced: frozenset[Value]) -> Money:
    try:
        return money_in(parse(str(line["amount"])), priced)
    except ExpressionError:
        return Money((), (), is_partial=True)


def _move_numbers(
    scalar: Scalar,
    path: Path,
    name: str,
    money: Money,
    change: Raise,
    edits: dict[Path, str],
    moves: list[PriceMove],
) -> None:
    source = scalar.value
    for number in reversed(money.numbers):
        moved = _shown(change.of(number.amount, is_rate=number.is_rate))
        source = source[: number.start] + moved + source[number.end :]
    if source != scalar.value and scalar.style != "|":
        edits[path] = source
        moves.append(PriceMove(name, scalar.line, scalar.value, source))


def _move_values(
    scalars: Mapping[Path, Scalar],
    offer: Mapping[str, Any],
    values: Mapping[Value, None],
    change: Raise,
    edits: dict[Path, str],
    moves: list[PriceMove],
) -> None:
    for place, feature in flat_features(offer):
        for number, option in enumerate(feature.get("options", ())):
            for name, value in (option.get("values") or {}).items():
                if (feature["id"], name) not in values or not isinstance(value, int):
                    continue
                path: Path = (*place, "options", number, "values", name)
                after = _shown(change.of(Decimal(value), is_whole=True))
                if after != str(value):
                    edits[path] = after
                    what = f"{feature['id']} = {option['id']}"
                    moves.append(PriceMove(what, scalars[path].line, str(value), after))


def _shown(amount: Decimal) -> str:
    whole = amount.quantize(Decimal(1))
    return str(whole) if whole == amount else f"{amount:.2f}"


def _priced_values(offer: Mapping[str, Any]) -> frozenset[Value]:
    """Option values that only prices read: what a rule or the shape reads is no price."""
    in_prices = set(_read(offer["price"]["lines"]))
    elsewhere = set(_read([offer.get("rules", ()), offer.get("shape", {})]))
    return frozenset(in_prices - elsewhere)


def _read(value: Any) -> Iterator[Value]:
    """Option values read by any text inside that is an expression."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _read(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _read(inner)
    elif isinstance(value, str):
        try:
            yield from values_in(parse(value).tree)
        except ExpressionError:
            return  # a text that is no expression reads nothing
