"""From rows to a problem of the engine."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from cosmo.lib.expressions import Scope
from production.compile import RoutedOperation, route_unit, scope_of_unit
from production.freezing import has_begun
from production.lifecycle import DispatchStatus, OperationStatus
from production.models import HeldUnit
from production.planning.facts import settled
from production.planning.freezing import frozen
from production.planning.ground import Ground
from production.planning.mixing import mix_rules_of, scopes_of_work_orders
from production.planning.snapshot import Owner, Snapshot
from production.scheduling.calendar import minutes_after
from production.scheduling.problem import (
    FAR,
    Job,
    Placement,
    Problem,
    SequenceClass,
)
from production.scheduling.problem import Operation as Step
from production.selectors.bookings import HORIZON
from production.selectors.open_work import (
    OpenBooking,
    OpenOperation,
    OpenWork,
    OpenWorkOrder,
    read_open_work,
)

SOLD_WEIGHT = 1000  # of a work order; a hold weighs 1, and many that outlast their time delay none
RUSH_WEIGHT = 5  # of each minute until a rush order is made
SPARE = timedelta(days=60)
OVERRUN_PERCENT = 10  # a step that should have ended is expected to take so much longer yet


def read_snapshot(plant_id: int, *, is_lenient: bool = False) -> Snapshot:
    """The plant's open work as a problem; six statements when the process is warm.

    Args:
        is_lenient: For when there is no plan otherwise: what the line has may change lane and
            order, nothing is frozen, and the horizon is as far as promises reach.
    """
    return _Builder(read_open_work(plant_id), is_lenient=is_lenient).build()


class _Builder:
    """Collects lanes, jobs and steps while a snapshot is built."""

    def __init__(self, work: OpenWork, *, is_lenient: bool) -> None:
        self.work = work
        self.is_lenient = is_lenient
        self.ground = Ground(work)
        self.jobs: list[Job] = []
        self.steps: list[Step] = []
        self.owners: list[Owner] = []
        self.work_orders: list[OpenWorkOrder | None] = []
        self.after: dict[str, tuple[str, ...]] = {}  # codes, by the text they are stored as
        self.previous: dict[int, Placement] = {}
        self.fresh: set[int] = set()
        self.centres: list[str] = []  # by step
        # Until when each lane is taken by what runs on it, in minutes.
        self.running_until: dict[int, int] = {}

    def build(self) -> Snapshot:
        for _, operations in groupby(self.work.operations, key=lambda one: one.work_order.pk):
            self._add_work_order(list(operations))
        for held in self.work.held:
            self._add_held(held)
        ground = self.ground
        if not self.is_lenient:
            self.steps = frozen(self.steps, self.jobs, self._near(), ground)
        self.steps = settled(self.steps, ground.oven_of_lane())
        remnants = ground.remnants(self.steps)
        return Snapshot(
            work=self.work,
            floor=ground.floor,
            origin=ground.origin,
            problem=Problem(
                lanes=tuple(ground.engine_lanes(self._horizon(), remnants)),
                jobs=tuple(self.jobs),
                operations=tuple(self.steps),
                set_up_matrices=ground.matrices(),
                transfer_min=ground.transfer_min(),
                mix_rules=mix_rules_of(ground, self.centres, self.steps, self._scopes()),
            ),
            owners=tuple(self.owners),
            work_orders=tuple(self.work_orders),
            previous=self.previous,
            fresh=frozenset(self.fresh),
            remnants=tuple(remnants),
            lane_ids=tuple(lane.id for lane in ground.lanes),
        )

    def _near(self) -> dict[int, Placement]:
        """Sold work that the published plan begins within the frozen horizon, or should have."""
        until = self.ground.floor.book.frozen_horizon_min
        if not until:
            return {}
        return {
            number: place
            for number, place in self.previous.items()
            if place.start < until
            and self.owners[number].operation is not None
            and number not in self.fresh
        }

    def _scopes(self) -> Mapping[int, Scope]:
        """By job the unit's choices; one statement, and only where a line has mix rules."""
        if not any(line.mix_rules for line in self.ground.floor.book.lines):
            return {}
        scopes = scopes_of_work_orders(self.work_orders)
        held = iter(self.work.held)
        for job, work_order in enumerate(self.work_orders):
            if work_order is None:
                one = next(held)
                scopes[job] = scope_of_unit(one.engineering, one.unit.line.selection)
        return scopes

    def _horizon(self) -> timedelta:
        """Far enough for everything that is booked to be done much later, and no further: every
        window costs the solver time.
        """
        if self.is_lenient:
            return HORIZON
        last = max((place.end for place in self.previous.values()), default=0)
        return min(HORIZON, timedelta(minutes=max(0, last)) + SPARE)

    # Work orders

    def _add_work_order(self, operations: Sequence[OpenOperation]) -> None:
        work_order = operations[0].work_order
        is_rush = work_order.is_rush
        job = self._add_job(
            Job(
                name=work_order.serial,
                release=self._release(work_order.release_at, _open_until(operations)),
                # A rush order is late from now on, by a weight that breaks no other's promise.
                due=0 if is_rush else self._due(work_order.due_at),
                weight=RUSH_WEIGHT if is_rush else SOLD_WEIGHT,
                priority=2 if is_rush else 1,
            ),
            work_order,
        )
        first = len(self.steps)
        number_of = {one.code: first + place for place, one in enumerate(operations)}
        if self._is_fresh(work_order):
            self.fresh.update(number_of.values())
        for operation in operations:
            after = self._waits(operation.after, number_of)
            booking = operation.booking
            self._note_previous(operation, booking)
            self.centres.append(self.ground.centre_of[operation.work_centre_id])
            self.steps.append(self._step(job, operation, booking, after))
            self.owners.append(
                Owner(
                    code=operation.code,
                    unit_id=work_order.unit_id,
                    set_up_family=operation.set_up_family,
                    booking=booking,
                    operation=operation,
                )
            )

    def _waits(self, text: str, number_of: Mapping[str, int]) -> tuple[int, ...]:
        codes = self.after.get(text)
        if codes is None:
            codes = self.after[text] = tuple(json.loads(text))
        return tuple(number_of[code] for code in codes if code in number_of)

    def _is_fresh(self, work_order: OpenWorkOrder) -> bool:
        planned_at = self.work.plant.planned_at
        return work_order.is_rush or planned_at is None or work_order.created_at > planned_at

    def _due(self, moment: datetime) -> int:
        """Rounded so that keeping the minute keeps the moment."""
        return -minutes_after(moment, self.ground.origin)

    def _release(self, *moments: datetime | None) -> int:
        """The minute from which it may be worked on: its components are there, and its customer
        can change it no more."""
        return max([0, *(self.ground.minute(one) for one in moments if one is not None)])

    def _add_job(self, job: Job, work_order: OpenWorkOrder | None) -> int:
        self.jobs.append(job)
        self.work_orders.append(work_order)
        return len(self.jobs) - 1

    def _note_previous(self, operation: OpenOperation, booking: OpenBooking | None) -> None:
        if booking is not None and operation.status == OperationStatus.PLANNED:
            self.previous[len(self.steps)] = self.ground.placement(booking)

    def _step(
        self,
        job: int,
        operation: OpenOperation,
        booking: OpenBooking | None,
        after: tuple[int, ...],
    ) -> Step:
        centre = self.ground.centre_of[operation.work_centre_id]
        alternatives = self.ground.stored_alternatives(centre, operation.alternatives)
        family = self.ground.family(centre, operation.set_up_family)
        if operation.status == OperationStatus.RUNNING:
            fixed = self._running(operation, booking, alternatives)
        elif operation.is_pinned and booking is not None and booking.lower >= self.ground.origin:
            fixed = self.ground.placement(booking)
        else:
            fixed = None
        if fixed is not None:
            return Step(
                job=job,
                alternatives=alternatives,
                family=family,
                # What has begun asks nothing of those before it; a pin does.
                predecessors=() if operation.status == OperationStatus.RUNNING else after,
                sequence=SequenceClass.FIXED,
                fixed=fixed,
                name=operation.code,
                second=self.ground.second(centre),
            )
        sent_lane = self._sent_lane(operation, booking, alternatives)
        return Step(
            job=job,
            alternatives=alternatives,
            family=family,
            predecessors=after,
            sequence=SequenceClass.FREE if sent_lane < 0 else SequenceClass.SENT,
            sent_lane=sent_lane,
            sent_rank=self.ground.minute(booking.lower) if booking and sent_lane >= 0 else 0,
            name=operation.code,
            second=self.ground.second(centre),
        )

    def _sent_lane(
        self,
        operation: OpenOperation,
        booking: OpenBooking | None,
        alternatives: tuple[tuple[int, int], ...],
    ) -> int:
        """The lane on which the line has it waiting; -1 for none."""
        if self.is_lenient or booking is None:
            return -1
        if operation.work_order.dispatch != DispatchStatus.ACCEPTED:
            return -1
        place = self.ground.placement(booking)
        if self.ground.stands_still(place):
            return -1  # the line is told where else
        return place.lane if place.lane in dict(alternatives) else -1

    def _running(
        self,
        operation: OpenOperation,
        booking: OpenBooking | None,
        alternatives: tuple[tuple[int, int], ...],
    ) -> Placement:
        """Where a started operation stands, and until when it is expected to.

        Its booking says where, as far as the lane was free when it began. Two of them on one lane,
        which a line may report and a plan cannot hold, stand one after the other.
        """
        if booking is not None:
            planned = self.ground.placement(booking)
        else:
            planned = Placement(alternatives[0][0], 0, 0, alternatives[0][1])
        lane, length = planned.lane, planned.end - planned.start
        begun = -minutes_after(operation.started_at or self.ground.origin, self.ground.origin)
        free_from = self._free_from(lane)
        start = max(planned.start if planned.start <= 0 else begun, free_from)
        is_first = lane not in self.running_until
        overrun = max(1, length * OVERRUN_PERCENT // 100)
        end = max(start + length, overrun) if is_first else start + length
        for since, until in self.ground.downtimes.get(lane, ()):
            if since < end and start < until:
                end += until - max(since, start)  # it goes on once the resource works again
        self.running_until[lane] = end
        set_up = min(planned.set_up, end - start - 1)
        return Placement(lane, start, set_up, end, planned.second_lane)

    def _free_from(self, lane: int) -> int:
        """The minute before which a lane is taken by what is done or runs."""
        if lane in self.running_until:
            return self.running_until[lane]
        history = self.work.history.get(self.ground.lanes[lane].id)
        return min(self.ground.minute(history.ended_at), 0) if history else -FAR

    # Held units

    def _add_held(self, held: HeldUnit) -> None:
        """Capacity that is kept is planned like work, each step with its worst set-up inside, so
        that whatever it becomes fits where it stands. Whose time came before it was paid (in a
        demonstration a hold may outlast its plant days) goes behind what is sold.
        """
        routing = route_unit(held.engineering, held.unit.line.selection)
        due = self._due(held.due_at)
        own = Job(
            name=held.unit.serial,
            release=self._release(held.material_at, held.change_until),
            due=due if due > 0 else None,
        )
        job = self._add_job(own, None)
        first = len(self.steps)
        number_of = {one.code: first + place for place, one in enumerate(routing)}
        mine = [self.work.hold_bookings.get((held.unit_id, one.code)) for one in routing]
        if any(one is not None and one.lower < self.ground.origin for one in mine):
            self.fresh.update(number_of.values())
        for routed in routing:
            self._add_held_step(job, held, routed, number_of)

    def _add_held_step(
        self, job: int, held: HeldUnit, routed: RoutedOperation, number_of: Mapping[str, int]
    ) -> None:
        worst = self.ground.floor.centre(routed.work_centre).set_up.worst_into(
            routed.set_up_family or None
        )
        booking = self.work.hold_bookings.get((held.unit_id, routed.code))
        if booking is not None:
            place = self.ground.placement(booking)
            self.previous[len(self.steps)] = Placement(place.lane, place.start, 0, place.end)
        lanes = self.ground.alternatives(routed.work_centre, routed.alternatives)
        self.centres.append(routed.work_centre)
        self.steps.append(
            Step(
                job=job,
                alternatives=tuple((lane, minutes + worst) for lane, minutes in lanes),
                predecessors=tuple(number_of[code] for code in routed.after),
                name=routed.code,
                second=self.ground.second(routed.work_centre),
            )
        )
        self.owners.append(
            Owner(
                code=routed.code,
                unit_id=held.unit_id,
                set_up_family=routed.set_up_family,
                booking=booking,
                held=held,
                set_up_min=worst,
            )
        )


def _open_until(operations: Sequence[OpenOperation]) -> datetime | None:
    """Until when its customer may change it; once it has begun nothing waits for that any more."""
    work_order = operations[0].work_order
    return None if has_begun(work_order.status, operations) else work_order.change_until
