"""The words of an expression. Anything not listed here never reaches Python's own parser.

This first pass keeps the language small (no exponents, hexadecimals, prefixes, comments or
escapes), gives faults an exact column, and bounds length and nesting before anything recursive
runs.
"""

import re
from collections.abc import Mapping

from .errors import ExpressionError

MAX_LENGTH = 1000
MAX_NESTING = 30
MAX_DIGITS = 15

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n]+)
  | (?P<number>[0-9]+(?:\.[0-9]+)?)
  | (?P<name>[A-Za-z][A-Za-z0-9_]*)
  | (?P<text>'[^'\\\x00-\x1f\x7f]*'|"[^"\\\x00-\x1f\x7f]*")
  | (?P<operator>==|!=|<=|>=|//|[-+*/%<>(),.])
    """,
    re.VERBOSE,
)
_SENTENCES = {
    "=": "A single '=' means nothing here; write '==' to compare.",
    "'": "A quote is opened and never closed, or the text holds a character that is not allowed.",
    '"': "A quote is opened and never closed, or the text holds a character that is not allowed.",
    "\\": "A backslash is not part of the language; write the character itself.",
    "&": "Write 'and' instead of '&'.",
    "|": "Write 'or' instead of '|'.",
    "!": "Write 'not' instead of '!'.",
    "[": "Square brackets are not part of the language; write round ones.",
    "{": "Braces are not part of the language; write round brackets.",
}


def check_words(source: str) -> None:
    """Raise on the first thing that does not belong to the language."""
    if not source.strip():
        raise ExpressionError("empty", source, 1, "The expression is empty.")
    if len(source) > MAX_LENGTH:
        sentence = f"The expression has {len(source)} characters; at most {MAX_LENGTH} are read."
        raise ExpressionError("too_long", source[:60] + "...", MAX_LENGTH, sentence)
    position, nesting, previous, last_word = 0, 0, "", ""
    while position < len(source):
        token = _TOKEN.match(source, position)
        if token is None:
            raise _unreadable(source, position)
        kind, text = str(token.lastgroup), token.group()
        _check_neighbours(source, position, kind, text, previous)
        nesting += (text == "(") - (text == ")")
        if nesting < 0:
            raise ExpressionError(
                "syntax", source, position + 1, "This ')' closes nothing; remove it."
            )
        if nesting > MAX_NESTING:
            sentence = f"Brackets are nested more than {MAX_NESTING} deep."
            raise ExpressionError("too_deep", source, position + 1, sentence)
        if kind == last_word == "text":
            sentence = f"An operator is missing before {text}."
            raise ExpressionError("syntax", source, position + 1, sentence)
        previous, position = kind, token.end()
        last_word = last_word if kind == "space" else kind
    if nesting:
        raise ExpressionError("syntax", source, len(source), "A '(' is never closed.")


def renamed(source: str, names: Mapping[str, str]) -> str:
    """``source`` with other names; attributes, texts and everything unreadable stay as they are."""
    words: list[str] = []
    position, before = 0, ""
    while position < len(source):
        token = _TOKEN.match(source, position)
        kind, text = (str(token.lastgroup), token.group()) if token else ("", source[position])
        position += len(text)
        words.append(names.get(text, text) if kind == "name" and before != "." else text)
        before = before if kind == "space" else text
    return "".join(words)


def _unreadable(source: str, position: int) -> ExpressionError:
    sign = source[position]
    sentence = _SENTENCES.get(sign, f"The character {sign!r} is not part of the language.")
    return ExpressionError("syntax", source, position + 1, sentence)


def _check_neighbours(source: str, position: int, kind: str, text: str, previous: str) -> None:
    """Refuse ``2x``, ``f'..'``, ``1.5.2`` and texts side by side, and numbers out of proportion."""
    column = position + 1
    if kind != "space" and kind != "operator" and previous not in ("", "space", "operator"):
        raise ExpressionError("syntax", source, column, f"An operator is missing before {text}.")
    if kind == "number":
        if previous == "operator" and source[position - 1] == ".":
            raise ExpressionError("syntax", source, column, f"Write a full number before .{text}.")
        if len(text.replace(".", "")) > MAX_DIGITS:
            sentence = f"The number {text} has more than {MAX_DIGITS} digits."
            raise ExpressionError("too_large", source, column, sentence)
