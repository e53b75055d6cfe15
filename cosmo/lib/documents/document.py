"""A document that was read: its content, and the place of every value in its file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from .canonical import content_hash
from .problems import Place, PlacedProblem

Path = tuple[str | int, ...]
NAMING_KEYS = ("id", "component", "code")  # what names an entry of a list better than its number


class PathProblem(Protocol):
    """A fault that knows its path in a document but not its file."""

    @property
    def path(self) -> Path: ...
    @property
    def code(self) -> str: ...
    @property
    def sentence(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Document:
    """Plain values (mappings, lists, texts, whole numbers, yes/no) and where they were written.

    Attributes:
        file: The file as the author knows it.
        content: The values; the root is always a mapping.
        places: Path from the root to its place; a value in a mapping stands where its key does.
    """

    file: str
    content: Mapping[str, Any]
    places: Mapping[Path, Place] = field(repr=False)

    @property
    def content_hash(self) -> str:
        """SHA-256 of the canonical content: layout and comments do not change it."""
        return content_hash(self.content)

    def place_of(self, path: Sequence[str | int]) -> Place:
        """Where ``path`` was written, or else the nearest thing around it."""
        steps = tuple(path)
        while steps and steps not in self.places:
            steps = steps[:-1]
        return self.places.get(steps, Place())

    def line_of(self, path: Sequence[str | int]) -> int:
        return self.place_of(path).line

    def problem(self, path: Sequence[str | int], code: str, sentence: str) -> PlacedProblem:
        return PlacedProblem(self.file, self.place_of(path), self._named(path), code, sentence)

    def placed(self, problems: Sequence[PathProblem]) -> list[PlacedProblem]:
        """Faults that an engine found, with file and line."""
        return [self.problem(one.path, one.code, one.sentence) for one in problems]

    def _named(self, path: Sequence[str | int]) -> str:
        """``rules.R07.when`` instead of ``rules.6.when``: the words the author used."""
        words: list[str] = []
        value: Any = self.content
        for step in path:
            value = _step_into(value, step)
            name = _name_of(value) if isinstance(step, int) else str(step)
            if name is not None:
                words.append(name)
            elif words:
                words[-1] += f"[{step}]"
            else:
                words.append(f"[{step}]")
        return ".".join(words)


def _step_into(value: Any, step: str | int) -> Any:
    if isinstance(value, Mapping):
        return value.get(str(step))
    if isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
        return value[step]
    return None


def _name_of(entry: Any) -> str | None:
    if not isinstance(entry, Mapping):
        return None
    names = (entry.get(key) for key in NAMING_KEYS)
    return next((name for name in names if isinstance(name, str)), None)
