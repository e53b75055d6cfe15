"""A selection as strangers may see it: without the words somebody wrote for themselves.

The one place that takes them out: pages, pictures, models and campaigns ask here.
"""

from collections.abc import Mapping

from design.compile import CompiledOffer
from design.rules import ChoiceValue, Selection


def written_features(compiled: CompiledOffer) -> frozenset[str]:
    """The questions that people answer in words of their own."""
    return frozenset(one.id for one in compiled.model.features if one.kind == "text")


def public_selection(compiled: CompiledOffer, selection: Selection) -> Selection:
    """Every text a person wrote replaced by the text it starts with; all else as it is.

    For showing alone: it may lack a text that the rules ask for.
    """
    written, by_id = written_features(compiled), compiled.model.by_id
    return {
        name: str(by_id[name].default) if name in written else answer
        for name, answer in selection.items()
    }


def without_words(
    compiled: CompiledOffer, answers: Mapping[str, ChoiceValue]
) -> dict[str, ChoiceValue]:
    """The answers that are no words: what somebody else may start from."""
    written = written_features(compiled)
    return {name: answer for name, answer in answers.items() if name not in written}


def has_words(compiled: CompiledOffer, selection: Selection) -> bool:
    """Whether there is something in it that not everybody should read."""
    return dict(public_selection(compiled, selection)) != dict(selection)
