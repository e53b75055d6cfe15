"""The features and rules of one offer, read once, never changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cosmo.lib.expressions import Environment, Scope

from .encoding import Encoding, encode
from .features import ChoiceValue, Feature, Selection
from .reader import environment_of, read_rules
from .rule import Rule


@dataclass(frozen=True)
class Model:
    """The features and rules of one offer. Build it with ``Model.from_document``.

    Attributes:
        structure: What holds by the form of the offer, not by a rule: a component that is not
            fitted has no answers. Explanations never name it.
    """

    features: tuple[Feature, ...]
    rules: tuple[Rule, ...]
    structure: tuple[Rule, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Feature]:
        return {feature.id: feature for feature in self.features}

    @cached_property
    def readers(self) -> tuple[tuple[str, Callable[[ChoiceValue], Any]], ...]:
        """By feature, what turns an answer into what expressions see: ``Feature.in_scope``."""
        return tuple((feature.id, feature.reader) for feature in self.features)

    @cached_property
    def defaults(self) -> Selection:
        return {feature.id: feature.default for feature in self.features}

    @cached_property
    def outer_defaults(self) -> Selection:
        """The defaults of the product itself, without its components' features."""
        return {f.id: f.default for f in self.features if not f.component}

    @cached_property
    def usual(self) -> Selection:
        """What the features of components start with once the component is fitted."""
        return {f.id: f.usual for f in self.features if f.usual is not None}

    @cached_property
    def rules_of(self) -> Mapping[str, tuple[Rule, ...]]:
        """For each feature, the rules that speak of it, those of the structure last."""
        found: dict[str, list[Rule]] = {feature.id: [] for feature in self.features}
        for rule in (*self.rules, *self.structure):
            for name in rule.features:
                found[name].append(rule)
        return {name: tuple(rules) for name, rules in found.items()}

    @cached_property
    def encoding(self) -> Encoding:
        """The model as clauses."""
        return encode(self.features, self.rules, self.structure)

    @cached_property
    def environment(self) -> Environment:
        """The names every expression of the product's documents may use, with their kinds."""
        return environment_of(self.features)

    @classmethod
    def from_document(cls, document: Mapping[str, Any], *, defaults_hold: bool = True) -> "Model":
        """Read a document that satisfies the offer's JSON Schema.

        Args:
            defaults_hold: False to read a document whose defaults break a rule, too: to say why.

        Raises:
            DocumentError: with every fault of meaning that was found.
        """
        read = read_rules(document, defaults_hold=defaults_hold)
        model = cls(read.features, read.rules, read.structure)
        vars(model)["encoding"] = read.encoding  # worked out while reading; not a second time
        return model


def scope_of(model: Model, selection: Selection) -> Scope:
    """The names of a full selection as prices, shapes, quantities and durations see them."""
    return {name: read(selection[name]) for name, read in model.readers}


def violations(model: Model, selection: Selection) -> tuple[str, ...]:
    """Ids of the authored rules that a full selection breaks, in the order of the document.

    What the structure forbids comes last, by ``component.feature``. Shares nothing with the solver:
    it is the independent check of everything the engine says.
    """
    scope = scope_of(model, selection)
    return tuple(rule.id for rule in (*model.rules, *model.structure) if not rule.holds(scope))
