"""The dispatch rule: apparent tardiness cost with set-ups (ATCS), and what it works with.

Where several operations wait for a lane, the one with the highest priority goes first, then the
one with the highest index

    log(weight / run) - slack / (k1 * mean run) - set-up / (k2 * mean set-up)

which orders operations exactly as the product form of Lee, Bhaskaran and Pinedo (1997) does, and
needs no exponential, so that the compiled core and its plain twin agree to the last bit.
"""

from dataclasses import dataclass
from math import log

from production.scheduling.ordering import remaining_minutes, shortest_run
from production.scheduling.problem import FAR, Problem


@dataclass(frozen=True, slots=True)
class Rule:
    """Parameters of the index.

    Attributes:
        k1: The smaller, the more only the most urgent counts; above 0.
        k2: The smaller, the more set-ups are avoided; above 0.
        flow: A step's due minute is the job's minus ``flow`` times the runs after it, to allow for
            waiting; at least 1.
    """

    k1: float = 2.0
    k2: float = 0.5
    flow: float = 2.0


RULES = (
    Rule(),
    Rule(k1=1.0, k2=0.2),
    Rule(k1=4.0, k2=0.2),
    Rule(k1=0.5, k2=1.0, flow=4.0),
    Rule(k1=2.0, k2=5.0),
    Rule(k1=8.0, k2=0.1, flow=4.0),
)
"""A small grid; each is one run of the dispatch."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """The constant parts of the index, by operation.

    Attributes:
        due: The step's own due minute.
        shortest: Run in minutes on the fastest lane.
        log_urgency: log(weight / run).
        per_slack_min, per_set_up_min: What a minute of either takes off the index.
    """

    due: tuple[int, ...]
    shortest: tuple[int, ...]
    log_urgency: tuple[float, ...]
    per_slack_min: float
    per_set_up_min: float

    def value(self, operation: int, minute: int, set_up: int) -> float:
        slack = max(0, self.due[operation] - self.shortest[operation] - minute)
        return (
            self.log_urgency[operation] - slack * self.per_slack_min - set_up * self.per_set_up_min
        )


def index_operations(problem: Problem, rule: Rule) -> Indexed:
    """Prepare the index of every operation; O(operations)."""
    tail = remaining_minutes(problem)
    shortest = [shortest_run(problem, number) for number in range(len(problem.operations))]
    due, urgency = [], []
    for number, own in enumerate(problem.operations):
        job = problem.jobs[own.job]
        due.append(FAR if job.due is None else job.due - int(rule.flow * tail[number]))
        urgency.append(log(job.weight / shortest[number]))
    set_ups = [
        minutes
        for matrix in problem.set_up_matrices
        for row in matrix.minutes
        for minutes in row
        if minutes
    ]
    mean_run = sum(shortest) / max(1, len(shortest))
    mean_set_up = sum(set_ups) / max(1, len(set_ups))
    return Indexed(
        due=tuple(due),
        shortest=tuple(shortest),
        log_urgency=tuple(urgency),
        per_slack_min=1 / (rule.k1 * max(1.0, mean_run)),
        per_set_up_min=1 / (rule.k2 * max(1.0, mean_set_up)),
    )
