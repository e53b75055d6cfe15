"""What runs, as the engine can take it: lines report each unit of an oven by itself, and nobody
reports who of a crew stands where.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from production.scheduling.problem import Operation as Step
from production.scheduling.problem import Placement


def settled(steps: Sequence[Step], oven_of_lane: Mapping[int, int]) -> list[Step]:
    """Running units of one oven made one batch, and crews that would be at two places left out."""
    made = list(steps)
    for batch in _batches(made, oven_of_lane):
        places = [_fixed(made[number]) for number in batch]
        start, end = max(place.start for place in places), max(place.end for place in places)
        for number, place in zip(batch, places, strict=True):
            own = replace(place, start=start, set_up=0, end=end)
            made[number] = replace(made[number], fixed=own, family=made[batch[0]].family)
    taken_until: dict[int, int] = {}
    fixed = [number for number, step in enumerate(made) if step.fixed is not None]
    for number in sorted(fixed, key=lambda n: _fixed(made[n]).start):
        place = _fixed(made[number])
        if place.second_lane < 0:
            continue
        if taken_until.get(place.second_lane, place.start) > place.start:
            made[number] = replace(made[number], fixed=replace(place, second_lane=-1))
        else:
            taken_until[place.second_lane] = place.end
    return made


def _batches(steps: Sequence[Step], oven_of_lane: Mapping[int, int]) -> list[list[int]]:
    """What runs in each oven at this minute, where that is more than one unit."""
    inside: dict[int, list[int]] = {}
    for number, step in enumerate(steps):
        place = step.fixed
        if place is not None and place.lane in oven_of_lane and place.start <= 0 < place.end:
            inside.setdefault(oven_of_lane[place.lane], []).append(number)
    return [batch for batch in inside.values() if len(batch) > 1]


def _fixed(step: Step) -> Placement:
    if step.fixed is None:
        raise ValueError(f"step {step.name} is not fixed")
    return step.fixed
