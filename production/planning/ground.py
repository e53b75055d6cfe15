"""The plant as the engine sees it: lanes by number, their set-ups, hours and histories."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property

from production.compile import FloorLane, floor_of
from production.models import ResourceLane
from production.planning.snapshot import Remnant, is_finished
from production.scheduling.calendar import merge, minutes_after
from production.scheduling.problem import NO_FAMILY, Lane, Placement, SetUpMatrix
from production.scheduling.problem import Operation as Step
from production.selectors.bookings import layout_windows
from production.selectors.downtimes import blocked_by_resource
from production.selectors.open_work import OpenBooking, OpenWork

NEAR = timedelta(days=30)


class Ground:
    """Lanes in use come first, retired ones after; minutes count from ``origin``."""

    def __init__(self, work: OpenWork) -> None:
        self.work = work
        self.floor = floor_of(work.plant)
        self.origin = work.now
        self.lanes = (*self.floor.lanes, *self.floor.retired)
        self.lane_number = {lane.id: number for number, lane in enumerate(self.lanes)}
        self.centre_of = {row: code for code, row in self.floor.work_centre_ids.items()}
        self.centres = list(self.floor.book.work_centres)
        self.families = self._families()
        self.places = sorted({one.place for one in self.floor.book.work_centres.values()})
        self._crews: dict[str, tuple[int, ...]] = {}
        self._able: dict[tuple[str, str], tuple[tuple[int, int], ...]] = {}
        self.resources = list(dict.fromkeys((one.work_centre, one.resource) for one in self.lanes))

    def minute(self, moment: datetime) -> int:
        """Whole minutes after the origin, rounded up."""
        return minutes_after(self.origin, moment)

    def family(self, centre: str, name: str) -> int:
        return self.families[centre].index(name) if name else NO_FAMILY

    def placement(self, booking: OpenBooking) -> Placement:
        start, end = self.minute(booking.lower), self.minute(booking.upper)
        set_up = min(booking.set_up_min, end - start - 1)
        second = -1
        if booking.second_lane_id is not None:
            second = self.lane_number[booking.second_lane_id]
        return Placement(self.lane_number[booking.lane_id], start, set_up, end, second)

    def second(self, centre: str) -> tuple[int, ...]:
        """Lanes of the crew that works there."""
        if centre not in self._crews:
            crew = self.floor.crew_of(centre)
            self._crews[centre] = tuple(self.lane_number[lane.id] for lane in crew)
        return self._crews[centre]

    def transfer_min(self) -> tuple[tuple[int, ...], ...]:
        """From place to place; empty where nothing is moved far."""
        if len(self.places) < 2:
            return ()
        minutes = self.floor.book.transfers.minutes
        return tuple(tuple(minutes(one, other) for other in self.places) for one in self.places)

    def way_min(self, before: int, after: int) -> int:
        """Minutes from one lane's place to another's."""
        centres = self.floor.book.work_centres
        here, there = (
            centres[code].place if code in centres else ""  # a centre the plant has lost
            for code in (self.lanes[before].work_centre, self.lanes[after].work_centre)
        )
        return self.floor.book.transfers.minutes(here, there)

    def oven(self, lane: FloorLane) -> int:
        """The batch group of a lane; -1 for none."""
        if not self.floor.is_oven(lane):
            return -1
        return self.resources.index((lane.work_centre, lane.resource))

    def stored_alternatives(self, centre: str, text: str) -> tuple[tuple[int, int], ...]:
        """The same of resources and minutes as an operation has them stored; few texts differ."""
        found = self._able.get((centre, text))
        if found is None:
            wanted = [(resource, minutes) for resource, minutes in json.loads(text)]
            found = self._able[centre, text] = self.alternatives(centre, wanted)
        return found

    def alternatives(
        self, centre: str, wanted: Sequence[tuple[str, int]]
    ) -> tuple[tuple[int, int], ...]:
        """Lanes with minutes. Where the plant has lost them all: any lane of the work centre, at
        the pace of the slowest, so that the order can still be made.
        """
        found = [
            (self.lane_number[lane.id], minutes)
            for resource, minutes in wanted
            for lane in self.floor.lanes_of.get((centre, resource), ())
        ]
        if not found:
            slowest = max(minutes for _, minutes in wanted)
            known = [lane for lane in self.lanes if lane.work_centre == centre]
            in_use = [lane for lane in known if lane in self.floor.lanes] or known
            found = [(self.lane_number[lane.id], slowest) for lane in in_use]
        return tuple(found)

    def matrices(self) -> tuple[SetUpMatrix, ...]:
        """One a work centre, in the order of ``centres``."""
        return tuple(
            self.floor.centre(code).set_up.matrix(self.families[code]) for code in self.centres
        )

    def engine_lanes(self, horizon: timedelta, remnants: Sequence[Remnant]) -> Iterator[Lane]:
        until = self.origin + horizon
        windows = layout_windows(self.floor, self.origin, until)
        blocked = self._blocked(until, remnants)
        states = self._states()
        for number, lane in enumerate(self.lanes):
            centre = lane.work_centre
            is_known = centre in windows
            yield Lane(
                name=lane.name,
                windows=windows.get(centre, ()),
                blocked=blocked.get(number, ()),
                set_up_matrix=self.centres.index(centre) if is_known else -1,
                initial_family=states[number] if is_known else NO_FAMILY,
                work_centre=self.centres.index(centre) if is_known else len(self.centres),
                place=self._place(centre) if is_known else 0,
                batch=self.oven(lane),
            )

    def _place(self, centre: str) -> int:
        return self.places.index(self.floor.centre(centre).place)

    def _blocked(
        self, until: datetime, remnants: Sequence[Remnant]
    ) -> dict[int, tuple[tuple[int, int], ...]]:
        """By lane what is finished ahead of its time, planned maintenance and downtimes; of an
        oven, all of it on every lane.
        """
        found: dict[int, list[tuple[int, int]]] = {}
        for one in remnants:
            found.setdefault(one.place.lane, []).append((one.place.start, one.place.end))
        for lane_id, planned in self.floor.maintenance(self.origin, until).items():
            found.setdefault(self.lane_number[lane_id], []).extend(planned)
        for number, still in self.downtimes.items():
            found.setdefault(number, []).extend(still)
        for mates in self._oven_mates():
            together = [period for number in mates for period in found.get(number, ())]
            found.update((number, together) for number in mates if together)
        return {number: merge(periods) for number, periods in found.items()}

    @cached_property
    def downtimes(self) -> dict[int, list[tuple[int, int]]]:
        """By lane, when its resource stands still; two statements where any ever did."""
        if not self.work.plant.downtime_seq:
            return {}
        blocked = blocked_by_resource(self.work.plant.pk, self.origin)
        lanes = ResourceLane.objects.filter(
            plant_id=self.work.plant.pk, resource_id__in=blocked
        ).values_list("pk", "resource_id")
        return {
            self.lane_number[lane_id]: [
                (max(0, -minutes_after(begins, self.origin)), self.minute(ends))
                for begins, ends in blocked[resource_id]
            ]
            for lane_id, resource_id in lanes
        }

    @cached_property
    def closed(self) -> dict[int, list[tuple[int, int]]]:
        """By lane, downtimes and the maintenance that the plant document has within the frozen
        horizon and all that is near it.
        """
        until = self.origin + timedelta(minutes=self.floor.book.frozen_horizon_min) + NEAR
        found = {number: list(still) for number, still in self.downtimes.items()}
        for lane_id, planned in self.floor.maintenance(self.origin, until).items():
            found.setdefault(self.lane_number[lane_id], []).extend(planned)
        return found

    def stands_still(self, place: Placement) -> bool:
        """Whether its lane is in a downtime or maintenance at some moment of it."""
        return self._is_closed(place.lane, place)

    def crew_is_away(self, place: Placement) -> bool:
        """The same of the crew's lane that it takes."""
        return self._is_closed(place.second_lane, place)

    def _is_closed(self, lane: int, place: Placement) -> bool:
        return any(
            start < place.end and place.start < end for start, end in self.closed.get(lane, ())
        )

    def _states(self) -> list[int]:
        """By lane the family that stands on it; of an oven, the one that was in it last."""
        states = []
        for lane in self.lanes:
            history = self.work.history.get(lane.id)
            known = lane.work_centre in self.families
            states.append(
                self.family(lane.work_centre, history.family) if history and known else NO_FAMILY
            )
        for mates in self._oven_mates():
            seen = [n for n in mates if self.lanes[n].id in self.work.history]
            last = max(
                seen, key=lambda n: self.work.history[self.lanes[n].id].ended_at, default=None
            )
            for number in mates:
                states[number] = NO_FAMILY if last is None else states[last]
        return states

    def oven_of_lane(self) -> dict[int, int]:
        """By number of the lanes in ovens, the batch group."""
        return {n: self.oven(one) for n, one in enumerate(self.lanes) if self.floor.is_oven(one)}

    def _oven_mates(self) -> list[list[int]]:
        groups: dict[int, list[int]] = {}
        for number, oven in self.oven_of_lane().items():
            groups.setdefault(oven, []).append(number)
        return list(groups.values())

    def remnants(self, steps: Sequence[Step]) -> list[Remnant]:
        """A minute each for finished work whose booking still lies ahead: a line reported it where
        others were booked, or by a clock ahead of ours. Its history stays, its capacity does not.
        """
        taken: dict[int, list[tuple[int, int]]] = {}
        for step in steps:
            if step.fixed is not None:
                taken.setdefault(step.fixed.lane, []).append((step.fixed.start, step.fixed.end))
        remnants = []
        for booking in self.work.left_over:
            if not is_finished(booking) or booking.period.lower < self.origin:
                continue
            lane, minute = self.lane_number[booking.lane_id], 0
            for start, end in sorted(taken.setdefault(lane, [])):
                if minute + 1 <= start:
                    break
                minute = max(minute, end)
            taken[lane].append((minute, minute + 1))
            remnants.append(Remnant(booking, Placement(lane, minute, 0, minute + 1)))
        return remnants

    def _families(self) -> dict[str, list[str]]:
        """By work centre, every family that a lane can meet in this plan."""
        found: dict[str, set[str]] = {code: set() for code in self.floor.book.work_centres}
        for operation in self.work.operations:
            centre = self.centre_of[operation.work_centre_id]
            found.setdefault(centre, set()).add(operation.set_up_family)
        for lane_id, history in self.work.history.items():
            found.setdefault(self.floor.lane_of[lane_id].work_centre, set()).add(history.family)
        return {code: sorted(names - {""}) for code, names in found.items()}
