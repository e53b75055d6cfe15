"""The plant as the engine sees it: lanes by number, their set-ups, hours and histories."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from production.compile import floor_of
from production.models import Booking
from production.planning.snapshot import Remnant, is_finished
from production.scheduling.calendar import minutes_after
from production.scheduling.problem import NO_FAMILY, Lane, Placement, SetUpMatrix
from production.scheduling.problem import Operation as Step
from production.selectors.bookings import layout_windows
from production.selectors.open_work import OpenWork


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

    def minute(self, moment: datetime) -> int:
        """Whole minutes after the origin, rounded up."""
        return minutes_after(self.origin, moment)

    def family(self, centre: str, name: str) -> int:
        return self.families[centre].index(name) if name else NO_FAMILY

    def placement(self, booking: Booking) -> Placement:
        start, end = self.minute(booking.period.lower), self.minute(booking.period.upper)
        set_up = min(booking.set_up_min, end - start - 1)
        return Placement(self.lane_number[booking.lane_id], start, set_up, end)

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
        windows = layout_windows(self.floor, self.origin, self.origin + horizon)
        for lane in self.lanes:
            centre = lane.work_centre
            history = self.work.history.get(lane.id)
            is_known = centre in windows
            number = self.lane_number[lane.id]
            mine = [one.place for one in remnants if one.place.lane == number]
            yield Lane(
                name=lane.name,
                windows=windows.get(centre, ()),
                blocked=tuple(sorted((place.start, place.end) for place in mine)),
                set_up_matrix=self.centres.index(centre) if is_known else -1,
                initial_family=(
                    self.family(centre, history.family) if history and is_known else NO_FAMILY
                ),
                work_centre=self.centres.index(centre) if is_known else len(self.centres),
            )

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
