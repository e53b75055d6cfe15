"""Finding faults of an expression before it runs: unknown names and options, mixed kinds.

Evaluation checks everything again; this pass exists so that the author of a document hears of
``width == 'w60'`` when it is loaded, not when the first shopper chooses that width.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from .errors import ExpressionError, suggestion
from .expression import Expression
from .tree import (
    Arithmetic,
    Attribute,
    Call,
    Comparison,
    IfElse,
    Junction,
    Literal,
    Members,
    Name,
    Negative,
    Node,
    Not,
    Number,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What an expression gives, in the word shown to authors."""

    word: str


@dataclass(frozen=True, slots=True)
class OptionKind(Kind):
    """One of these options; each with its own values."""

    options: Mapping[str, Mapping[str, Number | str | bool]]


@dataclass(frozen=True, slots=True)
class SetKind(Kind):
    """Any number of these options."""

    options: frozenset[str]


BOOLEAN, NUMBER, TEXT = Kind("a yes or no"), Kind("a number"), Kind("a text")
_UNKNOWN = Kind("something faulty")
Environment = Mapping[str, Kind]


def check_kinds(
    expression: Expression, environment: Environment, wanted: Kind | None = None
) -> list[ExpressionError]:
    """All faults of ``expression`` where names have the kinds of ``environment``."""
    checker = _Checker(expression.source, environment)
    found = checker.kind(expression.tree)
    if wanted is not None and not _fits(found, wanted):
        checker.note(
            expression.tree,
            "wrong_kind",
            f"The expression gives {found.word}, but {wanted.word} is needed.",
        )
    return checker.faults


def _fits(found: Kind, wanted: Kind) -> bool:
    if found is _UNKNOWN or found == wanted:
        return True
    return wanted is TEXT and isinstance(found, OptionKind)


def _is_textual(kind: Kind) -> bool:
    return kind is TEXT or isinstance(kind, OptionKind)


class _Checker:
    def __init__(self, source: str, environment: Environment) -> None:
        self._source = source
        self._environment = environment
        self.faults: list[ExpressionError] = []

    def note(self, node: Node, code: str, sentence: str) -> Kind:
        self.faults.append(ExpressionError(code, self._source, node.column, sentence))
        return _UNKNOWN

    def kind(self, node: Node) -> Kind:
        result: Kind = getattr(self, f"_{type(node).__name__.lower()}")(node)
        return result

    def _require(self, node: Node, wanted: Kind, what: str) -> None:
        found = self.kind(node)
        if not _fits(found, wanted):
            self.note(node, "wrong_kind", f"{what} needs {wanted.word}, not {found.word}.")

    def _literal(self, node: Literal) -> Kind:
        return kind_of_value(node.value)

    def _name(self, node: Name) -> Kind:
        if node.name in self._environment:
            return self._environment[node.name]
        sentence = f"'{node.name}' is not known here.{suggestion(node.name, self._environment)}"
        return self.note(node, "unknown_name", sentence)

    def _attribute(self, node: Attribute) -> Kind:
        kind = self._name(Name(node.name, node.column))
        if kind is _UNKNOWN:
            return kind
        if not isinstance(kind, OptionKind):
            sentence = f"'{node.name}' is {kind.word} and has no .{node.attribute}."
            return self.note(node, "wrong_kind", sentence)
        values = [v[node.attribute] for v in kind.options.values() if node.attribute in v]
        if not values:
            known = sorted({key for v in kind.options.values() for key in v})
            sentence = (
                f"No option of '{node.name}' has a value '{node.attribute}'."
                f"{suggestion(node.attribute, known)}"
            )
            return self.note(node, "unknown_attribute", sentence)
        kinds = {kind_of_value(value) for value in values}
        if len(kinds) > 1:
            words = " and ".join(sorted(found.word for found in kinds))
            sentence = f"'{node.name}.{node.attribute}' is {words} in different options."
            return self.note(node, "wrong_kind", sentence)
        return kinds.pop()

    def _not(self, node: Not) -> Kind:
        self._require(node.operand, BOOLEAN, "'not'")
        return BOOLEAN

    def _negative(self, node: Negative) -> Kind:
        self._require(node.operand, NUMBER, "'-'")
        return NUMBER

    def _junction(self, node: Junction) -> Kind:
        for operand in node.operands:
            self._require(operand, BOOLEAN, f"'{node.operator}'")
        return BOOLEAN

    def _ifelse(self, node: IfElse) -> Kind:
        self._require(node.condition, BOOLEAN, "'if'")
        then, otherwise = self.kind(node.then), self.kind(node.otherwise)
        if _UNKNOWN in (then, otherwise):
            return _UNKNOWN
        if _is_textual(then) and _is_textual(otherwise):
            return then if then == otherwise else TEXT
        if then != otherwise:
            sentence = f"'if' gives {then.word}, but 'else' gives {otherwise.word}."
            return self.note(node, "wrong_kind", sentence)
        return then

    def _arithmetic(self, node: Arithmetic) -> Kind:
        left, right = self.kind(node.left), self.kind(node.right)
        if _UNKNOWN in (left, right):
            return _UNKNOWN
        if node.operator == "+" and _is_textual(left) and _is_textual(right):
            return TEXT
        if left is NUMBER and right is NUMBER:
            return NUMBER
        sentence = f"'{node.operator}' needs two numbers, not {left.word} and {right.word}."
        return self.note(node, "wrong_kind", sentence)

    def _call(self, node: Call) -> Kind:
        if node.function == "len":
            found = self.kind(node.arguments[0])
            if found not in (TEXT, _UNKNOWN) and not isinstance(found, SetKind):
                sentence = f"len() needs a text or several options, not {found.word}."
                self.note(node, "wrong_kind", sentence)
            return NUMBER
        for argument in node.arguments:
            self._require(argument, NUMBER, f"{node.function}()")
        return NUMBER

    def _members(self, _node: Members) -> Kind:
        return _UNKNOWN  # looked at by _comparison, where the left side is known

    def _comparison(self, node: Comparison) -> Kind:
        for sign, (left, right) in zip(node.operators, pairwise(node.operands), strict=True):
            if sign in ("in", "not in"):
                self._membership(node, sign, left, right)
            else:
                self._pair(node, sign, left, right)
        return BOOLEAN

    def _pair(self, node: Node, sign: str, left: Node, right: Node) -> None:
        a, b = self.kind(left), self.kind(right)
        if _UNKNOWN in (a, b):
            return
        is_order = sign not in ("==", "!=")
        comparable = a is b is NUMBER or (
            not is_order and ((_is_textual(a) and _is_textual(b)) or a is b is BOOLEAN)
        )
        if not comparable:
            sentence = f"{a.word.capitalize()} and {b.word} cannot be compared by '{sign}'."
            self.note(node, "wrong_kind", sentence)
            return
        self._check_option(a, left, right)
        self._check_option(b, right, left)

    def _membership(self, node: Node, sign: str, left: Node, right: Node) -> None:
        if isinstance(right, Members):
            for item in right.items:
                self._pair(item, "==", left, item)
            return
        member, several = self.kind(left), self.kind(right)
        if _UNKNOWN in (member, several):
            return
        if not isinstance(several, SetKind) or not _is_textual(member):
            sentence = (
                f"'{sign}' needs an option before it and a bracket or a feature with several "
                f"options after it, not {member.word} and {several.word}."
            )
            self.note(node, "wrong_kind", sentence)
            return
        self._check_option(several, right, left)

    def _check_option(self, kind: Kind, feature: Node, literal: Node) -> None:
        """A text compared with a feature's option must be one of its ids, else it never matches."""
        if not isinstance(kind, OptionKind | SetKind) or not isinstance(literal, Literal):
            return
        if literal.value not in kind.options:
            named = f"'{feature.name}' has no" if isinstance(feature, Name) else "There is no"
            sentence = (
                f"{named} option '{literal.value}'.{suggestion(str(literal.value), kind.options)}"
            )
            self.note(literal, "unknown_option", sentence)


def kind_of_value(value: Number | str | bool) -> Kind:
    """The kind of a plain value."""
    if isinstance(value, bool):
        return BOOLEAN
    return NUMBER if isinstance(value, int | Decimal) else TEXT
