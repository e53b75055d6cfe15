"""What can still be chosen, asked of the SAT solver: always right, whatever the model's size.

Choices only ever take answers away. So what was impossible with some of the choices is impossible
with all of them, and what a feature can be switched to is what it could be before it was answered:
answers given a click ago leave little to ask.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from .answer_table import AnswerTable, Domain, Truths
from .encoding import Encoding
from .features import ANY_TEXT, Choices, ChoiceValue, Feature
from .levels import levels_of
from .solver import Solver

FEW_OPTIONS = 4
_BYTES_KEPT = 4_000_000
Key = frozenset[tuple[str, ChoiceValue]]


class SatAnswers:
    """Domains of one model. Not safe for two threads: the engine holds a lock around it."""

    def __init__(self, features: Mapping[str, Feature], encoding: Encoding, solver: Solver) -> None:
        self._features = features
        self._encoding = encoding
        self._solver = solver
        self._table = AnswerTable(features, levels_of(list(features.values())))
        self._literals = self._literal_of_each_answer()
        self._room = max(_BYTES_KEPT // max(self._table.width, 1), 64)
        self._known: OrderedDict[Key, Truths] = OrderedDict()

    def domains(self, choices: Choices) -> dict[str, Domain]:
        """See ``Engine.domains``."""
        found = self._found(choices)
        result = self._table.domains(found)
        for name, value in choices.items():
            if self._features[name].kind == "multi":
                result[name] = self._addable(choices, self._features[name], value)
        return result

    def _literal_of_each_answer(self) -> dict[str, list[int]]:
        """Of every feature that is not scaled: a literal an answer, question by question."""
        found: dict[str, list[int]] = {}
        for feature in self._features.values():
            table = self._encoding.variables[feature.id]
            if feature.kind == "multi":
                found[feature.id] = [x for o in feature.option_ids for x in (-table[o], table[o])]
            elif feature.kind == "text":
                found[feature.id] = [-table[ANY_TEXT], table[ANY_TEXT]]
            elif not feature.is_scaled:
                found[feature.id] = list(table.values())
        return found

    def _found(self, choices: Choices) -> Truths:
        """All possible answers; of an answered multi-select nothing is said."""
        key = _key(choices.items())
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        bound, before = self._bounds(choices)
        units = {
            name: self._encoding.literals(self._features[name], value)
            for name, value in choices.items()
        }
        found = np.zeros(self._table.width, dtype=np.bool_)
        everything = [literal for literals in units.values() for literal in literals]
        unanswered = [f for f in self._features.values() if f.id not in choices]
        self._ask(everything, unanswered, bound, found)
        for name in choices:
            feature = self._features[name]
            if feature.kind == "multi":
                continue
            if name in before:
                part = self._table.part(feature)
                found[part] = before[name][part]
                continue
            others = [x for key, literals in units.items() if key != name for x in literals]
            self._ask(others, [feature], bound, found)
        self._known[key] = found
        while len(self._known) > self._room:
            self._known.popitem(last=False)
        return found

    def _bounds(self, choices: Choices) -> tuple[Truths, dict[str, Truths]]:
        """What answers to fewer choices leave; and by feature, those without that feature's choice:
        they say exactly what it can be switched to."""
        bound = np.ones(self._table.width, dtype=np.bool_)
        before: dict[str, Truths] = {}
        items = list(choices.items())
        for place, (name, _) in enumerate(items):
            known = self._known.get(_key(items[:place] + items[place + 1 :]))
            if known is not None:
                before[name] = known
                # Of a multi-select that is answered there, nothing was said: leave it open.
                bound &= known | self._answered_multis(choices)
        return bound, before

    def _answered_multis(self, choices: Choices) -> Truths:
        open_parts = np.zeros(self._table.width, dtype=np.bool_)
        for name in choices:
            feature = self._features[name]
            if feature.kind == "multi":
                for option in feature.option_ids:
                    at = self._table.start(name, option)
                    open_parts[at : at + 2] = True
        return open_parts

    def _ask(
        self, literals: list[int], features: Sequence[Feature], bound: Truths, found: Truths
    ) -> None:
        """Write into ``found`` what the features can be beside ``literals``; nothing beyond
        ``bound`` is asked for."""
        if self._solver.find(literals) is None:
            return
        places: list[int] = []
        wanted: list[int] = []
        for feature in features:
            if not feature.is_scaled:
                for place, literal in self._answers(feature):
                    if bound[place]:
                        places.append(place)
                        wanted.append(literal)
        if len(wanted) <= FEW_OPTIONS:
            fits = {x for x in wanted if self._solver.find([*literals, x]) is not None}
        else:
            fits = set(self._solver.possible(literals, wanted))
        for place, literal in zip(places, wanted, strict=True):
            found[place] = literal in fits
        self._ask_extents(literals, [f for f in features if f.is_scaled], bound, found)

    def _answers(self, feature: Feature) -> Iterator[tuple[int, int]]:
        """Place and literal of every answer of a feature that is not scaled."""
        literals = self._literals[feature.id]
        if feature.kind != "multi":
            yield from enumerate(literals, self._table.part(feature).start)
            return
        for number, option in enumerate(feature.option_ids):
            at = self._table.start(feature.id, option)
            yield from ((at, literals[2 * number]), (at + 1, literals[2 * number + 1]))

    def _ask_extents(
        self, literals: list[int], features: Sequence[Feature], bound: Truths, found: Truths
    ) -> None:
        if not features:
            return
        chains, limits = [], []
        for feature in features:
            chains.append(tuple(self._encoding.variables[feature.id].values()))
            inside = np.flatnonzero(bound[self._table.part(feature)])
            limits.append((int(inside[0]), int(inside[-1])))
        for feature, (least, most) in zip(
            features, self._solver.extents(literals, chains, limits), strict=True
        ):
            at = self._table.part(feature).start
            found[at + least : at + most + 1] = True

    def _addable(self, choices: Choices, feature: Feature, value: ChoiceValue) -> frozenset[str]:
        """The options held, if they fit, and those that fit beside them."""
        others = [
            literal
            for name, other in choices.items()
            if name != feature.id
            for literal in self._encoding.literals(self._features[name], other)
        ]
        held = value if isinstance(value, tuple) else (str(value),)
        fits = set()
        for option in feature.option_ids:
            union = held if option in held else (*held, option)
            if len(union) <= feature.maximum:
                literals = self._encoding.literals(feature, union)
                if self._solver.find([*others, *literals]) is not None:
                    fits.add(option)
        return frozenset(fits)


def _key(items: Iterable[tuple[str, ChoiceValue]]) -> Key:
    return frozenset(
        (name, tuple(sorted(value)) if isinstance(value, tuple) else value) for name, value in items
    )
