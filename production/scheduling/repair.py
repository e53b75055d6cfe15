"""The plan before, with only that placed again which cannot stay. PURE.

What is hit (its lane stands still, its components come later, something fixed lies on it) and all
that waits for it is looked a place for between the rest, which keeps lane and run wherever that is
possible. Work with time to spare may be released too, to give way to what would be late.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice

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

GIVING_WAY = 2  # jobs released for each that would be late


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


class Mender:
    """Repairs of one plan: what they have in common is worked out once."""

    def __init__(self, problem: Problem, previous: Mapping[int, Placement]) -> None:
        """
        Args:
            previous: Where operations were; those not in it are new.

        Raises:
            Infeasible: what the line has contradicts its routing (``sent_order``).
        """
        self.problem, self.previous = problem, previous
        latest = latest_ends(problem)
        self.first = first_placed(problem, latest)
        self.starts = latest_starts(problem)
        self.free = [n for n, own in enumerate(problem.operations) if own.fixed is None]
        self.free.sort(key=lambda n: (previous[n].start if n in previous else FAR, n))
        self.followers = _followers(problem)
        self.floor = _Floor(problem)
        self.seeds = _hit(problem, previous, self.floor, latest)
        self.seeds.update(number for number in self.free if number not in previous)
        self.lanes = {number: place.lane for number, place in previous.items()}

    def repair(self, released: Collection[int] = ()) -> Repair:
        """How to place again only what cannot stay.

        Args:
            released: Jobs whose operations may go elsewhere though nothing hits them.
        """
        operations, previous = self.problem.operations, self.previous
        seeds = self.seeds | {n for n in self.free if operations[n].job in released}
        staying, not_before = self._staying(seeds)
        moving = set(self.free).difference(staying)
        first = [number for number in self.first if number in moving]
        rest = moving.difference(first)
        jobs = self.problem.jobs
        keys = {n: (-jobs[operations[n].job].priority, self.starts[n], n) for n in rest}
        not_before.update((n, previous[n].start) for n in moving if n not in seeds)
        return Repair(
            order=[*staying, *first, *repaired(self.problem, keys)],
            steady=len(staying),
            not_before=not_before,
            lanes=self.lanes,
        )

    def _staying(self, seeds: set[int]) -> tuple[list[int], dict[int, int]]:
        """What stays, in order of time, and from when each may be set up. Whose set-up has no room
        any more joins ``seeds``.
        """
        while True:
            moving = _with_followers(self.followers, seeds)
            staying = [number for number in self.free if number not in moving]
            not_before, cramped = _run_kept(self.problem, self.previous, self.floor, staying)
            if not cramped:
                return staying, not_before
            seeds.update(cramped)


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
    problem: Problem,
    previous: Mapping[int, Placement],
    late: Collection[int],
    released: Collection[int],
) -> set[int]:
    """Jobs to release so that what is ``late`` finds room: itself, and for each a few that were
    made by its due minute and have the most time of all.
    """
    ends, tied = dict[int, int](), set(late).union(released)
    for number, own in enumerate(problem.operations):
        if own.sequence != SequenceClass.FREE or number not in previous:
            tied.add(own.job)
        else:
            ends[own.job] = max(previous[number].end, ends.get(own.job, 0))
    dues = [FAR if job.due is None else job.due for job in problem.jobs]
    patient = sorted(ends.keys() - tied, key=lambda job: (-dues[job], ends[job], job))
    found = set(late)
    for job in sorted(late, key=lambda job: dues[job]):
        able = (n for n in patient if n not in found and ends[n] <= dues[job] < dues[n])
        found.update(islice(able, GIVING_WAY))
    return found


def _hit(
    problem: Problem,
    previous: Mapping[int, Placement],
    floor: "_Floor",
    latest: Sequence[int],
) -> set[int]:
    """What cannot stay where it was, whatever the rest does."""
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
    if own.sent_lane not in (-1, place.lane):
        return False
    if not floor.is_free(place.lane, place):
        return False
    if own.second and not any(floor.is_open(lane, place) for lane in own.second):
        return False
    return _is_ready(problem, previous, number, place.start)


def _is_ready(
    problem: Problem, previous: Mapping[int, Placement], number: int, minute: int
) -> bool:
    """Whether all it waits for has ended by then, where it was, and can be at its lane."""
    if minute < problem.earliest_start(number):
        return False
    for before in problem.operations[number].predecessors:
        earlier = problem.operations[before].fixed or previous.get(before)
        if earlier is None:
            continue  # new: what waits for it moves with it
        way = problem.transfer_between(earlier.lane, previous[number].lane)
        if earlier.end + way > minute:
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


def _followers(problem: Problem) -> list[list[int]]:
    """By operation, what waits for it: by its routing, or behind it at the line."""
    followers: list[list[int]] = [[] for _ in problem.operations]
    for number, earlier in enumerate(with_sent_chains(problem)):
        if problem.operations[number].fixed is None:
            for before in earlier:
                followers[before].append(number)
    return followers


def _with_followers(followers: Sequence[Sequence[int]], seeds: Collection[int]) -> set[int]:
    found, ahead = set(seeds), list(seeds)
    while ahead:
        for later in followers[ahead.pop()]:
            if later not in found:
                found.add(later)
                ahead.append(later)
    return found


def _run_kept(
    problem: Problem,
    previous: Mapping[int, Placement],
    floor: "_Floor",
    staying: Sequence[int],
) -> tuple[dict[int, int], list[int]]:
    """By operation, when its set-up may start so that its run stays: what stood before it on its
    lane may be gone, and its set-up another. And those whose set-up has no room left.
    """
    lanes = problem.lanes
    state = [lane.initial_family for lane in lanes]
    until = [0] * len(lanes)
    fixed = [(own.fixed.start, n) for n, own in enumerate(problem.operations) if own.fixed]
    found: dict[int, int] = {}
    cramped: list[int] = []
    in_order = ((previous[number].start, number) for number in staying)
    for start, number in merge(sorted(fixed), in_order):
        own = problem.operations[number]
        place = own.fixed or previous[number]
        lane = place.lane
        if own.fixed is None:
            found[number] = start
            if lanes[lane].set_up_matrix >= 0 and lanes[lane].batch < 0:
                needed = problem.set_up_min(lane, state[lane], own.family)
                found[number] = begins = place.run_start - needed
                if needed > place.set_up and not (
                    begins >= until[lane]
                    and floor.is_open(lane, replace(place, start=begins, set_up=needed))
                    and _is_ready(problem, previous, number, begins)
                ):
                    cramped.append(number)
                    continue
        state[lane], until[lane] = own.family, place.end
    return found, cramped
