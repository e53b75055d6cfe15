"""Many functions of a scope, asked again and again for scopes that differ in little."""

from collections.abc import Callable, Iterable, Sequence
from operator import is_not, itemgetter
from typing import Generic, TypeVar

from .remembered import Remembered
from .tree import Scope

T = TypeVar("T")


class Followed(Generic[T]):
    """All lines of a document, each worked out anew only where a name it looks up has changed.

    The options of a question are one scope after the other with one answer exchanged; of a hundred
    lines of a bill, such an exchange touches a few. Safe for threads; what raises leaves everything
    as it was.
    """

    __slots__ = ("_last", "_lines", "_users", "_values")

    def __init__(self, lines: Sequence[tuple[Iterable[str], Remembered[T]]]) -> None:
        """``lines``: each with the names it looks up."""
        users: dict[str, list[int]] = {}
        for place, (names, _) in enumerate(lines):
            for name in names:
                users.setdefault(name, []).append(place)
        self._lines = tuple(line for _, line in lines)
        self._users = tuple(tuple(users[name]) for name in sorted(users))
        self._values = _values_of(sorted(users))
        self._last: tuple[tuple[object, ...], tuple[T, ...]] | None = None

    def __call__(self, scope: Scope) -> tuple[T, ...]:
        """What each line comes to, in their order; raises what a line raises."""
        try:
            values = self._values(scope)
        except KeyError:  # a name some line does without, or explains the absence of
            return tuple(line(scope) for line in self._lines)
        last = self._last  # one reading: another thread may follow its own scopes meanwhile
        if last is None:
            found = [line(scope) for line in self._lines]
        else:
            before, known = last
            found = list(known)
            for place in self._touched(values, before):
                found[place] = self._lines[place](scope)
        answer = tuple(found)
        self._last = values, answer
        return answer

    def _touched(self, values: tuple[object, ...], before: tuple[object, ...]) -> set[int]:
        touched: set[int] = set()
        for name, differs in enumerate(map(is_not, values, before)):
            if differs and values[name] != before[name]:
                touched.update(self._users[name])
        return touched


def _values_of(names: Sequence[str]) -> Callable[[Scope], tuple[object, ...]]:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda scope: tuple(scope[name] for name in names)
