"""What a change would take, and what it took: nothing in the studio moves silently."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from cosmo.lib.ports import Inquiry
from design.compile import CompiledOffer
from design.rules import ChoiceValue
from design.selectors.configured import Configured, complete_for_show, price_of
from design.selectors.promises import promised
from design.selectors.studio_state import Blocked, StudioState, anyway_address
from design.selectors.texts import ProductTexts
from design.selectors.wording import answer_text, is_stated, option_text, stated_features


@dataclass(frozen=True, slots=True)
class Moved:
    """An answer that had to change although nobody asked for it."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class BlockedView:
    """Why an asked answer cannot be had, in words, and what it would take.

    Attributes:
        anyway: Query that takes it nevertheless; "" where nothing makes it possible.
        moves: Other answers that would change with it.
        change: What that adds to the price or takes off.
        day: The day of delivery it would have; None where it stays the same.
        wanted_id: The field that holds the answer, to go back to.
    """

    feature_id: str
    feature: str
    option: str
    choices: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]
    wanted_id: str
    anyway: str = ""
    moves: tuple[Moved, ...] = ()
    change: Decimal | None = None
    day: date | None = None


def view_blocked(
    inquiry: Inquiry,
    compiled: CompiledOffer,
    texts: ProductTexts,
    configured: Configured,
    here: str,
    blocked: Blocked,
    said: date | None,
) -> BlockedView:
    """``said`` is the day the studio shows now."""
    by_id = compiled.model.by_id
    conflict = blocked.conflict
    reason = BlockedView(
        feature_id=blocked.feature,
        feature=texts.feature(blocked.feature),
        option=option_text(by_id[blocked.feature], blocked.option, texts),
        choices=tuple(
            (texts.feature(c.feature), option_text(by_id[c.feature], c.option, texts))
            for c in (conflict.choices if conflict else ())
        ),
        rules=tuple(texts.rule(rule) for rule in (conflict.rules if conflict else ())),
        wanted_id=f"answer-{blocked.feature}-{blocked.option}",
    )
    if blocked.feature not in blocked.anyway:
        return reason
    selection, missing = complete_for_show(compiled, blocked.anyway, configured.selection)
    promise, _refusal = promised(inquiry, selection)
    moves = _differences(
        compiled, texts, configured.selection, selection, {blocked.feature, missing}
    )
    return replace(
        reason,
        anyway=anyway_address(here, by_id[blocked.feature], blocked),
        moves=moves,
        change=price_of(compiled, selection).total - configured.price.total,
        day=promise.date if promise and promise.date != said else None,
    )


def view_moved(
    compiled: CompiledOffer, texts: ProductTexts, state: StudioState, configured: Configured
) -> tuple[Moved, ...]:
    """Answers that were shown or asked for and are others now."""
    asked = {*state.changed, configured.missing_text}
    return _differences(compiled, texts, state.prefer, configured.selection, asked)


def _differences(
    compiled: CompiledOffer,
    texts: ProductTexts,
    before: Mapping[str, ChoiceValue],
    after: Mapping[str, ChoiceValue],
    asked: set[str],
) -> tuple[Moved, ...]:
    return tuple(
        Moved(
            name=texts.feature(feature.id),
            before=answer_text(feature, before[feature.id], texts),
            after=answer_text(feature, after[feature.id], texts),
        )
        for feature in stated_features(compiled, after)
        if feature.id not in asked
        and feature.id in before
        and before[feature.id] != after[feature.id]
        and is_stated(compiled.model, before, feature)
    )
