"""What is wrong with a document, and where."""

from collections.abc import Iterable
from dataclasses import dataclass

from cosmo.lib.errors import Invalid

SHOWN = 100  # a broken file repeats itself; nobody reads more than this


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file, both counted from 1."""

    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class PlacedProblem:
    """One fault at one place of one file.

    Attributes:
        file: The file as the author knows it.
        path: Where inside the document, in words, e.g. ``rules.R07.when``; empty for the whole.
        code: Stable name of the fault.
        sentence: What is wrong, the offending value, what would be right.
    """

    file: str
    place: Place
    path: str
    code: str
    sentence: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.place.line}:{self.place.column}"
        return (
            f"{where}: {self.path}: {self.sentence}" if self.path else f"{where}: {self.sentence}"
        )


def in_order(problems: Iterable[PlacedProblem]) -> tuple[PlacedProblem, ...]:
    """By file and line, each once, as many as anybody reads."""
    return tuple(_sorted(problems)[:SHOWN])


def _sorted(problems: Iterable[PlacedProblem]) -> list[PlacedProblem]:
    return sorted(set(problems), key=lambda p: (p.file, p.place, p.path, p.sentence))


class CatalogueInvalid(Invalid):
    """Documents that cannot be published, with every fault that was found.

    Attributes:
        problems: At least one, by file and line.
    """

    def __init__(self, problems: Iterable[PlacedProblem]) -> None:
        found = _sorted(problems)
        count = f"{len(found)} faults" if len(found) > 1 else "1 fault"
        self.problems = tuple(found[:SHOWN])
        super().__init__(
            "catalogue_invalid",
            f"{count} in the documents; the first: {found[0]}",
            problems=[str(problem) for problem in self.problems],
        )
