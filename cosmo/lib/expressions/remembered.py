"""What a few names of a scope come to, worked out once for each of their values."""

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Generic, TypeVar

from .tree import Scope

KEPT = 1024
"""Values kept of one function; mostly a price, a quantity or a yes."""

P = TypeVar("P")
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


class Composed(Generic[P, T]):
    """A function of several values that a ``Remembered`` gave, worked out once for each set.

    Values are told apart by being the same object, which takes no looking into them; they are
    kept with what they came to. Safe for threads; what raises is worked out again.
    """

    __slots__ = ("_found", "_work")

    def __init__(self, work: Callable[[tuple[P, ...]], T]) -> None:
        self._work = work
        self._found: dict[tuple[int, ...], tuple[tuple[P, ...], T]] = {}

    def __call__(self, parts: tuple[P, ...]) -> T:
        """What these come to; raises what the function raises."""
        key = tuple(map(id, parts))
        known = self._found.get(key)
        if known is not None:
            return known[1]
        value = self._work(parts)
        if len(self._found) >= KEPT:
            self._found.clear()
        self._found[key] = (parts, value)
        return value


def _nothing(_scope: Scope) -> object:
    return None
