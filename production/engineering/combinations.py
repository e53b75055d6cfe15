"""The choices an expression can meet, so that its values are tried before anybody sells one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, islice, product
from math import prod
from typing import Any

from cosmo.lib.expressions import (
    NUMBER,
    TEXT,
    Chosen,
    Environment,
    Kind,
    OptionKind,
    Scope,
    SetKind,
    Value,
)

MOST_TRIED = 4096
MOST_SUBSETS = 256
MOST_STEPS = 64
Choices = Mapping[str, str | int | Decimal | tuple[str, ...]]
"""As expressions see them, but options by their id; this package does not import design.rules."""


@dataclass(frozen=True, slots=True)
class OfferFeature:
    """What expressions may see of one feature of the offer.

    Attributes:
        kind: For checking names and kinds.
        values: Values to try; every one unless the feature is a text or has a great many subsets
            or steps.
    """

    id: str
    kind: Kind
    values: tuple[Value, ...]


def read_features(entries: Sequence[Mapping[str, Any]]) -> Mapping[str, OfferFeature]:
    """The ``features`` of an offer document that satisfies its schema."""
    return {entry["id"]: _READERS[entry["kind"]](entry) for entry in entries}


def environment_of(features: Mapping[str, OfferFeature]) -> Environment:
    return {name: feature.kind for name, feature in features.items()}


def scopes_of(names: Iterable[str], features: Mapping[str, OfferFeature]) -> Iterator[Scope]:
    """Every combination of the named features' values; a fair part of them when there are more
    than MOST_TRIED: first the extremes of each feature, then one feature at a time.
    """
    domains = {name: features[name].values for name in sorted(names)}
    if prod(len(values) for values in domains.values()) > MOST_TRIED:
        extremes = {name: (values[0], values[-1]) for name, values in domains.items()}
        yield from islice(_product(extremes), MOST_TRIED)
        first = {name: values[0] for name, values in domains.items()}
        for name, values in domains.items():
            yield from ({**first, name: value} for value in values)
    else:
        yield from _product(domains)


def choices_of(scope: Scope) -> Choices:
    """A scope as choices, to ask whether they can go together."""
    return {name: _choice(value) for name, value in scope.items()}


def sentence_of(scope: Scope) -> str:
    """``width = w600, height = 2000``, for a fault's sentence."""
    return ", ".join(f"{name} = {_shown(value)}" for name, value in scope.items())


def _product(domains: Mapping[str, tuple[Value, ...]]) -> Iterator[Scope]:
    for values in product(*domains.values()):
        yield dict(zip(domains, values, strict=True))


def _choice(value: Value) -> str | int | Decimal | tuple[str, ...]:
    if isinstance(value, Chosen):
        return value.id
    return tuple(sorted(value)) if isinstance(value, frozenset) else value


def _shown(value: Value) -> str:
    if isinstance(value, frozenset):
        return "{" + ", ".join(sorted(value)) + "}"
    is_text = isinstance(value, str) and not isinstance(value, Chosen)
    return f"'{value}'" if is_text else str(value)


def _exact(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, float) else value


def _read_choice(entry: Mapping[str, Any]) -> OfferFeature:
    options = {
        item["id"]: {key: _exact(value) for key, value in (item.get("values") or {}).items()}
        for item in entry["options"]
    }
    if entry.get("optional"):
        options.setdefault("none", {})
    values = tuple(Chosen(name, values) for name, values in options.items())
    return OfferFeature(entry["id"], OptionKind("an option", options), values)


def _read_multi(entry: Mapping[str, Any]) -> OfferFeature:
    ids = [item["id"] for item in entry["options"]]
    low, high = entry.get("min", 0), min(entry.get("max", len(ids)), len(ids))
    subsets = (frozenset(s) for size in range(low, high + 1) for s in combinations(ids, size))
    values = [*islice(subsets, MOST_SUBSETS), frozenset(ids[:high])]
    return OfferFeature(
        entry["id"], SetKind("several options", frozenset(ids)), tuple(dict.fromkeys(values))
    )


def _read_parameter(entry: Mapping[str, Any]) -> OfferFeature:
    low, high, step = (_number(entry[key]) for key in ("min", "max", "step"))
    count = int((high - low) / step) + 1
    places = range(count) if count <= MOST_STEPS else _spread(count)
    return OfferFeature(entry["id"], NUMBER, tuple(low + step * place for place in places))


def _number(written: int | str) -> int | Decimal:
    """Whole numbers stay whole; decimals are exact."""
    return Decimal(written) if "." in str(written) else int(written)


def _spread(count: int) -> Sequence[int]:
    """The first and the last place and some between, evenly."""
    return tuple(
        dict.fromkeys((count - 1) * part // (MOST_STEPS - 1) for part in range(MOST_STEPS))
    )


def _read_text(entry: Mapping[str, Any]) -> OfferFeature:
    return OfferFeature(entry["id"], TEXT, ("", "x", "x" * entry["max_length"]))


_READERS = {
    "choice": _read_choice,
    "multi": _read_multi,
    "parameter": _read_parameter,
    "text": _read_text,
}
