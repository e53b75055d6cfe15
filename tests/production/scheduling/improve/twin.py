"""Times from sequences in plain Python: what the compiled timing must answer."""

from collections.abc import Sequence

from production.scheduling import Placement, Problem, subtract


def timed(problem: Problem, plan: Sequence[Placement]) -> list[Placement] | None:
    """The lanes and their sequences of ``plan``, everything as early as it can be; None: it does
    not fit.
    """
    times = list(plan)
    before_on_lane: dict[int, int] = {}
    by_start = sorted(range(len(plan)), key=lambda n: (plan[n].start, plan[n].end))
    for number in by_start:
        lane, own = plan[number].lane, problem.operations[number]
        previous = before_on_lane.get(lane)
        before_on_lane[lane] = number
        if own.fixed is not None:
            continue
        family = problem.lanes[lane].initial_family
        ready = problem.earliest_start(number)
        if previous is not None:
            family = problem.operations[previous].family
            ready = max(ready, times[previous].end)
        for before in own.predecessors:
            transfer = problem.transfer_between(times[before].lane, lane)
            ready = max(ready, times[before].end + transfer)
        set_up = problem.set_up_min(lane, family, own.family)
        length = set_up + (own.duration_on(lane) or 0)
        opened = problem.lanes[lane]
        start = next(
            (
                max(ready, opens)
                for opens, closes in subtract(opened.windows, opened.blocked)
                if max(ready, opens) + length <= closes
            ),
            None,
        )
        if start is None:
            return None
        times[number] = Placement(lane, start, set_up, start + length)
    return times
