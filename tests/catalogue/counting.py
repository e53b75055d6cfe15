"""An exact counter of designs that shares nothing with the configurator's solver.

Every rule becomes a table over the features it names, filled by evaluating the authored rule for
each combination. The number of designs is the sum, over all combinations of all features, of the
product of these tables; features are summed out one by one, the cheapest first. Whole numbers only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from math import prod
from typing import Any

import numpy as np

from cosmo.lib.expressions import Chosen, parse

Offer = Mapping[str, Any]
Domains = dict[str, list[Any]]


@dataclass(frozen=True)
class Factor:
    """How many designs there are for each combination of ``names``."""

    names: tuple[str, ...]
    counts: np.ndarray


def domains_of(offer: Offer, *, with_text: bool) -> Domains:
    """Every answer of every feature. A text counts as empty, or as one filled text beside that."""
    return {feature["id"]: _answers(feature, with_text) for feature in offer["features"]}


def _answers(feature: Mapping[str, Any], with_text: bool) -> list[Any]:
    kind = feature["kind"]
    if kind == "parameter":
        return list(range(feature["min"], feature["max"] + 1, feature["step"]))
    if kind == "text":
        return ["", "x"] if with_text else [""]
    if kind == "choice":
        options = [Chosen(one["id"], one.get("values", {})) for one in feature["options"]]
        return [Chosen("none", {}), *options] if feature.get("optional") else options
    ids = [one["id"] for one in feature["options"]]
    sizes = range(feature.get("min", 0), feature.get("max", len(ids)) + 1)
    return [frozenset(some) for size in sizes for some in combinations(ids, size)]


def features_in(rule: Mapping[str, Any]) -> frozenset[str]:
    """The features a rule ties together."""
    if "table" in rule:
        return frozenset(rule["table"]["features"])
    sources = (rule[key] for key in ("when", "then", "never", "always") if key in rule)
    return frozenset().union(*(parse(source).names for source in sources))


def holds(rule: Mapping[str, Any], scope: Mapping[str, Any]) -> bool:
    if "table" in rule:
        table = rule["table"]
        wanted = [str(scope[name]) for name in table["features"]]
        return any([str(cell) for cell in row] == wanted for row in table["allowed"])
    if "never" in rule:
        return not parse(rule["never"]).evaluate_truth(scope)
    if "always" in rule:
        return parse(rule["always"]).evaluate_truth(scope)
    return not parse(rule["when"]).evaluate_truth(scope) or parse(rule["then"]).evaluate_truth(
        scope
    )


def factor_of(rule: Mapping[str, Any], domains: Domains) -> Factor:
    names = tuple(sorted(features_in(rule)))
    shape = [len(domains[name]) for name in names]
    rows = product(*(domains[name] for name in names))
    allowed = [holds(rule, dict(zip(names, row, strict=True))) for row in rows]
    return Factor(names, np.array(allowed, dtype=np.int64).reshape(shape))


def count_designs(factors: Iterable[Factor], domains: Domains) -> int:
    """The exact number of combinations that all factors allow."""
    assert prod(len(answers) for answers in domains.values()) < 2**63, "would overflow"
    open_factors = list(factors)
    left = {name: len(answers) for name, answers in domains.items()}
    total = 1
    while left:
        name = min(left, key=lambda one: _size_after(one, open_factors, left))
        touching = [factor for factor in open_factors if name in factor.names]
        if touching:
            merged = _sum_out(name, touching)
            open_factors = [factor for factor in open_factors if name not in factor.names]
            open_factors.append(merged)
        else:
            total *= left[name]
        del left[name]
    for factor in open_factors:
        total *= int(factor.counts)
    return total


def _size_after(name: str, factors: list[Factor], left: dict[str, int]) -> int:
    names = {other for factor in factors if name in factor.names for other in factor.names}
    return prod(left[other] for other in names | {name})


def _sum_out(name: str, factors: list[Factor]) -> Factor:
    names = sorted({other for factor in factors for other in factor.names})
    axes = {other: place for place, other in enumerate(names)}
    operands: list[Any] = []
    for factor in factors:
        operands += [factor.counts, [axes[other] for other in factor.names]]
    rest = tuple(other for other in names if other != name)
    counts = np.einsum(*operands, [axes[other] for other in rest], optimize="greedy")
    return Factor(rest, np.asarray(counts, dtype=np.int64))
