"""The parts of a design for the browser, which builds the same solids from them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .part import Bounds, Part, Triple


@dataclass(frozen=True, slots=True)
class Outline:
    """A line of letters as it is cut.

    Attributes:
        path: SVG path in thousandths of the em, from x = 0 on the baseline.
        em, width, height: The em, the ink's width and a capital's height, in mm.
    """

    path: str
    em: float
    width: float
    height: float


def parts_json(
    parts: Sequence[Part], bounds: Bounds, outlines: Mapping[str, Outline] | None = None
) -> str:
    """Compact JSON: bounds, frame, materials, and parts that name their material by number.

    What is empty is left out; ``static/js/stage/solids.js`` says what each field means.

    Args:
        outlines: By text, the letters as they are cut; others are set by the browser.
    """
    letters = outlines or {}
    materials = list(dict.fromkeys((part.colour, part.finish) for part in parts))
    shown = {
        "bounds": _numbers((bounds.width, bounds.depth, bounds.height)),
        "frame": [_number(bounds.frame_width), _number(bounds.frame_height)],
        "materials": [{"colour": colour, "finish": finish} for colour, finish in materials],
        "parts": [
            _part(part, materials.index((part.colour, part.finish)), letters.get(part.text))
            for part in parts
        ],
    }
    return json.dumps(shown, separators=(",", ":"), ensure_ascii=False)


def _part(part: Part, material: int, outline: Outline | None) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": part.id,
        "kind": part.kind,
        "size": _numbers(part.size),
        "at": _numbers(part.at),
        "material": material,
    }
    if part.kind == "cylinder" and part.axis != "z":
        entry["axis"] = part.axis
    if part.radius:
        entry["radius"] = _number(part.radius)
    if part.ends:
        entry["ends"] = [_numbers(end) for end in part.ends]
        entry["diameter"] = _number(part.diameter)
    if part.kind == "text":
        entry["text"], entry["font"] = part.text, part.font
    if part.kind == "text" and outline is not None and outline.path:
        ink = [round(value, 3) for value in (outline.em, outline.width, outline.height)]
        entry["path"], entry["ink"] = outline.path, ink
    return entry


def _numbers(triple: Triple) -> list[int | float]:
    return [_number(value) for value in triple]


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
