"""Answers to the features a row says nothing about, asking the engine as rarely as can be."""

from collections.abc import Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

from design.rules import (
    ChoiceValue,
    Contradiction,
    Engine,
    Feature,
    Rule,
    TextNeeded,
    answers,
)
from design.rules.combinations import count_answers

MAX_COMBINATIONS = 1_000
Values = Mapping[str, ChoiceValue]
Key = tuple[tuple[bool, ...], ...]


class Fillings:
    """Completions for rows that answer one and the same set of features.

    Open features that share no rule are settled apart from each other, so they fall into groups.
    What can be said about a group depends on a row only through the rules that speak of both. So
    for each such rule it is worked out which answers to its open features keep it, and rows that
    agree in all of this share one answer of the engine.
    """

    def __init__(self, engine: Engine, answered: frozenset[str]) -> None:
        self._engine = engine
        features = [f for f in engine.model.features if f.id not in answered]
        rules = [rule for rule in engine.model.rules if rule.features - answered]
        self._groups = [
            _Group(group, [rule for rule in rules if rule.features & _ids(group)], answered)
            for group in _apart(features, rules)
        ]
        self._hopeless: set[tuple[tuple[int, Key], ...]] = set()

    def find(self, values: Values, scope: Mapping[str, Any]) -> Values | None:
        """Answers to the open features: defaults where they fit; None if nothing fits.

        Args:
            values: The row's answers; the rules that speak of them alone are kept.
            scope: The same as expressions see them.
        """
        found: dict[str, ChoiceValue] = {}
        left: list[tuple[int, Key]] = []
        for place, group in enumerate(self._groups):
            known, key = group.recall(values, scope)
            if known is None:
                left.append((place, key))
            else:
                found.update(known)
        if not left:
            return found
        asked = tuple(left)
        if asked in self._hopeless:
            return None
        try:
            design = self._engine.complete(values)
        except (Contradiction, TextNeeded):
            if all(key for _, key in asked):
                self._hopeless.add(asked)
            return None
        for place, key in asked:
            found.update(self._groups[place].learn(key, design))
        return found


class _Group:
    """Open features that share rules with each other, and with no other open feature."""

    def __init__(
        self, features: Sequence[Feature], rules: Sequence[Rule], answered: frozenset[str]
    ) -> None:
        self._features, self._rules = features, rules
        self._usual = {f.id: f.in_scope(f.default) for f in features}
        self._defaults: Values = {feature.id: feature.default for feature in features}
        between = [rule for rule in rules if rule.features & answered]
        self._mixed = [
            _MixedRule(rule, sorted(rule.features & answered), combinations)
            for rule in between
            if (combinations := _combinations(rule, features)) is not None
        ]
        self._is_shareable = len(self._mixed) == len(between)
        self._known: dict[Key, Values] = {}

    def recall(self, values: Values, scope: Mapping[str, Any]) -> tuple[Values | None, Key]:
        """The answers for this row if they are known, and what rows with the same answers share.

        The key is empty where too many combinations would have to be tried for one.
        """
        seen = {**scope, **self._usual}
        if all(rule.holds(seen) for rule in self._rules):
            return self._defaults, ()
        if not self._is_shareable:
            return None, ()
        key = tuple(rule.kept(values, scope) for rule in self._mixed)
        return self._known.get(key), key

    def learn(self, key: Key, design: Values) -> Values:
        answers = {feature.id: design[feature.id] for feature in self._features}
        if key:
            self._known[key] = answers
        return answers


class _MixedRule:
    """A rule that speaks of answered and of open features."""

    def __init__(
        self, rule: Rule, answered: Sequence[str], combinations: Sequence[Mapping[str, Any]]
    ) -> None:
        self._rule, self._answered, self._combinations = rule, answered, combinations
        self._known: dict[tuple[ChoiceValue, ...], tuple[bool, ...]] = {}

    def kept(self, values: Values, scope: Mapping[str, Any]) -> tuple[bool, ...]:
        """Which answers to its open features keep the rule."""
        key = tuple(values[name] for name in self._answered)
        if key not in self._known:
            self._known[key] = tuple(
                self._rule.holds({**scope, **combination}) for combination in self._combinations
            )
        return self._known[key]


def _apart(features: Sequence[Feature], rules: Sequence[Rule]) -> list[list[Feature]]:
    """The features in groups that no rule joins."""
    group_of = {feature.id: {feature.id} for feature in features}
    for rule in rules:
        joined = set[str]().union(*(group_of[name] for name in rule.features if name in group_of))
        for name in joined:
            group_of[name] = joined
    groups: dict[int, list[Feature]] = {}
    for feature in features:
        groups.setdefault(id(group_of[feature.id]), []).append(feature)
    return list(groups.values())


def _ids(features: Sequence[Feature]) -> set[str]:
    return {feature.id for feature in features}


def _combinations(rule: Rule, features: Sequence[Feature]) -> list[dict[str, Any]] | None:
    """Every answer to the open features of a rule, as expressions see them; None if too many."""
    named = [feature for feature in features if feature.id in rule.features]
    if prod(count_answers(feature) for feature in named) > MAX_COMBINATIONS:
        return None
    return [
        {f.id: f.in_scope(value) for f, value in zip(named, combination, strict=True)}
        for combination in product(*(list(answers(feature)) for feature in named))
    ]
