"""The choices an expression can meet, so that its values are tried before anybody sells one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, islice, product
from math import prod
from typing import Any, cast

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
Choices = Mapping[str, str | int | tuple[str, ...]]
"""As design.rules takes them; this package does not import it."""


@dataclass(frozen=True, slots=True)
class OfferFeature:
    """What expressions may see of one feature of the offer.

    Attributes:
        kind: For checking names and kinds.
        values: Values to try; every one unless the feature is a text or has a great many subsets.
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


def _choice(value: Value) -> str | int | tuple[str, ...]:
    if isinstance(value, Chosen):
        return value.id
    return tuple(sorted(value)) if isinstance(value, frozenset) else cast(str | int, value)


def _shown(value: Value) -> str:
    if isinstance(value, frozenset):
        return "{" + ", ".join(sorted(value)) + "}"
    return f"'{value}'" if isinstance(value, str) else str(value)


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
    numbers = range(entry["min"], entry["max"] + 1, entry["step"])
    return OfferFeature(entry["id"], NUMBER, tuple(numbers))


def _read_text(entry: Mapping[str, Any]) -> OfferFeature:
    return OfferFeature(entry["id"], TEXT, ("", "x", "x" * entry["max_length"]))


_READERS = {
    "choice": _read_choice,
    "multi": _read_multi,
    "parameter": _read_parameter,
    "text": _read_text,
}
