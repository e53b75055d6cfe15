"""The ready-made starting points of an offer."""

from collections.abc import Mapping
from typing import Any

from design.compile import CompiledOffer
from design.rules import Choices, check_choices


def preset_choices(compiled: CompiledOffer, preset: Mapping[str, Any]) -> Choices:
    """What a preset chooses; the document writes numbers as people do."""
    raw = {
        name: [str(item) for item in answer] or [""] if isinstance(answer, list) else [str(answer)]
        for name, answer in preset["choices"].items()
    }
    return check_choices(compiled.model, raw)
