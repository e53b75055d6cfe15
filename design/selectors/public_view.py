"""A selection as strangers may see it: without the words somebody wrote for themselves."""

from design.compile import CompiledOffer
from design.rules import Selection


def public_selection(compiled: CompiledOffer, selection: Selection) -> Selection:
    """Every text a person wrote replaced by the text it starts with; all else as it is.

    For showing alone: it may lack a text that the rules ask for.
    """
    by_id = compiled.model.by_id
    return {
        name: str(by_id[name].default) if by_id[name].kind == "text" else answer
        for name, answer in selection.items()
    }


def has_words(compiled: CompiledOffer, selection: Selection) -> bool:
    """Whether there is something in it that not everybody should read."""
    return dict(public_selection(compiled, selection)) != dict(selection)
