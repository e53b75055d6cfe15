"""A plan and what it is worth."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from production.scheduling.problem import Lane, Placement, Problem


@dataclass(frozen=True, slots=True)
class Load:
    """How full one work centre is over a span of time.

    Attributes:
        open_min: Open minutes of all its lanes, blocked ones taken off.
        run_min, set_up_min: Minutes taken within the span.
    """

    open_min: int
    run_min: int
    set_up_min: int

    @property
    def percent(self) -> int:
        """Taken of open, rounded down; 0 where nothing is open."""
        return (self.run_min + self.set_up_min) * 100 // self.open_min if self.open_min else 0


@dataclass(frozen=True, slots=True)
class Move:
    """An operation that stands elsewhere than in the plan before."""

    operation: int
    before: Placement
    after: Placement

    @property
    def shift_min(self) -> int:
        """Minutes by which the run begins later; negative: earlier."""
        return self.after.run_start - self.before.run_start

    @property
    def is_other_lane(self) -> bool:
        return self.after.lane != self.before.lane


@dataclass(frozen=True, slots=True)
class Weights:
    """What a plan costs: the sum of these, in minutes of weighted tardiness.

    Attributes:
        tardiness: A minute late of a job of weight 1.
        set_up: A minute of set-up.
        move: An operation on another lane, or begun more than ``tolerance_min`` away from where
            the plan before had it.
        near_move: A move costs this much more when the plan before began it within ``near_min``:
            people and material are on their way.
        shift_hour: Every full hour by which a moved operation begins earlier or later.
        mix: A unit too many by a mix rule.
        late: A job of weight 1 that is late at all: a minute too late misses the day's pick-up.
        makespan: A minute until the last operation ends.
    """

    tardiness: int = 1
    set_up: int = 1
    move: int = 2
    tolerance_min: int = 15
    near_move: int = 0
    near_min: int = 1440
    shift_hour: int = 0
    mix: int = 60
    late: int = 0
    makespan: int = 0

    @property
    def counts_moves(self) -> bool:
        return bool(self.move or self.near_move or self.shift_hour)

    def of(
        self,
        problem: Problem,
        placements: Sequence[Placement],
        previous: Mapping[int, Placement] | None = None,
    ) -> int:
        """What a plan costs that nobody has made a solution of yet."""
        return Solution(problem, tuple(placements)).cost(self, previous or {})


@dataclass(frozen=True, slots=True)
class Solution:
    """A placement for every operation of ``problem``, in its order; measures itself.

    Not verified: ``check.violations`` is for that.
    """

    problem: Problem
    placements: tuple[Placement, ...]
    made_by: str = ""

    def ends(self) -> tuple[int | None, ...]:
        """By job, the end of its last operation; None for a job without operations."""
        ends: list[int | None] = [None] * len(self.problem.jobs)
        for own, place in zip(self.problem.operations, self.placements, strict=True):
            ends[own.job] = max(place.end, ends[own.job] or place.end)
        return tuple(ends)

    def tardiness(self) -> tuple[int, ...]:
        """By job, minutes late, 0 if in time or without due date."""
        return tuple(
            0 if end is None or job.due is None else max(0, end - job.due)
            for job, end in zip(self.problem.jobs, self.ends(), strict=True)
        )

    @property
    def weighted_tardiness(self) -> int:
        jobs = zip(self.problem.jobs, self.tardiness(), strict=True)
        return sum(job.weight * minutes for job, minutes in jobs)

    @property
    def late_jobs(self) -> tuple[int, ...]:
        return tuple(number for number, minutes in enumerate(self.tardiness()) if minutes)

    @property
    def late_weight(self) -> int:
        """The weights of the jobs that are late at all."""
        return sum(self.problem.jobs[job].weight for job in self.late_jobs)

    @property
    def set_up_min(self) -> int:
        """All set-ups but those of fixed operations, which no plan can change."""
        return sum(
            place.set_up
            for own, place in zip(self.problem.operations, self.placements, strict=True)
            if own.fixed is None
        )

    @property
    def mix_breaches(self) -> int:
        """Members that are one too many among the ``of`` operations ending with them."""
        breaches = 0
        for rule in self.problem.mix_rules:
            sequence = sorted(
                (place.run_start, number)
                for number, place in enumerate(self.placements)
                if place.lane in rule.lanes
            )
            recent: deque[bool] = deque(maxlen=rule.of)
            for _, number in sequence:
                recent.append(number in rule.members)
                breaches += recent[-1] and sum(recent) > rule.at_most
        return breaches

    @property
    def makespan(self) -> int:
        return max((place.end for place in self.placements), default=0)

    def moves(self, previous: Mapping[int, Placement], tolerance_min: int = 0) -> tuple[Move, ...]:
        """Operations on another lane or begun more than ``tolerance_min`` away from before."""
        moves = []
        for operation, before in previous.items():
            after = self.placements[operation]
            shift = after.start + after.set_up - before.start - before.set_up
            if after.lane != before.lane or abs(shift) > tolerance_min:
                moves.append(Move(operation, before, after))
        return tuple(sorted(moves, key=lambda move: move.operation))

    def load(self, until: int, since: int = 0) -> Mapping[int, Load]:
        """By work centre, open and taken minutes within ``[since, until)``."""
        open_min: dict[int, int] = {}
        run_min: dict[int, int] = {}
        set_up_min: dict[int, int] = {}
        for lane in self.problem.lanes:
            centre = lane.work_centre
            open_min[centre] = open_min.get(centre, 0) + _open_minutes(lane, since, until)
        for place in self.placements:
            if place.start >= until or place.end <= since:
                continue
            centre = self.problem.lanes[place.lane].work_centre
            run = _overlap(place.run_start, place.end, since, until)
            set_up = _overlap(place.start, place.run_start, since, until)
            run_min[centre] = run_min.get(centre, 0) + run
            set_up_min[centre] = set_up_min.get(centre, 0) + set_up
        return {
            centre: Load(minutes, run_min.get(centre, 0), set_up_min.get(centre, 0))
            for centre, minutes in sorted(open_min.items())
        }

    def cost(self, weights: Weights, previous: Mapping[int, Placement]) -> int:
        return (
            weights.tardiness * self.weighted_tardiness
            + weights.set_up * self.set_up_min
            + self.move_cost(weights, previous)
            + weights.late * self.late_weight
            + (weights.mix * self.mix_breaches if self.problem.mix_rules else 0)
            + (weights.makespan * self.makespan if weights.makespan else 0)
        )

    def move_cost(self, weights: Weights, previous: Mapping[int, Placement]) -> int:
        """What it costs to differ from the plan before."""
        if not previous or not weights.counts_moves:
            return 0
        moves = self.moves(previous, weights.tolerance_min)
        near = sum(move.before.run_start < weights.near_min for move in moves)
        hours = sum(abs(move.shift_min) // 60 for move in moves)
        return weights.move * len(moves) + weights.near_move * near + weights.shift_hour * hours


def _overlap(start: int, end: int, since: int, until: int) -> int:
    return max(0, min(end, until) - max(start, since))


def _open_minutes(lane: Lane, since: int, until: int) -> int:
    opened = sum(_overlap(start, end, since, until) for start, end in lane.windows)
    closed = sum(
        _overlap(max(start, opens), min(end, closes), since, until)
        for opens, closes in lane.windows
        for start, end in lane.blocked
    )
    return opened - closed
