"""A model that came from a file, and what every reader makes its features and rules of."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from cosmo.lib.expressions import Expression
from cosmo.lib.expressions.tree import Node
from design.rules.features import Feature, Option
from design.rules.model import Model
from design.rules.rule import Rule

MAX_FEATURES = 200_000
"""More than any published model has; a header must not be able to ask for all the memory."""

# Shared by all features of all files: they have no values of their own.
_OPTIONS = (Option("true", {}), Option("false", {}))


@dataclass(frozen=True, slots=True)
class FileModel:
    """A model read from a file of another tool.

    Attributes:
        name: The name of the file.
        uncounted: Features that no clause speaks of. Published numbers of configurations leave
            them out; each doubles the number of designs.
    """

    name: str
    model: Model
    uncounted: frozenset[str]


def boolean_feature(name: str) -> Feature:
    """A feature of a Boolean model: chosen or not."""
    return Feature(name, "", "choice", "false", options=_OPTIONS)


class Rules:
    """The rules of one file; several on one line are told apart by ``-2``, ``-3``, ..."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self._on_line: Counter[int] = Counter()

    def add(self, line: int, tree: Node, source: str, names: Iterable[str] | None = None) -> None:
        """``tree`` must hold. ``names`` may be given where they are known without a search."""
        self._on_line[line] += 1
        place = self._on_line[line]
        suffix = f"-{place}" if place > 1 else ""
        always = Expression.of_tree(tree, source, names)
        self.rules.append(Rule(f"line-{line}{suffix}", always=always))
