"""The last rung of the ladder: CP-SAT on windows of a plan, everything else standing still."""

from collections.abc import Iterator, Sequence

from ortools.sat.python import cp_model

from production.scheduling.ladder import RungContext
from production.scheduling.problem import Placement, Problem
from production.scheduling.windows.choice import MOST, Chooser
from production.scheduling.windows.model import WindowModel
from production.scheduling.windows.raw import solve_until

SECONDS = 1.5
"""Of CP-SAT's own time, for one window."""
GIVEN_UP = 200
"""Windows in a row that made nothing better."""


def improve_windows(
    problem: Problem, placements: Sequence[Placement], context: RungContext
) -> Iterator[list[Placement]]:
    """A rung: yields plans that cost less by the exact objective.

    Windows grow where they are solved to the end and shrink where time runs out.
    """
    best = list(placements)
    cost = context.objective.of(problem, best, context.previous)
    chooser = Chooser(problem, context.seed)
    most, idle = MOST // 2, 0
    while cost and idle < GIVEN_UP and not context.stop():
        idle += 1
        opened = chooser.choose(best, most)
        if opened is None:
            continue
        built = WindowModel(problem, best, opened, context.objective, context.previous)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = context.workers
        solver.parameters.random_seed = (context.seed + idle) % 1_000_000
        solver.parameters.max_time_in_seconds = SECONDS
        status = solve_until(built.model, solver, context.stop)
        most = min(MOST, most + 5) if status == int(cp_model.OPTIMAL) else max(20, most - 5)
        if status not in (int(cp_model.OPTIMAL), int(cp_model.FEASIBLE)):
            continue
        plan = built.placed(solver)
        found = context.objective.of(problem, plan, context.previous)
        if found < cost:
            best, cost, idle = plan, found, 0
            yield list(best)
