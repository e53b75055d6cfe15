"""What grows in the plain twin: the slots of a lane or an oven, of a crew, and of a mix rule."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from production.scheduling.calendar import subtract
from production.scheduling.problem import FAR, Lane, MixRule, Placement, Problem, Window


@dataclass(slots=True, eq=False)
class Slot:
    """A taken period of a lane: one operation, or all units of one batch in an oven.

    Attributes:
        members: By operation its lane and its second lane.
    """

    start: int
    set_up: int
    end: int
    family: int
    ready: int
    is_fixed: bool
    members: dict[int, tuple[int, int]]

    @property
    def run_start(self) -> int:
        return self.start + self.set_up


@dataclass(frozen=True, slots=True)
class Ask:
    """An operation that looks for a place on one lane."""

    operation: int
    lane: int
    family: int
    ready: int
    minutes: int
    latest: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A place it could take.

    Attributes:
        position: Among the slots of the lane.
        next_set_up: What the set-up of the slot after it becomes.
        joins: The batch it becomes part of.
    """

    ask: Ask
    start: int
    set_up: int
    position: int
    next_set_up: int
    second: int
    joins: Slot | None = None
    is_breach: bool = False

    @property
    def end(self) -> int:
        return self.start + self.set_up + self.ask.minutes


def first_fit(
    windows: Sequence[Window], free_from: int, length: int, free_until: int
) -> int | None:
    """The earliest start of ``length`` minutes in one window."""
    first = bisect_right(windows, free_from, key=lambda window: window[1])
    for opens, closes in windows[first:]:
        start = max(free_from, opens)
        if start + length > free_until:
            return None
        if start + length <= closes:
            return start
    return None


class Crew:
    """A lane of a second resource: taken while the work goes on elsewhere."""

    def __init__(self, lane: Lane) -> None:
        self.windows = subtract(lane.windows, lane.blocked)
        self.slots: list[Slot] = []

    def earliest(self, ready: int, length: int) -> int | None:
        free_from = ready
        for slot in [*self.slots, None]:
            if slot is not None and slot.end <= ready:
                continue
            start = first_fit(self.windows, free_from, length, slot.start if slot else FAR)
            if start is not None:
                return start
            free_from = max(free_from, slot.end) if slot else FAR
        return None

    def is_free_before(self, slot: Slot, start: int) -> bool:
        """Whether the slot may begin as early as ``start`` as far as this lane is concerned."""
        position = self.slots.index(slot)
        if position and self.slots[position - 1].end > start:
            return False
        return any(opens <= start and slot.end <= closes for opens, closes in self.windows)

    def take(self, slot: Slot) -> None:
        insort(self.slots, slot, key=lambda one: one.start)


class Mixes:
    """By mix rule, the sequence on its lanes so far: start of the run and operation."""

    def __init__(self, problem: Problem) -> None:
        self.rules = problem.mix_rules
        self.sequences: list[list[tuple[int, int]]] = [[] for _ in self.rules]

    def add(self, operation: int, lane: int, run_start: int) -> None:
        for rule, sequence in zip(self.rules, self.sequences, strict=True):
            if lane in rule.lanes:
                insort(sequence, (run_start, operation))

    def _asked(self, operation: int, lane: int) -> Iterator[tuple[MixRule, list[tuple[int, int]]]]:
        for rule, sequence in zip(self.rules, self.sequences, strict=True):
            if lane in rule.lanes and operation in rule.members:
                yield rule, sequence

    def is_breach(self, operation: int, lane: int, run_start: int) -> bool:
        """Whether it would be one too many among ``of`` on end around it."""
        for rule, sequence in self._asked(operation, lane):
            at = bisect_left(sequence, (run_start, operation))
            grown = [one for _, one in (*sequence[:at], (run_start, operation), *sequence[at:])]
            for first in range(max(0, at - rule.of + 1), at + 1):
                if len(rule.members.intersection(grown[first : first + rule.of])) > rule.at_most:
                    return True
        return False

    def is_tight(self, operation: int, lane: int) -> bool:
        """Whether it would be one too many as the last of all."""
        for rule, sequence in self._asked(operation, lane):
            last = [one for _, one in sequence[max(0, len(sequence) - rule.of + 1) :]]
            if len(rule.members.intersection(last)) >= rule.at_most:
                return True
        return False


class Timeline:
    """One lane, or all lanes of an oven: open windows and, in order of time, what is placed."""

    def __init__(
        self, problem: Problem, lanes: Sequence[int], crews: Sequence[Crew], mixes: Mixes
    ) -> None:
        first = problem.lanes[lanes[0]]
        self.problem = problem
        self.lanes = lanes
        self.crews = crews
        self.mixes = mixes
        self.is_batch = first.batch >= 0
        self.windows = subtract(first.windows, first.blocked)
        self.initial_family = first.initial_family
        self.slots: list[Slot] = []

    def earliest(self, ask: Ask, second: Sequence[int]) -> Offer | None:
        """The earliest place for set-up and run within one window and between two slots; one that
        breaks a mix rule only where no other is left.
        """
        fallback: Offer | None = None
        first = bisect_right(self.slots, ask.ready, key=lambda slot: slot.end)
        for position in range(first, len(self.slots) + 1):
            offer = self._between(ask, second, position)
            if offer is None and self.is_batch and position < len(self.slots):
                offer = self._joining(ask, second, position)
            if offer is None:
                continue
            if not offer.is_breach:
                return offer
            fallback = fallback or offer
        return fallback

    def _between(self, ask: Ask, second: Sequence[int], position: int) -> Offer | None:
        """A place directly before the slot at ``position``."""
        before = self.slots[position - 1] if position else None
        free_from = max(ask.ready, before.end) if before else ask.ready
        room = self._room_before(position, ask.family)
        if room is None:
            return None
        free_until, next_set_up = min(room[0], ask.latest), room[1]
        state = before.family if before else self.initial_family
        set_up = self.problem.set_up_min(self.lanes[0], state, ask.family)
        found = self._fit(free_from, set_up + ask.minutes, free_until, second)
        if found is None:
            return None
        start, taken = found
        is_breach = self.mixes.is_breach(ask.operation, ask.lane, start + set_up)
        return Offer(ask, start, set_up, position, next_set_up, taken, None, is_breach)

    def _fit(
        self, free_from: int, length: int, free_until: int, second: Sequence[int]
    ) -> tuple[int, int] | None:
        """The earliest start at which this lane and one of the second lanes are free."""
        start = first_fit(self.windows, free_from, length, free_until)
        while start is not None and second:
            found = self._crew_from(start, length, second)
            if found is None or found[0] + length > free_until:
                return None
            if found[0] == start:
                return found
            start = first_fit(self.windows, found[0], length, free_until)
        return None if start is None else (start, -1)

    def _crew_from(self, ready: int, length: int, second: Sequence[int]) -> tuple[int, int] | None:
        """The earliest start on any of the second lanes; the first listed among equals."""
        best: tuple[int, int] | None = None
        for lane in second:
            start = self.crews[lane].earliest(ready, length)
            if start is not None and (best is None or start < best[0]):
                best = start, lane
        return best

    def _room_before(self, position: int, family: int) -> tuple[int, int] | None:
        """Until when ``family`` may take the time before a slot, and that slot's new set-up."""
        if position == len(self.slots):
            return FAR, 0
        slot = self.slots[position]
        needed = self.problem.set_up_min(self.lanes[0], family, slot.family)
        if slot.is_fixed:
            return (slot.start, slot.set_up) if needed <= slot.set_up else None
        free_until = slot.run_start - needed
        if needed > slot.set_up:
            opens = self.windows[bisect_right(self.windows, (slot.run_start, FAR)) - 1][0]
            if free_until < max(opens, slot.ready):
                return None
            for _, second in slot.members.values():
                if second >= 0 and not self.crews[second].is_free_before(slot, free_until):
                    return None
        return free_until, needed

    def _joining(self, ask: Ask, second: Sequence[int], position: int) -> Offer | None:
        """A free place in the batch at ``position``, if it has not begun and is of the kind."""
        slot = self.slots[position]
        is_alike = slot.family == ask.family and slot.end - slot.run_start == ask.minutes
        is_open = slot.start >= ask.ready and any(
            opens <= slot.start and slot.end <= closes for opens, closes in self.windows
        )
        if slot.is_fixed and slot.start <= 0:
            return None
        is_taken = any(lane == ask.lane for lane, _ in slot.members.values())
        if not is_alike or not is_open or is_taken or slot.end > ask.latest:
            return None
        taken = -1
        if second:
            found = self._crew_from(slot.start, slot.end - slot.start, second)
            if found is None or found[0] != slot.start:
                return None
            taken = found[1]
        return Offer(ask, slot.start, slot.set_up, position, 0, taken, slot)

    def take(self, offer: Offer) -> Slot:
        """Take it; the slot after it gets its new set-up, its run stays where it is."""
        ask, member = offer.ask, (offer.ask.lane, offer.second)
        if offer.joins is not None:
            offer.joins.members[ask.operation] = member
            offer.joins.ready = max(offer.joins.ready, ask.ready)
            return offer.joins
        if offer.position < len(self.slots) and not self.slots[offer.position].is_fixed:
            after = self.slots[offer.position]
            after.start, after.set_up = after.run_start - offer.next_set_up, offer.next_set_up
        members = {ask.operation: member}
        slot = Slot(offer.start, offer.set_up, offer.end, ask.family, ask.ready, False, members)
        self.slots.insert(offer.position, slot)
        return slot

    def take_fixed(self, operation: int, place: Placement) -> Slot:
        family = self.problem.operations[operation].family
        member = (place.lane, place.second_lane)
        for slot in self.slots:
            if self.is_batch and (slot.start, slot.end) == (place.start, place.end):
                slot.members[operation] = member
                return slot
        slot = Slot(
            place.start, place.set_up, place.end, family, place.start, True, {operation: member}
        )
        position = bisect_left(self.slots, place.start, key=lambda other: other.start)
        self.slots.insert(position, slot)
        return slot


def timelines_of(problem: Problem, crews: Sequence[Crew], mixes: Mixes) -> list[Timeline]:
    """By lane; the lanes of one batch group share theirs."""
    groups: dict[object, list[int]] = {}
    for number, lane in enumerate(problem.lanes):
        groups.setdefault(("group", lane.batch) if lane.batch >= 0 else number, []).append(number)
    found: dict[int, Timeline] = {}
    for lanes in groups.values():
        timeline = Timeline(problem, lanes, crews, mixes)
        found.update(dict.fromkeys(lanes, timeline))
    return [found[number] for number in range(len(problem.lanes))]
