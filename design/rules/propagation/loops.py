"""The compiled loops, loaded when they are first needed, for Numba takes a second to load."""

from functools import cache
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

Truths = NDArray[np.bool_]


@cache
def compiled() -> ModuleType:
    """Questions that leave nothing behind."""
    from . import questions

    return questions


@cache
def compiled_keeping() -> ModuleType:
    """The wishes of a completion."""
    from . import keeping

    return keeping


def mask_of(design: Truths) -> int:
    """Truths by variable as a mask of those that are true."""
    return int.from_bytes(np.packbits(design, bitorder="little").tobytes(), "little")
