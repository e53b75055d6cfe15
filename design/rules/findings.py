"""What the rules of a document come to, whether anybody meant it or not.

Contradictions, options nobody can ever choose, questions that have only one answer, and rules
without effect. Each finding names rules none of which is superfluous: without any one of them
the finding would not hold.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from .features import ANY_TEXT, NONE, Feature
from .loose import LooseRules
from .model import Model
from .redundant import redundant_rules

FindingCode = Literal["void_model", "dead_option", "only_option", "redundant_rule"]
Progress = Callable[[int, int], None]
"""Called with (done, of how many)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing an author should know about the rules.

    Attributes:
        code: ``void_model``: the rules contradict each other. ``dead_option``: no design has the
            option. ``only_option``: every design has it. ``redundant_rule``: ``rule`` says nothing
            that ``rules`` do not say.
        rules: The rules that cause it, in the order of the document, none superfluous.
        option: Of a text: ``""`` where it stays empty, ``ANY_TEXT`` where it is written.
        until: Of a parameter of many values, the last of a run that starts with ``option``.
    """

    code: FindingCode
    rules: tuple[str, ...]
    feature: str = ""
    option: str | int = ""
    until: str | int = ""
    rule: str = ""


def findings(model: Model, progress: Progress | None = None) -> tuple[Finding, ...]:
    """Everything that can be found about the rules of ``model``, in the order of the document.

    Of a void model only the contradictions are told: where no design exists, nothing else means
    anything.
    """
    asked = LooseRules(model)
    count = _Count(1 + 2 * len(model.features) + len(model.rules), progress)
    void = tuple(_contradictions(asked))
    count.step()
    if void:
        return void
    found: list[Finding] = []
    for feature in model.features:
        found += _dead_options(asked, feature)
        count.step()
        found += _only_options(asked, feature)
        count.step()
    said = redundant_rules(asked, count.step)
    found += [Finding("redundant_rule", rules, rule=name) for name, rules in said.items()]
    return tuple(found)


def contradictions(model: Model) -> tuple[Finding, ...]:
    """Minimal contradictions of the rules without a rule in common; empty unless void."""
    return tuple(_contradictions(LooseRules(model)))


class _Count:
    def __init__(self, total: int, progress: Progress | None) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def step(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total)


def _contradictions(asked: LooseRules) -> Iterator[Finding]:
    """Minimal contradictions without a rule in common, until the rest has a design."""
    rest = list(asked.everything)
    while (rules := asked.cause((), rest)) is not None:
        yield Finding("void_model", rules)
        if not rules:
            return  # the features alone have no design
        rest = [name for name in rest if name not in rules]


def _dead_options(asked: LooseRules, feature: Feature) -> Iterator[Finding]:
    if feature.is_scaled:
        yield from _dead_runs(asked, feature)
        return
    without = _without_component(asked, feature)
    for value in feature.domain:
        rules = asked.cause(asked.having(feature, value))
        if rules is not None and not (value == NONE and rules == without):
            yield Finding("dead_option", rules, feature.id, value)


def _without_component(asked: LooseRules, feature: Feature) -> tuple[str, ...] | None:
    """Why the component of ``feature`` is always fitted; its features are then never ``none``."""
    if not feature.component:
        return None
    component = asked.model.by_id[feature.component]
    if NONE not in component.option_ids:
        return None
    return asked.cause(asked.having(component, NONE))


def _dead_runs(asked: LooseRules, feature: Feature) -> Iterator[Finding]:
    """Runs of values of a scaled parameter, each with the rules that forbid the whole run."""
    for is_alive, run in groupby(feature.numbers, key=asked.possible_values(feature).__contains__):
        if not is_alive:
            values = list(run)
            rules = asked.cause(asked.lying(feature, values[0], values[-1])) or ()
            yield Finding("dead_option", rules, feature.id, values[0], values[-1])


def _only_options(asked: LooseRules, feature: Feature) -> Iterator[Finding]:
    """Options every design has. A text says it by the finding that it cannot be otherwise."""
    if feature.is_scaled:
        yield from _only_number(asked, feature)
        return
    for value in feature.domain:
        if feature.kind == "text" and value != ANY_TEXT:
            continue  # "always empty" is the dead option "written"
        [literal] = asked.having(feature, value)
        rules = asked.cause((-literal,))
        if rules is not None:
            yield Finding("only_option", rules, feature.id, value)
            if feature.kind != "multi":
                return


def _only_number(asked: LooseRules, feature: Feature) -> Iterator[Finding]:
    numbers, alive = feature.numbers, asked.possible_values(feature)
    if len(alive) != 1:
        return
    [value] = alive
    place = numbers.index(value)
    below = asked.lying(feature, numbers[0], numbers[place - 1]) if place else None
    above = asked.lying(feature, numbers[place + 1], numbers[-1]) if value < numbers[-1] else None
    needed = {rule for part in (below, above) if part for rule in asked.cause(part) or ()}
    rules = tuple(name for name in asked.everything if name in needed)
    yield Finding("only_option", rules, feature.id, value)
