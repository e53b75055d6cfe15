"""The one expression language of product documents: rules, prices, shapes, quantities, durations.

A small subset of Python's expressions, parsed once into an immutable tree and evaluated over a
scope of named values. Pure; safe for text written by strangers (bounded length, depth and
magnitude; nothing is ever passed to ``eval``).

    >>> parse("39 + len(engraving_text)").evaluate({"engraving_text": "Anna"})
    43
"""

from .errors import ExpressionError, Problem, suggestion
from .expression import Expression, parse
from .followed import Followed
from .kinds import BOOLEAN, NUMBER, TEXT, Environment, Kind, OptionKind, SetKind, check_kinds
from .reading import DocumentError, Reading
from .remembered import Composed, Remembered
from .scanner import renamed
from .shared import sharing
from .tree import Chosen, Number, Scope, Value

__all__ = [
    "BOOLEAN",
    "NUMBER",
    "TEXT",
    "Chosen",
    "Composed",
    "DocumentError",
    "Environment",
    "Expression",
    "ExpressionError",
    "Followed",
    "Kind",
    "Number",
    "OptionKind",
    "Problem",
    "Reading",
    "Remembered",
    "Scope",
    "SetKind",
    "Value",
    "check_kinds",
    "parse",
    "renamed",
    "sharing",
    "suggestion",
]
