"""What a few names of a scope come to, worked out once for each of their values."""

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Generic, TypeVar

from .tree import Scope

KEPT = 1024
"""Values kept of one function; mostly a price, a quantity or a yes."""

T = TypeVar("T")


class Remembered(Generic[T]):
    """A function of a scope that looks up some names only.

    Most expressions of a document name one or two features, and most scopes of a studio differ in
    one. All scopes come from one offer: an option's id stands for its values. Safe for threads;
    what raises is worked out again.
    """

    __slots__ = ("_found", "_key", "_work")

    def __init__(self, names: Iterable[str], work: Callable[[Scope], T]) -> None:
        ordered = sorted(names)
        self._key: Callable[[Scope], object] = itemgetter(*ordered) if ordered else _nothing
        self._work = work
        self._found: dict[object, T] = {}

    def __call__(self, scope: Scope) -> T:
        """The value in ``scope``; raises what the function raises."""
        try:
            key = self._key(scope)
        except KeyError:  # a name nobody needs here, or one whose absence the function explains
            return self._work(scope)
        try:
            return self._found[key]
        except KeyError:
            pass
        value = self._work(scope)
        if len(self._found) >= KEPT:
            self._found.clear()
        self._found[key] = value
        return value


def _nothing(_scope: Scope) -> object:
    return None
