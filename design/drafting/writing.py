"""A document as YAML somebody likes to edit: for products whose files are not kept.

Short mappings and lists stand in one line, long ones a line an entry. What is read back from the
text is the document itself.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cosmo.lib.documents.scalars import plain_value

WIDTH = 100
# A database keeps no order of keys, people do: what names a thing first, what it says last.
_ORDER = (
    *("format", "language", "product", "plant", "gtin", "currency", "tax_percent"),
    *("serial_prefix", "groups", "features", "rules", "presets", "price", "shape", "tests"),
    *("bom", "routing", "price_lines", "components", "operations", "materials"),
    *("id", "name", "tagline", "description", "component", "work_centre", "feature", "group"),
    *("kind", "axis", "optional", "unit", "min", "max", "step", "max_length", "default", "base"),
    *("when", "then", "never", "always", "table", "choices", "valid", "quantity", "duration_min"),
    *("repeat", "size", "at", "radius", "material", "colour", "finish", "amount", "lines"),
    *("resources", "set_up_family", "after", "freezes", "options", "values", "bounds", "parts"),
)
_RANK = {key: place for place, key in enumerate(_ORDER)}
_PLAIN_STARTS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NOT_PLAIN = frozenset(":#{}[],&*!|>'\"%@`\n\t\\")


def write_document(document: Mapping[str, Any], names: Sequence[str] = ()) -> str:
    """The document as YAML. ``names`` are ids in the order in which mappings should hold them."""
    rank = {**{name: len(_RANK) + place for place, name in enumerate(names)}, **_RANK}
    return "\n".join(_block(_ordered(document, rank), 0)) + "\n"


def _ordered(value: Any, rank: Mapping[str, int]) -> Any:
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda key: (rank.get(key, len(rank)), key))
        return {key: _ordered(value[key], rank) for key in keys}
    return [_ordered(item, rank) for item in value] if isinstance(value, list) else value


def _block(value: Mapping[str, Any], indent: int) -> Iterator[str]:
    space = " " * indent
    for key, inner in value.items():
        head = f"{space}{_scalar(key)}:"
        flow = _flow(inner)
        if not isinstance(inner, Mapping | list) or (
            len(head) + len(flow) < WIDTH and (indent or _is_flat(inner))
        ):
            yield f"{head} {flow}"
        elif isinstance(inner, Mapping):
            yield head
            yield from _block(inner, indent + 2)
        else:
            yield head
            yield from _entries(inner, indent + 2)


def _is_flat(value: Mapping[str, Any] | list[Any]) -> bool:
    inner = value.values() if isinstance(value, Mapping) else value
    return not any(isinstance(item, Mapping | list) for item in inner)


def _entries(entries: list[Any], indent: int) -> Iterator[str]:
    for entry in entries:
        line = f"{' ' * indent}- {_flow(entry)}"
        if len(line) < WIDTH or not isinstance(entry, Mapping):
            yield line
            continue
        first, *rest = _block(entry, indent + 2)
        yield f"{' ' * indent}- {first.lstrip()}"
        yield from rest


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    """The value such that YAML reads it back as it is."""
    if value is None or isinstance(value, bool | int):
        return json.dumps(value)
    text = str(value)
    is_plain = (
        text[:1] in _PLAIN_STARTS
        and text == text.strip()
        and not _NOT_PLAIN & set(text)
        and text.isprintable()
        and plain_value(text) == text
    )
    return text if text and is_plain else json.dumps(text, ensure_ascii=False)
