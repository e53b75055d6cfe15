"""The dispatch in plain Python: the twin that says what the compiled core must answer.

Slow and meant to be read. ``core`` shares no code with it and gives the same plans, which a
property test holds them to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from production.scheduling.infeasible import no_place
from production.scheduling.ordering import latest_ends
from production.scheduling.problem import FAR, Placement, Problem, SequenceClass
from production.scheduling.rule import Rule, index_operations
from production.scheduling.timeline import Ask, Crew, Mixes, Offer, Slot, Timeline, timelines_of


@dataclass(slots=True)
class Cursor:
    """A lane's moment of decision: what is placed before it is settled."""

    minute: int
    family: int


class Board:
    """All lanes while a plan grows, operation by operation."""

    def __init__(
        self,
        problem: Problem,
        preferred: Mapping[int, int],
        patience_min: int,
        not_before: Mapping[int, int] | None = None,
    ) -> None:
        self.problem = problem
        self.preferred = preferred
        self.patience_min = patience_min
        self.not_before = not_before or {}
        self.latest = latest_ends(problem)
        self.followers: list[list[int]] = [[] for _ in problem.operations]
        for number, own in enumerate(problem.operations):
            for before in own.predecessors:
                self.followers[before].append(number)
        self.mixes = Mixes(problem)
        self.crews = [Crew(lane) for lane in problem.lanes]
        self.lanes: list[Timeline] = timelines_of(problem, self.crews, self.mixes)
        self.slot_of: dict[int, Slot] = {}
        self.last_sent_end = [0] * len(problem.lanes)
        self.cursor = [Cursor(0, lane.initial_family) for lane in problem.lanes]
        for number, own in enumerate(problem.operations):
            if own.fixed is not None:
                self._put_fixed(number, own.fixed)

    def _put_fixed(self, operation: int, place: Placement) -> None:
        slot = self.lanes[place.lane].take_fixed(operation, place)
        self._note(operation, slot, place)
        if place.start <= 0:
            self.advance(operation)

    def _note(self, operation: int, slot: Slot, place: Placement) -> None:
        self.slot_of[operation] = slot
        if place.second_lane >= 0:
            self.crews[place.second_lane].take(slot)
        self.mixes.add(operation, place.lane, place.run_start)

    def place_of(self, operation: int) -> Placement:
        slot = self.slot_of[operation]
        lane, second = slot.members[operation]
        return Placement(lane, slot.start, slot.set_up, slot.end, second)

    def advance(self, operation: int) -> None:
        """Move the moment of decision behind an operation; the other places of an oven can still
        be filled until its batch starts.
        """
        place = self.place_of(operation)
        for lane in self.lanes[place.lane].lanes:
            minute = place.end if lane == place.lane else place.start
            if minute > self.cursor[lane].minute:
                family = self.problem.operations[operation].family
                self.cursor[lane] = Cursor(minute, family)

    def ready_on(self, operation: int, lane: int) -> int:
        """The earliest start there, after what must precede it and the way from there."""
        own = self.problem.operations[operation]
        ready = max(self.problem.earliest_start(operation), self.not_before.get(operation, 0), 0)
        for before in own.predecessors:
            place = self.place_of(before)
            ready = max(ready, place.end + self.problem.transfer_between(place.lane, lane))
        return ready

    def ready_at(self, operation: int) -> int:
        """The earliest start on any lane."""
        own = self.problem.operations[operation]
        return min(self.ready_on(operation, lane) for lane, _ in own.alternatives)

    def latest_on(self, operation: int, lane: int) -> int:
        """When it must have ended there, so that what is pinned after it can be reached."""
        latest = self.latest[operation]
        for later in self.followers[operation]:
            pinned = self.problem.operations[later].fixed
            if pinned is not None and pinned.start > 0:
                way = self.problem.transfer_between(lane, pinned.lane)
                latest = min(latest, pinned.start - way)
        return latest

    def place(self, operation: int) -> None:
        """Put an operation where it ends earliest.

        A place that breaks no mix rule goes before any that does. Among equals: the lane it had
        before, the shorter set-up, the first listed alternative. The lane it had before may end up
        to ``patience_min`` later.

        Raises:
            Infeasible: no lane has a place for it.
        """
        own = self.problem.operations[operation]
        best: tuple[tuple[int, int, int, int, int], Offer] | None = None
        for rank, (lane, minutes) in enumerate(own.alternatives):
            if own.sent_lane not in (-1, lane):
                continue
            ready = self.ready_on(operation, lane)
            if own.sequence == SequenceClass.SENT:
                ready = max(ready, self.last_sent_end[lane])
            ask = Ask(operation, lane, own.family, ready, minutes, self.latest_on(operation, lane))
            offer = self.lanes[lane].earliest(ask, own.second)
            if offer is None:
                continue
            is_other = lane != self.preferred.get(operation, -1)
            end = offer.end - (0 if is_other else self.patience_min)
            key = (int(offer.is_breach), end, int(is_other), offer.set_up, rank)
            if best is None or key < best[0]:
                best = key, offer
        if best is None:
            raise no_place(self.problem, operation, self.latest[operation])
        offer = best[1]
        slot = self.lanes[offer.ask.lane].take(offer)
        place = Placement(offer.ask.lane, offer.start, offer.set_up, offer.end, offer.second)
        self._note(operation, slot, place)
        if own.sequence == SequenceClass.SENT:
            self.last_sent_end[place.lane] = place.end

    def placements(self) -> list[Placement]:
        return [self.place_of(number) for number in range(len(self.problem.operations))]


def decode(
    problem: Problem,
    order: Sequence[int],
    *,
    preferred: Mapping[int, int],
    patience_min: int,
    not_before: Mapping[int, int] | None = None,
    steady: int = 0,
) -> list[Placement]:
    """Place operations one after the other; ``order`` respects precedence and holds all not fixed.

    Args:
        not_before: By operation, a minute before which its set-up may not start either.
        steady: So many of the first in order stay on the lane they prefer, whatever it costs.

    Raises:
        Infeasible: an operation found no place.
    """
    board = Board(problem, preferred, FAR, not_before)
    for turn, operation in enumerate(order):
        if turn == steady:
            board.patience_min = patience_min
        board.place(operation)
    return board.placements()


def dispatch(problem: Problem, first: Sequence[int], rule: Rule) -> list[Placement]:
    """Place ``first`` in order, then always the most urgent operation of the earliest idle lane.

    A lane is looked at at the minute when it is free and something it can do waits. Of what waits
    then, the best by priority, mix rules and index is placed where it ends earliest, which may be
    on another lane.

    Raises:
        Infeasible: an operation found no place.
    """
    board = Board(problem, {}, 0)
    for operation in first:
        board.place(operation)
        board.advance(operation)
    waiting = _Waiting(problem, board, rule)
    while waiting.ready:
        operation = waiting.next()
        board.place(operation)
        board.advance(operation)
        waiting.add_followers(operation)
    return board.placements()


class _Waiting:
    """Operations whose predecessors are all placed, with the minute they can start."""

    def __init__(self, problem: Problem, board: Board, rule: Rule) -> None:
        self.problem = problem
        self.board = board
        self.indexed = index_operations(problem, rule)
        self.ready: dict[int, int] = {}
        self.of_lane: list[set[int]] = [set() for _ in problem.lanes]
        for number in range(len(problem.operations)):
            self.add_if_ready(number)

    def add_if_ready(self, operation: int) -> None:
        own = self.problem.operations[operation]
        if operation in self.board.slot_of:
            return
        if all(before in self.board.slot_of for before in own.predecessors):
            self.ready[operation] = self.board.ready_at(operation)
            for lane, _ in own.alternatives:
                self.of_lane[lane].add(operation)

    def add_followers(self, operation: int) -> None:
        for later in self.board.followers[operation]:
            self.add_if_ready(later)

    def next(self) -> int:
        """Take out the operation to be placed next."""
        minute, lane = min(
            (self.moment(lane), lane) for lane, queue in enumerate(self.of_lane) if queue
        )
        operation = self.best(minute, lane)
        del self.ready[operation]
        for able, _ in self.problem.operations[operation].alternatives:
            self.of_lane[able].discard(operation)
        return operation

    def moment(self, lane: int) -> int:
        """When the lane is looked at next."""
        since = min(self.ready[operation] for operation in self.of_lane[lane])
        return max(self.board.cursor[lane].minute, since)

    def best(self, minute: int, lane: int) -> int:
        state = self.board.cursor[lane].family
        due = [operation for operation in self.of_lane[lane] if self.ready[operation] <= minute]

        def key(operation: int) -> tuple[int, bool, float, int]:
            own = self.problem.operations[operation]
            set_up = self.problem.set_up_min(lane, state, own.family)
            keeps_mix = not self.board.mixes.is_tight(operation, lane)
            index = self.indexed.value(operation, minute, set_up)
            return self.problem.jobs[own.job].priority, keeps_mix, index, -operation

        return max(due, key=key)
