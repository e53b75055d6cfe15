"""When there is no plan: which operation stands in the way, and why."""

from itertools import pairwise

from cosmo.lib.errors import Conflict
from production.scheduling.problem import FAR, Lane, Problem, Window


class Infeasible(Conflict):
    """No plan exists along this order of placing.

    Attributes:
        operation: Position in ``Problem.operations``.
        code: ``fixed_overlap``, ``sent_order``, ``too_long``, ``no_second``, ``before_fixed``,
            ``horizon_full``.
        message: The same for a person.
    """

    def __init__(self, code: str, operation: int, sentence: str) -> None:
        super().__init__(code, sentence, operation=operation)
        self.operation = operation


def describe(problem: Problem, operation: int) -> str:
    """``cut of <job>``, for a sentence."""
    own = problem.operations[operation]
    return f"{own.name or f'operation {operation}'} of {problem.jobs[own.job].name}"


def no_place(problem: Problem, operation: int, latest_end: int) -> Infeasible:
    """Why nothing was found for an operation that is still to be placed."""
    what = describe(problem, operation)
    if not any(
        _fits(problem, operation, lane) for lane, _ in problem.operations[operation].alternatives
    ):
        return Infeasible(
            "too_long",
            operation,
            f"{what} fits no open window of its lanes within the horizon, even an empty one. "
            "Lengthen a shift or take back a blocked period.",
        )
    second = problem.operations[operation].second
    if second and not any(
        _together(problem, operation, lane, other)
        for lane, _ in problem.operations[operation].alternatives
        for other in second
    ):
        names = ", ".join(problem.lanes[lane].name for lane in second[:5])
        return Infeasible(
            "no_second",
            operation,
            f"{what} also needs one of {names}, and none of them is there long enough while its "
            "lanes are open. Lengthen a shift.",
        )
    if latest_end < FAR:
        return Infeasible(
            "before_fixed",
            operation,
            f"{what} must end by minute {latest_end}, because a later step is pinned, and there "
            "is no place for it before. Unpin that step.",
        )
    return Infeasible(
        "horizon_full",
        operation,
        f"{what} finds no free time on its lanes before the horizon ends. Plan further ahead.",
    )


def check_fixed(problem: Problem) -> None:
    """Refuse fixed operations that lie on each other and are not one batch of an oven.

    Raises:
        Infeasible: two of them overlap (``fixed_overlap``).
    """
    for lane, taken in _fixed_periods(problem).items():
        for (start_before, end, first), (start, other_end, second) in pairwise(sorted(taken)):
            if start >= end:
                continue
            is_batch = problem.lanes[lane].batch >= 0 and _lane_of(problem, first) != _lane_of(
                problem, second
            )
            families = {problem.operations[number].family for number in (first, second)}
            if is_batch and (start, other_end) == (start_before, end) and len(families) == 1:
                continue  # one batch
            raise Infeasible(
                "fixed_overlap",
                second,
                f"{describe(problem, second)} is fixed from minute {start} on lane "
                f"{problem.lanes[lane].name}, where {describe(problem, first)} is fixed until "
                f"{end}. Unpin one of them.",
            )


def _fixed_periods(problem: Problem) -> dict[int, list[tuple[int, int, int]]]:
    """By lane (of an oven: its first), also by second lane: start, end and operation."""
    periods: dict[int, list[tuple[int, int, int]]] = {}
    if "fixed" not in problem.features_used:
        return periods
    first_of: dict[int, int] = {}
    for number, lane in enumerate(problem.lanes):
        if lane.batch >= 0:
            first_of.setdefault(lane.batch, number)
    for number, own in enumerate(problem.operations):
        if own.fixed is None:
            continue
        lane_number, place = own.fixed.lane, own.fixed
        timeline = first_of.get(problem.lanes[lane_number].batch, lane_number)
        for taken in (timeline, place.second_lane):
            if taken >= 0:
                periods.setdefault(taken, []).append((place.start, place.end, number))
    return periods


def _lane_of(problem: Problem, operation: int) -> int:
    fixed = problem.operations[operation].fixed
    return -1 if fixed is None else fixed.lane


def _fits(problem: Problem, operation: int, number: int) -> bool:
    """Whether the run alone fits some open, unblocked time of the lane."""
    needed = problem.operations[operation].duration_on(number) or 0
    return any(end - start >= needed for start, end in _open_pieces(problem.lanes[number]))


def _together(problem: Problem, operation: int, number: int, other: int) -> bool:
    """Whether the run alone fits a time when a lane and a second lane are both open."""
    needed = problem.operations[operation].duration_on(number) or 0
    theirs = _open_pieces(problem.lanes[other])
    return any(
        min(end, until) - max(start, since) >= needed
        for start, end in _open_pieces(problem.lanes[number])
        for since, until in theirs
    )


def _open_pieces(lane: Lane) -> list[Window]:
    return [
        piece for opens, closes in lane.windows for piece in _pieces(opens, closes, lane.blocked)
    ]


def _pieces(opens: int, closes: int, blocked: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    edges = [opens]
    for start, end in blocked:
        if start < closes and end > opens:
            edges += [max(start, opens), min(end, closes)]
    edges.append(closes)
    return list(zip(edges[::2], edges[1::2], strict=True))
