"""Small pictures of a design from its solids, for thumbnails and link previews.

A z-buffer in numpy.

The light is the browser's (static/js/stage/light.js) in few words: two soft boxes, a ceiling, and
less light where something stands close before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from math import cos, radians, sin, tan
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from .finish import FINISH, linear
from .letters import letters_image
from .part import Bounds, Part
from .solids import COARSE, Floats, solid

Pixels = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.floating[Any]]
FINER = 2  # pixels drawn to each pixel shown, across and down
TURN, RISE, FIELD = radians(32), radians(11), radians(24)
SUN = np.array([-0.37, 0.74, 0.56])
STAGE = ("#fbfaf7", "#dcd7ce")
"""Colours of the backdrop, in the middle and at the edge."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Looks from the corner, so far away that the box fills ``share`` of the picture.

    Attributes:
        left, top: Of the part of the picture that is drawn, in pixels.
    """

    right: Floats
    up: Floats
    out: Floats
    aim: Floats
    away: float
    scale: float
    wide: int
    high: int
    left: int = 0
    top: int = 0

    @classmethod
    def before(cls, bounds: Bounds, wide: int, high: int, share: float = 0.82) -> "Camera":
        size = np.array([float(bounds.width), float(bounds.height), float(bounds.depth)])
        out = np.array([sin(TURN) * cos(RISE), sin(RISE), cos(TURN) * cos(RISE)])
        right = np.array([cos(TURN), 0.0, -sin(TURN)])
        up = np.cross(out, right)
        scale = high / 2 / tan(FIELD / 2)
        signs = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
        corners = signs * size / 2
        needed = np.maximum(
            np.abs(corners @ right) * scale / (wide / 2 * share),
            np.abs(corners @ up) * scale / (high / 2 * share),
        )
        away = float(np.max(needed + corners @ out))
        return cls(right, up, out, size * [0, 0.5, 0], away, scale, wide, high)

    def seen(self, points: Floats) -> Floats:
        """Across, down (in pixels) and how near, larger being nearer."""
        moved = points - self.aim
        near = 1 / (self.away - moved @ self.out)
        across = self.wide / 2 + moved @ self.right * near * self.scale
        down = self.high / 2 - moved @ self.up * near * self.scale
        return np.stack([across - self.left, down - self.top, near], axis=1)

    def cut(self, bounds: Bounds) -> tuple["Camera", int, int]:
        """The same camera for just the pixels that the product covers, and how many they are."""
        size = np.array([float(bounds.width), float(bounds.height), float(bounds.depth)])
        signs = np.array([[x, y, z] for x in (-1, 1) for y in (0, 2) for z in (-1, 1)])
        seen = self.seen(signs * size / 2)
        left, top = (max(int(seen[:, side].min()) - 4, 0) for side in (0, 1))
        right = min(int(seen[:, 0].max()) + 5, self.wide)
        bottom = min(int(seen[:, 1].max()) + 5, self.high)
        return replace(self, left=left, top=top), right - left, bottom - top


@dataclass(slots=True)
class Buffers:
    """What is seen at each pixel."""

    near: Pixels
    colour: Pixels
    normal: Pixels
    surface: Pixels

    @classmethod
    def empty(cls, wide: int, high: int) -> "Buffers":
        shape = (high, wide)
        near = np.zeros(shape, np.float32)
        colour, normal, surface = (np.zeros((*shape, 3), np.float32) for _ in range(3))
        return cls(near, colour, normal, surface)


def picture_png(
    parts: Sequence[Part],
    bounds: Bounds,
    *,
    width: int,
    height: int,
    font: Path,
    has_stage: bool = True,
) -> bytes:
    """The design as PNG.

    Args:
        font: The file of the typeface that letters are drawn with.
        has_stage: On a light backdrop of its own; else there is nothing but the product and its
            shadow, for a page that has a stage in its own light.
    """
    wide, high = width * FINER, height * FINER
    camera = Camera.before(bounds, wide, high)
    near, across, down = camera.cut(bounds)
    buffers = Buffers.empty(across, down)
    middle = np.array([float(bounds.width) / 2, float(bounds.depth) / 2, 0.0])
    ordered = sorted(parts, key=lambda part: part.kind == "text")
    for part in ordered:
        if part.kind != "text" or part.text:
            _draw(buffers, near, part, middle, font)
    product = _lit(buffers, camera)
    size = (camera.wide, camera.high)
    ground = _stage(camera) if has_stage else Image.new("RGBA", size)
    ground = _shadowed(ground, camera, parts, bounds)
    ground.paste(product, (near.left, near.top), product)
    mode = "RGB" if has_stage else "RGBA"
    shown = ground.convert(mode).resize((width, height), Image.Resampling.LANCZOS)
    written = BytesIO()
    shown.save(written, "PNG", optimize=True)
    return written.getvalue()


def _turned(rows: Floats) -> Floats:
    """From x right, y away, z up to x right, y up, z towards the viewer."""
    found: Floats = np.stack([rows[:, 0], rows[:, 2], -rows[:, 1]], axis=1)
    return found


def _draw(buffers: Buffers, camera: Camera, part: Part, middle: Floats, font: Path) -> None:
    found = solid(part, COARSE)
    points = camera.seen(_turned(found.points - middle))
    normals = _turned(found.normals)
    mask = np.asarray(letters_image(part, font)) / 255 if part.kind == "text" else None
    finish = FINISH[part.finish]
    look = np.array([finish.roughness, finish.metallic, float(finish.shines)])
    colour = np.array(linear(part.colour))
    (ax, ay), (bx, by), (cx, cy) = (points[found.faces[:, corner], :2].T for corner in range(3))
    areas = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    for face in found.faces[areas < -0.02]:  # the others are turned away; down is positive here
        marks = found.marks[face] if mask is not None else None
        _fill(buffers, points[face], normals[face], colour, look, mask, marks)


def _fill(
    buffers: Buffers,
    points: Floats,
    normals: Floats,
    colour: Floats,
    look: Floats,
    mask: Floats | None,
    marks: Floats | None,
) -> None:
    (ax, ay), (bx, by), (cx, cy) = points[:, :2]
    area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    high, wide = buffers.near.shape
    left, right = max(int(min(ax, bx, cx)), 0), min(int(max(ax, bx, cx)) + 2, wide)
    top, bottom = max(int(min(ay, by, cy)), 0), min(int(max(ay, by, cy)) + 2, high)
    if left >= right or top >= bottom:
        return
    x, y = np.arange(left, right)[None, :] + 0.5, np.arange(top, bottom)[:, None] + 0.5
    one = ((bx - x) * (cy - y) - (cx - x) * (by - y)) / area
    two = ((cx - x) * (ay - y) - (ax - x) * (cy - y)) / area
    three = 1 - one - two
    near = one * points[0, 2] + two * points[1, 2] + three * points[2, 2]
    window = (slice(top, bottom), slice(left, right))
    lift = 1.002 if mask is not None else 1.0
    shown = (one >= 0) & (two >= 0) & (three >= 0) & (near * lift >= buffers.near[window])
    if mask is not None and marks is not None:
        u, v = (
            (one * marks[0, side] + two * marks[1, side] + three * marks[2, side])
            for side in (0, 1)
        )
        columns = np.clip((u * mask.shape[1]).astype(int), 0, mask.shape[1] - 1)
        rows = np.clip((v * mask.shape[0]).astype(int), 0, mask.shape[0] - 1)
        shown &= mask[rows, columns] > 0.5
    if not shown.any():
        return
    weights = np.stack([one[shown], two[shown], three[shown]], axis=1)
    buffers.near[window][shown] = near[shown]
    buffers.colour[window][shown] = colour
    buffers.normal[window][shown] = weights @ normals
    buffers.surface[window][shown] = look


def _lit(buffers: Buffers, camera: Camera) -> Image.Image:
    """The product with its own light, on nothing."""
    covered = buffers.near > 0
    normal = buffers.normal[covered]
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
    colour, surface = buffers.colour[covered], buffers.surface[covered]
    rough, metal, shines = (surface[:, side : side + 1] for side in range(3))
    # The studio turns with the camera, as in the browser.
    axes = np.array(
        [camera.right, [0.0, 1.0, 0.0], np.cross(camera.right, [0.0, 1.0, 0.0])], np.float32
    )
    normal = normal @ axes.T
    view = (axes @ camera.out).astype(np.float32)
    facing = np.clip(normal @ view, 0, 1)[:, None]
    mirrored = 2 * facing * normal - view
    mirrored /= np.linalg.norm(mirrored, axis=1, keepdims=True)
    shade = _closeness(buffers, camera)[covered][:, None]
    sun = np.clip(normal @ (SUN / np.linalg.norm(SUN)).astype(np.float32), 0, 1)[:, None]
    diffuse = colour * (1 - metal) * (0.66 * sun + 0.42 + 0.14 * normal[:, 1:2]) * shade
    base = 0.04 * (1 - metal) + colour * metal
    gleam = base + (np.maximum(1 - rough, base) - base) * (1 - facing) ** 5
    light = diffuse + gleam * _studio(mirrored, rough) * (0.35 + 0.65 * shade)
    light = np.where(shines > 0, colour, light)
    rgba = np.zeros((*covered.shape, 4), dtype=np.uint8)
    rgba[covered, :3] = np.clip(_encoded(light) * 255 + 0.5, 0, 255)
    rgba[covered, 3] = 255
    return Image.fromarray(rgba, "RGBA")


def _studio(way: Numbers, rough: Numbers) -> Numbers:
    """Light from the studio along ``way``: static/js/stage/light.js."""
    soft = 0.05 + 0.85 * rough
    turn = np.arctan2(way[:, 0:1], way[:, 2:3])
    rise = np.arcsin(np.clip(way[:, 1:2], -1, 1))
    room = 0.34 + 0.46 * _smooth(-0.5 - soft, 0.55 + soft, way[:, 1:2])
    key = _box(turn, -1.0, 0.5, soft) * _box(rise, 0.3, 0.62, soft)
    rim = _box(turn, 1.12, 0.13, soft) * _box(rise, 0.15, 0.9, soft)
    front = _box(turn, 0.12, 0.2, soft) * _box(rise, 0.75, 0.3, soft)
    return room + 1.05 * key + 0.5 * front + 0.8 * rim


def _box(at: Numbers, middle: float, half: float, soft: Numbers) -> Numbers:
    rising = _smooth(middle - half - soft, middle - half + soft, at)
    return rising - _smooth(middle + half - soft, middle + half + soft, at)


def _smooth(low: Numbers, high: Numbers, at: Numbers) -> Numbers:
    share = np.clip((at - low) / (high - low), 0, 1)
    found: Numbers = share * share * (3 - 2 * share)
    return found


def _closeness(buffers: Buffers, camera: Camera) -> Floats:
    """Less light where something near stands around: the buffer against itself, blurred."""
    depth = np.where(buffers.near > 0, camera.away - 1 / np.maximum(buffers.near, 1e-9), -1e9)
    floor = float(depth[depth > -1e8].min()) if (depth > -1e8).any() else 0.0
    near = np.where(depth > -1e8, depth - floor, 0.0)
    span = max(float(near.max()), 1.0)
    shade = np.ones_like(near)
    for reach, strength in ((camera.high / 160, 3.2), (camera.high / 36, 1.5)):
        blurred = _blurred(near / span, max(1, round(reach)))
        shade *= 1 - np.clip((blurred - near / span) * strength, 0, 0.45)
    return shade


def _blurred(values: Numbers, reach: int) -> Numbers:
    """Means over squares that reach ``reach`` pixels to each side, by running sums."""
    for axis in (0, 1):
        edge = [(reach + 1, reach) if side == axis else (0, 0) for side in (0, 1)]
        sums = np.cumsum(np.pad(values, edge, mode="edge"), axis=axis)
        count = values.shape[axis]
        upper = np.take(sums, range(2 * reach + 1, 2 * reach + 1 + count), axis=axis)
        values = (upper - np.take(sums, range(count), axis=axis)) / (2 * reach + 1)
    return values


def _encoded(light: Numbers) -> Numbers:
    light = np.clip(light, 0, 1)
    found: Numbers = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return found


def _stage(camera: Camera) -> Image.Image:
    wide, high = camera.wide, camera.high
    x, y = np.arange(wide)[None, :] / wide - 0.5, np.arange(high)[:, None] / high - 0.25
    share = np.clip(np.hypot(x * 1.1, y * 0.95), 0, 1)[:, :, None]
    inner, outer = (np.array([int(c[at : at + 2], 16) for at in (1, 3, 5)]) for c in STAGE)
    stage = Image.fromarray((inner + (outer - inner) * share).astype(np.uint8), "RGB")
    return stage.convert("RGBA")


def _shadowed(
    ground: Image.Image, camera: Camera, parts: Sequence[Part], bounds: Bounds
) -> Image.Image:
    """On the ground the plan of what stands near the floor, blurred."""
    for blur, strength, reach in ((30, 0.3, 0.55), (12, 0.34, 0.16), (4, 0.3, 0.03)):
        shadow = Image.new("L", ground.size)
        pen = ImageDraw.Draw(shadow)
        for part in parts:
            if part.kind != "text" and part.at[2] <= float(bounds.height) * reach:
                pen.polygon(_plan(camera, part, bounds), fill=round(255 * strength))
        layer = Image.new("RGBA", ground.size)
        layer.putalpha(shadow.filter(ImageFilter.GaussianBlur(blur * camera.high / 800)))
        ground = Image.alpha_composite(ground, layer)
    return ground


def _plan(camera: Camera, part: Part, bounds: Bounds) -> list[tuple[float, float]]:
    """The part's outline on the floor, as it is seen."""
    left, front = float(part.at[0]), float(part.at[1])
    right, back = left + float(part.size[0]), front + float(part.size[1])
    corners = [(left, front), (right, front), (right, back), (left, back)]
    if part.ends is not None:
        (x, y, _), (u, v, _) = (tuple(float(side) for side in end) for end in part.ends)
        half = float(part.diameter) / 2
        corners = [(x, y - half), (u, v - half), (u, v + half), (x, y + half)]
    middle = np.array([float(bounds.width) / 2, float(bounds.depth) / 2, 0.0])
    floor = np.array([(x, y, 0.0) for x, y in corners]) - middle
    return [(float(a), float(b)) for a, b, _ in camera.seen(_turned(floor))]
