"""A whole shop as one CP-SAT model: the yardstick, the finisher and the oracle of the tests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event, Thread
from time import sleep

from ortools.sat.python import cp_model

from production.scheduling.instances.plan import Stand
from production.scheduling.instances.shop import Shop
from production.scheduling.stop import Stop, never

ASKED_EVERY_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Answer:
    """What CP-SAT knows: a plan or none, the bound, whether the plan is proven best."""

    stands: tuple[Stand, ...] | None
    objective: int | None
    bound: int
    is_proven: bool


class ShopModel:
    """Intervals with a literal for each alternative; a circuit a machine where there are set-ups.

    With weighted tardiness every job has a variable for its minutes late.
    """

    def __init__(self, shop: Shop, horizon: int) -> None:
        self.shop = shop
        self.model = cp_model.CpModel()
        self.horizon = horizon
        size = range(shop.size)
        self.starts = [self.model.new_int_var(0, horizon, f"start {n}") for n in size]
        self.ends = [self.model.new_int_var(0, horizon, f"end {n}") for n in size]
        self.is_on: list[dict[int, cp_model.BoolVarT]] = [{} for _ in size]
        on_machine: list[list[int]] = [[] for _ in range(shop.machines)]
        intervals: list[list[cp_model.IntervalVar]] = [[] for _ in range(shop.machines)]
        for number, (_, position, options) in enumerate(shop.operations()):
            if position:
                self.model.add(self.ends[number - 1] <= self.starts[number])
            for machine, minutes in options:
                literal = self._literal(number, machine, len(options) == 1)
                on_machine[machine].append(number)
                intervals[machine].append(
                    self.model.new_optional_interval_var(
                        self.starts[number], minutes, self.ends[number], literal, f"{number}"
                    )
                )
            self.model.add_exactly_one(self.is_on[number].values())
        for machine in range(shop.machines):
            self.model.add_no_overlap(intervals[machine])
            if shop.set_ups is not None:
                self._circuit(machine, on_machine[machine])
        self._objective()

    def _literal(self, number: int, machine: int, is_sure: bool) -> cp_model.BoolVarT:
        literal: cp_model.BoolVarT
        if is_sure:
            literal = self.model.new_constant(1)
        else:
            literal = self.model.new_bool_var(f"{number} on {machine}")
        self.is_on[number][machine] = literal
        return literal

    def _circuit(self, machine: int, numbers: Sequence[int]) -> None:
        assert self.shop.set_ups is not None  # noqa: S101  asked by the caller
        if not numbers:
            return
        arcs: list[tuple[int, int, cp_model.LiteralT]] = []
        for at, number in enumerate(numbers, start=1):
            arcs.append((0, at, self.model.new_bool_var("")))
            arcs.append((at, 0, self.model.new_bool_var("")))
            arcs.append((at, at, ~self.is_on[number][machine]))
            for other_at, other in enumerate(numbers, start=1):
                if other == number:
                    continue
                follows = self.model.new_bool_var("")
                arcs.append((at, other_at, follows))
                needed = int(self.shop.set_ups[machine, number, other])
                if needed >= self.horizon:
                    self.model.add(follows == 0)
                else:
                    self.model.add(
                        self.starts[other] >= self.ends[number] + needed
                    ).only_enforce_if(follows)
        arcs.append((0, 0, self.model.new_bool_var("")))
        self.model.add_circuit(arcs)

    def _objective(self) -> None:
        lasts, number = [], -1
        for job in self.shop.jobs:
            number += len(job)
            lasts.append(self.ends[number])
        if not self.shop.due:
            makespan = self.model.new_int_var(0, self.horizon, "makespan")
            self.model.add_max_equality(makespan, lasts)
            self.model.minimize(makespan)
            return
        late = [self.model.new_int_var(0, self.horizon, "late") for _ in lasts]
        for minutes, last, due in zip(late, lasts, self.shop.due, strict=True):
            self.model.add(minutes >= last - due)
        self.model.minimize(cp_model.LinearExpr.weighted_sum(late, list(self.shop.weights)))

    def hint(self, stands: Sequence[Stand]) -> None:
        for number, stand in enumerate(stands):
            self.model.add_hint(self.starts[number], stand.start)
            self.model.add_hint(self.ends[number], stand.end)
            for machine, literal in self.is_on[number].items():
                if len(self.is_on[number]) > 1:
                    self.model.add_hint(literal, machine == stand.machine)

    def stands(self, solver: cp_model.CpSolver) -> tuple[Stand, ...]:
        """The plan with each set-up right before its run."""
        starts = [int(solver.value(start)) for start in self.starts]
        ends = [int(solver.value(end)) for end in self.ends]
        on = [next(m for m, yes in ways.items() if solver.value(yes)) for ways in self.is_on]
        needed = [0] * len(starts)
        if self.shop.set_ups is not None:
            last: dict[int, int] = {}
            for number in sorted(range(len(starts)), key=lambda n: (starts[n], ends[n])):
                machine = on[number]
                if machine in last:
                    needed[number] = int(self.shop.set_ups[machine, last[machine], number])
                last[machine] = number
        rows = zip(on, needed, starts, ends, strict=True)
        return tuple(Stand(machine, start - gap, start, end) for machine, gap, start, end in rows)


def raw_cp_sat(
    shop: Shop,
    *,
    workers: int = 8,
    seed: int = 1,
    stop: Stop = never,
    hint: Sequence[Stand] | None = None,
    heard: Callable[[int], None] = lambda cost: None,
) -> Answer:
    """The best plan CP-SAT finds until ``stop``, which is asked every hundredth of a second."""
    built = ShopModel(shop, _horizon(shop, hint))
    if hint is not None:
        built.hint(hint)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    status = solve_until(built.model, solver, stop, heard)
    bound = max(0, round(solver.best_objective_bound))
    if status not in (int(cp_model.OPTIMAL), int(cp_model.FEASIBLE)):
        return Answer(None, None, bound, False)
    objective = round(solver.objective_value)
    return Answer(built.stands(solver), objective, bound, status == int(cp_model.OPTIMAL))


class _Heard(cp_model.CpSolverSolutionCallback):
    def __init__(self, heard: Callable[[int], None]) -> None:
        super().__init__()
        self.heard = heard

    def on_solution_callback(self) -> None:
        self.heard(round(self.objective_value))


def solve_until(
    model: cp_model.CpModel,
    solver: cp_model.CpSolver,
    stop: Stop,
    heard: Callable[[int], None] = lambda cost: None,
) -> int:
    """Solve, stopped from beside as soon as ``stop`` says so."""
    ended = Event()

    def watch() -> None:
        while not ended.is_set():
            if stop():
                solver.stop_search()
            sleep(ASKED_EVERY_SECONDS)

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        return int(solver.solve(model, _Heard(heard)))
    finally:
        ended.set()
        watcher.join()


def _horizon(shop: Shop, hint: Sequence[Stand] | None) -> int:
    """No plan worth having is longer than one operation after the other, or than twice the hint
    (for the makespan: than the hint).
    """
    longest = sum(max(minutes for _, minutes in options) for _, _, options in shop.operations())
    if hint is not None and not shop.due:
        return max(stand.end for stand in hint)
    if shop.set_ups is not None:
        usual = [int(m) for m in shop.set_ups.ravel().tolist() if m < 1_000_000]
        longest += max(usual, default=0) * shop.size
    return longest
