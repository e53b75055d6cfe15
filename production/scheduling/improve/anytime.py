"""The anytime ladder: a first plan at once, then better ones until the time is over.

    solution = plan_anytime(problem, previous=published, weights=Weights(tardiness=100), seconds=5)

Every rung starts from the best plan so far. What comes back never costs more than the first plan,
and with a published plan the first one is that plan's own order, so that calm is the default. Runs
in threads that let go of the interpreter's lock, never in child processes, so that it may be called
from a worker that is itself a child.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic, process_time

from production.scheduling.dispatch import PLAIN_UP_TO, make_plan
from production.scheduling.ladder import Report, Rung, RungContext, unheard
from production.scheduling.problem import Placement, Problem
from production.scheduling.rule import Rule
from production.scheduling.solution import Solution, Weights
from production.scheduling.stop import Stop, never

WINDOWS_UP_TO = 2_000
"""Operations. In larger plants the local search finds more in the time that CP-SAT needs for a
few windows.
"""
SHARES = (0.08, 0.8)
"""The share of the time that is over when the parameters, and when the local search, are done."""
LARGE_SHARES = (0.08, 1.0)


@dataclass(frozen=True, slots=True)
class Step:
    """A rung and the share of the whole time that is over when it ends."""

    name: str
    rung: Rung
    until: float


@dataclass(slots=True)
class Clock:
    """How much of the time is over; by the wall or by the processor time of all threads."""

    limit: float
    now: Callable[[], float]
    began: float

    def over(self) -> float:
        return (self.now() - self.began) / self.limit if self.limit > 0 else 1.0


def plan_anytime(
    problem: Problem,
    *,
    previous: Mapping[int, Placement] | None = None,
    weights: Weights | None = None,
    seconds: float | None = None,
    cpu_seconds: float | None = None,
    workers: int = 1,
    seed: int = 1,
    stop: Stop = never,
    report: Report = unheard,
    steps: Sequence[Step] | None = None,
) -> Solution:
    """The best plan found in the time; the first one is made whatever the time.

    Args:
        previous: The published plan; its order is placed again first, and moves against it cost.
        seconds, cpu_seconds: One of them: by the wall, or of all threads together.
        stop: Asked all the time, beside the clock.
        report: Told the share of the time that is over, and the cost of the best plan so far.
        steps: Other rungs than those for factories.

    Raises:
        Infeasible: no plan was found at all; see its code.
    """
    before = {n: place for n, place in (previous or {}).items() if n < len(problem.operations)}
    clock = _clock(seconds, cpu_seconds)
    objective = weights or Weights()
    best = _first_plan(problem, before, weights, objective)
    cost = objective.of(problem, best.placements, before)
    report(clock.over(), cost)
    is_small = len(problem.operations) <= PLAIN_UP_TO
    if is_small and not best.weighted_tardiness:
        return best  # nobody is late; not worth loading the compiled search
    for step in steps or _steps(problem):
        until = step.until

        def is_over(until: float = until) -> bool:
            return clock.over() >= until or stop()

        if is_over():
            continue
        context = _context(clock, until, objective, before, is_over, report, workers, seed)
        for placements in step.rung(problem, best.placements, context):
            candidate = Solution(problem, tuple(placements), made_by=step.name)
            candidate_cost = objective.of(problem, candidate.placements, before)
            if candidate_cost < cost:
                best, cost = candidate, candidate_cost
            if is_over():
                break
    report(1.0, cost)
    return best


def _context(
    clock: Clock,
    until: float,
    objective: Weights,
    previous: Mapping[int, Placement],
    stop: Stop,
    report: Report,
    workers: int,
    seed: int,
) -> RungContext:
    since = clock.over()
    return RungContext(
        objective=objective,
        previous=previous,
        stop=stop,
        report=lambda share, best: report(since + share * (until - since), best),
        seed=seed,
        workers=workers,
        cpu_seconds=(until - since) * clock.limit,
        over=lambda: min(1.0, (clock.over() - since) / max(1e-9, until - since)),
    )


def _clock(seconds: float | None, cpu_seconds: float | None) -> Clock:
    if (seconds is None) == (cpu_seconds is None):
        raise ValueError("Give plan_anytime either seconds or cpu_seconds.")
    if cpu_seconds is not None:
        return Clock(cpu_seconds, process_time, process_time())
    return Clock(seconds or 0.0, monotonic, monotonic())


def _first_plan(
    problem: Problem,
    previous: Mapping[int, Placement],
    weights: Weights | None,
    objective: Weights,
) -> Solution:
    """The order of the published plan again or one dispatch; for large new plants, a list."""
    is_large = len(problem.operations) > PLAIN_UP_TO
    if is_large and not previous:
        from production.scheduling.improve.parameters import first_listed  # numba only if wanted

        placements = first_listed(problem, objective)
        if placements is not None:
            return Solution(problem, tuple(placements), made_by="list")
    return make_plan(problem, previous, weights=weights, rules=(Rule(),))


def _steps(problem: Problem) -> Sequence[Step]:
    from production.scheduling.improve.local import search_locally  # numba only if wanted
    from production.scheduling.improve.parameters import search_parameters

    parameters, local = SHARES if len(problem.operations) <= WINDOWS_UP_TO else LARGE_SHARES
    steps = [
        Step("parameters", search_parameters, parameters),
        Step("local search", search_locally, local),
    ]
    if local < 1.0:
        from production.scheduling.windows.rung import improve_windows  # OR-Tools only if wanted

        steps.append(Step("windows", improve_windows, 1.0))
    return steps
