"""The box around a tube that lies anywhere."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from .part import Triple

_THOUSANDTH = Decimal("0.001")


def box_around(one: Triple, other: Triple, diameter: Decimal) -> tuple[Triple, Triple]:
    """Left front bottom corner and size of the smallest box that holds the tube, outwards to a
    thousandth of a millimetre.

    A flat round end reaches ``radius * sqrt(1 - d * d)`` to each side of its middle along an axis,
    ``d`` being the tube's direction along that axis.
    """
    along = [b - a for a, b in zip(one, other, strict=True)]
    length_squared = sum((side * side for side in along), Decimal(0))
    corner, size = [], []
    for a, b, side in zip(one, other, along, strict=True):
        reach = diameter / 2 * (1 - side * side / length_squared).sqrt()
        low = (min(a, b) - reach).quantize(_THOUSANDTH, ROUND_FLOOR)
        high = (max(a, b) + reach).quantize(_THOUSANDTH, ROUND_CEILING)
        corner.append(low)
        size.append(high - low)
    return (corner[0], corner[1], corner[2]), (size[0], size[1], size[2])
