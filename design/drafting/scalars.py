"""Every scalar of a YAML text with its place, so that one can be replaced and all else stays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

Path = tuple[str | int, ...]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as it stands in the text.

    Attributes:
        start, end: Characters from the start of the text, quotes included.
        style: ``"`` or ``'`` for quoted, ``""`` for plain; others stand in blocks.
        line: From 1.
    """

    start: int
    end: int
    style: str
    value: str
    line: int


def scalars_of(text: str) -> dict[Path, Scalar]:
    """The values of a text that ``read_document`` accepts, by their path."""
    return dict(_walk(text))


def replaced(text: str, values: Mapping[Path, str]) -> str:
    """The text with some values replaced; comments, layout and quotes stay as they are."""
    known = scalars_of(text)
    for path in sorted(values, key=lambda one: known[one].start, reverse=True):
        scalar = known[path]
        text = text[: scalar.start] + _quoted(values[path], scalar.style) + text[scalar.end :]
    return text


def _quoted(value: str, style: str) -> str:
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    if style == "" and value.lstrip("-").isdigit():
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _walk(text: str) -> Iterator[tuple[Path, Scalar]]:
    stack: list[list[Any]] = []  # [path, next index or None, pending key or None]
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            path = _next_path(stack)
            stack.append([path, 0 if isinstance(event, yaml.SequenceStartEvent) else None, None])
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            stack.pop()
        elif isinstance(event, yaml.ScalarEvent):
            level = stack[-1] if stack else None
            if level is not None and level[1] is None and level[2] is None:
                level[2] = event.value
                continue
            start, end = event.start_mark, event.end_mark
            assert start is not None  # noqa: S101 - events of a text have marks
            assert end is not None  # noqa: S101
            style = {"'": "'", '"': '"', None: "", "": ""}.get(event.style, "|")
            yield (
                _next_path(stack),
                Scalar(start.index, end.index, style, event.value, start.line + 1),
            )


def _next_path(stack: list[list[Any]]) -> Path:
    if not stack:
        return ()
    level = stack[-1]
    if level[1] is None:
        key, level[2] = level[2], None
        return (*level[0], key)
    level[1] += 1
    return (*level[0], level[1] - 1)
