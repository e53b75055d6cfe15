"""The features and rules of one offer, read once, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cosmo.lib.expressions import Environment, Scope

from .features import Feature, Selection
from .reader import environment_of, read_rules
from .rule import Rule


@dataclass(frozen=True)
class Model:
    """The features and rules of one offer. Build it with ``Model.from_document``."""

    features: tuple[Feature, ...]
    rules: tuple[Rule, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Feature]:
        return {feature.id: feature for feature in self.features}

    @cached_property
    def defaults(self) -> Selection:
        return {feature.id: feature.default for feature in self.features}

    @cached_property
    def rules_of(self) -> Mapping[str, tuple[Rule, ...]]:
        """For each feature, the rules that speak of it."""
        return {
            feature.id: tuple(rule for rule in self.rules if feature.id in rule.features)
            for feature in self.features
        }

    @cached_property
    def environment(self) -> Environment:
        """The names every expression of the product's documents may use, with their kinds."""
        return environment_of(self.features)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Model":
        """Read a document that satisfies the offer's JSON Schema.

        Raises:
            DocumentError: with every fault of meaning that was found.
        """
        return cls(*read_rules(document))


def scope_of(model: Model, selection: Selection) -> Scope:
    """The names of a full selection as prices, shapes, quantities and durations see them."""
    return {feature.id: feature.in_scope(selection[feature.id]) for feature in model.features}


def violations(model: Model, selection: Selection) -> tuple[str, ...]:
    """Ids of the authored rules that a full selection breaks, in the order of the document.

    Shares nothing with the solver: it is the independent check of everything the engine says.
    """
    scope = scope_of(model, selection)
    return tuple(rule.id for rule in model.rules if not rule.holds(scope))
