"""What is to be scheduled, whole: its parts (``parts``) and that they fit together.

All times are whole minutes after an origin the caller chooses. Minute 0 is the moment of planning:
nothing that is still free to move starts before it. Lanes, jobs, operations and set-up matrices
are named by their position in the problem's tuples.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from cosmo.lib.errors import Invalid
from production.scheduling.parts import (
    FAR,
    NO_FAMILY,
    Job,
    Lane,
    MixRule,
    Operation,
    Placement,
    SequenceClass,
    SetUpMatrix,
    Window,
    require,
)

__all__ = [
    "FAR",
    "NO_FAMILY",
    "Job",
    "Lane",
    "MixRule",
    "Operation",
    "Placement",
    "Problem",
    "SequenceClass",
    "SetUpMatrix",
    "Window",
    "topological_order",
]

MOST_MIX_RULES = 60
"""Their members are bits of one number."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Problem:
    """Everything the engine needs to know; see the attributes' classes.

    Attributes:
        transfer_min: ``transfer_min[before][after]``: minutes from one place to another, counted
            between the end of a step and the start of the next; empty: none anywhere.
        mix_rules: At most so many of so many units on end.
        features_used: What a method must understand to plan this problem: some of ``set_ups``,
            ``fixed``, ``sent``, ``transfers``, ``batches``, ``seconds`` and ``mix_rules``.

    Raises:
        Invalid: something points nowhere or the precedence has a cycle.
    """

    lanes: tuple[Lane, ...]
    jobs: tuple[Job, ...]
    operations: tuple[Operation, ...]
    set_up_matrices: tuple[SetUpMatrix, ...] = ()
    transfer_min: tuple[tuple[int, ...], ...] = ()
    mix_rules: tuple[MixRule, ...] = ()
    topological: tuple[int, ...] = field(init=False, repr=False, compare=False)
    features_used: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for lane in self.lanes:
            self._check_lane(lane)
        self._check_places()
        self._check_batches()
        self._check_seconds()
        self._check_mix_rules()
        families: set[tuple[tuple[tuple[int, int], ...], int]] = set()
        for operation in self.operations:
            self._check_operation(operation, families)
        order = topological_order([operation.predecessors for operation in self.operations])
        if len(order) < len(self.operations):
            stuck = sorted(set(range(len(self.operations))) - set(order))[:5]
            raise Invalid(
                "precedence_cycle",
                f"Operations {stuck} wait for each other. Remove one of their predecessors.",
            )
        object.__setattr__(self, "topological", tuple(order))
        object.__setattr__(self, "features_used", frozenset(self._features()))

    def _features(self) -> Iterator[str]:
        if self.set_up_matrices:
            yield "set_ups"
        if any(own.fixed is not None for own in self.operations):
            yield "fixed"
        if any(own.sent_lane >= 0 for own in self.operations):
            yield "sent"
        if any(minutes for row in self.transfer_min for minutes in row):
            yield "transfers"
        if any(lane.batch >= 0 for lane in self.lanes):
            yield "batches"
        if any(own.second or second_of(own) >= 0 for own in self.operations):
            yield "seconds"
        if self.mix_rules:
            yield "mix_rules"

    def _check_places(self) -> None:
        places = len(self.transfer_min)
        lowest = min((minutes for row in self.transfer_min for minutes in row), default=0)
        require(
            all(len(row) == places for row in self.transfer_min) and lowest >= 0,
            "bad_transfers",
            f"{places} places need {places} rows of {places} minutes, each at least 0.",
        )
        for lane in self.lanes:
            require(
                not places or lane.place < places,
                "bad_transfers",
                f"Lane {lane.name} stands at place {lane.place}; there are {places}.",
            )

    def _check_batches(self) -> None:
        first: dict[int, Lane] = {}
        for lane in self.lanes:
            if lane.batch < 0:
                continue
            other = first.setdefault(lane.batch, lane)
            require(
                _oven(lane) == _oven(other),
                "bad_batch",
                f"Lanes {other.name} and {lane.name} of one batch group differ in windows, blocked "
                "time, set-ups, initial family or place.",
            )

    def _check_seconds(self) -> None:
        numbers = {number for own in self.operations for number in own.second}
        numbers |= {second_of(own) for own in self.operations} - {-1}
        if not numbers:
            return
        require(
            max(numbers) < len(self.lanes) and min(numbers) >= 0,
            "bad_operation",
            f"There is no second lane {max(numbers)}.",
        )
        working = {lane for own in self.operations for lane, _ in own.alternatives}
        working |= {own.fixed.lane for own in self.operations if own.fixed is not None}
        for number in sorted(numbers):
            lane = self.lanes[number]
            require(
                number not in working and lane.batch < 0,
                "bad_lane",
                f"Lane {lane.name} is a second resource; it can neither work on its own nor be "
                "part of a batch group.",
            )

    def _check_mix_rules(self) -> None:
        require(
            len(self.mix_rules) <= MOST_MIX_RULES,
            "bad_mix_rule",
            f"{len(self.mix_rules)} mix rules; at most {MOST_MIX_RULES}.",
        )
        for rule in self.mix_rules:
            wrong = [n for n in rule.lanes if n not in range(len(self.lanes))]
            wrong += [n for n in rule.members if n not in range(len(self.operations))]
            require(not wrong, "bad_mix_rule", f"Mix rule {rule.name or '?'} names {wrong[:3]}.")
            require(
                all(self.lanes[number].batch < 0 for number in rule.lanes),
                "bad_mix_rule",
                f"Mix rule {rule.name or '?'} has a lane of a batch group, which has no sequence.",
            )

    def _check_lane(self, lane: Lane) -> None:
        matrix = lane.set_up_matrix
        require(
            -1 <= matrix < len(self.set_up_matrices),
            "bad_lane",
            f"Lane {lane.name} names set-up matrix {matrix}; there are "
            f"{len(self.set_up_matrices)}.",
        )
        families = len(self.set_up_matrices[matrix].first) if matrix >= 0 else 0
        require(
            -1 <= lane.initial_family < families,
            "bad_lane",
            f"Lane {lane.name}: initial family {lane.initial_family} is not in its matrix of "
            f"{families}.",
        )

    def _check_operation(
        self, operation: Operation, families: set[tuple[tuple[tuple[int, int], ...], int]]
    ) -> None:
        """``families`` holds what was checked of like operations; there are few kinds of many."""
        what = f"Operation {operation.name or '?'} of job {operation.job}"
        require(0 <= operation.job < len(self.jobs), "bad_operation", f"{what}: no such job.")
        for before in operation.predecessors:
            require(
                0 <= before < len(self.operations),
                "bad_operation",
                f"{what}: no predecessor {before}.",
            )
        lanes = [] if operation.fixed is None else [operation.fixed.lane]
        kind = operation.alternatives, operation.family
        if kind not in families:
            lanes.extend(lane for lane, _ in operation.alternatives)
            families.add(kind)
        for number in lanes:
            require(0 <= number < len(self.lanes), "bad_operation", f"{what}: no lane {number}.")
            self._check_family(what, operation.family, self.lanes[number])

    def _check_family(self, what: str, family: int, lane: Lane) -> None:
        if lane.set_up_matrix < 0:
            return
        families = len(self.set_up_matrices[lane.set_up_matrix].first)
        require(
            -1 <= family < families,
            "bad_operation",
            f"{what}: family {family} is not in the matrix of lane {lane.name} ({families}).",
        )

    def set_up_min(self, lane: int, before: int, after: int) -> int:
        """Minutes of set-up on ``lane`` from family ``before`` to family ``after``."""
        matrix = self.lanes[lane].set_up_matrix
        return 0 if matrix < 0 else self.set_up_matrices[matrix].between(before, after)

    def transfer_between(self, before: int, after: int) -> int:
        """Minutes from one lane to another."""
        if not self.transfer_min:
            return 0
        return self.transfer_min[self.lanes[before].place][self.lanes[after].place]

    def earliest_start(self, operation: int) -> int:
        """Release, not_before and minute 0 together; predecessors not counted."""
        own = self.operations[operation]
        return max(0, own.not_before, self.jobs[own.job].release)


def topological_order(predecessors: Sequence[Iterable[int]]) -> list[int]:
    """Every number after its predecessors, lowest first; shorter than the input on a cycle."""
    if all(max(before, default=-1) < number for number, before in enumerate(predecessors)):
        return list(range(len(predecessors)))  # as most are written
    waits_for = [set(before) for before in predecessors]
    followers: list[list[int]] = [[] for _ in waits_for]
    for number, before in enumerate(waits_for):
        for earlier in before:
            followers[earlier].append(number)
    missing = [len(before) for before in waits_for]
    ready = [number for number, count in enumerate(missing) if count == 0]
    heapify(ready)
    order = []
    while ready:
        number = heappop(ready)
        order.append(number)
        for later in followers[number]:
            missing[later] -= 1
            if missing[later] == 0:
                heappush(ready, later)
    return order


def _oven(lane: Lane) -> tuple[object, ...]:
    """What the lanes of one batch group share."""
    shared = (lane.windows, lane.blocked, lane.set_up_matrix, lane.initial_family, lane.place)
    return *shared, lane.work_centre


def second_of(own: Operation) -> int:
    """The second lane that a fixed operation takes; -1 for none."""
    return -1 if own.fixed is None else own.fixed.second_lane
