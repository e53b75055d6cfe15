"""A problem as flat arrays: what the tables are made of, from objects or without any.

    facts = facts_of(problem)
    facts = Facts.of_arrays(lanes, job_due=..., job=..., alternative_at=..., alternative=..., ...)

Large plants are drawn and read as arrays; a hundred thousand objects alone take longer to make
than the plan.
"""

from collections.abc import Sequence
from itertools import accumulate, chain
from operator import attrgetter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cosmo.lib.errors import Invalid
from production.scheduling.parts import FAR, Lane, MixRule, SetUpMatrix
from production.scheduling.problem import Job, Operation, Placement, Problem, SequenceClass

Ints = npt.NDArray[np.int64]

_OPERATION = attrgetter("job", "family", "not_before", "sent_lane", "sent_rank")
_JOB = attrgetter("release", "weight", "priority")
NOT_FIXED = (-1, 0, 0, 0, -1)


class Facts(NamedTuple):
    """One entry an operation or job; lists of an operation lie flat with ``_at`` offsets.

    Attributes:
        job_due: FAR for none.
        alternative: Lane and minutes.
        fixed: Lane, start, set-up, end and second lane; lane -1 where it is not fixed.
        topological: Every operation after those it waits for.
    """

    lanes: tuple[Lane, ...]
    set_up_matrices: tuple[SetUpMatrix, ...]
    transfer_min: tuple[tuple[int, ...], ...]
    mix_rules: tuple[MixRule, ...]
    job_release: Ints
    job_due: Ints
    job_weight: Ints
    job_priority: Ints
    job: Ints
    family: Ints
    not_before: Ints
    sent_lane: Ints
    sent_rank: Ints
    fixed: Ints
    alternative_at: Ints
    alternative: Ints
    before_at: Ints
    before: Ints
    second_at: Ints
    second: Ints
    topological: Ints

    @property
    def is_fixed(self) -> npt.NDArray[np.bool_]:
        return np.asarray(self.fixed[:, 0] >= 0)

    @classmethod
    def of_arrays(
        cls,
        lanes: Sequence[Lane],
        *,
        job_due: Ints,
        job: Ints,
        alternative_at: Ints,
        alternative: Ints,
        before_at: Ints,
        before: Ints,
        job_release: Ints | None = None,
        job_weight: Ints | None = None,
        job_priority: Ints | None = None,
        family: Ints | None = None,
        not_before: Ints | None = None,
        second_at: Ints | None = None,
        second: Ints | None = None,
        set_up_matrices: Sequence[SetUpMatrix] = (),
        transfer_min: Sequence[Sequence[int]] = (),
        mix_rules: Sequence[MixRule] = (),
    ) -> "Facts":
        """Without objects, for plants in which nothing has begun. Operations stand after those
        they wait for; arrays left out are zeros, but weights ones and families -1.

        Raises:
            Invalid: an operation stands before one it waits for (``precedence_cycle``).
        """
        jobs, count = len(job_due), len(job)
        waits = np.repeat(np.arange(count), np.diff(before_at))
        if len(before) and not (np.asarray(before) < waits).all():
            raise Invalid(
                "precedence_cycle", "An operation stands before one it waits for; sort them."
            )
        fixed = np.empty((count, 5), dtype=np.int64)
        fixed[:] = NOT_FIXED
        return cls(
            lanes=tuple(lanes),
            set_up_matrices=tuple(set_up_matrices),
            transfer_min=tuple(tuple(row) for row in transfer_min),
            mix_rules=tuple(mix_rules),
            job_release=_filled(job_release, jobs, 0),
            job_due=_filled(job_due, jobs, FAR),
            job_weight=_filled(job_weight, jobs, 1),
            job_priority=_filled(job_priority, jobs, 0),
            job=_filled(job, count, 0),
            family=_filled(family, count, -1),
            not_before=_filled(not_before, count, 0),
            sent_lane=_filled(None, count, -1),
            sent_rank=_filled(None, count, 0),
            fixed=fixed,
            alternative_at=np.asarray(alternative_at, dtype=np.int64),
            alternative=np.ascontiguousarray(alternative, dtype=np.int64),
            before_at=np.asarray(before_at, dtype=np.int64),
            before=np.asarray(before, dtype=np.int64),
            second_at=_filled(second_at, count + 1, 0),
            second=_filled(second, 0, 0),
            topological=np.arange(count, dtype=np.int64),
        )


def facts_of(problem: Problem) -> Facts:
    """From objects, column by column; O(size of the problem)."""
    operations, jobs = problem.operations, problem.jobs
    columns = _columns(map(_OPERATION, operations), 5)
    release, weight, priority = _columns(map(_JOB, jobs), 3)
    due = [FAR if job.due is None else job.due for job in jobs]
    fixed = np.empty((len(operations), 5), dtype=np.int64)
    fixed[:] = NOT_FIXED
    if "fixed" in problem.features_used:
        for number, own in enumerate(operations):
            if own.fixed is not None:
                fixed[number] = _row(own.fixed)
    alternatives = [own.alternatives for own in operations]
    before = [own.predecessors for own in operations]
    second = [own.second for own in operations]
    return Facts(
        lanes=problem.lanes,
        set_up_matrices=problem.set_up_matrices,
        transfer_min=problem.transfer_min,
        mix_rules=problem.mix_rules,
        job_release=release,
        job_due=np.array(due, dtype=np.int64),
        job_weight=weight,
        job_priority=priority,
        job=columns[0],
        family=columns[1],
        not_before=columns[2],
        sent_lane=columns[3],
        sent_rank=columns[4],
        fixed=fixed,
        alternative_at=offsets([len(one) for one in alternatives]),
        alternative=flat_pairs(chain.from_iterable(alternatives)),
        before_at=offsets([len(one) for one in before]),
        before=_ints(chain.from_iterable(before)),
        second_at=offsets([len(one) for one in second]),
        second=_ints(chain.from_iterable(second)),
        topological=np.array(problem.topological, dtype=np.int64),
    )


def problem_of(facts: Facts) -> Problem:
    """The same as objects, for methods and the checker that read those."""
    alternative = list(map(tuple, facts.alternative.tolist()))
    before, second = facts.before.tolist(), facts.second.tolist()
    at, b_at, s_at = (
        one.tolist() for one in (facts.alternative_at, facts.before_at, facts.second_at)
    )
    operations = []
    for number, (job, family, not_before, sent_lane, sent_rank, fixed) in enumerate(
        zip(
            *(one.tolist() for one in (facts.job, facts.family, facts.not_before)),
            *(one.tolist() for one in (facts.sent_lane, facts.sent_rank, facts.fixed)),
            strict=True,
        )
    ):
        is_fixed = fixed[0] >= 0
        sequence = SequenceClass.FREE if sent_lane < 0 else SequenceClass.SENT
        operations.append(
            Operation(
                job=job,
                alternatives=tuple(alternative[at[number] : at[number + 1]]),
                family=family,
                predecessors=tuple(before[b_at[number] : b_at[number + 1]]),
                not_before=not_before,
                sequence=SequenceClass.FIXED if is_fixed else sequence,
                fixed=Placement(*fixed) if is_fixed else None,
                sent_lane=sent_lane,
                sent_rank=sent_rank,
                second=tuple(second[s_at[number] : s_at[number + 1]]),
            )
        )
    jobs = zip(
        facts.job_release.tolist(),
        facts.job_due.tolist(),
        facts.job_weight.tolist(),
        facts.job_priority.tolist(),
        strict=True,
    )
    return Problem(
        lanes=facts.lanes,
        jobs=tuple(
            Job(f"unit {number}", release, None if due >= FAR else due, weight, priority)
            for number, (release, due, weight, priority) in enumerate(jobs)
        ),
        operations=tuple(operations),
        set_up_matrices=facts.set_up_matrices,
        transfer_min=facts.transfer_min,
        mix_rules=facts.mix_rules,
    )


def offsets(lengths: Sequence[int]) -> Ints:
    return _ints(accumulate(lengths, initial=0))


def flat_pairs(pairs: "Sequence[tuple[int, int]] | chain[tuple[int, int]]") -> Ints:
    return _ints(chain.from_iterable(pairs)).reshape(-1, 2)


def _row(place: Placement) -> tuple[int, ...]:
    return place.lane, place.start, place.set_up, place.end, place.second_lane


def _ints(values: "chain[int] | accumulate[int]") -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _columns(rows: "map[tuple[int, ...]]", count: int) -> Sequence[Ints]:
    flat = np.fromiter(chain.from_iterable(rows), dtype=np.int64).reshape(-1, count)
    return [np.ascontiguousarray(flat[:, column]) for column in range(count)]


def _filled(values: Ints | None, count: int, value: int) -> Ints:
    if values is None:
        return np.full(count, value, dtype=np.int64)
    return np.ascontiguousarray(values, dtype=np.int64)
