"""When there is no plan: which operation stands in the way, and why."""

from itertools import pairwise

from cosmo.lib.errors import Conflict
from production.scheduling.problem import FAR, Problem


class Infeasible(Conflict):
    """No plan exists along this order of placing.

    Attributes:
        operation: Position in ``Problem.operations``.
        code: ``fixed_overlap``, ``sent_order``, ``too_long``, ``before_fixed``, ``horizon_full``.
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
    """Refuse fixed operations that lie on each other.

    Raises:
        Infeasible: two of them overlap (``fixed_overlap``).
    """
    fixed = sorted(
        (own.fixed.lane, own.fixed.start, own.fixed.end, number)
        for number, own in enumerate(problem.operations)
        if own.fixed is not None
    )
    for (lane, _, end, first), (other_lane, start, _, second) in pairwise(fixed):
        if lane == other_lane and start < end:
            raise Infeasible(
                "fixed_overlap",
                second,
                f"{describe(problem, second)} is fixed from minute {start} on lane "
                f"{problem.lanes[lane].name}, where {describe(problem, first)} is fixed until "
                f"{end}. Unpin one of them.",
            )


def _fits(problem: Problem, operation: int, number: int) -> bool:
    """Whether the run alone fits some open, unblocked time of the lane."""
    lane = problem.lanes[number]
    needed = problem.operations[operation].duration_on(number)
    return any(
        end - start >= (needed or 0)
        for opens, closes in lane.windows
        for start, end in _pieces(opens, closes, lane.blocked)
    )


def _pieces(opens: int, closes: int, blocked: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    edges = [opens]
    for start, end in blocked:
        if start < closes and end > opens:
            edges += [max(start, opens), min(end, closes)]
    edges.append(closes)
    return list(zip(edges[::2], edges[1::2], strict=True))
