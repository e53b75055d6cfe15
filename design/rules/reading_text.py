"""Rules may ask whether a text was given, never what it says: the solver does not know texts."""

from collections.abc import Iterator, Mapping

from cosmo.lib.expressions import Expression, Reading
from cosmo.lib.expressions.tree import Comparison, Literal, Name, Node, children

from .features import Feature


def check_text_use(
    reading: Reading,
    path: tuple[str | int, ...],
    expression: Expression,
    features: Mapping[str, Feature],
) -> None:
    """Note every use of a text feature other than ``text != ''`` and ``text == ''``."""
    texts = {name for name in expression.names if features[name].kind == "text"}
    for name in sorted(set(_other_uses(expression.tree, texts))):
        sentence = f"A rule may only ask `{name} != ''` or `{name} == ''` of a text."
        reading.note(path, "text_in_rule", sentence)


def text_asked(node: Node) -> tuple[str, bool] | None:
    """``(name, is_filled)`` when ``node`` asks whether the text ``name`` is filled or empty."""
    if not isinstance(node, Comparison) or node.operators not in (("==",), ("!=",)):
        return None
    left, right = node.operands
    if isinstance(left, Literal):
        left, right = right, left
    if isinstance(left, Name) and isinstance(right, Literal) and right.value == "":
        return left.name, node.operators == ("!=",)
    return None


def _other_uses(node: Node, texts: set[str]) -> Iterator[str]:
    asked = text_asked(node)
    if asked is not None and asked[0] in texts:
        return
    if isinstance(node, Name) and node.name in texts:
        yield node.name
    for child in children(node):
        yield from _other_uses(child, texts)
