"""The picture of a selection; one function for studio, order, unit and mail."""

from dataclasses import dataclass, replace
from decimal import Decimal

from design.compile import CompiledOffer
from design.rules import Selection
from design.selectors.lettering import written_lines
from design.selectors.texts import ProductTexts
from design.selectors.wording import answer_text, length_text, stated_features
from design.shape import Outline, elevation_svg, parts_json


@dataclass(frozen=True, slots=True)
class StageView:
    """What the page needs to build the product as solids (templates/design/partials/stage.html).

    Attributes:
        parts: The parts as JSON, a few kilobytes.
        words: What the picture shows, for those who do not see it.
    """

    parts: str
    words: str


def view_stage(compiled: CompiledOffer, texts: ProductTexts, selection: Selection) -> StageView:
    scope = compiled.scope(selection)
    bounds = compiled.shape_book.bounds(scope)
    outlines = {
        written.text: Outline(
            written.line.path, written.line.em, written.line.width, written.line.height
        )
        for written in written_lines(compiled, selection)
    }
    return StageView(
        parts=parts_json(compiled.shape_book.parts(scope), bounds, outlines),
        words=f"{texts.product_name}: {describe(compiled, texts, selection)}",
    )


def elevation(
    compiled: CompiledOffer,
    texts: ProductTexts,
    selection: Selection,
    *,
    title: str = "",
    dimensions: bool = False,
    room: tuple[Decimal, Decimal] | None = None,
    is_close: bool = False,
) -> str:
    """The front elevation as SVG, to scale, with a text alternative in the shopper's language.

    Args:
        room: Width and height that the picture has at least, in mm: pictures with the same room
            stand to one scale.
        is_close: As large as can be, not in the frame of the product's largest design.
    """
    scope = compiled.scope(selection)
    bounds = compiled.shape_book.bounds(scope)
    if is_close:
        bounds = replace(bounds, frame_width=bounds.width, frame_height=bounds.height)
    return elevation_svg(
        compiled.shape_book.parts(scope),
        bounds.within(*room) if room else bounds,
        title=title or texts.product_name,
        desc=describe(compiled, texts, selection),
        dimensions=dimensions,
        length=length_text,
    )


def describe(compiled: CompiledOffer, texts: ProductTexts, selection: Selection) -> str:
    """The selection in words: "Width 70 cm, Colour sage, ..."."""
    return ", ".join(
        f"{name} {answer}" for name, answer in facts(compiled, texts, selection) if answer
    )


def facts(
    compiled: CompiledOffer, texts: ProductTexts, selection: Selection
) -> list[tuple[str, str]]:
    """Feature names with their answers in words, in the offer's order."""
    return [
        (texts.feature(feature.id), answer_text(feature, selection.get(feature.id, ""), texts))
        for feature in stated_features(compiled, selection)
    ]
