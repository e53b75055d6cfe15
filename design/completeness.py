"""Whether the texts of one language name everything a customer meets, and nothing else."""

from collections.abc import Iterable, Mapping
from typing import Any

from cosmo.lib.documents import Document, PlacedProblem
from cosmo.lib.expressions import suggestion
from design.rules import flat_document

Content = Mapping[str, Any]


def word_problems(
    texts: Document,
    path: tuple[str, ...],
    needed: Iterable[str],
    *,
    what: str,
    optional: Iterable[str] = (),
) -> list[PlacedProblem]:
    """Faults of one mapping from ids to words: ids it misses, and ids that nothing has."""
    given = _at(texts.content, path)
    needed = list(needed)
    problems = []
    for name in needed:
        if name not in given:
            sentence = f"{what} '{name}' has no words here; add {'.'.join((*path, name))}."
            problems.append(texts.problem(path, "text_missing", sentence))
    known = {*needed, *optional}
    for name in given:
        if name not in known:
            sentence = f"{what} '{name}' does not exist.{suggestion(name, sorted(known))}"
            problems.append(texts.problem((*path, name), "text_of_nothing", sentence))
    return problems


def offer_words_problems(offer: Content, texts: Document) -> list[PlacedProblem]:
    """Groups, features, options, rules, presets, price lines and materials of an offer.

    Price lines and materials may go without words: they are shown by feature and option.
    """
    offer = flat_document(offer)
    features = offer["features"]
    problems = [
        *word_problems(texts, ("groups",), offer["groups"], what="Group"),
        *word_problems(texts, ("features",), _ids(features), what="Feature"),
        *word_problems(texts, ("rules",), _ids(offer["rules"]), what="Rule"),
        *word_problems(texts, ("presets",), _ids(offer.get("presets", ())), what="Preset"),
        *word_problems(
            texts,
            ("price_lines",),
            (),
            what="Price line",
            optional=_ids(offer["price"]["lines"]),
        ),
        *word_problems(
            texts, ("materials",), (), what="Material", optional=offer["shape"]["materials"]
        ),
    ]
    for feature in features:
        if feature["id"] in texts.content["features"]:
            path = ("features", feature["id"], "options")
            problems += word_problems(texts, path, _option_ids(feature), what="Option")
    return problems


def _at(content: Content, path: tuple[str, ...]) -> Content:
    for step in path:
        content = content.get(step) or {}
    return content


def _ids(entries: Iterable[Content]) -> list[str]:
    return [entry["id"] for entry in entries]


def _option_ids(feature: Content) -> list[str]:
    none = ["none"] if feature.get("optional") else []
    return [*none, *_ids(feature.get("options", ()))]
