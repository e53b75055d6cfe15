"""The solids of parts as triangles: the same shapes as static/js/stage/solids.js.

A test builds both for hundreds of designs and compares their boxes.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from math import atan2, cos, pi, sin, tau

import numpy as np
import numpy.typing as npt

from .part import Part

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Steps:
    """Into how many steps round things are cut: a quarter of a corner, an edge, a cylinder."""

    quarter: int
    bevel: int
    around: int


FINE = Steps(quarter=5, bevel=3, around=48)
COARSE = Steps(quarter=2, bevel=1, around=20)
"""For small pictures."""


@dataclass(frozen=True, slots=True)
class Solid:
    """Triangles in millimetres, in the axes of parts.

    Attributes:
        points, normals: One row a corner.
        marks: Place of each corner in the picture of the letters, for text; else empty.
        faces: Three corners each, counterclockwise as seen from outside.
    """

    points: Floats
    normals: Floats
    faces: Whole
    marks: Floats = field(default_factory=lambda: np.zeros((0, 2)))


def solid(part: Part, steps: Steps = FINE) -> Solid:
    """The triangles of one part; of a text the face that its letters stand on."""
    surface = _Surface(steps)
    if part.kind == "text":
        return _face(part)
    if part.kind == "box":
        _add_box(surface, part)
    elif part.ends is not None:
        _add_tube(surface, part)
    else:
        _add_cylinder(surface, part)
    return surface.solid()


class _Surface:
    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.points: list[Floats] = []
        self.normals: list[Floats] = []
        self.faces: list[Whole] = []
        self.count = 0

    def add(self, points: Floats, normals: Floats) -> Whole:
        self.points.append(points)
        self.normals.append(normals)
        first = self.count
        self.count += len(points)
        return np.arange(first, self.count)

    def band(self, below: Whole, above: Whole) -> None:
        """Join two rings of equally many points."""
        a, b = below, np.roll(below, -1)
        c, d = np.roll(above, -1), above
        self.faces += [np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)]

    def lid(self, ring: Whole) -> None:
        """Close a convex ring."""
        first = np.full(len(ring) - 2, ring[0])
        self.faces.append(np.stack([first, ring[1:-1], ring[2:]], axis=1))

    def solid(self) -> Solid:
        return Solid(
            np.concatenate(self.points), np.concatenate(self.normals), np.concatenate(self.faces)
        )


def _middle(part: Part) -> Floats:
    return np.array([float(a + s / 2) for a, s in zip(part.at, part.size, strict=True)])


def _add_box(surface: _Surface, part: Part) -> None:
    """A box, its edges rounded: across its thinnest side only as far as that side reaches."""
    size = [float(side) for side in part.size]
    thin = size.index(min(size))
    u, v = (thin + 1) % 3, (thin + 2) % 3
    wide, high, deep = size[u] / 2, size[v] / 2, size[thin] / 2
    radius = min(float(part.radius), wide, high)
    bevel = min(radius, deep)
    middle = _middle(part)
    steps = surface.steps.quarter if radius else 1
    corners = [(1, 1), (-1, 1), (-1, -1), (1, -1)]
    turns = np.array([(i + s / steps) * pi / 2 for i in range(4) for s in range(steps + 1)])
    across, up = _clean(np.cos(turns)), _clean(np.sin(turns))
    flat_x = np.repeat([x * (wide - radius) for x, _ in corners], steps + 1)
    flat_y = np.repeat([y * (high - radius) for _, y in corners], steps + 1)

    def ring(out: float, inset: float, tilt: float) -> Whole:
        points, normals = np.zeros((len(turns), 3)), np.zeros((len(turns), 3))
        points[:, u] = flat_x + (radius - inset) * across
        points[:, v] = flat_y + (radius - inset) * up
        points[:, thin] = out
        normals[:, u], normals[:, v] = across * cos(tilt), up * cos(tilt)
        normals[:, thin] = sin(tilt)
        return surface.add(points + middle, normals)

    rings = []
    over = surface.steps.bevel
    for step in range((over if bevel else 0) + 1):
        tilt = step / over * pi / 2
        rings.append((deep - bevel + bevel * sin(tilt), bevel * (1 - cos(tilt)), tilt))
    lower = [ring(-out, inset, -tilt) for out, inset, tilt in reversed(rings)]
    upper = [ring(out, inset, tilt) for out, inset, tilt in rings]
    layers = [*lower, *upper]
    for below, above in pairwise(layers):
        surface.band(below, above)
    out, inset, _ = rings[-1]
    surface.lid(ring(out, inset, pi / 2))
    surface.lid(ring(-out, inset, -pi / 2)[::-1])


def _add_cylinder(surface: _Surface, part: Part) -> None:
    axis = "xyz".index(part.axis)
    size = np.array([float(side) for side in part.size])
    reach = np.diag(size / 2)
    middle = _middle(part)
    right, up = reach[(axis + 1) % 3], reach[(axis + 2) % 3]
    _add_rod(surface, middle - reach[axis], middle + reach[axis], right, up)


def _add_tube(surface: _Surface, part: Part) -> None:
    assert part.ends is not None  # noqa: S101 - asked for parts between two points only
    one, other = (np.array([float(side) for side in end]) for end in part.ends)
    along = _unit(other - one)
    pole = np.zeros(3)
    pole[int(np.argmin(np.abs(along)))] = 1
    right = _unit(np.cross(pole, along))
    up = np.cross(along, right)
    radius = float(part.diameter) / 2
    _add_rod(surface, one, other, right * radius, up * radius)


def _add_rod(surface: _Surface, one: Floats, other: Floats, right: Floats, up: Floats) -> None:
    """From one middle to the other; the ring also has the points that reach furthest."""
    around = surface.steps.around
    angles = {step / around * tau for step in range(around)}
    for axis in range(3):
        turn = atan2(up[axis], right[axis])
        angles |= {(turn + 2 * tau) % tau, (turn + pi + 2 * tau) % tau}
    turns = np.array(sorted(angles))
    reach = np.outer(_clean(np.cos(turns)), right) + np.outer(_clean(np.sin(turns)), up)
    outwards = reach / np.linalg.norm(reach, axis=1, keepdims=True)
    along = np.broadcast_to(_unit(other - one), reach.shape)
    surface.band(surface.add(one + reach, outwards), surface.add(other + reach, outwards))
    surface.lid(surface.add(other + reach, along))
    surface.lid(surface.add(one + reach, -along)[::-1])


def _face(part: Part) -> Solid:
    """A plate towards the viewer; letters between two points stand along their line."""
    if part.ends is None:
        left, front, bottom = (float(side) for side in part.at)
        wide, _, high = (float(side) for side in part.size)
        start = np.array([left, front, bottom + high / 2])
        along, up = np.array([wide, 0, 0]), np.array([0, 0, high])
    else:
        ends = sorted(tuple(float(side) for side in end) for end in part.ends)
        start = np.array(ends[0])
        along = np.array(ends[1]) - start
        side = np.cross([0.0, 1.0, 0.0], _unit(along))
        up = -_unit(side) * float(part.diameter)
    corners = np.array([start - up / 2, start + along - up / 2, start + along + up / 2])
    points = np.vstack([corners, start + up / 2])
    return Solid(
        points=points,
        normals=np.tile([0.0, -1.0, 0.0], (4, 1)),
        faces=np.array([[0, 1, 2], [0, 2, 3]]),
        marks=np.array([[0.0, 1.0], [1.0, 1.0], [1.0, 0.0], [0.0, 0.0]]),
    )


def _unit(sides: Floats) -> Floats:
    found: Floats = sides / (float(np.linalg.norm(sides)) or 1.0)
    return found


def _clean(values: Floats) -> Floats:
    """The sine of a half turn is nothing at all."""
    return np.where(np.abs(values) < 1e-12, 0.0, values)
