"""What the studio shows for a state, in one piece: the page and its fragment differ in nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cosmo.lib.ports import Promise
from design.compile import CompiledOffer
from design.models import Offer
from design.pricing import Designs
from design.rules import Selection
from design.selectors.along import with_along
from design.selectors.answers import SHORT_LIST, FeatureView, GroupView, view_groups
from design.selectors.configured import Configured, configure, price_of
from design.selectors.consequences import BlockedView, Moved, view_blocked, view_moved
from design.selectors.day_effects import Alternative, day_changes, view_alternatives, with_days
from design.selectors.lettering import written_lines
from design.selectors.lettering_words import view_line
from design.selectors.pictures import StageView, elevation, view_stage
from design.selectors.presets import preset_choices
from design.selectors.promises import inquiry_of, promised
from design.selectors.refusals import RefusedView, view_refused
from design.selectors.studio_state import StudioState, address
from design.selectors.studio_words import (
    Left,
    all_features,
    choices_left,
    suggested,
    with_words,
)
from design.selectors.texts import ProductTexts
from design.selectors.wording import answer_text, stated_features


@dataclass(frozen=True, slots=True)
class StudioView:
    """Everything the studio shows.

    Attributes:
        address: The query that leads here again.
        stage: The same picture as parts, for those who turn it.
        measures: Outer width, height and depth, mm.
        moved: Answers that changed without being asked to, and ``moved_at`` the answered question
            they belong to; "" when the address itself asked for what does not go together.
        before: The query before the change, for undoing it; None when nothing was changed.
        alternatives: Single answers that bring it sooner, or cheaper and later.
        left: What must be answered before it can be bought.
        suggested: What the maker answered, as nobody else did.
        replaced: The query of the design before a fresh start; None where there was none.
    """

    groups: tuple[GroupView, ...]
    configured: Configured
    address: str
    picture: str
    stage: StageView
    measures: tuple[Decimal, Decimal, Decimal]
    price_lines: tuple[tuple[str, Decimal], ...]
    promise: Promise | None
    promise_refusal: str
    blocked: tuple[BlockedView, ...]
    moved: tuple[Moved, ...]
    moved_at: str
    before: str | None
    refused: tuple[RefusedView, ...]
    facts: tuple[tuple[str, str], ...]
    alternatives: tuple[Alternative, ...] = ()
    left: tuple[Left, ...] = ()
    suggested: tuple[Left, ...] = ()
    replaced: str | None = None

    @property
    def has_news(self) -> bool:
        """Whether there is something the shopper must see before going on."""
        return bool(self.blocked or self.moved or self.refused)

    @property
    def told(self) -> frozenset[str]:
        """Features beside which something is said about the last answer."""
        blocked = (one.feature_id for one in self.blocked)
        return frozenset((*blocked, *(one.feature_id for one in self.refused), self.moved_at))

    @property
    def has_many_questions(self) -> bool:
        """Whether a search helps to find one."""
        return sum(len(group.features) for group in self.groups) > SHORT_LIST

    @property
    def unmade(self) -> tuple[FeatureView, ...]:
        """The texts that cannot be made as they are written."""
        return tuple(one for one in all_features(self.groups) if one.line and one.line.faults)


def view_studio(
    offer: Offer, compiled: CompiledOffer, texts: ProductTexts, state: StudioState
) -> StudioView:
    """Everything the studio shows for a state; asks the factory for the day of delivery."""
    configured = configure(compiled, state.choices, prefer=state.prefer)
    here = state_address(compiled, configured)
    inquiry = inquiry_of(offer)
    promise, refusal = promised(inquiry, configured.selection)
    said = promise.date if promise else None
    designs: Designs = {}
    groups = view_groups(compiled, texts, configured, designs)
    if said is not None:
        groups = with_days(groups, day_changes(inquiry, configured.selection, designs, said))
    groups = with_along(groups, compiled, texts, configured.selection, designs)
    lines = {
        written.feature: view_line(written)
        for written in written_lines(
            compiled, configured.selection, without=configured.missing_text
        )
    }
    refusing = frozenset(error.feature for error in state.refused)
    groups = with_words(groups, lines, state.typed, refusing)
    by_id = compiled.model.by_id
    bounds = compiled.shape_book.bounds(compiled.scope(configured.selection))
    moved = view_moved(compiled, texts, state, configured)
    return StudioView(
        groups=groups,
        configured=configured,
        address=here,
        picture=elevation(compiled, texts, configured.selection, dimensions=True),
        stage=view_stage(compiled, texts, configured.selection),
        measures=(bounds.width, bounds.height, bounds.depth),
        price_lines=named_lines(compiled, texts, configured),
        promise=promise,
        promise_refusal=refusal,
        blocked=tuple(
            view_blocked(inquiry, compiled, texts, configured, here, blocked, said)
            for blocked in state.blocked
        ),
        moved=moved,
        moved_at=state.changed[0] if moved and state.changed else "",
        before=state.before if state.changed else None,
        refused=tuple(
            view_refused(error, by_id.get(error.feature), texts, here, state.typed)
            for error in state.refused
        ),
        facts=tuple(
            (
                texts.feature(feature.id),
                answer_text(feature, configured.selection[feature.id], texts),
            )
            for feature in stated_features(compiled, configured.selection)
            if feature.id != configured.missing_text
        ),
        alternatives=view_alternatives(compiled, configured, groups, designs),
        left=choices_left(groups, frozenset(blocked.feature for blocked in state.blocked)),
        suggested=suggested(groups, configured),
        replaced=state.replaced if state.replaced != here else None,
    )


def state_address(compiled: CompiledOffer, configured: Configured) -> str:
    """The query of what is configured; a text that is still missing is not in it."""
    written = {k: v for k, v in configured.selection.items() if k != configured.missing_text}
    return address(compiled, configured.choices, written)


def named_lines(
    compiled: CompiledOffer, texts: ProductTexts, configured: Configured
) -> tuple[tuple[str, Decimal], ...]:
    """Price lines in words; they add up to the total."""
    return tuple(
        (line_name(compiled, texts, configured.selection, line.id, line.feature), line.amount)
        for line in configured.price.lines
    )


def line_name(
    compiled: CompiledOffer,
    texts: ProductTexts,
    selection: Selection,
    line_id: str,
    feature_id: str | None,
) -> str:
    """A price line in words: its own name, else feature and answer, else the product.

    Where several answers are given, each with a line called like it, the line names its own.
    """
    name = texts.price_line(line_id)
    if name or not feature_id:
        return name or texts.product_name
    feature, given = compiled.model.by_id[feature_id], selection[feature_id]
    if isinstance(given, tuple | list) and line_id in given:
        answer = texts.option(feature_id, line_id)
    else:
        answer = answer_text(feature, given, texts)
    return f"{texts.feature(feature_id)}: {answer}"


@dataclass(frozen=True, slots=True)
class PresetView:
    """A starting point. ``total`` is its price, ``address`` its query of the studio."""

    name: str
    reason: str
    address: str
    total: Decimal
    picture: str


def view_presets(compiled: CompiledOffer, texts: ProductTexts) -> tuple[PresetView, ...]:
    """The starting points of the offer, each with its reason."""
    return tuple(
        _preset(compiled, texts, preset) for preset in compiled.document.get("presets", [])
    )


def _preset(compiled: CompiledOffer, texts: ProductTexts, preset: Mapping[str, Any]) -> PresetView:
    choices = preset_choices(compiled, preset)
    selection: Selection = compiled.engine.complete(choices)
    name, reason = texts.preset(preset["id"])
    return PresetView(
        name=name,
        reason=reason,
        address=address(compiled, choices, selection),
        total=price_of(compiled, selection).total,
        picture=elevation(compiled, texts, selection, title=name),
    )
