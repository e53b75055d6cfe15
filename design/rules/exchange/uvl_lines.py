"""From the text of a UVL file to its lines of words; comments and blank lines are gone.

A bracket that stays open carries the line on. Indentation counts as in Python: a tab goes on to
the next multiple of eight.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .errors import FileModelError, printable

WordKind = Literal["id", "quoted", "string", "number", "sign"]

_LEXEME = re.compile(
    r"""
      (?P<newline>\r\n|\r|\n)
    | (?P<blank>[ \t\f\u00a0]+)
    | (?P<comment>//[^\r\n]*|/\*.*?\*/)
    | (?P<endless>/\*)
    | (?P<quoted>"[^"\r\n]*")
    | (?P<string>'[^'\r\n]*')
    | (?P<number>[0-9]+\.[0-9]+|\.[0-9]+|[0-9]+)
    | (?P<id>[^\W0-9][\w\#§%?\\';]*)
    | (?P<sign><=>|=>|==|!=|<=|>=|\.\.|[<>!&|+\-*/(){}\[\],.])
    """,
    re.VERBOSE | re.DOTALL,
)
_CLOSING = {")": "(", "]": "[", "}": "{"}
_TAB = 8


@dataclass(frozen=True, slots=True)
class Word:
    """One word or sign. ``text`` is without quotes."""

    kind: WordKind
    text: str
    line: int

    @property
    def is_name(self) -> bool:
        return self.kind in ("id", "quoted")

    def is_sign(self, *texts: str) -> bool:
        return self.kind == "sign" and self.text in texts

    def is_key(self, *texts: str) -> bool:
        """Whether this is a word of the language; in quotes it would be a name."""
        return self.kind == "id" and self.text in texts


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds something, with all that its open brackets carry on.

    Attributes:
        number: The line of the file it starts in.
        indent: Columns before its first word.
        words: At least one.
    """

    number: int
    indent: int
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The line written anew, for a sentence."""
        shown = (f'"{w.text}"' if w.kind in ("quoted", "string") else w.text for w in self.words)
        return " ".join(shown)


def read_lines(text: str) -> list[Line]:
    """All lines of the file.

    Raises:
        FileModelError: a sign that has no place in the language, or a bracket without its twin.
    """
    return list(_Scanner(text.removeprefix("\ufeff")).lines())


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._number = 1
        self._indent = 0
        self._words: list[Word] = []
        self._open: list[Word] = []

    def lines(self) -> Iterator[Line]:
        place = 0
        while place < len(self._text):
            match = _LEXEME.match(self._text, place)
            if match is None or match.lastgroup == "endless":
                raise self._unreadable(place)
            kind, found = str(match.lastgroup), match.group()
            place = match.end()
            if kind == "newline":
                if not self._open:
                    yield from self._finished()
                    self._indent = 0
            elif kind == "blank":
                self._measure(found)
            elif kind != "comment":
                self._take(kind, found)
            if kind in ("newline", "comment"):
                self._number += found.count("\n") + found.count("\r") - found.count("\r\n")
        if self._open:
            sign = self._open[-1]
            sentence = f"'{sign.text}' is never closed."
            raise FileModelError("unbalanced_bracket", sign.line, sign.text, sentence)
        yield from self._finished()

    def _finished(self) -> Iterator[Line]:
        if self._words:
            yield Line(self._words[0].line, self._indent, tuple(self._words))
            self._words = []

    def _measure(self, blank: str) -> None:
        if self._words:
            return
        for sign in blank:
            self._indent += _TAB - self._indent % _TAB if sign == "\t" else 1

    def _take(self, kind: str, found: str) -> None:
        text = found[1:-1] if kind in ("quoted", "string") else found
        word = Word(kind, text, self._number)  # type: ignore[arg-type]  # a group of the pattern
        if word.is_sign("(", "[", "{"):
            self._open.append(word)
        elif word.is_sign(*_CLOSING) and not (
            self._open and self._open.pop().text == _CLOSING[text]
        ):
            sentence = f"'{text}' closes nothing that was opened."
            raise FileModelError("unbalanced_bracket", self._number, text, sentence)
        self._words.append(word)

    def _unreadable(self, place: int) -> FileModelError:
        rest = re.split(r"[\r\n]", self._text[place:], maxsplit=1)[0]
        if rest[0] in "\"'":
            sentence = f"The text {printable(rest)} has no closing {rest[0]}."
        elif rest.startswith("/*"):
            sentence = "The comment never ends."
        else:
            sentence = f"'{printable(rest[0])}' is not part of the language; put names in quotes."
        return FileModelError("unreadable", self._number, rest, sentence)
