"""The independent checker: everything a stored plan must satisfy, said again from the rules.

Shares nothing with the engine but the data classes (an import contract holds it to that), and
works on purpose in ways different from the engine: plain loops over windows, blocked periods and
sorted lanes. Every plan passes here before it is stored.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from production.scheduling.problem import Lane, MixRule, Placement, Problem, SequenceClass


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule.

    Attributes:
        code: ``incomplete``, ``alternative``, ``duration``, ``window``, ``blocked``, ``set_up``,
            ``precedence``, ``transfer``, ``release``, ``fixed_moved``, ``sent_lane``,
            ``sent_order``, ``overlap``, ``batch``, ``second_missing``, ``second_lane``,
            ``second_window``, ``second_overlap`` or ``mix_count``.
        sentence: For a person.
        operations: Positions of the operations concerned.
    """

    code: str
    sentence: str
    operations: tuple[int, ...]


def violations(
    problem: Problem, placements: Sequence[Placement], *, mix_breaches: int | None = None
) -> list[Violation]:
    """Everything that is wrong with a plan; empty: it may be stored.

    Args:
        mix_breaches: How many units too many its maker counted under the mix rules, which a plan
            may break; None: nobody says.
    """
    if len(placements) != len(problem.operations):
        sentence = (
            f"The plan places {len(placements)} operations; there are {len(problem.operations)}."
        )
        return [Violation("incomplete", sentence, ())]
    lanes = range(len(problem.lanes))
    unknown = [n for n, place in enumerate(placements) if place.lane not in lanes]
    if unknown:
        return [Violation("alternative", "Placed on a lane that does not exist.", tuple(unknown))]
    found: list[Violation] = []
    on_lane: list[list[int]] = [[] for _ in lanes]
    with_second: list[list[int]] = [[] for _ in lanes]
    for number, place in enumerate(placements):
        found.extend(_own_faults(problem, number, place))
        found.extend(_second_faults(problem, number, place))
        found.extend(_precedence_faults(problem, placements, number))
        on_lane[place.lane].append(number)
        if place.second_lane in lanes:
            with_second[place.second_lane].append(number)
    for lane in lanes:
        _sort_by_time(placements, on_lane[lane])
        _sort_by_time(placements, with_second[lane])
        found.extend(_overlaps(problem, placements, on_lane[lane], "overlap"))
        found.extend(_overlaps(problem, placements, with_second[lane], "second_overlap"))
        if problem.lanes[lane].batch < 0:
            found.extend(_set_up_faults(problem, placements, lane, on_lane[lane]))
    for oven in _ovens(problem.lanes):
        inside = [number for lane in oven for number in on_lane[lane]]
        _sort_by_time(placements, inside)
        found.extend(_batch_faults(problem, placements, inside))
        found.extend(_batch_set_up_faults(problem, placements, oven[0], inside))
    found.extend(_sent_order_faults(problem, placements))
    if mix_breaches is not None:
        found.extend(_mix_faults(problem, placements, mix_breaches))
    return found


def breaches_of(rule: MixRule, placements: Sequence[Placement]) -> tuple[int, ...]:
    """Members of a mix rule that are one too many among the ``of`` operations ending with them."""
    sequence = sorted(
        (place.start + place.set_up, number)
        for number, place in enumerate(placements)
        if place.lane in rule.lanes
    )
    numbers = [number for _, number in sequence]
    return tuple(
        number
        for turn, number in enumerate(numbers)
        if number in rule.members
        and sum(one in rule.members for one in numbers[max(0, turn - rule.of + 1) : turn + 1])
        > rule.at_most
    )


def _mix_faults(
    problem: Problem, placements: Sequence[Placement], claimed: int
) -> Iterator[Violation]:
    breaches = [n for rule in problem.mix_rules for n in breaches_of(rule, placements)]
    if len(breaches) != claimed:
        sentence = (
            f"The plan is said to have {claimed} units too many by its mix rules; there are "
            f"{len(breaches)}."
        )
        yield Violation("mix_count", sentence, tuple(breaches))


def _sort_by_time(placements: Sequence[Placement], numbers: list[int]) -> None:
    numbers.sort(key=lambda n: (placements[n].start, placements[n].end, n))


def _ovens(lanes: Sequence[Lane]) -> list[list[int]]:
    """Lanes by batch group."""
    groups: dict[int, list[int]] = {}
    for number, lane in enumerate(lanes):
        if lane.batch >= 0:
            groups.setdefault(lane.batch, []).append(number)
    return list(groups.values())


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
    lane = problem.lanes[place.lane]
    if not _is_open(lane, place):
        sentence = f"{name} at {_shown(place)} is outside the open windows."
        yield Violation("window", sentence, (number,))
    for start, end in _met(lane, place):
        sentence = f"{name} at {_shown(place)} meets the blocked {start}-{end}."
        yield Violation("blocked", sentence, (number,))


def _second_faults(problem: Problem, number: int, place: Placement) -> Iterator[Violation]:
    """The second resource: there, able, open and not blocked all the time."""
    own = problem.operations[number]
    if own.fixed is not None:
        return  # already compared with what it is fixed at
    name = _name(problem, number)
    if not own.second:
        if place.second_lane != -1:
            sentence = f"{name} needs no second resource and takes lane {place.second_lane}."
            yield Violation("second_lane", sentence, (number,))
        return
    if place.second_lane == -1:
        yield Violation("second_missing", f"{name} has no second resource.", (number,))
        return
    if place.second_lane not in own.second:
        sentence = f"{name} takes second lane {place.second_lane}; able are {list(own.second)}."
        yield Violation("second_lane", sentence, (number,))
        return
    lane = problem.lanes[place.second_lane]
    if not _is_open(lane, place) or _met(lane, place):
        sentence = f"{name} at {_shown(place)}: {lane.name} is not there all the time."
        yield Violation("second_window", sentence, (number,))


def _is_open(lane: Lane, place: Placement) -> bool:
    return any(opens <= place.start and place.end <= closes for opens, closes in lane.windows)


def _met(lane: Lane, place: Placement) -> list[tuple[int, int]]:
    return [(start, end) for start, end in lane.blocked if place.start < end and start < place.end]


def _precedence_faults(
    problem: Problem, placements: Sequence[Placement], number: int
) -> Iterator[Violation]:
    own = problem.operations[number]
    if own.fixed is not None and own.fixed.start <= 0:
        return  # it has started: the line has spoken
    for before in own.predecessors:
        if own.fixed is not None and problem.operations[before].fixed is not None:
            continue
        end, start = placements[before].end, placements[number].start
        if end > start:
            sentence = (
                f"{_name(problem, number)} starts at {start}, before {_name(problem, before)} ends "
                f"at {end}."
            )
            yield Violation("precedence", sentence, (before, number))
            continue
        way = 0
        if problem.transfer_min:
            place_before = problem.lanes[placements[before].lane].place
            way = problem.transfer_min[place_before][problem.lanes[placements[number].lane].place]
        if end + way > start:
            sentence = (
                f"{_name(problem, number)} starts at {start}; from {_name(problem, before)}, which "
                f"ends at {end}, the way takes {way} min."
            )
            yield Violation("transfer", sentence, (before, number))


def _overlaps(
    problem: Problem, placements: Sequence[Placement], on_lane: Sequence[int], code: str
) -> Iterator[Violation]:
    last: int | None = None  # the one that reaches furthest so far
    for number in on_lane:
        if last is not None and placements[number].start < placements[last].end:
            sentence = f"{_name(problem, last)} and {_name(problem, number)} lie on each other."
            yield Violation(code, sentence, (last, number))
        if last is None or placements[number].end > placements[last].end:
            last = number


def _batch_faults(
    problem: Problem, placements: Sequence[Placement], inside: Sequence[int]
) -> Iterator[Violation]:
    """What is in an oven at the same time went in together, comes out together and is alike."""
    together: list[int] = []
    for number in inside:
        start = placements[number].start
        together = [other for other in together if placements[other].end > start]
        for other in together:
            one, two = placements[other], placements[number]
            is_alike = problem.operations[other].family == problem.operations[number].family
            if (one.start, one.set_up, one.end) != (two.start, two.set_up, two.end) or not is_alike:
                sentence = (
                    f"{_name(problem, other)} and {_name(problem, number)} are in one oven at a "
                    "time, but not from the same start to the same end, or of one family."
                )
                yield Violation("batch", sentence, (other, number))
        together.append(number)


def _set_up_needed(problem: Problem, lane: int, state: int, family: int) -> int:
    matrix = problem.lanes[lane].set_up_matrix
    if matrix < 0 or family < 0:
        return 0
    table = problem.set_up_matrices[matrix]
    return table.minutes[state][family] if state >= 0 else table.first[family]


def _set_up_faults(
    problem: Problem, placements: Sequence[Placement], lane: int, on_lane: Sequence[int]
) -> Iterator[Violation]:
    """Exactly what the sequence asks; a fixed operation at least that, unless after another."""
    state, last_is_fixed = problem.lanes[lane].initial_family, True
    for number in on_lane:
        own = problem.operations[number]
        needed = _set_up_needed(problem, lane, state, own.family)
        has = placements[number].set_up
        is_fixed = own.fixed is not None
        if (is_fixed and not last_is_fixed and has < needed) or (not is_fixed and has != needed):
            sentence = f"{_name(problem, number)} has {has} min set-up; its sequence asks {needed}."
            yield Violation("set_up", sentence, (number,))
        state, last_is_fixed = own.family, is_fixed


def _batch_set_up_faults(
    problem: Problem, placements: Sequence[Placement], lane: int, inside: Sequence[int]
) -> Iterator[Violation]:
    """The same for an oven, where a batch counts as one; a batch with a fixed unit is fixed."""
    state, last_is_fixed = problem.lanes[lane].initial_family, True
    batches: dict[tuple[int, int], list[int]] = {}
    for number in inside:
        batches.setdefault((placements[number].start, placements[number].end), []).append(number)
    for batch in batches.values():
        family = problem.operations[batch[0]].family
        needed = _set_up_needed(problem, lane, state, family)
        has = placements[batch[0]].set_up
        is_fixed = any(problem.operations[number].fixed is not None for number in batch)
        if (is_fixed and not last_is_fixed and has < needed) or (not is_fixed and has != needed):
            sentence = f"A batch at {batch} has {has} min set-up; its sequence asks {needed}."
            yield Violation("set_up", sentence, tuple(batch))
        state, last_is_fixed = family, is_fixed


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
    second = f" with second lane {place.second_lane}" if place.second_lane >= 0 else ""
    return f"lane {place.lane}, {place.start}-{place.end} with {place.set_up} min set-up{second}"
