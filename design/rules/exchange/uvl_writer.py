"""A model as UVL: its features as a tree of one level, its rules as constraints over options.

A choice is an alternative group of its options, a multi-select a ``[n..m]`` group, a parameter an
alternative of its values, a text a feature that is chosen where it is filled. ``none`` is the
absence of an optional feature. Sums too large to be tried become attributes under ``sum()``.
"""

import re
from collections.abc import Iterator, Mapping

from design.rules.features import NONE, Feature
from design.rules.formula import All, Any, AtMost, Formula
from design.rules.model import Model

from .errors import printable
from .statements import is_boolean, read_statements, unwritable

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_KEYS = frozenset(
    {
        "include", "features", "imports", "namespace", "as", "constraint", "constraints",
        "cardinality", "String", "Boolean", "Integer", "Real", "len", "sum", "avg", "floor", "ceil",
        "Type", "Arithmetic", "or", "alternative", "optional", "mandatory", "true", "false",
        "abstract",
    }
)  # fmt: skip
_UNQUOTABLE = re.compile(r'["\r\n]')


def write_uvl(
    model: Model, name: str = "product", sentences: Mapping[str, str] | None = None
) -> str:
    """The text of a UVL file.

    Args:
        name: Of the root, which every design has.
        sentences: What rules say to people, by id; they become comments.

    Raises:
        FileModelError: a feature has too many values, or a name cannot be written.
    """
    return _Writer(model, name, sentences or {}).text()


class _Writer:
    def __init__(self, model: Model, name: str, sentences: Mapping[str, str]) -> None:
        self._model = model
        self._sentences = sentences
        self._statements = read_statements(model, with_parents=True)
        while name in self._statements.names:
            name += "_"
        self._root = name
        self._sums: dict[AtMost, str] = {}
        self._amounts: dict[int, dict[str, int]] = {}

    def text(self) -> str:
        constraints = list(self._constraints())  # first: sums leave attributes in the tree
        tree = list(self._tree())
        levels = list(self._levels(any(line.strip().startswith("[") for line in tree)))
        lines = [*levels, "features", f"\t{_quoted(self._root)}", *tree]
        if constraints:
            lines += ["constraints", *constraints]
        return "\n".join(lines) + "\n"

    def _levels(self, has_limits: bool) -> Iterator[str]:
        if self._sums or has_limits:
            yield "include"
        if has_limits:
            yield "\tBoolean.group-cardinality"
        if self._sums:
            yield "\tArithmetic.aggregate-function"

    def _tree(self) -> Iterator[str]:
        before = ""
        for feature in self._model.features:
            group = "optional" if self._may_be_absent(feature) else "mandatory"
            if group != before:
                yield f"\t\t{group}"
            before = group
            yield from self._feature(feature)

    def _may_be_absent(self, feature: Feature) -> bool:
        if feature.kind == "choice":
            return is_boolean(feature) or NONE in feature.option_ids
        return feature.kind == "text"

    def _feature(self, feature: Feature) -> Iterator[str]:
        yield f"\t\t\t{self._named(self._statements.own[feature.id])}"
        if is_boolean(feature) or feature.kind == "text":
            return
        limits = f"[{feature.minimum}..{feature.maximum}]"
        yield f"\t\t\t\t{limits if feature.kind == 'multi' else 'alternative'}"
        for literal in self._statements.variables[feature.id].values():
            if literal > 0:
                yield f"\t\t\t\t\t{self._named(literal)}"

    def _named(self, number: int) -> str:
        """The name of a proposition with its attributes."""
        name = _quoted(self._statements.names[number - 1])
        amounts = self._amounts.get(number)
        if not amounts:
            return name
        return f"{name} {{{', '.join(f'{key} {amount}' for key, amount in amounts.items())}}}"

    def _constraints(self) -> Iterator[str]:
        for rule, formula in self._statements.formulas:
            sentence = " ".join(self._sentences.get(rule, "").split())
            if sentence:
                yield f"\t// {rule}: {sentence}"
            parts = formula.parts if isinstance(formula, All) else (formula,)
            for part in parts:
                if part is not True:
                    yield f"\t{self._written(part)}"

    def _written(self, formula: Formula) -> str:
        if isinstance(formula, bool):
            root = _quoted(self._root)
            return root if formula else f"!{root}"
        if isinstance(formula, int):
            name = _quoted(self._statements.names[abs(formula) - 1])
            return name if formula > 0 else f"!{name}"
        if isinstance(formula, AtMost):
            return self._written_sum(formula)
        sign = " & " if isinstance(formula, All) else " | "
        return sign.join(
            f"({self._written(part)})" if isinstance(part, All | Any) else self._written(part)
            for part in formula.parts
        )

    def _written_sum(self, formula: AtMost) -> str:
        """As an attribute of its own: each proposition brings its amount where it holds."""
        if formula in self._sums:
            return self._sums[formula]
        key, constant = f"sum_{len(self._sums) + 1}", 0
        for term in formula.terms:
            for amount, literal in zip(term.amounts, term.literals, strict=True):
                amounts = self._amounts.setdefault(abs(literal), {})
                if literal < 0:
                    constant += amount
                amounts[key] = amounts.get(key, 0) + (amount if literal > 0 else -amount)
        self._sums[formula] = f"sum({key}) <= {formula.bound - constant}"
        return self._sums[formula]


def _quoted(name: str) -> str:
    if _PLAIN.fullmatch(name) and name not in _KEYS:
        return name
    if not name.strip() or _UNQUOTABLE.search(name):
        sentence = f"'{printable(name)}' cannot be a name in UVL; rename it."
        raise unwritable(name, sentence)
    return f'"{name}"'
