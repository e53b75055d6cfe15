"""A YAML file to plain values with places, safe for files written by strangers.

Built from the parser's events, so nothing recursive runs over foreign nesting and no tag can make
an object. The values are those of YAML 1.2: ``yes``, ``06:00`` and ``2026-12-24`` stay texts, and
keys are always texts. Left out on purpose: tags, aliases (a few lines of them can unfold to
gigabytes), and a second value for the same key.
"""

import pathlib
from typing import Any

import yaml

from .document import Document, Path
from .problems import CatalogueInvalid, Place, PlacedProblem
from .scalars import plain_value

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 20
MAX_VALUES = 200_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_document(file: pathlib.Path, *, name: str | None = None) -> Document:
    """Read one YAML file. ``name`` is how problems call it, else the path as given.

    Raises:
        CatalogueInvalid: the file is missing, too large, not UTF-8, or not such YAML.
    """
    label = name or str(file)
    text = _read_text(file, label)
    builder = _Builder(label)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise _refusal(label, _mark_place(error.problem_mark), *_syntax(error, text)) from error
    except yaml.reader.ReaderError as error:
        place = _place_at(text, error.position)
        sentence = f"A control character ({error.character!r}) stands here; remove it."
        raise _refusal(label, place, "control_character", sentence) from error
    return builder.finish()


def _refusal(label: str, place: Place, code: str, sentence: str) -> CatalogueInvalid:
    return CatalogueInvalid([PlacedProblem(label, place, "", code, sentence)])


def _read_text(file: pathlib.Path, label: str) -> str:
    start = Place()
    try:
        if file.stat().st_size > MAX_BYTES:
            sentence = (
                f"The file has {file.stat().st_size:,} bytes; at most {MAX_BYTES:,} are read."
            )
            raise _refusal(label, start, "file_too_large", sentence)
        raw = file.read_bytes()
    except OSError as error:
        sentence = f"The file cannot be read ({error.strerror}); it has to exist and be readable."
        raise _refusal(label, start, "file_unreadable", sentence) from error
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        sentence = "The file is saved as UTF-16; save it as UTF-8."
        raise _refusal(label, start, "not_utf8", sentence)
    try:
        return raw.decode("utf-8-sig")  # a mark at the start, as some editors write, is harmless
    except UnicodeDecodeError as error:
        good = raw[: error.start].decode()
        sentence = f"The byte 0x{raw[error.start]:02x} here is not UTF-8; save the file as UTF-8."
        raise _refusal(label, _place_at(good, len(good)), "not_utf8", sentence) from error


def _place_at(text: str, position: int) -> Place:
    before = text[:position]
    return Place(before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)


def _mark_place(mark: Any) -> Place:
    """From either parser's mark, which counts from 0."""
    return Place(mark.line + 1, mark.column + 1) if mark else Place()


def _syntax(error: yaml.MarkedYAMLError, text: str) -> tuple[str, str]:
    mark = error.problem_mark
    lines = text.splitlines()
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent or (mark and line[mark.column : mark.column + 1] == "\t"):
        return "tab", "A tab stands here; indent with spaces."
    context = f" {error.context}" if error.context else ""
    hint = " A text that contains ': ' or ' #' or starts with a sign needs quotes."
    return "syntax", f"This is not YAML: {error.problem}{context}.{hint}"


class _Level:
    """A mapping or list that is still open."""

    __slots__ = ("key", "path", "value")

    def __init__(self, value: dict[str, Any] | list[Any], path: Path) -> None:
        self.value = value
        self.path = path
        self.key: str | None = None


class _Builder:
    """Takes parser events one by one and keeps what is open on a stack of its own."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._root: Any = None
        self._documents = 0
        self._stack: list[_Level] = []
        self._places: dict[Path, Place] = {}
        self._duplicates: list[tuple[Path, Place]] = []

    def take(self, event: yaml.Event) -> None:
        place = _mark_place(event.start_mark)
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    sentence = "A second document starts here; put it into a file of its own."
                    raise _refusal(self._label, place, "second_document", sentence)
            case yaml.AliasEvent():
                sentence = f"The alias *{event.anchor} is not supported; write the value out."
                raise _refusal(self._label, place, "alias", sentence)
            case yaml.ScalarEvent():
                self._check_tag(event.tag, place)
                self._scalar(event, place)
            case yaml.MappingStartEvent():
                self._check_tag(event.tag, place)
                self._open({}, place)
            case yaml.SequenceStartEvent():
                self._check_tag(event.tag, place)
                self._open([], place)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._stack.pop()

    def finish(self) -> Document:
        if not isinstance(self._root, dict):
            what = "empty" if self._root is None else "not a mapping"
            sentence = f"The document is {what}; it starts with 'format: ...'."
            raise _refusal(self._label, Place(), "no_mapping", sentence)
        document = Document(self._label, self._root, self._places)
        if self._duplicates:
            raise CatalogueInvalid(
                PlacedProblem(
                    self._label,
                    place,
                    ".".join(str(step) for step in path),
                    "duplicate_key",
                    f"The key '{path[-1]}' stands here a second time, first in line "
                    f"{document.line_of(path)}; remove one.",
                )
                for path, place in self._duplicates
            )
        return document

    def _check_tag(self, tag: str | None, place: Place) -> None:
        if tag is not None and tag != "!":
            sentence = f"The tag {tag} is not supported; write plain values."
            raise _refusal(self._label, place, "tag", sentence)

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> None:
        level = self._stack[-1] if self._stack else None
        if level and isinstance(level.value, dict) and level.key is None:
            self._key(level, event.value, place)
            return
        is_plain = event.implicit[0]
        self._put(plain_value(event.value) if is_plain else event.value, place)

    def _key(self, level: _Level, key: str, place: Place) -> None:
        level.key = key
        path = (*level.path, key)
        if path in self._places:
            self._duplicates.append((path, place))
        else:
            self._places[path] = place

    def _put(self, value: Any, place: Place) -> Path:
        """Set ``value`` where the document stands now, and give its path."""
        if len(self._places) > MAX_VALUES:
            sentence = f"The document has more than {MAX_VALUES:,} values; split it."
            raise _refusal(self._label, place, "too_many_values", sentence)
        if not self._stack:
            self._root = value
            self._places[()] = place
            return ()
        level = self._stack[-1]
        if isinstance(level.value, list):
            path = (*level.path, len(level.value))
            level.value.append(value)
            self._places[path] = place
            return path
        if level.key is None:
            sentence = "A key has to be a text, not a list or a mapping."
            raise _refusal(self._label, place, "key", sentence)
        path = (*level.path, level.key)
        level.value[level.key] = value
        level.key = None
        return path

    def _open(self, value: dict[str, Any] | list[Any], place: Place) -> None:
        if len(self._stack) >= MAX_DEPTH:
            sentence = f"Values are nested more than {MAX_DEPTH} deep here."
            raise _refusal(self._label, place, "too_deep", sentence)
        self._stack.append(_Level(value, self._put(value, place)))
