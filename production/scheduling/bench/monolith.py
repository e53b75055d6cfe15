"""A whole factory as one CP-SAT model with its set-ups: the yardstick beside the ladder."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import process_time

from ortools.sat.python import cp_model

from production.scheduling.calendar import subtract
from production.scheduling.ladder import after_cpu_seconds
from production.scheduling.problem import Problem
from production.scheduling.windows.raw import solve_until


@dataclass(frozen=True, slots=True)
class Whole:
    """What CP-SAT said.

    Attributes:
        status: ``OPTIMAL``, ``FEASIBLE`` or ``no plan``.
        arcs: Pairs of operations that may follow each other on a lane with set-ups.
    """

    status: str
    weighted_tardiness: int | None
    bound: int | None
    arcs: int
    cpu_seconds: float


def solve_whole(problem: Problem, *, cpu_seconds: float, workers: int, seed: int) -> Whole:
    """Solve within a processor time of all threads; building the model is not counted."""
    whole = _WholeModel(problem)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    began = process_time()
    status = solve_until(whole.model, solver, after_cpu_seconds(cpu_seconds))
    spent = process_time() - began
    names = {int(cp_model.OPTIMAL): "OPTIMAL", int(cp_model.FEASIBLE): "FEASIBLE"}
    name = names.get(int(status), "no plan")
    has_plan = name != "no plan"
    return Whole(
        status=name,
        weighted_tardiness=round(solver.objective_value) if has_plan else None,
        bound=round(solver.best_objective_bound) if has_plan else None,
        arcs=whole.arcs,
        cpu_seconds=spent,
    )


class _WholeModel:
    """For problems with nothing but set-ups: nothing fixed, sent or shared."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.model = cp_model.CpModel()
        self.arcs = 0
        self.horizon = max(end for lane in problem.lanes for _, end in lane.windows)
        self.starts: list[cp_model.IntVar] = []
        self.ends: list[cp_model.IntVar] = []
        self.set_ups: list[cp_model.IntVar | int] = []
        on_lane: list[list[tuple[int, cp_model.BoolVarT, cp_model.IntervalVar]]]
        on_lane = [[] for _ in problem.lanes]
        for number in range(len(problem.operations)):
            self._add_operation(number, on_lane)
        for lane, able in enumerate(on_lane):
            closed = self._closed(lane)
            self.model.add_no_overlap([interval for _, _, interval in able] + closed)
            if problem.lanes[lane].set_up_matrix >= 0:
                self._add_circuit(lane, [(number, is_on) for number, is_on, _ in able])
        self._add_cost()

    def _add_operation(
        self,
        number: int,
        on_lane: list[list[tuple[int, cp_model.BoolVarT, cp_model.IntervalVar]]],
    ) -> None:
        model, own = self.model, self.problem.operations[number]
        start = model.new_int_var(self.problem.earliest_start(number), self.horizon, "")
        end = model.new_int_var(0, self.horizon, "")
        longest = max(
            (
                self.problem.set_up_matrices[self.problem.lanes[lane].set_up_matrix].worst_into(
                    own.family
                )
                for lane, _ in own.alternatives
                if self.problem.lanes[lane].set_up_matrix >= 0
            ),
            default=0,
        )
        set_up = model.new_int_var(0, longest, "") if longest else 0
        self.starts.append(start)
        self.ends.append(end)
        self.set_ups.append(set_up)
        ways = []
        for lane, minutes in own.alternatives:
            is_on = model.new_bool_var("")
            interval = model.new_optional_interval_var(start, set_up + minutes, end, is_on, "")
            on_lane[lane].append((number, is_on, interval))
            ways.append(is_on)
        model.add_exactly_one(ways)
        for before in own.predecessors:
            model.add(self.ends[before] <= start)

    def _closed(self, lane: int) -> list[cp_model.IntervalVar]:
        opened = self.problem.lanes[lane]
        whole = ((0, self.horizon),)
        return [
            self.model.new_fixed_size_interval_var(start, end - start, "")
            for start, end in subtract(whole, subtract(opened.windows, opened.blocked))
        ]

    def _add_circuit(self, lane: int, able: Sequence[tuple[int, cp_model.BoolVarT]]) -> None:
        problem, model = self.problem, self.model
        initial = problem.lanes[lane].initial_family
        arcs: list[tuple[int, int, cp_model.LiteralT]] = [(0, 0, model.new_bool_var(""))]
        for at, (number, is_on) in enumerate(able, start=1):
            family = problem.operations[number].family
            is_first = model.new_bool_var("")
            arcs += [(0, at, is_first), (at, 0, model.new_bool_var("")), (at, at, ~is_on)]
            first = problem.set_up_min(lane, initial, family)
            model.add(self.set_ups[number] == first).only_enforce_if(is_first)
            for other_at, (other, _) in enumerate(able, start=1):
                if other == number:
                    continue
                follows = model.new_bool_var("")
                arcs.append((other_at, at, follows))
                minutes = problem.set_up_min(lane, problem.operations[other].family, family)
                model.add(self.set_ups[number] == minutes).only_enforce_if(follows)
                model.add(self.ends[other] <= self.starts[number]).only_enforce_if(follows)
        model.add_circuit(arcs)
        self.arcs += len(arcs)

    def _add_cost(self) -> None:
        late = []
        ends: dict[int, list[int]] = {}
        for number, own in enumerate(self.problem.operations):
            ends.setdefault(own.job, []).append(number)
        for job, numbers in ends.items():
            unit = self.problem.jobs[job]
            if unit.due is None:
                continue
            tardiness = self.model.new_int_var(0, self.horizon, "")
            for number in numbers:
                self.model.add(tardiness >= self.ends[number] - unit.due)
            late.append(unit.weight * tardiness)
        self.model.minimize(sum(late))
