"""Which operations a window opens: a stretch of time on some lanes, around a late job."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from production.scheduling.problem import Placement, Problem, SequenceClass

MOST = 100
"""Operations CP-SAT improves within seconds."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What is planned anew, everything else standing still.

    Attributes:
        operations: Positions, ascending.
        lanes: Where they may go; between ``since`` and ``until`` nothing else that could move is
            on these lanes.
        since, until: Minutes.
    """

    operations: tuple[int, ...]
    lanes: frozenset[int]
    since: int
    until: int


class Chooser:
    """Draws windows, most of them around late jobs.

    Operations with a second resource, on batch lanes or under a mix rule are never opened.
    """

    def __init__(self, problem: Problem, seed: int) -> None:
        self.problem = problem
        self.random = random.Random(seed)  # noqa: S311  not for secrets
        ruled = {lane for rule in problem.mix_rules for lane in rule.lanes}
        self.closed = {
            number
            for number, lane in enumerate(problem.lanes)
            if lane.batch >= 0 or number in ruled
        }
        self.of_job: dict[int, list[int]] = {}
        for number, own in enumerate(problem.operations):
            self.of_job.setdefault(own.job, []).append(number)

    def can_open(self, number: int) -> bool:
        own = self.problem.operations[number]
        return (
            own.sequence == SequenceClass.FREE
            and not own.second
            and not self.closed.intersection(lane for lane, _ in own.alternatives)
        )

    def choose(self, placements: Sequence[Placement], most: int = MOST) -> Opened | None:
        """A window of at most ``most`` operations; None: nothing can be opened there."""
        centre = self._centre(placements)
        if centre is None:
            return None
        lanes = self._lanes(centre)
        middle = placements[centre].start
        nearest = sorted(
            (n for n, place in enumerate(placements) if place.lane in lanes),
            key=lambda n: (abs(placements[n].start - middle), n),
        )[:most]
        since = min(placements[n].start for n in nearest)
        until = max(placements[n].end for n in nearest)
        inside = [n for n in nearest if self.can_open(n) and self._stays(n, lanes)]
        others = self._others(placements, lanes, set(inside))
        since, until = _shrunk(placements, others, since, until, middle)
        opened = sorted(
            n for n in inside if since <= placements[n].start and placements[n].end <= until
        )
        if len(opened) < 2:
            return None
        since, until = _widened(placements, others, since, until)
        return Opened(tuple(opened), lanes, since, until)

    def _centre(self, placements: Sequence[Placement]) -> int | None:
        late = {
            number: self.problem.jobs[number].weight * (end - due)
            for number, numbers in self.of_job.items()
            if (due := self.problem.jobs[number].due) is not None
            and (end := max(placements[n].end for n in numbers)) > due
        }
        jobs = list(self.of_job)
        if late and self.random.random() < 0.7:
            jobs = self.random.choices(list(late), weights=list(late.values()), k=20)
        else:
            self.random.shuffle(jobs)
        for job in jobs[:20]:
            free = [n for n in self.of_job[job] if self.can_open(n)]
            if free:
                return self.random.choice(free)
        return None

    def _lanes(self, centre: int) -> frozenset[int]:
        """Those of the centre and of its job's steps nearby, all together in small plants."""
        if len(self.problem.lanes) <= 12:
            return frozenset(range(len(self.problem.lanes))) - self.closed
        steps = self.of_job[self.problem.operations[centre].job]
        at = steps.index(centre)
        lanes: set[int] = set()
        for number in steps[max(0, at - 1) : at + 3]:
            lanes |= {lane for lane, _ in self.problem.operations[number].alternatives}
        return frozenset(lanes) - self.closed

    def _stays(self, number: int, lanes: frozenset[int]) -> bool:
        return any(lane in lanes for lane, _ in self.problem.operations[number].alternatives)

    def _others(
        self, placements: Sequence[Placement], lanes: frozenset[int], inside: set[int]
    ) -> list[int]:
        """Those on the lanes that stay though they could move: they border the window."""
        return [
            n
            for n, place in enumerate(placements)
            if place.lane in lanes and n not in inside and self.problem.operations[n].fixed is None
        ]


def _shrunk(
    placements: Sequence[Placement], others: Sequence[int], since: int, until: int, middle: int
) -> tuple[int, int]:
    """The stretch around ``middle`` that none of ``others`` reaches into."""
    for number in others:
        place = placements[number]
        if place.start < until and since < place.end:
            if place.start >= middle:
                until = min(until, place.start)
            elif place.end <= middle:
                since = max(since, place.end)
            else:
                return middle, middle
    return since, until


def _widened(
    placements: Sequence[Placement], others: Sequence[int], since: int, until: int
) -> tuple[int, int]:
    """Time without ``others`` on both sides as well, as long as the stretch itself: an order that
    ends the late earlier may end the rest later.
    """
    length = until - since
    earliest = max(0, since - length)
    ends = [placements[n].end for n in others if placements[n].start < since]
    starts = [placements[n].start for n in others if placements[n].end > until]
    return (
        min(since, max(earliest, max(ends, default=0))),
        max(until, min(until + length, min(starts, default=until + length))),
    )
