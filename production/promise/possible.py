"""How many promises can be kept at best: a bound that no plan can beat. PURE.

After a breakdown some promises may be lost whatever the plan. For each group of lanes that do the
same, what is promised has to be through there early enough for all that follows; the work that
fits in before such a moment is at most the open time of the lanes until then. Leaving out the
largest pieces whenever that is exceeded leaves out the fewest (Moore and Hodgson). Waiting,
set-ups and order are left aside, so the truth may be worse, never better.
"""

from collections.abc import Iterable, Mapping, Sequence
from heapq import heappop, heappush

from production.scheduling.calendar import merge, subtract
from production.scheduling.problem import Problem, Window


def most_in_time(problem: Problem, latest: Mapping[int, int]) -> int:
    """Of the jobs in ``latest`` (by job, the last minute to end), how many can be in time."""
    pieces: dict[tuple[int, ...], dict[int, tuple[int, int]]] = {}
    followers: dict[int, list[int]] = {}
    for number, own in enumerate(problem.operations):
        for before in own.predecessors:
            followers.setdefault(before, []).append(number)
    ends: dict[int, int] = {}
    for number in reversed(problem.topological):
        own = problem.operations[number]
        if own.job not in latest:
            continue
        lanes = tuple(sorted(lane for lane, _ in own.alternatives))
        minutes = min(minutes for _, minutes in own.alternatives)
        after = [_back(problem, n, ends[n]) for n in followers.get(number, ())]
        ends[number] = min([latest[own.job], *after])
        if own.fixed is None:
            here = pieces.setdefault(lanes, {})
            end, before = here.get(own.job, (ends[number], 0))
            here[own.job] = (max(end, ends[number]), before + minutes)
    left_out = [_left_out(problem, lanes, jobs.values()) for lanes, jobs in pieces.items()]
    return len(latest) - max(left_out, default=0)


def _left_out(problem: Problem, lanes: Sequence[int], pieces: Iterable[tuple[int, int]]) -> int:
    """For how few of ``pieces`` (last minute, minutes), one a job, there is no time there."""
    opens = [window for lane in lanes for window in _open(problem, lane)]
    taken: list[int] = []
    total = left_out = 0
    for end, minutes in sorted(pieces):
        heappush(taken, -minutes)
        total += minutes
        room = sum(max(0, min(closes, end) - max(0, start)) for start, closes in opens)
        while total > room:
            total += heappop(taken)
            left_out += 1
    return left_out


def _back(problem: Problem, number: int, end: int) -> int:
    """The last minute at which an operation that ends by ``end`` may begin."""
    own = problem.operations[number]
    left = min(minutes for _, minutes in own.alternatives)
    opens = merge(window for lane, _ in own.alternatives for window in _open(problem, lane))
    for start, closes in reversed([one for one in opens if one[0] < end]):
        closes = min(closes, end)
        if closes - start >= left:
            return closes - left
        left -= closes - start
    return min(end, 0)


def _open(problem: Problem, lane: int) -> tuple[Window, ...]:
    own = problem.lanes[lane]
    return subtract(own.windows, own.blocked)
