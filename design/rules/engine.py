"""The configurator: what can still be chosen, why not, and what a full design looks like.

Compiled once for an offer; every answer is a function of the choices alone, whatever was asked
before (which designs the solver happens to find may save a call, never change an answer).
"""

from collections.abc import Sequence
from functools import cached_property
from threading import RLock

from . import correction
from .answer_cache import AnswerCache
from .answer_table import Domain
from .completion import Completer
from .conflict import Choice, Conflict, Contradiction
from .diagram import Caps, Diagram, DiagramAnswers, Progress, build, levels_of, meaning_of
from .encoding import Encoding
from .explanation import Explainer
from .features import ANY_TEXT, Choices, ChoiceValue, Including, Selection
from .first_answers import packed
from .model import Model, violations
from .propagation import Search
from .sat_domains import SatAnswers
from .solver import Solver

Domains = dict[str, Domain]
_ANSWERS_KEPT = 200_000
"""Domains of features kept per engine, over all remembered answers; some 100 bytes each."""


class Engine:
    """Answers about one model. Safe for threads; holds no state of any session.

    The SAT solver is the authority and can answer everything. A decision diagram of the same model,
    where one was small enough to be built, answers domains and counts faster and without a lock.
    """

    def __init__(self, model: Model, diagram: Diagram | None = None) -> None:
        self.model = model
        self._lock = RLock()
        self._texts = frozenset(one.id for one in model.features if one.kind == "text")
        self._domains: AnswerCache[Domains] = AnswerCache(_room_for(model))
        self._valid: AnswerCache[bool] = AnswerCache(_room_for(model))
        self._diagram: DiagramAnswers | None = None
        if diagram is not None:
            self.use(diagram)
        self._encoding = model.encoding
        selectors = tuple(self._encoding.rules.values())
        self._solver = Solver(
            self._encoding.clauses, selectors, self._encoding.top, lambda: self._search
        )
        self._sat = SatAnswers(model, self._encoding, self._solver)
        self._completer = Completer(model, self._encoding, self._solver)

    @cached_property
    def _open_solver(self) -> Solver:
        """Holds the rules only where their selectors are assumed; built when it is needed."""
        return Solver(self._encoding.clauses, (), self._encoding.top, lambda: self._search)

    @cached_property
    def _explainer(self) -> Explainer:
        return Explainer(self._solver, lambda: self._open_solver, self._search, self._encoding)

    @cached_property
    def _search(self) -> Search:
        """The clauses once more, for the compiled loops; built with the first question for them."""
        return Search(self._encoding)

    def compile(self, caps: Caps | None = None, progress: Progress | None = None) -> Diagram | None:
        """A diagram of this model, to be stored and handed to ``use``; None if it gets too large.

        Takes up to ``caps.seconds`` on one core; meant for a worker, once per published offer.
        """
        return build(
            levels_of(self.model.features),
            meaning_of(self.model.features, self._encoding),
            [*self._encoding.structure, *self._encoding.formulas.values()],
            caps or Caps(),
            progress or (lambda done, of: None),
        )

    def use(self, diagram: Diagram) -> None:
        """Answer from ``diagram`` from now on; it was compiled from this very model."""
        self._diagram = DiagramAnswers(self.model.by_id, diagram)

    def first_answers(self, seconds: float = 10.0) -> bytes:
        """The solver's answers to the first clicks, to be stored and handed to
        ``take_first_answers``: for models without a diagram."""
        with self._lock:
            return packed(self._sat.first_answers(seconds))

    def take_first_answers(self, stored: bytes) -> None:
        """Raises FirstAnswersInvalid: the bytes are not of this model."""
        with self._lock:
            self._sat.take_first(stored)

    @property
    def encoding(self) -> Encoding:
        """The model as clauses, for others who ask a solver about it."""
        return self._encoding

    @property
    def diagram(self) -> DiagramAnswers | None:
        """The diagram in use."""
        return self._diagram

    def count(self, choices: Choices) -> int | None:
        """How many designs have these answers, exactly, a text counting as empty or filled.

        None where there is no diagram to count with.
        """
        return None if self._diagram is None else self._diagram.count(choices)

    def domains(self, choices: Choices) -> Domains:
        """For each feature, every option that can be chosen without taking another choice back.

        For a feature that is answered already these are the options it could be switched to, given
        the choices in all other features; for an answered multi-select feature, the options it
        holds or that can be added to them. The domain of a text holds ``""`` if it may stay empty
        and ``ANY_TEXT`` if it may be filled. Complete: nothing offered is impossible, nothing
        possible is missing. If the other choices contradict each other, a domain is empty.
        """
        asked = self._wordless(choices)
        return dict(self._domains.get(asked, lambda: self._fresh_domains(asked)))

    def _fresh_domains(self, choices: Choices) -> Domains:
        if self._diagram is not None:
            return self._diagram.domains(choices)
        return self.sat_domains(choices)

    def sat_domains(self, choices: Choices) -> Domains:
        """``domains`` as the authority gives them: from the solver, whether or not a diagram is
        there."""
        with self._lock:
            return self._sat.domains(self._wordless(choices))

    def is_valid(self, choices: Choices) -> bool:
        """Whether some design answers every choice; asked of the solver, never of a diagram."""
        asked = self._wordless(choices)
        return self._valid.get(asked, lambda: self._is_satisfiable(asked))

    def _wordless(self, choices: Choices) -> Choices:
        """The same question without what somebody wrote: of a text only whether there is one
        counts, so every word has the same answers and none is kept."""
        if self._texts.isdisjoint(choices):
            return choices
        return {
            name: value if name not in self._texts else ANY_TEXT if value else ""
            for name, value in choices.items()
        }

    def _is_satisfiable(self, choices: Choices) -> bool:
        with self._lock:
            return self._solver.is_satisfiable(self._literals(choices))

    def explain(self, choices: Choices, feature: str, option: str | int) -> Conflict | None:
        """Why ``option`` cannot be chosen in ``feature``; None when it can.

        Speaks of the choices in other features, and for a multi-select feature also of the options
        it already holds. Minimal: without any one of the choices, or of the rules, it could be.
        """
        asked = self.model.by_id[feature]
        earlier = [
            (choice, literals)
            for choice, literals in self._single_choices(choices)
            if choice.feature != feature or (asked.kind == "multi" and choice.option != option)
        ]
        return self._explain(self._encoding.single(asked, option), earlier)

    def explain_choices(self, choices: Choices) -> Conflict | None:
        """Which of the choices contradict each other, and by which rules; None when they agree."""
        return self._explain((), self._single_choices(choices))

    def complete(self, choices: Choices, prefer: Selection | None = None) -> Selection:
        """A full design with these choices.

        Feature by feature in the order of the model, first the answers of ``prefer`` are kept
        where they fit with everything kept before, then defaults (not of parameters that have a
        preferred value), then whatever fits first: options in the order of the document, the
        parameter value nearest to the preferred one.

        Raises:
            Contradiction: no design answers every choice.
            TextNeeded: only designs with a text do, and there is none to use.
        """
        with self._lock:
            design = self._completer.complete(choices, prefer or {})
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

    def repairs(
        self, choices: Choices, feature: str, option: str | int, most: int = 3
    ) -> tuple[tuple[Choice, ...], ...]:
        """The fewest earlier choices to take back so that ``option`` can be chosen in ``feature``.

        Up to ``most`` different sets of equally few choices, oldest first in each. Empty when the
        option can be chosen as things are, or not at all.
        """
        asked = self.model.by_id[feature]
        loose = [
            (choice, group)
            for choice, group in self._single_choices(choices)
            if choice.feature != feature or (asked.kind == "multi" and choice.option != option)
        ]
        fixed = self._encoding.single(asked, option)
        with self._lock:
            found = correction.fewest(self._solver, fixed, [group for _, group in loose], most=most)
        return tuple(tuple(loose[place][0] for place in places) for places in found if places)

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

    def _single_choices(self, choices: Choices) -> list[correction.Single]:
        """Every choice with its literals, oldest first; a multi-select answer option by option."""
        singles: list[correction.Single] = []
        for name, value in choices.items():
            feature = self.model.by_id[name]
            if feature.kind != "multi":
                shown = value if not isinstance(value, tuple) else value[0]
                singles.append((Choice(name, shown), self._encoding.single(feature, shown)))
                continue
            held = value if isinstance(value, tuple) else (str(value),)
            for is_chosen in (True,) if isinstance(value, Including) else (False, True):
                for option in feature.option_ids if not is_chosen else held:
                    if is_chosen or option not in held:
                        literal = self._encoding.literal(feature, option)
                        group = (literal if is_chosen else -literal,)
                        singles.append((Choice(name, option, is_chosen=is_chosen), group))
        return singles

    def _explain(
        self, fixed: tuple[int, ...], earlier: Sequence[correction.Single]
    ) -> Conflict | None:
        with self._lock:
            return self._explainer.minimal_conflict(fixed, earlier)


def _room_for(model: Model) -> int:
    return max(_ANSWERS_KEPT // max(len(model.features), 1), 16)


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
                type(value)(option for option in value if option != choice.option)
                if choice.is_chosen
                else (*value, str(choice.option))
            )
    return kept
