"""When the lanes of a synthetic factory are open: shifts with a break each, and maintenance."""

import numpy as np

from production.scheduling.factories.recipe import Recipe
from production.scheduling.problem import Window

DAY_MIN, SHIFT_MIN, BREAK_MIN = 1440, 480, 30
FIRST_SHIFT = 360
BREAK_AFTER = (225, 195, 255)
"""Minutes into the shift; work centres take turns, so that a plant never stands still."""
MAINTENANCE_MIN = 120


def open_min_per_day(recipe: Recipe) -> float:
    """Of one lane, on average over a week, breaks and maintenance taken off."""
    shifts = recipe.shifts * (SHIFT_MIN - BREAK_MIN) - recipe.maintenance * MAINTENANCE_MIN
    return shifts * _days_a_week(recipe) / 7


def windows_of(recipe: Recipe, turn: int, days: int) -> tuple[Window, ...]:
    """Open time of the work centres whose turn it is; shifts that touch are one."""
    edges: list[int] = []
    for day in range(days):
        if day % 7 >= _days_a_week(recipe):
            continue
        for shift in range(recipe.shifts):
            starts = day * DAY_MIN + FIRST_SHIFT + shift * SHIFT_MIN
            rest = starts + BREAK_AFTER[turn % len(BREAK_AFTER)]
            if edges and edges[-1] == starts:
                edges.pop()
            else:
                edges.append(starts)
            edges += [rest, rest + BREAK_MIN, starts + SHIFT_MIN]
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def maintenance_of(recipe: Recipe, days: int, rng: np.random.Generator) -> tuple[Window, ...]:
    """Two hours in some mornings of one lane."""
    mornings = np.flatnonzero(rng.random(days) < recipe.maintenance)
    starts = mornings * DAY_MIN + FIRST_SHIFT + BREAK_MIN
    return tuple((int(start), int(start) + MAINTENANCE_MIN) for start in starts)


def _days_a_week(recipe: Recipe) -> int:
    return 7 if recipe.shifts == 3 else 5
