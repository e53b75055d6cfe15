"""The plan before, with only that placed again which cannot stay. PURE.

What is hit (its lane stands still, its components come later, something fixed lies on it) and all
that waits for it is looked a place for between the rest, which keeps lane and run wherever that is
possible. Work with time to spare may be released too, to give way to what would be late.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from production.scheduling.calendar import subtract
from production.scheduling.ordering import (
    first_placed,
    latest_ends,
    latest_starts,
    repaired,
    with_sent_chains,
)
from production.scheduling.problem import FAR, Placement, Problem, SequenceClass, Window
from production.scheduling.solution import Solution


@dataclass(frozen=True, slots=True)
class Repair:
    """What to decode.

    Attributes:
        order: Everything that is not fixed: first what stays, then what is placed again.
        steady: How many stay.
        not_before: Nothing that stays, and nothing that only waits for what is hit, is earlier
            than it was.
        lanes: Where each operation was.
    """

    order: Sequence[int]
    steady: int
    not_before: Mapping[int, int]
    lanes: Mapping[int, int]


def repair_of(
    problem: Problem, previous: Mapping[int, Placement], *, released: Collection[int] = ()
) -> Repair:
    """How to place again only what cannot stay.

    Args:
        previous: Where operations were; those not in it are new.
        released: Jobs whose operations may go elsewhere though nothing hits them.

    Raises:
        Infeasible: what the line has contradicts its routing (``sent_order``).
    """
    latest = latest_ends(problem)
    seeds = _hit(problem, previous, latest)
    seeds.update(
        number
        for number, own in enumerate(problem.operations)
        if own.fixed is None and (own.job in released or number not in previous)
    )
    moving = _with_followers(problem, seeds)
    staying = [n for n, own in enumerate(problem.operations) if own.fixed is None]
    staying = [number for number in staying if number not in moving]
    staying.sort(key=lambda number: (previous[number].start, number))
    first = [number for number in first_placed(problem, latest) if number in moving]
    starts, placed = latest_starts(problem), set(first)
    rest = {
        number: (-problem.jobs[problem.operations[number].job].priority, starts[number], number)
        for number in moving
        if number not in placed
    }
    not_before = {n: previous[n].start for n in moving if n not in seeds}
    not_before.update(_run_kept(problem, previous, staying))
    return Repair(
        order=[*staying, *first, *repaired(problem, rest)],
        steady=len(staying),
        not_before=not_before,
        lanes={number: place.lane for number, place in previous.items()},
    )


def newly_late(
    problem: Problem, previous: Mapping[int, Placement], solution: Solution
) -> frozenset[int]:
    """Jobs that are later than the plan before had them, or late and new."""
    before: dict[int, int] = {}
    for number, own in enumerate(problem.operations):
        place = own.fixed or previous.get(number)
        before[own.job] = max(FAR if place is None else place.end, before.get(own.job, 0))
    return frozenset(
        job
        for job, late in enumerate(solution.tardiness())
        if late and (before[job] >= FAR or before[job] < late + (problem.jobs[job].due or 0))
    )


def give_way(
    problem: Problem, previous: Mapping[int, Placement], solution: Solution, late: Collection[int]
) -> Iterator[tuple[int, ...]]:
    """Jobs that could stand back for what is ``late`` in ``solution``, those with most time to
    spare first: a few, then more.
    """
    ends = solution.ends()
    until = max((ends[job] or 0 for job in late), default=0)
    wanted = {
        lane
        for own in problem.operations
        if own.job in late and own.fixed is None
        for lane, _ in own.alternatives
    }
    useful, tied = set[int](), set[int]()
    for number, own in enumerate(problem.operations):
        if own.sequence != SequenceClass.FREE or number not in previous:
            tied.add(own.job)
        elif previous[number].lane in wanted and previous[number].start < until:
            useful.add(own.job)
    spare = {
        job: (FAR if (due := problem.jobs[job].due) is None else due) - (ends[job] or 0)
        for job in useful.difference(tied, late)
    }
    ranked = sorted((job for job in spare if spare[job] > 0), key=lambda job: (-spare[job], job))
    for share in (1, 4, 16):
        wanted_count = share * (2 * len(late) + 2)
        yield tuple(ranked[:wanted_count])
        if wanted_count >= len(ranked):
            return


def _hit(problem: Problem, previous: Mapping[int, Placement], latest: Sequence[int]) -> set[int]:
    """What cannot stay where it was, whatever the rest does."""
    floor = _Floor(problem)
    hit = {
        number
        for number, place in previous.items()
        if problem.operations[number].fixed is None
        and (place.end > latest[number] or not _can_stay(problem, previous, floor, number, place))
    }
    furthest: dict[int, int] = {}
    sent = [n for n, own in enumerate(problem.operations) if own.sent_lane >= 0 and n in previous]
    for number in sorted(sent, key=lambda n: (problem.operations[n].sent_rank, n)):
        lane, start = problem.operations[number].sent_lane, previous[number].start
        if start < furthest.setdefault(lane, start):
            hit.add(number)  # it would overtake what was sent before it
        furthest[lane] = max(start, furthest[lane])
    return hit


def _can_stay(
    problem: Problem,
    previous: Mapping[int, Placement],
    floor: "_Floor",
    number: int,
    place: Placement,
) -> bool:
    own = problem.operations[number]
    if own.duration_on(place.lane) != place.end - place.run_start:
        return False
    if own.sent_lane not in (-1, place.lane) or place.start < problem.earliest_start(number):
        return False
    if not floor.is_free(place.lane, place):
        return False
    if own.second and not any(floor.is_open(lane, place) for lane in own.second):
        return False
    for before in own.predecessors:
        earlier = problem.operations[before].fixed or previous.get(before)
        if earlier is None:
            continue  # new: what waits for it moves with it
        if earlier.end + problem.transfer_between(earlier.lane, place.lane) > place.start:
            return False
    return True


class _Floor:
    """When lanes are open, and taken by what is fixed."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.windows: dict[int, tuple[Window, ...]] = {}
        self.taken: dict[int, list[Window]] = {}
        for own in problem.operations:
            if own.fixed is not None and problem.lanes[own.fixed.lane].batch < 0:
                self.taken.setdefault(own.fixed.lane, []).append((own.fixed.start, own.fixed.end))
        for periods in self.taken.values():
            periods.sort()

    def is_open(self, lane: int, place: Placement) -> bool:
        windows = self.windows.get(lane)
        if windows is None:
            given = self.problem.lanes[lane]
            windows = self.windows[lane] = subtract(given.windows, given.blocked)
        at = bisect_right(windows, (place.start, FAR)) - 1
        return at >= 0 and place.end <= windows[at][1]

    def is_free(self, lane: int, place: Placement) -> bool:
        """Open and not taken; units of one batch may lie on each other."""
        if not self.is_open(lane, place):
            return False
        taken = self.taken.get(lane, ())
        at = bisect_left(taken, (place.end, 0))
        return at == 0 or max(end for _, end in taken[max(0, at - 2) : at]) <= place.start


def _with_followers(problem: Problem, seeds: Collection[int]) -> set[int]:
    """The seeds and all that waits for them: by its routing, or behind it at the line."""
    followers: list[list[int]] = [[] for _ in problem.operations]
    for number, earlier in enumerate(with_sent_chains(problem)):
        for before in earlier:
            followers[before].append(number)
    found, ahead = set(seeds), list(seeds)
    while ahead:
        for later in followers[ahead.pop()]:
            if later not in found and problem.operations[later].fixed is None:
                found.add(later)
                ahead.append(later)
    return found


def _run_kept(
    problem: Problem, previous: Mapping[int, Placement], staying: Sequence[int]
) -> dict[int, int]:
    """By operation, when its set-up may start so that its run stays: what stood before it on its
    lane may be gone, and its set-up another.
    """
    state = {number: lane.initial_family for number, lane in enumerate(problem.lanes)}
    fixed = [(own.fixed.start, n) for n, own in enumerate(problem.operations) if own.fixed]
    in_order = sorted([*fixed, *((previous[number].start, number) for number in staying)])
    found: dict[int, int] = {}
    for _, number in in_order:
        own = problem.operations[number]
        place = own.fixed or previous[number]
        if own.fixed is None:
            needed = problem.set_up_min(place.lane, state[place.lane], own.family)
            is_batch = problem.lanes[place.lane].batch >= 0
            found[number] = place.start if is_batch else place.run_start - needed
        state[place.lane] = own.family
    return found
