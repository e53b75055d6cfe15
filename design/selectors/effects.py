"""What a changed offer would do to a saved design."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from design.compile import CompiledOffer
from design.rules import (
    ChoiceError,
    Choices,
    ChoiceValue,
    Selection,
    check_choices,
    check_selection,
)
from design.selectors.configured import complete_for_show, price_of

Answer = str | int | list[str] | None
Change = tuple[str, Answer, Answer]
"""Feature, answer before, answer after; None where the feature is gone, or needs a text."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One saved design under the changed offer.

    Attributes:
        repair: The fewest answers to change so that it can be made again; empty when it can.
        rules: The rules that stand against it as it is, none superfluous.
    """

    old_total: Decimal
    new_total: Decimal
    repair: tuple[Change, ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def is_unchanged(self) -> bool:
        return not self.repair and self.old_total == self.new_total


def effect_on(
    new: CompiledOffer,
    before: CompiledOffer,
    *,
    choices: Choices,
    selection: Selection,
) -> Effect:
    """What ``new`` would do to a design that could be made under ``before``.

    Args:
        choices: What its owner chose, oldest first; given up last, and the older ones first.
        selection: Every answer of the design.
    """
    old_total = price_of(before, selection).total
    if fits(new, selection):  # as most do; no solver needs to be asked
        return Effect(old_total, price_of(new, selection).total)
    carried = _carried(new, choices, selection)
    kept: Choices = carried
    rules: tuple[str, ...] = ()
    if not new.engine.is_valid(carried):
        conflict = new.engine.explain_choices(carried)
        rules = conflict.rules if conflict else ()
        kept, _dropped = new.engine.keep_newest(carried)
    after, missing_text = complete_for_show(new, kept, carried)
    repair = tuple(_changes(selection, after, missing_text))
    return Effect(old_total, price_of(new, after).total, repair, rules)


def fits(compiled: CompiledOffer, selection: Selection) -> bool:
    """Whether a full selection is a design of this offer, as it stands."""
    try:
        checked = check_selection(compiled.model, selection)
    except ChoiceError:
        return False
    return not compiled.engine.violations(checked)


def _carried(new: CompiledOffer, choices: Choices, selection: Selection) -> Choices:
    """The answers that still are some, completed ones first: they give way first."""
    completed = {name: answer for name, answer in selection.items() if name not in choices}
    chosen = {name: selection[name] for name in choices if name in selection}
    found: dict[str, ChoiceValue] = {}
    for name, answer in {**completed, **chosen}.items():
        checked = _answer(new, name, answer)
        if checked is not None:
            found[name] = checked
    return found


def _answer(new: CompiledOffer, name: str, answer: ChoiceValue) -> ChoiceValue | None:
    values = [str(one) for one in answer] or [""] if isinstance(answer, tuple) else [str(answer)]
    try:
        return check_choices(new.model, {name: values})[name]
    except ChoiceError:
        return None


def _changes(before: Selection, after: Selection, missing_text: str) -> list[Change]:
    changes: list[Change] = []
    for name, answer in before.items():
        if name not in after or name == missing_text:
            changes.append((name, _plain(answer), None))
        elif _same(answer) != _same(after[name]):
            changes.append((name, _plain(answer), _plain(after[name])))
    if missing_text and missing_text not in before:
        changes.append((missing_text, None, None))
    return changes


def _plain(answer: ChoiceValue) -> Answer:
    return list(answer) if isinstance(answer, tuple) else answer


def _same(answer: ChoiceValue) -> Any:
    return frozenset(answer) if isinstance(answer, tuple) else answer
