"""What a problem is made of: lanes, jobs, operations and rules, as validated plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from cosmo.lib.errors import Invalid

Window = tuple[int, int]
"""``[start, end)`` in minutes."""

NO_FAMILY = -1
FAR = 1 << 40
"""Later than any horizon; the due minute of a job without due date."""


class SequenceClass(IntEnum):
    """How much of an operation's place is still open."""

    FIXED = 0  # started or pinned: lane and times never change
    SENT = 1  # the line has it: keeps its lane and its order among sent ones, times flow
    FREE = 2  # everything is open


def require(condition: bool, code: str, sentence: str) -> None:
    if not condition:
        raise Invalid(code, sentence)


@dataclass(frozen=True, slots=True)
class SetUpMatrix:
    """Minutes a changeover takes, by family before and family after.

    The state of a lane is the family of the operation directly before. An operation without family
    needs no set-up and leaves the state unknown; so does the beginning of a lane's history.

    Attributes:
        minutes: ``minutes[before][after]``, square, whole minutes, at least 0.
        first: ``first[after]``: minutes out of an unknown state.
    """

    minutes: tuple[tuple[int, ...], ...]
    first: tuple[int, ...]

    def __post_init__(self) -> None:
        size = len(self.first)
        require(
            len(self.minutes) == size and all(len(row) == size for row in self.minutes),
            "bad_set_up_matrix",
            f"A set-up matrix of {size} families needs {size} rows of {size} minutes.",
        )
        lowest = min((*self.first, *(m for row in self.minutes for m in row)), default=0)
        require(lowest >= 0, "bad_set_up_matrix", f"A set-up takes {lowest} min; at least 0.")

    def between(self, before: int, after: int) -> int:
        """Minutes of set-up for ``after`` when ``before`` stood on the lane (-1: unknown)."""
        if after == NO_FAMILY:
            return 0
        return self.first[after] if before == NO_FAMILY else self.minutes[before][after]

    def worst_into(self, after: int) -> int:
        """The longest set-up that ``after`` can need, whatever stood before."""
        if after == NO_FAMILY:
            return 0
        return max(self.first[after], *(row[after] for row in self.minutes))


@dataclass(frozen=True, slots=True)
class Lane:
    """A place that works on one unit at a time; an oven for six units is six lanes.

    Attributes:
        name: For sentences and for the caller's own mapping, for instance ``oven-1/3``.
        windows: Open time, sorted, disjoint, not touching (see ``calendar.open_windows``).
        blocked: Maintenance and breakdowns, sorted, disjoint; taken out of the windows.
        set_up_matrix: Position in ``Problem.set_up_matrices``, -1 for no set-ups at all.
        initial_family: Family that stands on the lane at minute 0, -1 if unknown.
        work_centre: Group for the load measure; any small number from 0.
        place: Row of ``Problem.transfer_min``: where it stands.
        batch: Group of lanes that work as one, such as the places of an oven: what overlaps in
            time on them starts and ends together and is of one family; -1 for none.
    """

    name: str
    windows: tuple[Window, ...]
    blocked: tuple[Window, ...] = ()
    set_up_matrix: int = -1
    initial_family: int = NO_FAMILY
    work_centre: int = 0
    place: int = 0
    batch: int = -1

    def __post_init__(self) -> None:
        _check_windows(self.windows, f"Lane {self.name}, windows", gap=1)
        _check_windows(self.blocked, f"Lane {self.name}, blocked", gap=0)
        require(self.work_centre >= 0, "bad_lane", f"Lane {self.name}: work_centre is negative.")
        require(
            self.place >= 0 and self.batch >= -1,
            "bad_lane",
            f"Lane {self.name}: place {self.place} or batch group {self.batch} is too small.",
        )


@dataclass(frozen=True, slots=True)
class Job:
    """One unit's work order.

    Attributes:
        name: For sentences, for instance the serial.
        release: Minute before which none of its operations may start (material, for example).
        due: Minute at which its last operation should have ended; None: no due date.
        weight: Cost of one minute late, at least 1.
        priority: Where two operations wait for a lane, the higher priority goes first.
    """

    name: str
    release: int = 0
    due: int | None = None
    weight: int = 1
    priority: int = 0

    def __post_init__(self) -> None:
        require(self.weight >= 1, "bad_job", f"Job {self.name}: weight {self.weight}; at least 1.")


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one operation stands in a plan.

    ``[start, start + set_up)`` is set-up, ``[start + set_up, end)`` is run. ``second_lane`` is the
    lane of the second resource, taken from ``start`` to ``end``; -1 for none.
    """

    lane: int
    start: int
    set_up: int
    end: int
    second_lane: int = -1

    @property
    def run_start(self) -> int:
        return self.start + self.set_up


@dataclass(frozen=True, slots=True)
class Operation:
    """One step of a job.

    Attributes:
        job: Position in ``Problem.jobs``.
        alternatives: ``(lane, duration_min)``: who can do it and how long the run takes there
            without set-up, whole minutes, at least 1. One entry a lane, at least one.
        family: Row of the lane's set-up matrix, -1 for none.
        predecessors: Positions of operations that must end before this one's set-up starts.
        not_before: Minute before which its set-up may not start (beside the job's release).
        sequence: How much is still open, see SequenceClass.
        fixed: The unmovable placement; exactly when ``sequence`` is FIXED. May begin before 0
            and need not fit the windows or alternatives: it is a fact or a planner's word.
        sent_lane: The lane that has it; exactly when ``sequence`` is SENT.
        sent_rank: Order among the sent operations of that lane, smaller first; the minute it was
            planned for serves well.
        name: For sentences.
        second: Lanes of a second resource, for instance a crew with the skill: one of them must be
            free and open too from the start of the set-up to the end of the run. Empty: none is
            needed. They do nothing else: no operation has one of them as an alternative.
    """

    job: int
    alternatives: tuple[tuple[int, int], ...]
    family: int = NO_FAMILY
    predecessors: tuple[int, ...] = ()
    not_before: int = 0
    sequence: SequenceClass = SequenceClass.FREE
    fixed: Placement | None = None
    sent_lane: int = -1
    sent_rank: int = 0
    name: str = ""
    second: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        lanes = [lane for lane, _ in self.alternatives]
        what = f"Operation {self.name or '?'} of job {self.job}"
        is_fixed = self.sequence == SequenceClass.FIXED
        is_sent = self.sequence == SequenceClass.SENT
        require(is_fixed or bool(lanes), "bad_operation", f"{what} has no lane that can do it.")
        require(
            len(set(lanes)) == len(lanes), "bad_operation", f"{what} names a lane twice: {lanes}."
        )
        require(
            len(set(self.second)) == len(self.second),
            "bad_operation",
            f"{what} names a second lane twice: {list(self.second)}.",
        )
        shortest = min((duration for _, duration in self.alternatives), default=1)
        require(shortest >= 1, "bad_operation", f"{what} takes {shortest} min; at least 1.")
        require(
            is_fixed == (self.fixed is not None),
            "bad_operation",
            f"{what}: a fixed placement and sequence class FIXED go together.",
        )
        require(
            is_sent == (self.sent_lane >= 0),
            "bad_operation",
            f"{what}: sent_lane and sequence class SENT go together.",
        )
        require(
            not is_sent or self.sent_lane in lanes,
            "bad_operation",
            f"{what} was sent to lane {self.sent_lane}, which cannot do it; lanes: {lanes}.",
        )
        if self.fixed is not None:
            place = self.fixed
            require(
                place.set_up >= 0 and place.run_start < place.end,
                "bad_operation",
                f"{what} is fixed at {place.start}-{place.end} with {place.set_up} min set-up; "
                "the run needs at least one minute.",
            )

    def duration_on(self, lane: int) -> int | None:
        """Minutes of run on that lane, None when it cannot do it."""
        return next((minutes for able, minutes in self.alternatives if able == lane), None)


@dataclass(frozen=True, slots=True)
class MixRule:
    """Of any ``of`` operations on end on these lanes, at most ``at_most`` are members.

    The sequence is that of all operations on the lanes together, by the start of their run, then by
    their number. It is kept where that is possible; where not, each member that is one too many
    among the ``of`` operations ending with it counts as one breach.

    Attributes:
        lanes: Where the sequence is formed, for instance the first station of a line.
        members: Operations with the option.
        name: For sentences.
    """

    lanes: tuple[int, ...]
    members: frozenset[int]
    at_most: int
    of: int
    name: str = ""

    def __post_init__(self) -> None:
        require(
            0 <= self.at_most < self.of,
            "bad_mix_rule",
            f"Mix rule {self.name or '?'}: at most {self.at_most} of {self.of}; the first must be "
            "smaller.",
        )
        require(
            0 < len(self.lanes) == len(set(self.lanes)),
            "bad_mix_rule",
            f"Mix rule {self.name or '?'} needs lanes, each once: {list(self.lanes)}.",
        )


def _check_windows(windows: Sequence[Window], what: str, *, gap: int) -> None:
    last_end: int | None = None
    for start, end in windows:
        require(start < end, "bad_windows", f"{what}: {start}-{end} is empty.")
        require(
            last_end is None or start >= last_end + gap,
            "bad_windows",
            f"{what}: {start}-{end} does not come after {last_end}.",
        )
        last_end = end
