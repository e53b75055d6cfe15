"""The immutable tree of a parsed expression. Engines walk it; only ``parser`` builds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

Number = int | Decimal


class Chosen(str):
    """The chosen option of a feature: equal to its id, with the option's own values behind it.

    A string, since scopes are told apart by their answers hundreds of times a click.
    """

    __slots__ = ("id", "values")

    id: str
    values: Mapping[str, "Number | str | bool"]

    def __new__(cls, id: str, values: Mapping[str, "Number | str | bool"]) -> "Chosen":
        made = super().__new__(cls, id)
        made.id = id
        made.values = values
        return made

    def __repr__(self) -> str:
        return f"Chosen({self.id!r})"


Value = bool | int | Decimal | str | frozenset[str]
Scope = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Literal:
    value: bool | int | Decimal | str
    column: int


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    column: int


@dataclass(frozen=True, slots=True)
class Attribute:
    """``width.mm``: a value of the option chosen in a feature."""

    name: str
    attribute: str
    column: int


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Node"
    column: int


@dataclass(frozen=True, slots=True)
class Negative:
    operand: "Node"
    column: int


@dataclass(frozen=True, slots=True)
class Junction:
    """``and`` or ``or`` over two or more operands; evaluation stops early, as in Python."""

    operator: str
    operands: tuple["Node", ...]
    column: int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    operator: str
    left: "Node"
    right: "Node"
    column: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """``a < b <= c``: one more operand than operators; after ``in`` stands a Members or a set."""

    operators: tuple[str, ...]
    operands: tuple["Node", ...]
    column: int


@dataclass(frozen=True, slots=True)
class Members:
    """The bracket after ``in``: ``('w600', 'w700')``."""

    items: tuple["Node", ...]
    column: int


@dataclass(frozen=True, slots=True)
class IfElse:
    condition: "Node"
    then: "Node"
    otherwise: "Node"
    column: int


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple["Node", ...]
    column: int


Node = (
    Literal
    | Name
    | Attribute
    | Not
    | Negative
    | Junction
    | Arithmetic
    | Comparison
    | Members
    | IfElse
    | Call
)


def children(node: Node) -> tuple[Node, ...]:
    """The direct parts of a node, left to right."""
    match node:
        case Not(operand) | Negative(operand):
            return (operand,)
        case Junction(_, operands) | Comparison(_, operands):
            return operands
        case Arithmetic(_, left, right):
            return (left, right)
        case Members(items):
            return items
        case IfElse(condition, then, otherwise):
            return (condition, then, otherwise)
        case Call(_, arguments):
            return arguments
        case _:
            return ()


def names_in(node: Node) -> frozenset[str]:
    """Every name that evaluation may look up."""
    if isinstance(node, Name | Attribute):
        return frozenset({node.name})
    return frozenset().union(*(names_in(child) for child in children(node)))
