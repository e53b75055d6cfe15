"""From one rule to one formula."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from math import prod

from cosmo.lib.expressions import Expression, ExpressionError, Scope
from cosmo.lib.expressions.evaluator import Compiler
from cosmo.lib.expressions.tree import (
    Comparison,
    IfElse,
    Junction,
    Literal,
    Members,
    Name,
    Node,
    Not,
    names_in,
)

from .additive import difference
from .combinations import Variables, check_count, count_answers, formula_of, literals_of
from .features import ANY_TEXT, NONE, Feature
from .formula import Formula, all_of, any_of
from .linear import NEGATED, compared, terms_of
from .reading_text import text_asked
from .rule import Rule, Table

FEW_COMBINATIONS = 512
"""Up to here a comparison is tried combination by combination: that needs no inner variables."""


class Translator:
    """Translates rules over one set of features."""

    def __init__(self, features: Mapping[str, Feature], variables: Variables) -> None:
        self._features = features
        self._variables = variables
        self._component = ""  # whose rule is being translated; "" for a rule of the product

    def rule(self, rule: Rule) -> Formula:
        """What must hold for ``rule`` to be kept.

        Raises:
            ExpressionError: some combination of answers cannot be evaluated.
            TooManyCombinations: a comparison names too many options at once.
        """
        if rule.guard is None:
            return self._unguarded(rule)
        with self._of_component(rule.guard):
            kept = self._unguarded(rule)
        return any_of((self._expression(rule.guard, positive=False), kept))

    def broken(self, rule: Rule) -> Formula:
        """What must hold for ``rule`` to be broken."""
        if rule.guard is None:
            return self._broken(rule)
        with self._of_component(rule.guard):
            broken = self._broken(rule)
        return all_of((self._expression(rule.guard, positive=True), broken))

    @contextmanager
    def _of_component(self, guard: Expression) -> Iterator[None]:
        """What the rule says where its component is not fitted does not matter meanwhile."""
        (self._component,) = guard.names
        yield
        self._component = ""

    def _is_absent(self, feature: Feature, answer: object) -> bool:
        """Whether this answer means that the component of the present rule is not fitted."""
        inside = bool(self._component) and feature.component == self._component
        return inside and answer == NONE

    def _unguarded(self, rule: Rule) -> Formula:
        if rule.table is not None:
            return any_of(all_of(row) for row in self._rows(rule.table))
        if rule.never is not None:
            return self._expression(rule.never, positive=False)
        if rule.always is not None:
            return self._expression(rule.always, positive=True)
        when, then = rule.implication
        return any_of(
            (self._expression(when, positive=False), self._expression(then, positive=True))
        )

    def _broken(self, rule: Rule) -> Formula:
        if rule.table is not None:
            return all_of(any_of(-cell for cell in row) for row in self._rows(rule.table))
        if rule.never is not None:
            return self._expression(rule.never, positive=True)
        if rule.always is not None:
            return self._expression(rule.always, positive=False)
        when, then = rule.implication
        return all_of(
            (self._expression(when, positive=True), self._expression(then, positive=False))
        )

    def _rows(self, table: Table) -> list[list[int]]:
        """The literals of each allowed combination, in an order that does not change."""
        features = [self._features[name] for name in table.features]
        return [
            [
                literal
                for feature, cell in zip(features, row, strict=True)
                for literal in literals_of(feature, self._variables, feature.from_scope(cell))
            ]
            for row in sorted(table.rows, key=str)
        ]

    def _expression(self, expression: Expression, *, positive: bool) -> Formula:
        source = expression.source
        try:
            return self._node(expression.tree, source, positive)
        except ExpressionError:
            # A part fails on its own, e.g. `water.litres > 3` where nothing was chosen for water.
            # Another part may guard it (`water != 'none' and ...`), so the whole is tried at once:
            # it stops early just as it will in use. What still fails is the document's fault.
            return self._tried(expression.tree, source, positive)

    def _node(self, node: Node, source: str, positive: bool) -> Formula:
        match node:
            case Literal(bool() as value):
                return value is positive
            case Not(operand):
                return self._node(operand, source, not positive)
            case Junction(operator, operands):
                parts = [self._node(operand, source, positive) for operand in operands]
                return all_of(parts) if (operator == "and") is positive else any_of(parts)
            case IfElse(condition, then, otherwise):
                return self._if_else(condition, then, otherwise, source, positive)
            case Comparison() if len(node.operators) > 1:
                return self._chain(node, source, positive)
            case _:
                return self._atom(node, source, positive)

    def _if_else(
        self, condition: Node, then: Node, otherwise: Node, source: str, positive: bool
    ) -> Formula:
        yes = (self._node(condition, source, True), self._node(then, source, positive))
        no = (self._node(condition, source, False), self._node(otherwise, source, positive))
        return any_of((all_of(yes), all_of(no)))

    def _chain(self, node: Comparison, source: str, positive: bool) -> Formula:
        parts = [
            self._atom(Comparison((sign,), pair, node.column), source, positive)
            for sign, pair in zip(node.operators, pairwise(node.operands), strict=True)
        ]
        return all_of(parts) if positive else any_of(parts)

    def _atom(self, node: Node, source: str, positive: bool) -> Formula:
        literals = self._named_options(node)
        if literals is None:
            return self._added_up(node, source, positive)
        is_any = positive is not _is_negated(node)
        return any_of(literals) if is_any else all_of(-literal for literal in literals)

    def _named_options(self, node: Node) -> list[int] | None:
        """The literals one of which must hold, when ``node`` plainly names options."""
        if not isinstance(node, Comparison):
            return None
        asked = text_asked(node)
        if asked is not None and self._features[asked[0]].kind == "text":
            return [literals_of(self._features[asked[0]], self._variables, ANY_TEXT)[0]]
        left, right = node.operands
        if isinstance(left, Literal) and isinstance(right, Name):
            left, right = right, left
        if not isinstance(left, Name):
            return None
        feature = self._features[left.name]
        plain = right.items if isinstance(right, Members) else (right,)
        if feature.kind not in ("choice", "multi") or node.operators[0] in ("<", "<=", ">", ">="):
            return None
        if not all(isinstance(item, Literal) for item in plain):
            return None
        table = self._variables[feature.id]
        return [table[str(item.value)] for item in plain if isinstance(item, Literal)]

    def _added_up(self, node: Node, source: str, positive: bool) -> Formula:
        """A comparison of many combinations as a linear constraint, where it is one."""
        names = names_in(node)
        features = [feature for name, feature in self._features.items() if name in names]
        few = prod(count_answers(feature) for feature in features) <= FEW_COMBINATIONS
        if few or not isinstance(node, Comparison) or node.operators[0] not in NEGATED:
            return self._tried(node, source, positive)
        left, right = node.operands
        added = difference(left, right, self._features, source, self._is_absent)
        whole = added.whole() if added else None
        if whole is None:
            return self._tried(node, source, positive)
        operator = node.operators[0] if positive else NEGATED[node.operators[0]]
        constant, amounts = whole
        terms = [
            term
            for name, row in amounts.items()
            for term in terms_of(self._features[name], self._variables, row)
        ]
        return compared(terms, constant, operator)

    def _tried(self, node: Node, source: str, positive: bool) -> Formula:
        names = names_in(node)
        features = [feature for name, feature in self._features.items() if name in names]
        check_count(source, features)
        evaluate = Compiler(source).compile(node)

        def holds(scope: Scope) -> bool:
            try:
                return evaluate(scope) is positive
            except ExpressionError:
                if any(self._is_absent(f, scope[f.id]) for f in features):
                    return True
                raise

        return formula_of(features, self._variables, holds)


def _is_negated(node: Node) -> bool:
    """Whether a comparison that names options says that none of them is chosen."""
    asked = text_asked(node)
    if asked is not None:
        return not asked[1]
    return isinstance(node, Comparison) and node.operators[0] in ("!=", "not in")
