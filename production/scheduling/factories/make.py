"""From drawn arrays to the problem."""

from itertools import repeat

import numpy as np

from production.scheduling.factories.draw import Drawn, colours_of, draw, has_set_ups
from production.scheduling.factories.recipe import Recipe
from production.scheduling.factories.shifts import DAY_MIN, maintenance_of, windows_of
from production.scheduling.problem import NO_FAMILY, Job, Lane, Operation, Problem, SetUpMatrix

SPARE = 2.5
"""The calendar reaches so many times as far as units arrive, so that even a poor plan ends."""
SPARE_DAYS = 21


def factory(recipe: Recipe, seed: int = 1) -> Problem:
    """A synthetic factory: flexible job shop with colours, shifts, releases and due dates.

    The same recipe and seed give the same factory.
    """
    rng = np.random.default_rng(seed)
    drawn = draw(recipe, rng)
    coloured = [c for c in range(recipe.work_centres) if has_set_ups(recipe, c)]
    matrices = tuple(_matrix(recipe, rng.uniform(0.7, 1.3)) for _ in coloured)
    days = int(drawn.span_min * SPARE / DAY_MIN) + SPARE_DAYS
    return Problem(
        lanes=_lanes(recipe, rng, coloured, days),
        jobs=tuple(
            Job(f"unit {n}", release, due, weight)
            for n, (release, due, weight) in enumerate(
                zip(drawn.release.tolist(), drawn.due.tolist(), drawn.weight.tolist(), strict=True)
            )
        ),
        operations=_operations(drawn, coloured),
        set_up_matrices=matrices,
    )


def _matrix(recipe: Recipe, scale: float) -> SetUpMatrix:
    minutes = colours_of(recipe, scale)
    return SetUpMatrix(tuple(map(tuple, minutes.tolist())), tuple(minutes.max(axis=0).tolist()))


def _lanes(
    recipe: Recipe, rng: np.random.Generator, coloured: list[int], days: int
) -> tuple[Lane, ...]:
    windows = [windows_of(recipe, turn, days) for turn in range(3)]
    lanes = []
    for number in range(recipe.work_centres * recipe.resources):
        centre, turn = divmod(number, recipe.resources)
        has_colours = centre in coloured
        lanes.append(
            Lane(
                f"{centre + 1}-{turn + 1}",
                windows[centre % 3],
                blocked=maintenance_of(recipe, days, rng),
                set_up_matrix=coloured.index(centre) if has_colours else -1,
                initial_family=int(rng.integers(recipe.families)) if has_colours else NO_FAMILY,
                work_centre=centre,
            )
        )
    return tuple(lanes)


def _operations(drawn: Drawn, coloured: list[int]) -> tuple[Operation, ...]:
    is_coloured = np.isin(drawn.work_centre, coloured)
    family = np.where(is_coloured, drawn.colour[drawn.unit], NO_FAMILY)
    before: list[tuple[int, ...]] = [(n - 1,) for n in range(len(drawn.unit))]
    for number in np.flatnonzero(drawn.is_first).tolist():
        before[number] = ()
    alternatives = [
        tuple(zip(lanes, minutes, strict=True))
        for lanes, minutes in zip(drawn.lanes.tolist(), drawn.minutes.tolist(), strict=True)
    ]
    return tuple(
        map(Operation, drawn.unit.tolist(), alternatives, family.tolist(), before, repeat(0))
    )
