"""What can still be chosen, asked of the SAT solver: always right, whatever the model's size.

Choices only ever take answers away. So what was impossible with some of the choices is impossible
with all of them, and what a feature can be switched to is what it could be before it was answered:
answers given a click ago leave little to ask.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from .answer_table import AnswerTable, Domain, Key, Truths, key_of
from .encoding import Encoding
from .features import ANY_TEXT, Choices, ChoiceValue, Feature
from .first_answers import First, first_clicks, unpacked
from .levels import levels_of
from .model import Model
from .propagation import warm
from .solver import Solver

_BYTES_KEPT = 10_000_000
_BYTES_A_CHOICE = 200
"""What a choice takes in the key of an answer, with its share of the tables that hold it."""


class SatAnswers:
    """Domains of one model. Not safe for two threads: the engine holds a lock around it."""

    def __init__(self, model: Model, encoding: Encoding, solver: Solver) -> None:
        features = model.by_id
        self._model = model
        self._features = features
        self._encoding = encoding
        self._solver = solver
        self._table = AnswerTable(features, levels_of(list(features.values())))
        self._literals = self._literal_of_each_answer()
        self._scaled = [feature for feature in features.values() if feature.is_scaled]
        self._known: OrderedDict[Key, Truths] = OrderedDict()
        self._kept = 0
        self._first: dict[Key, Truths] = {}

    def first_answers(self, seconds: float) -> First:
        """The answers to the first clicks, as many as ``seconds`` allow."""
        warm()
        clicks = first_clicks(self._model, seconds)
        return [(chosen, self._found(chosen)) for chosen in clicks]

    def take_first(self, stored: bytes) -> None:
        """Know the answers to the first clicks from now on. Raises FirstAnswersInvalid."""
        for chosen, found in unpacked(stored, self._features, self._table.width):
            self._first[key_of(chosen.items())] = found

    def domains(self, choices: Choices) -> dict[str, Domain]:
        """See ``Engine.domains``."""
        found = self._found(choices)
        result = self._table.domains(found)
        for name, value in choices.items():
            if self._features[name].kind == "multi":
                result[name] = self._addable(choices, self._features[name], value)
        return result

    def _literal_of_each_answer(self) -> NDArray[np.int64]:
        """The literal of each answer, in the order of the table; 0 for scaled parameters."""
        found = np.zeros(self._table.width, dtype=np.int64)
        for feature in self._features.values():
            variables = self._encoding.variables[feature.id]
            if feature.kind == "multi":
                for option in feature.option_ids:
                    at = self._table.start(feature.id, option)
                    found[at : at + 2] = (-variables[option], variables[option])
            elif feature.kind == "text":
                part = self._table.part(feature)
                found[part] = (-variables[ANY_TEXT], variables[ANY_TEXT])
            elif not feature.is_scaled:
                found[self._table.part(feature)] = list(variables.values())
        return found

    def _found(self, choices: Choices) -> Truths:
        """All possible answers; of an answered multi-select nothing is said."""
        key = key_of(choices.items())
        if key in self._first:
            return self._first[key]
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
        is_open = np.ones(self._table.width, dtype=np.bool_)
        for name in choices:
            is_open[self._table.whole(name)] = False
        unanswered = [f for f in self._scaled if f.id not in choices]
        self._ask(everything, bound & is_open, unanswered, found)
        for name, known in before.items():
            if self._features[name].kind != "multi":
                part = self._table.part(self._features[name])
                found[part] = known[part]
        self._ask_switches(units, [name for name in units if name not in before], bound, found)
        self._keep(key, found)
        return found

    def _ask_switches(
        self,
        units: Mapping[str, Sequence[int]],
        names: Sequence[str],
        bound: Truths,
        found: Truths,
    ) -> None:
        """Write into ``found`` what the answered features ``names`` can be switched to."""
        choices, number = list(units.values()), {name: place for place, name in enumerate(units)}
        asked = [self._features[name] for name in names if self._features[name].kind != "multi"]
        scaled = [one for one in asked if one.is_scaled and bound[self._table.part(one)].any()]
        others = [feature for feature in asked if not feature.is_scaled]
        places = [
            self._table.part(one).start + np.flatnonzero(bound[self._table.part(one)])
            for one in others
        ]
        if others:
            wanted = [[(x,) for x in self._literals[few].tolist()] for few in places]
            fits = self._solver.switchable(choices, [number[one.id] for one in others], wanted)
            found[np.concatenate(places)] = fits
        if scaled:
            chains, limits = self._chains(scaled, bound)
            skipped = [number[one.id] for one in scaled]
            extents = self._solver.switch_extents(choices, skipped, chains, limits)
            for feature, extent in zip(scaled, extents, strict=True):
                if extent is not None:
                    self._write_extent(feature, extent, found)

    def _keep(self, key: Key, found: Truths) -> None:
        """Remember an answer; those not asked for the longest give way."""
        self._known[key] = found
        self._kept += _size(key, found)
        while self._kept > _BYTES_KEPT:
            self._kept -= _size(*self._known.popitem(last=False))

    def _bounds(self, choices: Choices) -> tuple[Truths, dict[str, Truths]]:
        """What answers to fewer choices leave; and by feature, those without that feature's choice:
        they say exactly what it can be switched to. Of a multi-select that is answered, nothing was
        said."""
        bound = np.ones(self._table.width, dtype=np.bool_)
        before: dict[str, Truths] = {}
        unsaid = np.zeros(self._table.width, dtype=np.bool_)
        for name in choices:
            if self._features[name].kind == "multi":
                unsaid[self._table.whole(name)] = True
        items = list(choices.items())
        for place, (name, _) in enumerate(items):
            fewer = key_of(items[:place] + items[place + 1 :])
            known = self._first.get(fewer, self._known.get(fewer))
            if known is not None:
                before[name] = known
                bound &= known | unsaid
        return bound, before

    def _ask(
        self, literals: list[int], asked: Truths, scaled: Sequence[Feature], found: Truths
    ) -> None:
        """Write into ``found`` which of the answers ``asked`` for go with ``literals``."""
        places = np.flatnonzero(asked & (self._literals != 0))
        wanted = self._literals[places]
        if len(wanted):
            found[places] = self._solver.possible(literals, wanted)
        if scaled and self._solver.find(literals) is not None:
            self._ask_extents(literals, scaled, asked, found)

    def _ask_extents(
        self, literals: list[int], features: Sequence[Feature], bound: Truths, found: Truths
    ) -> None:
        extents = self._solver.extents(literals, *self._chains(features, bound))
        for feature, extent in zip(features, extents, strict=True):
            self._write_extent(feature, extent, found)

    def _chains(
        self, features: Sequence[Feature], bound: Truths
    ) -> tuple[list[tuple[int, ...]], list[tuple[int, int]]]:
        """Of scaled parameters the thresholds, and how many hold at least and at most."""
        chains, limits = [], []
        for feature in features:
            chains.append(tuple(self._encoding.variables[feature.id].values()))
            inside = np.flatnonzero(bound[self._table.part(feature)])
            limits.append((int(inside[0]), int(inside[-1])))
        return chains, limits

    def _write_extent(self, feature: Feature, extent: tuple[int, int], found: Truths) -> None:
        at, (least, most) = self._table.part(feature).start, extent
        found[at + least : at + most + 1] = True

    def _addable(self, choices: Choices, feature: Feature, value: ChoiceValue) -> frozenset[str]:
        """The options held, if they fit, and those that fit beside them."""
        units = [
            self._encoding.literals(self._features[name], other) for name, other in choices.items()
        ]
        held = value if isinstance(value, tuple) else (str(value),)
        unions = {
            option: held if option in held else type(held)((*held, option))
            for option in feature.option_ids
        }
        room = [option for option, union in unions.items() if len(union) <= feature.maximum]
        wanted = [self._encoding.literals(feature, unions[option]) for option in room]
        fits = self._solver.switchable(units, [list(choices).index(feature.id)], [wanted])
        return frozenset(compress(room, fits))


def _size(key: Key, found: Truths) -> int:
    """Bytes an answer takes, about."""
    return found.nbytes + _BYTES_A_CHOICE * (len(key) + 2)
