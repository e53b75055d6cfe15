"""When the lanes of a synthetic factory are open: shifts with a break each, and maintenance."""

import numpy as np
import numpy.typing as npt

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


def open_later(
    recipe: Recipe, minutes: npt.NDArray[np.int64], span_min: npt.NDArray[np.float64]
) -> npt.NDArray[np.int64]:
    """The minutes when so much open time has passed: nights and weekends do not count."""
    longest = int(minutes.max() + 7 * span_min.max()) + 7 * DAY_MIN
    edges = np.array(windows_of(recipe, 0, longest // DAY_MIN + 1), dtype=np.float64)
    passed = np.zeros(edges.size)
    passed[1::2] = np.cumsum(edges[:, 1] - edges[:, 0])
    passed[2::2] = passed[1:-1:2]
    at = np.interp(minutes, edges.ravel(), passed)
    return np.interp(at + span_min, passed, edges.ravel()).astype(np.int64)


def maintenance_of(recipe: Recipe, days: int, rng: np.random.Generator) -> tuple[Window, ...]:
    """Two hours in some mornings of one lane."""
    mornings = np.flatnonzero(rng.random(days) < recipe.maintenance)
    starts = mornings * DAY_MIN + FIRST_SHIFT + BREAK_MIN
    return tuple((int(start), int(start) + MAINTENANCE_MIN) for start in starts)


def _days_a_week(recipe: Recipe) -> int:
    return 7 if recipe.shifts == 3 else 5
