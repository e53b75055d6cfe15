"""The picture of a selection; one function for studio, order, unit and mail."""

from design.compile import CompiledOffer
from design.rules import Selection
from design.selectors.texts import ProductTexts
from design.shape import elevation_svg


def elevation(
    compiled: CompiledOffer,
    texts: ProductTexts,
    selection: Selection,
    *,
    title: str = "",
    dimensions: bool = False,
) -> str:
    """The front elevation as SVG, to scale, with a text alternative in the shopper's language."""
    scope = compiled.scope(selection)
    return elevation_svg(
        compiled.shape_book.parts(scope),
        compiled.shape_book.bounds(scope),
        title=title or texts.product_name,
        desc=describe(compiled, texts, selection),
        dimensions=dimensions,
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
    listed = []
    for feature in compiled.document["features"]:
        feature_id = feature["id"]
        answer = selection.get(feature_id, "")
        listed.append((texts.feature(feature_id), answer_text(feature, answer, texts)))
    return listed


def answer_text(
    feature: dict[str, object], answer: str | int | tuple[str, ...], texts: ProductTexts
) -> str:
    feature_id = str(feature["id"])
    if feature["kind"] == "text":
        return str(answer)
    if feature["kind"] == "parameter":
        return f"{answer} {feature.get('unit', '')}".strip()
    if isinstance(answer, tuple | list):
        return ", ".join(texts.option(feature_id, option) for option in answer)
    return texts.option(feature_id, str(answer))
