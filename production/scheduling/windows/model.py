"""One window as a CP-SAT model: all rules of the problem for what is opened, exactly its cost."""

from collections.abc import Iterator, Mapping, Sequence

from ortools.sat.python import cp_model

from production.scheduling.calendar import merge, subtract
from production.scheduling.problem import Placement, Problem
from production.scheduling.solution import Weights
from production.scheduling.windows.choice import Opened

Literal = cp_model.LiteralT


class WindowModel:
    """Opened operations as optional intervals on their lanes between closed time and what stays.

    What follows the window keeps its run where it is; its set-up is counted anew and may begin
    earlier or later.
    """

    def __init__(
        self,
        problem: Problem,
        placements: Sequence[Placement],
        opened: Opened,
        objective: Weights,
        previous: Mapping[int, Placement],
    ) -> None:
        self.problem, self.placements, self.opened = problem, placements, opened
        self.model = cp_model.CpModel()
        self.inside = frozenset(opened.operations)
        self.starts: dict[int, cp_model.IntVar] = {}
        self.ends: dict[int, cp_model.IntVar] = {}
        self.is_on: dict[int, dict[int, Literal]] = {}
        self.intervals: dict[int, list[cp_model.IntervalVar]] = {n: [] for n in opened.lanes}
        self.costs: list[cp_model.LinearExprT] = []
        self.set_up_cost = objective.set_up
        self.border_set_up: dict[int, list[tuple[Literal, int]]] = {}
        self._add_operations()
        self._add_lanes()
        self._add_precedence()
        self._add_costs(objective, previous)
        self.model.minimize(sum(self.costs))

    def _add_operations(self) -> None:
        since, until = self.opened.since, self.opened.until
        for number in self.opened.operations:
            own, place = self.problem.operations[number], self.placements[number]
            lowest = min(max(since, self.problem.earliest_start(number)), place.start)
            start = self.model.new_int_var(lowest, until, f"start {number}")
            end = self.model.new_int_var(lowest, until, f"end {number}")
            self.starts[number], self.ends[number] = start, end
            self.model.add_hint(start, place.start)
            self.model.add_hint(end, place.end)
            ways: dict[int, Literal] = {}
            for lane, minutes in own.alternatives:
                if lane not in self.opened.lanes or minutes > until - since:
                    continue
                is_on = self.model.new_bool_var(f"{number} on {lane}")
                self.model.add_hint(is_on, lane == place.lane)
                size: cp_model.LinearExprT = minutes
                if self.problem.lanes[lane].set_up_matrix >= 0:
                    size = self.model.new_int_var(minutes, until - since, "")
                self.intervals[lane].append(
                    self.model.new_optional_interval_var(start, size, end, is_on, "")
                )
                ways[lane] = is_on
            self.model.add_exactly_one(ways.values())
            self.is_on[number] = ways

    def _add_lanes(self) -> None:
        since, until = self.opened.since, self.opened.until
        standing: dict[int, list[int]] = {lane: [] for lane in self.opened.lanes}
        for number, place in enumerate(self.placements):
            if place.lane in standing and number not in self.inside:
                standing[place.lane].append(number)
        for lane in sorted(self.opened.lanes):
            numbers = sorted(standing[lane], key=lambda n: self._key(n))
            during = [n for n in numbers if self._meets(n)]
            taken = [(self.placements[n].start, self.placements[n].end) for n in during]
            for start, end in merge([*self._closed(lane), *taken]):
                self._stand(lane, start, end)
            self.model.add_no_overlap(self.intervals[lane])
            if self.problem.lanes[lane].set_up_matrix >= 0:
                before = [n for n in numbers if self.placements[n].end <= since]
                after = [n for n in numbers if self.placements[n].start >= until]
                self._add_sequence(lane, before[-1:], during, after[:1])

    def _key(self, number: int) -> tuple[int, int, int]:
        return self.placements[number].start, self.placements[number].end, number

    def _meets(self, number: int) -> bool:
        place = self.placements[number]
        return place.start < self.opened.until and self.opened.since < place.end

    def _closed(self, lane: int) -> Iterator[tuple[int, int]]:
        own = self.problem.lanes[lane]
        stretch = ((self.opened.since, self.opened.until),)
        yield from subtract(stretch, subtract(own.windows, own.blocked))

    def _stand(self, lane: int, start: int, end: int) -> None:
        self.intervals[lane].append(self.model.new_fixed_size_interval_var(start, end - start, ""))

    def _add_sequence(
        self, lane: int, before: Sequence[int], during: Sequence[int], after: Sequence[int]
    ) -> None:
        """A circuit through the opened and the standing; node 0 is what was before."""
        movable = [n for n in self.opened.operations if lane in self.is_on[n]]
        nodes = [*movable, *during, *after]
        families = [self.problem.operations[n].family for n in nodes]
        first_family = self.problem.lanes[lane].initial_family
        if before:
            first_family = self.problem.operations[before[0]].family
        arcs: list[tuple[int, int, Literal]] = [(0, 0, self.model.new_bool_var(""))]
        for at, number in enumerate(nodes, start=1):
            is_on = self.is_on[number][lane] if number in self.inside else None
            if is_on is not None:
                arcs.append((at, at, ~is_on))
            arcs.append((at, 0, self.model.new_bool_var("")))
            into = [(0, first_family, before[0] if before else -1)]
            into += [
                (other_at, families[other_at - 1], other)
                for other_at, other in enumerate(nodes, start=1)
                if other_at != at
            ]
            for from_at, family, other in into:
                literal = self._arc(lane, family, other, number)
                if literal is not None:
                    arcs.append((from_at, at, literal))
        self.model.add_circuit(arcs)

    def _arc(self, lane: int, family: int, before: int, number: int) -> Literal | None:
        """That ``number`` comes right after ``before``; None: it must not."""
        own = self.problem.operations[number]
        needed = self.problem.set_up_min(lane, family, own.family)
        if number in self.inside:
            literal = self.model.new_bool_var("")
            minutes = own.duration_on(lane)
            size = self.ends[number] - self.starts[number]
            self.model.add(size == needed + (minutes or 0)).only_enforce_if(literal)
            if before in self.inside:
                self.model.add(self.starts[number] >= self.ends[before]).only_enforce_if(literal)
            elif before >= 0:
                end = self.placements[before].end
                self.model.add(self.starts[number] >= end).only_enforce_if(literal)
        else:
            if not self._allows(lane, number, before, needed):
                return None
            literal = self.model.new_bool_var("")
            if before in self.inside:
                latest = self._start_with(number, needed)
                self.model.add(self.ends[before] <= latest).only_enforce_if(literal)
            if own.fixed is None:
                self.border_set_up.setdefault(number, []).append((literal, needed))
        if needed and self.set_up_cost and own.fixed is None:
            self.costs.append(self.set_up_cost * needed * literal)
        return literal

    def _start_with(self, number: int, set_up: int) -> int:
        """When something that stays begins, if that is its set-up."""
        if self.problem.operations[number].fixed is not None:
            return self.placements[number].start
        return self.placements[number].run_start - set_up

    def _allows(self, lane: int, number: int, before: int, needed: int) -> bool:
        """Whether something that stays could have that set-up where it stands."""
        own, place = self.problem.operations[number], self.placements[number]
        was_before = before >= 0 and before not in self.inside
        if own.fixed is not None:
            if was_before and self.placements[before].end > place.start:
                return False
            is_free = was_before and self.problem.operations[before].fixed is not None
            return is_free or before == -1 or needed <= place.set_up
        start = self._start_with(number, needed)
        if was_before and self.placements[before].end > start:
            return False
        if start < self.problem.earliest_start(number):
            return False
        for earlier in own.predecessors:
            if earlier not in self.inside:
                transfer = self.problem.transfer_between(self.placements[earlier].lane, lane)
                if self.placements[earlier].end + transfer > start:
                    return False
        lane_own = self.problem.lanes[lane]
        windows = subtract(lane_own.windows, lane_own.blocked)
        return any(opens <= start and place.end <= closes for opens, closes in windows)

    def _add_precedence(self) -> None:
        for number, own in enumerate(self.problem.operations):
            for before in own.predecessors:
                if number in self.inside:
                    self._after(number, before)
                elif before in self.inside:
                    self._before(before, number)

    def _after(self, number: int, before: int) -> None:
        """An opened operation after one of its predecessors."""
        for lane, is_on in self.is_on[number].items():
            if before not in self.inside:
                place = self.placements[before]
                transfer = self.problem.transfer_between(place.lane, lane)
                self.model.add(self.starts[number] >= place.end + transfer).only_enforce_if(is_on)
                continue
            for other, was_on in self.is_on[before].items():
                transfer = self.problem.transfer_between(other, lane)
                self.model.add(self.starts[number] >= self.ends[before] + transfer).only_enforce_if(
                    is_on, was_on
                )

    def _before(self, before: int, number: int) -> None:
        """An opened operation before a successor that stays."""
        place, own = self.placements[number], self.problem.operations[number]
        if own.fixed is not None and own.fixed.start <= 0:
            return
        for lane, is_on in self.is_on[before].items():
            transfer = self.problem.transfer_between(lane, place.lane)
            self.model.add(self.ends[before] + transfer <= place.start).only_enforce_if(is_on)
            for literal, needed in self.border_set_up.get(number, ()):
                self.model.add(
                    self.ends[before] + transfer <= place.run_start - needed
                ).only_enforce_if(is_on, literal)

    def _add_costs(self, objective: Weights, previous: Mapping[int, Placement]) -> None:
        standing: dict[int, int] = {}
        opened: dict[int, list[cp_model.IntVar]] = {}
        for number, own in enumerate(self.problem.operations):
            if number in self.inside:
                opened.setdefault(own.job, []).append(self.ends[number])
            else:
                reached = self.placements[number].end
                standing[own.job] = max(reached, standing.get(own.job, reached))
        far = max((self.opened.until, *standing.values()))
        for job, ends in sorted(opened.items()):
            due = self.problem.jobs[job].due
            if (objective.tardiness or objective.late) and due is not None:
                least = max(0, standing.get(job, due) - due)
                late = self.model.new_int_var(least, max(least, far - due), "")
                for end in ends:
                    self.model.add(late >= end - due)
                weight = self.problem.jobs[job].weight
                self.costs.append(objective.tardiness * weight * late)
                if objective.late:
                    is_late = self.model.new_bool_var("")
                    self.model.add(late == 0).only_enforce_if(is_late.negated())
                    self.costs.append(objective.late * weight * is_late)
        if objective.makespan:
            makespan = self.model.new_int_var(max(standing.values(), default=0), far, "")
            for end in self.ends.values():
                self.model.add(makespan >= end)
            self.costs.append(objective.makespan * makespan)
        if objective.move:
            self._add_moves(objective, previous)

    def _add_moves(self, objective: Weights, previous: Mapping[int, Placement]) -> None:
        for number in self.opened.operations:
            was = previous.get(number)
            if was is None:
                continue
            stays = self.model.new_bool_var("")
            self.costs.append(objective.move * (1 - stays))
            is_on = self.is_on[number].get(was.lane)
            minutes = self.problem.operations[number].duration_on(was.lane)
            if is_on is None or minutes is None:
                self.model.add(stays == 0)
                continue
            self.model.add_implication(stays, is_on)
            run_start = self.ends[number] - minutes
            earliest = was.run_start - objective.tolerance_min
            self.model.add(run_start >= earliest).only_enforce_if(stays)
            latest = was.run_start + objective.tolerance_min
            self.model.add(run_start <= latest).only_enforce_if(stays)

    def placed(self, solver: cp_model.CpSolver) -> list[Placement]:
        """The whole plan with the solution in it."""
        plan = list(self.placements)
        for number in self.opened.operations:
            lane = next(n for n, is_on in self.is_on[number].items() if solver.boolean_value(is_on))
            start, end = solver.value(self.starts[number]), solver.value(self.ends[number])
            minutes = self.problem.operations[number].duration_on(lane) or 0
            plan[number] = Placement(lane, start, end - start - minutes, end)
        for number, ways in self.border_set_up.items():
            for literal, needed in ways:
                if solver.boolean_value(literal):
                    place = plan[number]
                    plan[number] = Placement(
                        place.lane, place.run_start - needed, needed, place.end, place.second_lane
                    )
        return plan
