"""What the studio shows: every question with every answer, its price and whether it is possible."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cosmo.lib.errors import DomainError
from cosmo.lib.ports import Promise, promise_source
from design.compile import CompiledOffer
from design.models import Offer
from design.pricing import differences
from design.rules import NONE, Choices, Feature, Selection
from design.selectors.configured import Configured, configure
from design.selectors.pictures import answer_text, elevation
from design.selectors.studio_state import Blocked, StudioState, address
from design.selectors.texts import ProductTexts


@dataclass(frozen=True, slots=True)
class OptionView:
    """One answer. ``change`` is the price difference a click makes; None where it is blocked."""

    id: str
    name: str
    note: str
    is_chosen: bool
    is_blocked: bool
    change: Decimal | None
    colour: str
    ask_url: str


@dataclass(frozen=True, slots=True)
class FeatureView:
    """One question with its answers, or with its number or text."""

    id: str
    name: str
    help: str
    kind: str
    is_given: bool
    answer: str
    options: tuple[OptionView, ...]
    value: str | int
    feature: Feature
    allowed: tuple[int, ...] = ()

    @property
    def looks_like(self) -> str:
        """How it is drawn: swatches where every answer has a colour, else cards."""
        if self.kind in ("text", "parameter"):
            return self.kind
        if self.kind == "choice" and all(o.colour for o in self.options if o.id != NONE):
            return "swatches"
        return "choices"


@dataclass(frozen=True, slots=True)
class GroupView:
    id: str
    name: str
    features: tuple[FeatureView, ...]


@dataclass(frozen=True, slots=True)
class BlockedView:
    """Why an asked answer cannot be had, in words, and what it would take."""

    feature: str
    option: str
    choices: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]
    given_up: tuple[str, ...]
    anyway_url: str
    anyway_change: Decimal | None
    anyway_total: Decimal | None


@dataclass(frozen=True, slots=True)
class Moved:
    """An answer that had to change although nobody asked for it."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class StudioView:
    groups: tuple[GroupView, ...]
    configured: Configured
    address: str
    picture: str
    price_lines: tuple[tuple[str, Decimal], ...]
    promise: Promise | None
    promise_refusal: str
    blocked: tuple[BlockedView, ...]
    moved: tuple[Moved, ...]
    undo_address: str
    refused: tuple[str, ...]
    missing_text: str
    facts: tuple[tuple[str, str], ...]


def view_studio(
    offer: Offer, compiled: CompiledOffer, texts: ProductTexts, state: StudioState
) -> StudioView:
    """Everything the studio shows for a state; asks the factory for the day of delivery."""
    configured = configure(compiled, state.choices, prefer=state.prefer)
    here = address(compiled, configured.choices, configured.selection)
    promise, refusal = _promise(offer, configured.selection)
    return StudioView(
        groups=_groups(compiled, texts, configured, here),
        configured=configured,
        address=here,
        picture=elevation(compiled, texts, configured.selection, dimensions=True),
        price_lines=named_lines(compiled, texts, configured),
        promise=promise,
        promise_refusal=refusal,
        blocked=tuple(_blocked(compiled, texts, configured, b) for b in state.blocked),
        moved=_moved(compiled, texts, state, configured),
        undo_address=state.before if state.changed else "",
        refused=state.refused,
        missing_text=configured.missing_text,
        facts=tuple(
            (texts.feature(f["id"]), answer_text(f, configured.selection[f["id"]], texts))
            for f in compiled.document["features"]
        ),
    )


def _promise(offer: Offer, selection: Selection) -> tuple[Promise | None, str]:
    try:
        return promise_source().inquire(offer_id=offer.pk, selection=selection), ""
    except DomainError as error:
        return None, error.message


def named_lines(
    compiled: CompiledOffer, texts: ProductTexts, configured: Configured
) -> tuple[tuple[str, Decimal], ...]:
    """Price lines in words: the line's own name, else feature and answer, else the product."""
    named = []
    documents = {f["id"]: f for f in compiled.document["features"]}
    for line in configured.price.lines:
        name = texts.price_line(line.id)
        if not name and line.feature:
            answer = answer_text(documents[line.feature], configured.selection[line.feature], texts)
            name = f"{texts.feature(line.feature)}: {answer}"
        named.append((name or texts.product_name, line.amount))
    return tuple(named)


def _groups(
    compiled: CompiledOffer, texts: ProductTexts, configured: Configured, here: str
) -> tuple[GroupView, ...]:
    changes = differences(
        compiled.price_book,
        compiled.engine,
        configured.selection,
        configured.choices,
        configured.domains,
    )
    documents = {f["id"]: f for f in compiled.document["features"]}
    features = {
        feature.id: _feature(
            compiled, texts, configured, feature, documents[feature.id], changes, here
        )
        for feature in compiled.model.features
    }
    return tuple(
        GroupView(
            id=group,
            name=texts.group(group),
            features=tuple(features[f.id] for f in compiled.model.features if f.group == group),
        )
        for group in compiled.document["groups"]
    )


def _feature(
    compiled: CompiledOffer,
    texts: ProductTexts,
    configured: Configured,
    feature: Feature,
    document: dict[str, Any],
    changes: Mapping[str, Mapping[str | int, Decimal]],
    here: str,
) -> FeatureView:
    answer = configured.selection[feature.id]
    domain: frozenset[Any] = configured.domains[feature.id]
    is_missing = feature.id == configured.missing_text
    return FeatureView(
        id=feature.id,
        name=texts.feature(feature.id),
        help=texts.feature_help(feature.id),
        kind=feature.kind,
        is_given=feature.id in configured.choices,
        answer="" if is_missing else answer_text(document, answer, texts),
        options=()
        if feature.kind in ("text", "parameter")
        else tuple(
            _option(compiled, texts, feature, option, answer, domain, changes, here)
            for option in feature.domain
        ),
        value="" if is_missing or isinstance(answer, tuple) else answer,
        feature=feature,
        allowed=tuple(sorted(domain)) if feature.kind == "parameter" else (),
    )


def _option(
    compiled: CompiledOffer,
    texts: ProductTexts,
    feature: Feature,
    option: str | int,
    answer: object,
    domain: frozenset[Any],
    changes: Mapping[str, Mapping[str | int, Decimal]],
    here: str,
) -> OptionView:
    name = str(option)
    is_chosen = name in answer if isinstance(answer, tuple) else name == answer
    materials = compiled.document["shape"]["materials"]
    colour = materials.get(name, {}).get("colour", "") if _is_surface(compiled, feature) else ""
    is_blocked = option not in domain and not is_chosen
    return OptionView(
        id=name,
        name=texts.option(feature.id, name),
        note=texts.option_note(feature.id, name),
        is_chosen=is_chosen,
        is_blocked=is_blocked,
        change=None if is_blocked or is_chosen else changes.get(feature.id, {}).get(option),
        colour=colour,
        ask_url=here,
    )


def _is_surface(compiled: CompiledOffer, feature: Feature) -> bool:
    """Whether the answers are materials of the picture, so that each can be shown as a colour."""
    materials = compiled.document["shape"]["materials"]
    return all(option in materials for option in feature.domain if option != NONE)


def _blocked(
    compiled: CompiledOffer, texts: ProductTexts, configured: Configured, blocked: Blocked
) -> BlockedView:
    documents = {f["id"]: f for f in compiled.document["features"]}
    anyway = configure(compiled, blocked.anyway, prefer=configured.selection)
    is_possible = blocked.feature in blocked.anyway
    conflict = blocked.conflict
    return BlockedView(
        feature=texts.feature(blocked.feature),
        option=_words(documents[blocked.feature], blocked.option, texts),
        choices=tuple(
            (texts.feature(c.feature), _words(documents[c.feature], c.option, texts))
            for c in (conflict.choices if conflict else ())
        ),
        rules=tuple(texts.rule(rule) for rule in (conflict.rules if conflict else ())),
        given_up=tuple(texts.feature(name) for name in blocked.given_up),
        anyway_url=address(compiled, anyway.choices, anyway.selection) if is_possible else "",
        anyway_change=anyway.price.total - configured.price.total if is_possible else None,
        anyway_total=anyway.price.total if is_possible else None,
    )


def _words(document: dict[str, Any], option: str | int, texts: ProductTexts) -> str:
    if document["kind"] == "multi":
        return texts.option(str(document["id"]), str(option))
    return answer_text(document, option, texts)


def _moved(
    compiled: CompiledOffer, texts: ProductTexts, state: StudioState, configured: Configured
) -> tuple[Moved, ...]:
    if not state.changed:
        return ()
    return tuple(
        Moved(
            name=texts.feature(f["id"]),
            before=answer_text(f, state.prefer[f["id"]], texts),
            after=answer_text(f, configured.selection[f["id"]], texts),
        )
        for f in compiled.document["features"]
        if f["id"] not in state.changed
        and f["id"] in state.prefer
        and f["id"] != configured.missing_text
        and state.prefer[f["id"]] != configured.selection[f["id"]]
    )


def preset_addresses(
    compiled: CompiledOffer, texts: ProductTexts
) -> list[tuple[str, str, str, str]]:
    """(name, reason, address, picture) of each preset of the offer."""
    found = []
    for preset in compiled.document.get("presets", []):
        choices: Choices = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in preset["choices"].items()
        }
        selection = compiled.engine.complete(choices)
        name, reason = texts.preset(preset["id"])
        found.append(
            (
                name,
                reason,
                address(compiled, choices, selection),
                elevation(compiled, texts, selection, title=name),
            )
        )
    return found
