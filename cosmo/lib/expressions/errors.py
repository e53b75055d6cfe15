"""What can be wrong with an expression, said in one sentence."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


class ExpressionError(Exception):
    """An expression that cannot be read, or cannot be evaluated in its scope.

    Attributes:
        code: Stable name of the fault, e.g. ``unknown_name``.
        source: The expression as its author wrote it.
        column: Where in ``source``, counted from 1.
        sentence: What is wrong and what would be right.
    """

    def __init__(self, code: str, source: str, column: int, sentence: str) -> None:
        super().__init__(f"{sentence} (column {column} of `{source}`)")
        self.code = code
        self.source = source
        self.column = column
        self.sentence = sentence

    def __reduce__(self) -> tuple[type["ExpressionError"], tuple[str, str, int, str]]:
        return type(self), (self.code, self.source, self.column, self.sentence)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a document, at a place that can be mapped to a line of its file.

    Attributes:
        path: Keys and indices from the document's root, e.g. ``("rules", 3, "when")``.
        code: Stable name of the fault.
        sentence: What is wrong, with the offending value and what would be right.
    """

    path: tuple[str | int, ...]
    code: str
    sentence: str


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """The nearest known word as a question, or all known words when they are few, or nothing."""
    words = [word for word in known if word]
    close = get_close_matches(wrong, words, n=1, cutoff=0.6)
    if close:
        return f" Did you mean '{close[0]}'?"
    if 0 < len(words) <= 8:
        return " Known: " + ", ".join(f"'{word}'" for word in words) + "."
    return ""
