"""The parts of a design for the browser, which builds the same solids from them."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from .part import Bounds, Part, Triple


def parts_json(parts: Sequence[Part], bounds: Bounds) -> str:
    """Compact JSON: bounds, frame, materials, and parts that name their material by number.

    What is empty is left out; ``static/js/stage/solids.js`` says what each field means.
    """
    materials = list(dict.fromkeys((part.colour, part.finish) for part in parts))
    shown = {
        "bounds": _numbers((bounds.width, bounds.depth, bounds.height)),
        "frame": [_number(bounds.frame_width), _number(bounds.frame_height)],
        "materials": [{"colour": colour, "finish": finish} for colour, finish in materials],
        "parts": [_part(part, materials.index((part.colour, part.finish))) for part in parts],
    }
    return json.dumps(shown, separators=(",", ":"), ensure_ascii=False)


def _part(part: Part, material: int) -> dict[str, Any]:
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
    return entry


def _numbers(triple: Triple) -> list[int | float]:
    return [_number(value) for value in triple]


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
