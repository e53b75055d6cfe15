"""Verify a plan, sharing nothing with what made it but the data classes.

Written from the rules, not from the engine: plain loops over windows, blocked periods and sorted
lanes. Every plan passes here before it is stored.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from production.scheduling.problem import Placement, Problem, SequenceClass


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule.

    Attributes:
        code: ``incomplete``, ``alternative``, ``duration``, ``window``, ``blocked``, ``set_up``,
            ``precedence``, ``release``, ``fixed_moved``, ``sent_lane``, ``sent_order`` or
            ``overlap``.
        sentence: For a person.
        operations: Positions of the operations concerned.
    """

    code: str
    sentence: str
    operations: tuple[int, ...]


def violations(problem: Problem, placements: Sequence[Placement]) -> list[Violation]:
    """Everything that is wrong with a plan; empty: it may be stored."""
    if len(placements) != len(problem.operations):
        sentence = (
            f"The plan places {len(placements)} operations; there are {len(problem.operations)}."
        )
        return [Violation("incomplete", sentence, ())]
    unknown = [
        n for n, place in enumerate(placements) if place.lane not in range(len(problem.lanes))
    ]
    if unknown:
        return [Violation("alternative", "Placed on a lane that does not exist.", tuple(unknown))]
    found: list[Violation] = []
    for number, place in enumerate(placements):
        found.extend(_own_faults(problem, number, place))
        found.extend(_precedence_faults(problem, placements, number))
    for lane in range(len(problem.lanes)):
        on_lane = sorted(
            (n for n, place in enumerate(placements) if place.lane == lane),
            key=lambda n: (placements[n].start, placements[n].end, n),
        )
        found.extend(_overlaps(problem, placements, on_lane))
        found.extend(_set_up_faults(problem, placements, lane, on_lane))
    found.extend(_sent_order_faults(problem, placements))
    return found


def _own_faults(problem: Problem, number: int, place: Placement) -> Iterator[Violation]:
    """What can be seen from one operation alone."""
    own = problem.operations[number]
    name = _name(problem, number)
    if own.fixed is not None:
        if place != own.fixed:
            sentence = f"{name} is fixed at {_shown(own.fixed)} but stands at {_shown(place)}."
            yield Violation("fixed_moved", sentence, (number,))
        return
    durations = dict(own.alternatives)
    if place.lane not in durations:
        sentence = f"{name} cannot be done on lane {problem.lanes[place.lane].name}."
        yield Violation("alternative", sentence, (number,))
    elif place.set_up < 0 or place.end - place.start - place.set_up != durations[place.lane]:
        sentence = f"{name} needs {durations[place.lane]} min run, has {_shown(place)}."
        yield Violation("duration", sentence, (number,))
    if own.sequence == SequenceClass.SENT and place.lane != own.sent_lane:
        sentence = f"{name} was sent to lane {problem.lanes[own.sent_lane].name}."
        yield Violation("sent_lane", sentence, (number,))
    for what, minute in (
        ("now", 0),
        ("its own earliest minute", own.not_before),
        ("its job's release", problem.jobs[own.job].release),
    ):
        if place.start < minute:
            sentence = f"{name} starts at {place.start}, before {what}, {minute}."
            yield Violation("release", sentence, (number,))
    yield from _window_faults(problem, number, place)


def _window_faults(problem: Problem, number: int, place: Placement) -> Iterator[Violation]:
    lane = problem.lanes[place.lane]
    if not any(opens <= place.start and place.end <= closes for opens, closes in lane.windows):
        sentence = f"{_name(problem, number)} at {_shown(place)} is outside the open windows."
        yield Violation("window", sentence, (number,))
    for start, end in lane.blocked:
        if place.start < end and start < place.end:
            sentence = (
                f"{_name(problem, number)} at {_shown(place)} meets the blocked {start}-{end}."
            )
            yield Violation("blocked", sentence, (number,))


def _precedence_faults(
    problem: Problem, placements: Sequence[Placement], number: int
) -> Iterator[Violation]:
    own = problem.operations[number]
    if own.fixed is not None and own.fixed.start <= 0:
        return  # it has started: the line has spoken
    for before in own.predecessors:
        both_fixed = own.fixed is not None and problem.operations[before].fixed is not None
        if placements[before].end > placements[number].start and not both_fixed:
            sentence = (
                f"{_name(problem, number)} starts at {placements[number].start}, before "
                f"{_name(problem, before)} ends at {placements[before].end}."
            )
            yield Violation("precedence", sentence, (before, number))


def _overlaps(
    problem: Problem, placements: Sequence[Placement], on_lane: Sequence[int]
) -> Iterator[Violation]:
    last: int | None = None  # the one that reaches furthest so far
    for number in on_lane:
        if last is not None and placements[number].start < placements[last].end:
            sentence = f"{_name(problem, last)} and {_name(problem, number)} lie on each other."
            yield Violation("overlap", sentence, (last, number))
        if last is None or placements[number].end > placements[last].end:
            last = number


def _set_up_faults(
    problem: Problem, placements: Sequence[Placement], lane: int, on_lane: Sequence[int]
) -> Iterator[Violation]:
    """Exactly what the sequence asks; a fixed operation at least that, unless after another."""
    matrix = problem.lanes[lane].set_up_matrix
    state, last_is_fixed = problem.lanes[lane].initial_family, True
    for number in on_lane:
        own = problem.operations[number]
        needed = 0
        if matrix >= 0 and own.family >= 0:
            table = problem.set_up_matrices[matrix]
            needed = table.minutes[state][own.family] if state >= 0 else table.first[own.family]
        has = placements[number].set_up
        is_fixed = own.fixed is not None
        if (is_fixed and not last_is_fixed and has < needed) or (not is_fixed and has != needed):
            sentence = f"{_name(problem, number)} has {has} min set-up; its sequence asks {needed}."
            yield Violation("set_up", sentence, (number,))
        state, last_is_fixed = own.family, is_fixed


def _sent_order_faults(problem: Problem, placements: Sequence[Placement]) -> Iterator[Violation]:
    sent: dict[int, list[int]] = {}
    for number, own in enumerate(problem.operations):
        if own.sequence == SequenceClass.SENT:
            sent.setdefault(own.sent_lane, []).append(number)
    for numbers in sent.values():
        numbers.sort(key=lambda n: (problem.operations[n].sent_rank, n))
        for first, second in pairwise(numbers):
            if placements[first].start > placements[second].start:
                sentence = f"{_name(problem, second)} overtakes {_name(problem, first)}."
                yield Violation("sent_order", sentence, (first, second))


def _name(problem: Problem, number: int) -> str:
    own = problem.operations[number]
    return f"{own.name or f'Operation {number}'} of {problem.jobs[own.job].name}"


def _shown(place: Placement) -> str:
    return f"lane {place.lane}, {place.start}-{place.end} with {place.set_up} min set-up"
