"""Orders of the levels worth trying: the size of a diagram hangs on little else."""

import random
from collections.abc import Iterator, Sequence

ROUNDS = 200


def orders(count: int, groups: Sequence[frozenset[int]], tries: int) -> Iterator[tuple[int, ...]]:
    """Up to ``tries`` orders of the levels 0 to ``count - 1``, the most promising first.

    Args:
        groups: The levels each constraint speaks of.
    """
    document = tuple(range(count))
    groups = [group for group in groups if len(group) > 1]
    candidates = [document, force(document, groups)]
    for seed in range(max(tries - 2, 0)):
        shuffled = list(document)
        random.Random(seed).shuffle(shuffled)  # noqa: S311 - not a secret, and the same every time
        candidates.append(force(tuple(shuffled), groups))
    yield from dict.fromkeys(candidates[:tries])


def force(start: Sequence[int], groups: Sequence[frozenset[int]]) -> tuple[int, ...]:
    """Aloul, Markov and Sakallah, "FORCE: a fast and easy-to-implement variable-ordering heuristic"
    (2003): again and again each level moves to the middle of the constraints it stands in; the
    order in which constraints reach least far is kept.
    """
    place = {level: position for position, level in enumerate(start)}
    standing: dict[int, list[int]] = {level: [] for level in start}
    for index, group in enumerate(groups):
        for level in group:
            standing[level].append(index)
    best, least = tuple(start), _span(place, groups)
    for _ in range(ROUNDS):
        middle = [sum(place[level] for level in group) / len(group) for group in groups]
        pull = {
            level: sum(middle[i] for i in inside) / len(inside) if inside else place[level]
            for level, inside in standing.items()
        }
        moved = sorted(start, key=lambda level: (pull[level], place[level]))
        after = {level: position for position, level in enumerate(moved)}
        if after == place:
            break
        place = after
        span = _span(place, groups)
        if span < least:
            best, least = tuple(moved), span
    return best


def _span(place: dict[int, int], groups: Sequence[frozenset[int]]) -> int:
    total = 0
    for group in groups:
        positions = [place[level] for level in group]
        total += max(positions) - min(positions)
    return total
