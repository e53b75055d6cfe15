"""Everything random about a factory, drawn as whole arrays."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from production.scheduling.factories.recipe import Recipe
from production.scheduling.factories.shifts import DAY_MIN, open_later, open_min_per_day

Ints = npt.NDArray[np.int64]

SET_UPS_MET = 0.3
"""Share of operations of a work centre with colours that find another colour, roughly; sizes the
span over which units arrive.
"""


class Drawn(NamedTuple):
    """One row a unit (release to colour) or an operation (the others)."""

    release: Ints
    due: Ints
    weight: Ints
    colour: Ints
    unit: Ints
    work_centre: Ints
    lanes: Ints  # operations x alternatives
    minutes: Ints  # of the run there
    is_first: npt.NDArray[np.bool_]  # of its unit
    span_min: int  # until the last unit arrives


def draw(recipe: Recipe, rng: np.random.Generator) -> Drawn:
    steps = _steps(recipe, rng)
    units = len(steps)
    unit = np.repeat(np.arange(units), steps)
    work_centre = _paths(recipe, rng, steps)
    base = rng.integers(recipe.run_min[0], recipe.run_min[1] + 1, len(unit))
    lanes, minutes = _alternatives(recipe, rng, work_centre, base)
    span_min = _span(recipe, work_centre, minutes)
    arrives = np.sort(rng.integers(0, span_min + 1, units))
    release = np.where(rng.random(units) < recipe.backlog, 0, arrives)
    own_run = np.bincount(unit, weights=minutes.mean(axis=1), minlength=units)
    times = rng.uniform(*recipe.tightness, units)
    return Drawn(
        release=release,
        due=open_later(recipe, release, times * own_run),
        weight=1 + (recipe.heaviest * rng.random(units) ** 2).astype(np.int64),
        colour=rng.integers(0, recipe.families, units),
        unit=unit,
        work_centre=work_centre,
        lanes=lanes,
        minutes=minutes,
        is_first=np.concatenate(([True], unit[1:] != unit[:-1])),
        span_min=span_min,
    )


def colours_of(recipe: Recipe, scale: float) -> Ints:
    """Minutes from colour to colour, light to dark: a darker one needs little cleaning."""
    lowest, highest = recipe.set_up_min
    step = np.arange(recipe.families)[:, None] - np.arange(recipe.families)[None, :]
    to_lighter = np.clip(step, 0, None) / max(1, recipe.families - 1)
    minutes = scale * (lowest + (highest - lowest) * to_lighter)
    return np.where(step == 0, 0, np.rint(minutes)).astype(np.int64)


def has_set_ups(recipe: Recipe, work_centre: int) -> bool:
    """Spread evenly: with a share of a half, every other one."""
    share = recipe.set_up_share
    return int((work_centre + 1) * share) > int(work_centre * share)


def _steps(recipe: Recipe, rng: np.random.Generator) -> Ints:
    """Operations of each unit; together exactly as many as the recipe says."""
    fewest, most = recipe.steps
    drawn = rng.integers(fewest, most + 1, recipe.operations // fewest + 1)
    units = int(np.searchsorted(np.cumsum(drawn), recipe.operations)) + 1
    steps = drawn[:units].copy()
    steps[-1] -= steps.sum() - recipe.operations
    return steps


def _paths(recipe: Recipe, rng: np.random.Generator, steps: Ints) -> Ints:
    """The work centres of every unit, ascending, flat."""
    units = len(steps)
    shuffled = rng.random((units, recipe.work_centres)).argsort(axis=1)
    is_taken = np.arange(recipe.work_centres)[None, :] < steps[:, None]
    shuffled[~is_taken] = recipe.work_centres
    shuffled.sort(axis=1)
    return shuffled[is_taken]


def _alternatives(
    recipe: Recipe, rng: np.random.Generator, work_centre: Ints, base: Ints
) -> tuple[Ints, Ints]:
    """Neighbouring lanes of the work centre, and the run on each by its speed."""
    pace = 1 + recipe.speeds * rng.uniform(-1, 1, recipe.work_centres * recipe.resources)
    first = rng.integers(0, recipe.resources, len(base))
    if recipe.alternatives == recipe.resources:
        first[:] = 0
    turn = (first[:, None] + np.arange(recipe.alternatives)) % recipe.resources
    lanes = work_centre[:, None] * recipe.resources + turn
    return lanes, np.maximum(1, np.rint(base[:, None] * pace[lanes])).astype(np.int64)


def _span(recipe: Recipe, work_centre: Ints, minutes: Ints) -> int:
    """Minutes in which the units arrive, so that the fullest work centre has the recipe's load."""
    work = np.bincount(work_centre, weights=minutes.mean(axis=1), minlength=recipe.work_centres)
    count = np.bincount(work_centre, minlength=recipe.work_centres)
    for number in range(recipe.work_centres):
        if has_set_ups(recipe, number):
            mean = colours_of(recipe, 1.0).mean()
            work[number] += SET_UPS_MET * mean * count[number]
    days = work.max() / (recipe.resources * open_min_per_day(recipe) * recipe.load)
    return int(days * DAY_MIN)
