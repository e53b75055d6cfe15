"""The dispatch in plain Python: the twin that says what the compiled core must answer.

Slow and meant to be read. ``core`` shares no code with it and gives the same plans, which a
property test holds them to.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from production.scheduling.calendar import subtract
from production.scheduling.infeasible import no_place
from production.scheduling.ordering import latest_ends
from production.scheduling.problem import FAR, Placement, Problem, SequenceClass
from production.scheduling.rule import Indexed


@dataclass(slots=True)
class Slot:
    """One operation on a lane."""

    operation: int
    placement: Placement
    family: int
    ready: int
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A place an operation could take, and what the set-up of the one after it becomes."""

    placement: Placement
    position: int
    next_set_up: int


class Timeline:
    """One lane: its open windows and, in order of time, what is placed on it."""

    def __init__(self, problem: Problem, number: int) -> None:
        lane = problem.lanes[number]
        self.problem = problem
        self.number = number
        self.windows = subtract(lane.windows, lane.blocked)
        self.initial_family = lane.initial_family
        self.slots: list[Slot] = []

    def earliest(self, family: int, ready: int, minutes: int, latest: int) -> Offer | None:
        """The earliest place for set-up and run within one window and between two slots."""
        first = bisect_right(self.slots, ready, key=lambda slot: slot.placement.end)
        for position in range(first, len(self.slots) + 1):
            before = self.slots[position - 1] if position else None
            free_from = max(ready, before.placement.end) if before else ready
            if free_from >= latest:
                return None
            room = self._room_before(position, family)
            if room is None:
                continue
            free_until, next_set_up = room
            state = before.family if before else self.initial_family
            set_up = self.problem.set_up_min(self.number, state, family)
            start = self._first_fit(free_from, set_up + minutes, min(free_until, latest))
            if start is not None:
                end = start + set_up + minutes
                return Offer(Placement(self.number, start, set_up, end), position, next_set_up)
        return None

    def _room_before(self, position: int, family: int) -> tuple[int, int] | None:
        """Until when ``family`` may take the time before a slot, and that slot's new set-up."""
        if position == len(self.slots):
            return FAR, 0
        slot = self.slots[position]
        needed = self.problem.set_up_min(self.number, family, slot.family)
        placed = slot.placement
        if slot.is_fixed:
            return (placed.start, placed.set_up) if needed <= placed.set_up else None
        free_until = placed.run_start - needed
        if needed > placed.set_up:
            opens = self.windows[self._window_at(placed.run_start)][0]
            if free_until < max(opens, slot.ready):
                return None
        return free_until, needed

    def _window_at(self, minute: int) -> int:
        return bisect_right(self.windows, (minute, FAR)) - 1

    def _first_fit(self, free_from: int, length: int, free_until: int) -> int | None:
        first = bisect_right(self.windows, free_from, key=lambda window: window[1])
        for opens, closes in self.windows[first:]:
            start = max(free_from, opens)
            if start + length > free_until:
                return None
            if start + length <= closes:
                return start
        return None

    def take(self, offer: Offer, slot: Slot) -> None:
        """Put a slot in; the slot after it gets its new set-up, its run stays where it is."""
        if offer.position < len(self.slots) and not self.slots[offer.position].is_fixed:
            after = self.slots[offer.position]
            old = after.placement
            after.placement = Placement(
                old.lane, old.run_start - offer.next_set_up, offer.next_set_up, old.end
            )
        self.slots.insert(offer.position, slot)

    def take_fixed(self, slot: Slot) -> None:
        position = bisect_left(
            self.slots, slot.placement.start, key=lambda other: other.placement.start
        )
        self.slots.insert(position, slot)


class Board:
    """All lanes while a plan grows, operation by operation."""

    def __init__(self, problem: Problem, preferred: Mapping[int, int], patience_min: int) -> None:
        self.problem = problem
        self.preferred = preferred
        self.patience_min = patience_min
        self.latest = latest_ends(problem)
        self.lanes = [Timeline(problem, number) for number in range(len(problem.lanes))]
        self.placed: dict[int, Slot] = {}
        self.last_sent_end = [0] * len(problem.lanes)
        self.cursor = [0] * len(problem.lanes)
        self.cursor_family = [lane.initial_family for lane in problem.lanes]
        for number, own in enumerate(problem.operations):
            if own.fixed is not None:
                slot = Slot(number, own.fixed, own.family, own.fixed.start, True)
                self.lanes[own.fixed.lane].take_fixed(slot)
                self.placed[number] = slot
                if own.fixed.start <= 0:
                    self.advance(slot)

    def advance(self, slot: Slot) -> None:
        """Move the lane's moment of decision behind a slot."""
        lane = slot.placement.lane
        if slot.placement.end > self.cursor[lane]:
            self.cursor[lane] = slot.placement.end
            self.cursor_family[lane] = slot.family

    def ready_at(self, operation: int) -> int:
        own = self.problem.operations[operation]
        ends = (self.placed[before].placement.end for before in own.predecessors)
        return max(self.problem.earliest_start(operation), *ends, 0)

    def place(self, operation: int) -> Slot:
        """Put an operation where it ends earliest.

        Among equals: the lane it had before, the shorter set-up, the first listed alternative.
        The lane it had before may end up to ``patience_min`` later.

        Raises:
            Infeasible: no lane has a place for it.
        """
        own = self.problem.operations[operation]
        ready = self.ready_at(operation)
        if own.sequence == SequenceClass.SENT:
            ready = max(ready, self.last_sent_end[own.sent_lane])
        best: tuple[tuple[int, int, int, int], Offer] | None = None
        for rank, (lane, minutes) in enumerate(own.alternatives):
            if own.sent_lane not in (-1, lane):
                continue
            offer = self.lanes[lane].earliest(own.family, ready, minutes, self.latest[operation])
            if offer is None:
                continue
            is_other = lane != self.preferred.get(operation, -1)
            end = offer.placement.end - (0 if is_other else self.patience_min)
            key = (end, int(is_other), offer.placement.set_up, rank)
            if best is None or key < best[0]:
                best = key, offer
        if best is None:
            raise no_place(self.problem, operation, self.latest[operation])
        offer = best[1]
        slot = Slot(operation, offer.placement, own.family, ready, False)
        self.lanes[offer.placement.lane].take(offer, slot)
        self.placed[operation] = slot
        if own.sequence == SequenceClass.SENT:
            self.last_sent_end[offer.placement.lane] = offer.placement.end
        return slot

    def placements(self) -> list[Placement]:
        return [self.placed[number].placement for number in range(len(self.problem.operations))]


def decode(
    problem: Problem,
    order: Sequence[int],
    *,
    preferred: Mapping[int, int],
    patience_min: int,
) -> list[Placement]:
    """Place operations one after the other; ``order`` respects precedence and holds all not fixed.

    Raises:
        Infeasible: an operation found no place.
    """
    board = Board(problem, preferred, patience_min)
    for operation in order:
        board.place(operation)
    return board.placements()


def dispatch(problem: Problem, first: Sequence[int], indexed: Indexed) -> list[Placement]:
    """Place ``first`` in order, then always the most urgent operation of the earliest idle pool.

    A pool is the set of operations with the same lanes. It is looked at at the minute when its
    first lane is free and something waits; of what waits then, the best by priority and index is
    placed where it ends earliest.

    Raises:
        Infeasible: an operation found no place.
    """
    board = Board(problem, {}, 0)
    for operation in first:
        board.advance(board.place(operation))
    waiting = _Waiting(problem, board)
    while waiting.pools:
        minute, pool = min((waiting.moment(pool)[0], pool) for pool in waiting.pools)
        lane = waiting.moment(pool)[1]
        operation = waiting.best(pool, minute, lane, indexed)
        waiting.remove(pool, operation)
        slot = board.place(operation)
        board.advance(slot)
        waiting.add_followers(operation)
    return board.placements()


class _Waiting:
    """Operations whose predecessors are all placed, by pool: the position of its first member."""

    def __init__(self, problem: Problem, board: Board) -> None:
        self.problem = problem
        self.board = board
        self.pools: dict[int, dict[int, int]] = {}
        self.pool_of: list[int] = []
        seen: dict[tuple[int, ...], int] = {}
        for own in problem.operations:
            lanes = tuple(lane for lane, _ in own.alternatives)
            self.pool_of.append(seen.setdefault(lanes, len(seen)))
        self.lanes_of = {pool: lanes for lanes, pool in seen.items()}
        self.followers: list[list[int]] = [[] for _ in problem.operations]
        for number, own in enumerate(problem.operations):
            for before in own.predecessors:
                self.followers[before].append(number)
        for number in range(len(problem.operations)):
            self.add_if_ready(number)

    def add_if_ready(self, operation: int) -> None:
        own = self.problem.operations[operation]
        if operation in self.board.placed:
            return
        if all(before in self.board.placed for before in own.predecessors):
            pool = self.pools.setdefault(self.pool_of[operation], {})
            pool[operation] = self.board.ready_at(operation)

    def add_followers(self, operation: int) -> None:
        for later in self.followers[operation]:
            self.add_if_ready(later)

    def remove(self, pool: int, operation: int) -> None:
        del self.pools[pool][operation]
        if not self.pools[pool]:
            del self.pools[pool]

    def moment(self, pool: int) -> tuple[int, int]:
        """When the pool is looked at next, and the rank of its lane that is free first."""
        cursors = [self.board.cursor[lane] for lane in self.lanes_of[pool]]
        lane = cursors.index(min(cursors))
        return max(cursors[lane], min(self.pools[pool].values())), lane

    def best(self, pool: int, minute: int, lane_rank: int, indexed: Indexed) -> int:
        lane = self.lanes_of[pool][lane_rank]
        state = self.board.cursor_family[lane]

        def key(operation: int) -> tuple[int, float, int]:
            own = self.problem.operations[operation]
            set_up = self.problem.set_up_min(lane, state, own.family)
            index = indexed.value(operation, minute, set_up)
            return self.problem.jobs[own.job].priority, index, -operation

        return max(
            (operation for operation, ready in self.pools[pool].items() if ready <= minute),
            key=key,
        )
