"""Reading a document that may hold many faults: collect them all, then refuse once."""

from collections.abc import Mapping, Sequence

from .errors import ExpressionError, Problem
from .expression import Expression, parse
from .kinds import Environment, Kind, check_kinds

Path = tuple[str | int, ...]


class DocumentError(Exception):
    """A document that cannot be used, with every fault that was found.

    Attributes:
        problems: At least one, in the order in which they were found.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(f"{_dotted(p.path)}: {p.sentence}" for p in problems))
        self.problems = tuple(problems)


def _dotted(path: Path) -> str:
    return ".".join(str(step) for step in path)


class Reading:
    """The faults found so far while one document is read."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def note(self, path: Path, code: str, sentence: str) -> None:
        self.problems.append(Problem(path, code, sentence))

    def note_error(self, path: Path, error: ExpressionError) -> None:
        self.note(path, error.code, str(error))

    def expression(
        self,
        path: Path,
        source: str | int,
        environment: Environment | None = None,
        wanted: Kind | None = None,
    ) -> Expression | None:
        """Parse, and check against ``environment`` where one is given; None after noting faults."""
        try:
            expression = parse(str(source))
        except ExpressionError as error:
            self.note_error(path, error)
            return None
        faults = [] if environment is None else check_kinds(expression, environment, wanted)
        for fault in faults:
            self.note_error(path, fault)
        return None if faults else expression

    def unique_ids(self, path: Path, entries: Sequence[Mapping[str, object]], what: str) -> None:
        """Note every id that was used before."""
        seen: set[str] = set()
        for index, entry in enumerate(entries):
            name = str(entry["id"])
            if name in seen:
                sentence = f"{what} '{name}' is defined twice; give it an id of its own."
                self.note((*path, index, "id"), "duplicate_id", sentence)
            seen.add(name)

    def finish(self) -> None:
        """Raise ``DocumentError`` if anything was noted."""
        if self.problems:
            raise DocumentError(self.problems)
