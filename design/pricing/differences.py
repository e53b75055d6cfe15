"""What each option would add to the price, or take off, compared with the design on the screen."""

from decimal import Decimal

from cosmo.lib.expressions import Scope, Value
from design.rules import (
    Choices,
    ChoiceValue,
    Contradiction,
    Domain,
    Domains,
    Engine,
    Feature,
    Rule,
    Selection,
    TextNeeded,
    scope_of,
)

from .book import ConditionalLine, PriceBook

Differences = dict[str, dict[str | int, Decimal]]
Designs = dict[str, dict[str | int, Selection]]


def differences(
    book: PriceBook,
    engine: Engine,
    selection: Selection,
    choices: Choices,
    domains: Domains | None = None,
    designs: Designs | None = None,
) -> Differences:
    """For each feature's valid options: price of the design with that option minus the price now.

    The design with an option is the one a click on it would show: the completion of ``choices``
    with the option, preferring ``selection``. Mostly that is ``selection`` with this one answer
    exchanged; the engine is asked only where the exchange breaks a rule. Texts and scaled
    parameters are left out, and so are options a multi-select feature has no room for.

    Args:
        selection: The full design on the screen, valid.
        choices: The answers given so far.
        domains: ``engine.domains(choices)`` where the caller has it already.
        designs: Filled with the design behind each difference of choices, for other questions.
    """
    valid = engine.domains(choices) if domains is None else domains
    comparison = _Comparison(book, engine, selection, choices, designs)
    return {
        feature.id: comparison.of_feature(feature, valid[feature.id])
        for feature in engine.model.features
        if feature.kind != "text" and not feature.is_scaled
    }


class _Comparison:
    def __init__(
        self,
        book: PriceBook,
        engine: Engine,
        selection: Selection,
        choices: Choices,
        designs: Designs | None = None,
    ) -> None:
        self._designs = designs
        self._book = book
        self._engine = engine
        self._selection = selection
        self._choices = choices
        self._scope = scope_of(engine.model, selection)
        self._zero = book.total(())
        self._amounts = {
            line.id: book.amount(line, self._scope) or self._zero for line in book.conditional
        }

    def of_feature(self, feature: Feature, valid: Domain) -> dict[str | int, Decimal]:
        lines = [line for line in self._book.conditional if feature.id in line.names]
        rules = self._engine.model.rules_of[feature.id]
        found: dict[str | int, Decimal] = {}
        for option in feature.domain:
            answer = self._answer(feature, option)
            if option in valid and answer is not None:
                difference = self._difference(feature, answer, lines, rules)
                if difference is not None:
                    found[option] = difference[0]
                    self._note(feature, option, difference[1])
        return found

    def _answer(self, feature: Feature, option: str | int) -> ChoiceValue | None:
        """The answer after a click on ``option``; None when there is no room for it."""
        if feature.kind != "multi":
            return option
        held = self._selection[feature.id]
        wanted = {option, *(held if isinstance(held, tuple) else ())}
        return (
            tuple(name for name in feature.option_ids if name in wanted)
            if len(wanted) <= feature.maximum
            else None
        )

    def _difference(
        self,
        feature: Feature,
        answer: ChoiceValue,
        lines: list[ConditionalLine],
        rules: tuple[Rule, ...],
    ) -> tuple[Decimal, Selection] | None:
        """What it adds to the price, and the design it makes."""
        if answer == self._selection[feature.id]:
            return self._zero, self._selection
        exchanged: dict[str, Value] = {**self._scope, feature.id: feature.in_scope(answer)}
        if all(rule.holds(exchanged) for rule in rules):
            return self._change(lines, exchanged), {**self._selection, feature.id: answer}
        try:
            design = self._engine.complete({**self._choices, feature.id: answer}, self._selection)
        except (Contradiction, TextNeeded):
            return None
        moved = {name for name, value in design.items() if value != self._selection[name]}
        touched = [line for line in self._book.conditional if not moved.isdisjoint(line.names)]
        return self._change(touched, scope_of(self._engine.model, design)), design

    def _note(self, feature: Feature, option: str | int, design: Selection) -> None:
        if self._designs is not None and feature.kind in ("choice", "multi"):
            self._designs.setdefault(feature.id, {})[option] = design

    def _change(self, lines: list[ConditionalLine], scope: Scope) -> Decimal:
        total = self._zero
        for line in lines:
            total += (self._book.amount(line, scope) or self._zero) - self._amounts[line.id]
        return total
