"""The frozen horizon: what is about to begin stays where people expect it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from production.planning.ground import Ground
from production.scheduling.problem import Job, Operation, Placement, SequenceClass


def frozen(
    steps: Sequence[Operation],
    jobs: Sequence[Job],
    near: Mapping[int, Placement],
    ground: Ground,
) -> list[Operation]:
    """The steps, with those of ``near`` fixed where they stand.

    One that cannot stay, because something before it has not ended, its lane is taken or its
    components come later or its crew is away, keeps its lane and its order there; one whose
    resource stands still or is maintained is free. Units in ovens are left to their batch.

    Args:
        near: By step, the published place within the horizon.
    """
    changed, taken = list(steps), _Taken(steps)
    ovens = ground.oven_of_lane()
    for number in sorted(near, key=lambda n: (near[n].start, n)):
        step, place = changed[number], near[number]
        if step.fixed is not None or place.lane in ovens or ground.stands_still(place):
            continue
        if place.lane not in dict(step.alternatives):
            continue
        can_stay = _can_stay(changed, jobs, number, place, ground)
        if can_stay and not ground.crew_is_away(place) and taken.is_free(place):
            taken.add(place)
            changed[number] = replace(
                step, sequence=SequenceClass.FIXED, fixed=place, sent_lane=-1, sent_rank=0
            )
        elif step.sequence == SequenceClass.FREE:
            changed[number] = replace(
                step,
                sequence=SequenceClass.SENT,
                sent_lane=place.lane,
                sent_rank=place.start,
            )
    return changed


def _can_stay(
    steps: Sequence[Operation],
    jobs: Sequence[Job],
    number: int,
    place: Placement,
    ground: Ground,
) -> bool:
    """Whether everything it waits for stands still too, and ends in time."""
    step = steps[number]
    if place.start < max(0, step.not_before, jobs[step.job].release):
        return False
    for before in step.predecessors:
        earlier = steps[before].fixed
        if earlier is None:
            return False
        if earlier.end + ground.way_min(earlier.lane, place.lane) > place.start:
            return False
    return True


class _Taken:
    """When lanes, of machines and of crews, are taken by what is fixed."""

    def __init__(self, steps: Sequence[Operation]) -> None:
        self.periods: dict[int, list[tuple[int, int]]] = {}
        for step in steps:
            if step.fixed is not None:
                self.add(step.fixed)

    def add(self, place: Placement) -> None:
        for lane in (place.lane, place.second_lane):
            if lane >= 0:
                self.periods.setdefault(lane, []).append((place.start, place.end))

    def is_free(self, place: Placement) -> bool:
        return not any(
            start < place.end and place.start < end
            for lane in (place.lane, place.second_lane)
            for start, end in self.periods.get(lane, ())
        )
