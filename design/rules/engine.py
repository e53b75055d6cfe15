"""The configurator: what can still be chosen, why not, and what a full design looks like.

Compiled once for an offer; every answer is a function of the choices alone, whatever was asked
before (which designs the solver happens to find may save a call, never change an answer).
"""

from functools import cached_property
from threading import RLock

from . import completion, correction, explanation
from .conflict import Choice, Conflict, Contradiction
from .encoding import Encoding, encode
from .features import Choices, ChoiceValue, Feature, Selection
from .model import Model, violations
from .solver import Solver

Domains = dict[str, frozenset[str] | frozenset[int]]


class Engine:
    """Answers about one model. Safe for threads; holds no state of any session."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._lock = RLock()
        self._encoding: Encoding = encode(model.features, model.rules)
        self._width = sum(len(table) for table in self._encoding.variables.values())
        selectors = tuple(self._encoding.rules.values())
        self._solver = Solver(self._encoding.clauses, selectors, self._width)

    @cached_property
    def _open_solver(self) -> Solver:
        """Holds the rules only where their selectors are assumed; built for the first "why not"."""
        return Solver(self._encoding.clauses, (), self._width)

    def domains(self, choices: Choices) -> Domains:
        """For each feature, every option that can be chosen without taking another choice back.

        For a feature that is answered already these are the options it could be switched to, given
        the choices in all other features; for an answered multi-select feature, the options it
        holds or that can be added to them. The domain of a text holds ``""`` if it may stay empty
        and ``ANY_TEXT`` if it may be filled. Complete: nothing offered is impossible, nothing
        possible is missing. If the other choices contradict each other, a domain is empty.
        """
        with self._lock:
            units = self._units(choices)
            everything = [literal for literals in units.values() for literal in literals]
            unanswered = [f for f in self.model.features if f.id not in choices]
            result = self._possible(everything, unanswered)
            for name in choices:
                feature = self.model.by_id[name]
                others = [x for key, literals in units.items() if key != name for x in literals]
                if feature.kind == "multi":
                    result[name] = self._addable(others, feature, choices[name])
                else:
                    result.update(self._possible(others, [feature]))
        return {feature.id: result[feature.id] for feature in self.model.features}

    def is_valid(self, choices: Choices) -> bool:
        """Whether some design answers every choice."""
        with self._lock:
            return self._solver.find(self._literals(choices)) is not None

    def explain(self, choices: Choices, feature: str, option: str | int) -> Conflict | None:
        """Why ``option`` cannot be chosen in ``feature``; None when it can.

        Speaks of the choices in other features, and for a multi-select feature also of the options
        it already holds. Minimal: without any one of the choices, or of the rules, it could be.
        """
        asked = self.model.by_id[feature]
        earlier = [
            (choice, literal)
            for choice, literal in self._single_choices(choices)
            if choice.feature != feature or (asked.kind == "multi" and choice.option != option)
        ]
        target = self._encoding.literal(asked, option)
        return self._explain((target,), earlier)

    def explain_choices(self, choices: Choices) -> Conflict | None:
        """Which of the choices contradict each other, and by which rules; None when they agree."""
        return self._explain((), self._single_choices(choices))

    def complete(self, choices: Choices, prefer: Selection | None = None) -> Selection:
        """A full design with these choices.

        Feature by feature in the order of the model, first the answers of ``prefer`` are kept
        where they fit with everything kept before, then defaults, then whatever fits first:
        options in the order of the document, the parameter value nearest to the preferred one.

        Raises:
            Contradiction: no design answers every choice.
            TextNeeded: only designs with a text do, and there is none to use.
        """
        with self._lock:
            design = completion.complete(
                self.model, self._encoding, self._solver, choices, prefer or {}
            )
        if design is None:
            raise Contradiction
        return design

    def keep_newest(self, choices: Choices) -> tuple[Choices, tuple[Choice, ...]]:
        """The fewest earlier choices to take back so that the newest stands.

        The newest choice is the last one. Returns the choices that remain, in their order, and what
        was taken back, oldest first; among equally few, older ones give way. A multi-select answer
        loses or gains single options (``is_chosen`` says what it was). If the newest is impossible
        by itself, it is taken back too.
        """
        with self._lock:
            singles = self._single_choices(choices)
            dropped = correction.take_back(self._solver, singles, newest=_last(choices))
        return _without(self.model, choices, dropped), dropped

    def violations(self, selection: Selection) -> tuple[str, ...]:
        """Ids of the authored rules a full selection breaks, found without the solver."""
        return violations(self.model, selection)

    def _units(self, choices: Choices) -> dict[str, tuple[int, ...]]:
        return {
            name: self._encoding.literals(self.model.by_id[name], value)
            for name, value in choices.items()
        }

    def _literals(self, choices: Choices) -> list[int]:
        return [literal for literals in self._units(choices).values() for literal in literals]

    def _possible(self, literals: list[int], features: list[Feature]) -> Domains:
        wanted = {
            (feature.id, value): self._encoding.literal(feature, value)
            for feature in features
            for value in feature.domain
        }
        found = self._solver.possible(literals, wanted.values())
        return {
            feature.id: frozenset(
                value for value in feature.domain if wanted[feature.id, value] in found
            )  # type: ignore[misc]  # all ids are strings, all parameter values numbers
            for feature in features
        }

    def _addable(self, others: list[int], feature: Feature, value: ChoiceValue) -> frozenset[str]:
        held = value if isinstance(value, tuple) else (str(value),)
        fits = set()
        for option in feature.option_ids:
            union = held if option in held else (*held, option)
            if len(union) <= feature.maximum:
                literals = self._encoding.literals(feature, union)
                if self._solver.find([*others, *literals]) is not None:
                    fits.add(option)
        return frozenset(fits)

    def _single_choices(self, choices: Choices) -> list[tuple[Choice, int]]:
        """Every choice with its literal, oldest first; a multi-select answer option by option."""
        singles = []
        for name, value in choices.items():
            feature = self.model.by_id[name]
            if feature.kind != "multi":
                shown = value if not isinstance(value, tuple) else value[0]
                singles.append((Choice(name, shown), self._encoding.literal(feature, shown)))
                continue
            held = value if isinstance(value, tuple) else (str(value),)
            left_out = [option for option in feature.option_ids if option not in held]
            singles += [
                (Choice(name, option, is_chosen=False), -self._encoding.literal(feature, option))
                for option in left_out
            ]
            singles += [
                (Choice(name, option), self._encoding.literal(feature, option)) for option in held
            ]
        return singles

    def _explain(
        self, fixed: tuple[int, ...], earlier: list[tuple[Choice, int]]
    ) -> Conflict | None:
        with self._lock:
            return explanation.minimal_conflict(
                self._solver, self._open_solver, fixed, earlier, self._encoding.rules
            )


def _last(choices: Choices) -> str:
    return list(choices)[-1] if choices else ""


def _without(model: Model, choices: Choices, dropped: tuple[Choice, ...]) -> dict[str, ChoiceValue]:
    """``choices`` with what was taken back turned round (multi-select) or removed."""
    kept = dict(choices)
    for choice in dropped:
        value = kept.get(choice.feature)
        if model.by_id[choice.feature].kind != "multi":
            kept.pop(choice.feature, None)
        elif isinstance(value, tuple):
            kept[choice.feature] = (
                tuple(option for option in value if option != choice.option)
                if choice.is_chosen
                else (*value, str(choice.option))
            )
    return kept
