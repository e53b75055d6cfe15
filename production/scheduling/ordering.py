"""In which order operations are placed, before any of them has a time."""

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush

from production.scheduling.infeasible import Infeasible, describe
from production.scheduling.problem import FAR, Placement, Problem, SequenceClass

Key = tuple[int, ...]


def latest_ends(problem: Problem) -> list[int]:
    """By operation, the minute it must have ended by for a pinned step after it; else FAR.

    A step that has already started asks nothing of those before it: the line has spoken.
    """
    latest = [FAR] * len(problem.operations)
    if "fixed" not in problem.features_used:
        return latest
    for number in reversed(problem.topological):
        own = problem.operations[number]
        if own.fixed is not None:
            must_end = own.fixed.start if own.fixed.start > 0 else FAR
        else:
            must_end = latest[number]
            if must_end < FAR:
                must_end -= min(minutes for _, minutes in own.alternatives)
        for before in own.predecessors:
            latest[before] = min(latest[before], must_end)
    return latest


def remaining_minutes(problem: Problem) -> list[int]:
    """By operation, the shortest run of the longest chain of steps after it."""
    tail, runs = [0] * len(problem.operations), shortest_runs(problem)
    for number in reversed(problem.topological):
        with_own = tail[number] + runs[number]
        for before in problem.operations[number].predecessors:
            tail[before] = max(tail[before], with_own)
    return tail


def shortest_runs(problem: Problem) -> list[int]:
    """By operation; many are of few kinds."""
    known: dict[tuple[tuple[int, int], ...], int] = {}
    runs = []
    for number, own in enumerate(problem.operations):
        if own.fixed is not None:
            runs.append(shortest_run(problem, number))
            continue
        run = known.get(own.alternatives)
        if run is None:
            run = known[own.alternatives] = shortest_run(problem, number)
        runs.append(run)
    return runs


def shortest_run(problem: Problem, operation: int) -> int:
    own = problem.operations[operation]
    if own.fixed is not None:
        return own.fixed.end - own.fixed.run_start
    return min(minutes for _, minutes in own.alternatives)


def first_placed(problem: Problem, latest: Sequence[int]) -> list[int]:
    """Operations placed before any choice is made, in order.

    What the line has, lane by lane in its rank; what must be done before a pinned step; and every
    step still missing before these.

    Raises:
        Infeasible: the ranks contradict the precedence (``sent_order``).
    """
    before = with_sent_chains(problem)
    wanted = {
        number
        for number, own in enumerate(problem.operations)
        if own.fixed is None and (own.sent_lane >= 0 or latest[number] < FAR)
    }
    for number in reversed(problem.topological):
        if number in wanted:
            wanted.update(
                earlier
                for earlier in problem.operations[number].predecessors
                if problem.operations[earlier].fixed is None
            )
    keys = {number: _first_key(problem, latest, number) for number in wanted}
    order = _ordered(before, keys)
    if len(order) < len(wanted):
        stuck = min(wanted - set(order))
        raise Infeasible(
            "sent_order",
            stuck,
            f"{describe(problem, stuck)} was sent to the line in an order that contradicts its "
            "routing. Recall it or send it again.",
        )
    return order


def repaired(problem: Problem, keys: Mapping[int, Key]) -> list[int]:
    """The operations of ``keys``, smallest key first as far as precedence allows."""
    return _ordered([own.predecessors for own in problem.operations], keys)


def previous_first_keys(
    problem: Problem, previous: Mapping[int, Placement], waiting: Sequence[int]
) -> Mapping[int, Key]:
    """The previous plan's sequence, then what is new by due minute."""
    due = latest_starts(problem)
    return {
        number: (0, previous[number].run_start, number)
        if number in previous
        else (1, due[number], number)
        for number in waiting
    }


def merged_keys(
    problem: Problem, previous: Mapping[int, Placement], waiting: Sequence[int]
) -> Mapping[int, Key]:
    """The previous plan's sequence with new operations where their due minute belongs."""
    due = latest_starts(problem)
    return {
        number: (previous[number].run_start, 0, number)
        if number in previous
        else (max(0, due[number]), 1, number)
        for number in waiting
    }


def latest_starts(problem: Problem) -> list[int]:
    """By operation, the minute by which its run has to start for its job to be in time."""
    tail, runs = remaining_minutes(problem), shortest_runs(problem)
    starts = []
    for number, own in enumerate(problem.operations):
        due = problem.jobs[own.job].due
        starts.append((FAR if due is None else due) - tail[number] - runs[number])
    return starts


def with_sent_chains(problem: Problem) -> list[tuple[int, ...]]:
    """Predecessors, plus the sent operation just before on the same lane."""
    before = [own.predecessors for own in problem.operations]
    sent = [n for n, own in enumerate(problem.operations) if own.sequence == SequenceClass.SENT]
    sent.sort(key=lambda n: (problem.operations[n].sent_rank, n))
    last_on: dict[int, int] = {}
    for number in sent:
        lane = problem.operations[number].sent_lane
        if lane in last_on:
            before[number] = (*before[number], last_on[lane])
        last_on[lane] = number
    return before


def _first_key(problem: Problem, latest: Sequence[int], number: int) -> Key:
    own = problem.operations[number]
    return (own.sent_rank if own.sent_lane >= 0 else -1, latest[number], number)


def _ordered(before: Sequence[Sequence[int]], keys: Mapping[int, Key]) -> list[int]:
    """Topological over ``keys`` only, smallest available key first; shorter on a cycle."""
    followers: dict[int, list[int]] = {number: [] for number in keys}
    missing = dict.fromkeys(keys, 0)
    for number in keys:
        for earlier in set(before[number]):
            if earlier in keys:
                followers[earlier].append(number)
                missing[number] += 1
    ready = [(keys[number], number) for number, count in missing.items() if count == 0]
    heapify(ready)
    order = []
    while ready:
        _, number = heappop(ready)
        order.append(number)
        for later in followers[number]:
            missing[later] -= 1
            if missing[later] == 0:
                heappush(ready, (keys[later], later))
    return order
