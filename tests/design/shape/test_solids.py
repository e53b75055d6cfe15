"""Solids as triangles, the file for 3D programs read by another reader, and the small pictures."""

import json
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from django.conf import settings
from PIL import Image

from design.rules import Engine, Model, flat_document, scope_of
from design.shape import Bounds, Outline, Part, ShapeBook, model_glb, parts_json, picture_png
from design.shape.finish import FINISH
from design.shape.part import FINISHES
from design.shape.solids import solid
from design.shape.tube import box_around
from tests.catalogue.folders import read_product

FONT = settings.COSMO_FONTS / "noto-sans-sc-chinese-simplified-400-normal.woff"
CATALOGUE = Path(__file__).parents[3] / "catalogue"


def part(kind: Any = "box", **changes: Any) -> Part:
    numbers = {
        key: tuple(Decimal(str(side)) for side in changes.pop(key, usual))
        for key, usual in (("size", (80, 40, 20)), ("at", (10, -5, 3)))
    }
    facts: dict[str, Any] = {
        "id": "one",
        "kind": kind,
        "axis": "z",
        "material": "oak",
        "colour": "#c49a6c",
        "finish": "wood",
        "radius": Decimal(0),
        **numbers,
        **changes,
    }
    return Part(**facts)


def tube(one: tuple[int, ...], other: tuple[int, ...], diameter: int, **changes: Any) -> Part:
    ends = (tuple(map(Decimal, one)), tuple(map(Decimal, other)))
    at, size = box_around(ends[0], ends[1], Decimal(diameter))  # type: ignore[arg-type]
    return part(
        changes.pop("kind", "tube"),
        ends=ends,
        diameter=Decimal(diameter),
        at=at,
        size=size,
        **changes,
    )


BOUNDS = Bounds(Decimal(100), Decimal(60), Decimal(40), Decimal(0), Decimal(0))
SOLIDS = {
    "box": part(),
    "board": part(radius=Decimal(6)),
    "rounder than it is thick": part(size=(80, 4, 60), radius=Decimal(12)),
    "ball": part(size=(40, 40, 40), radius=Decimal(20)),
    "knob": part("cylinder", axis="y", size=(38, 40, 38)),
    "wheel": part("cylinder", axis="x", size=(26, 76, 76)),
    "tube": tube((0, 100, 0), (300, 40, 500), 32),
    "post": tube((0, 0, 0), (0, 0, 90), 12),
}


@pytest.mark.parametrize("name", SOLIDS)
def test_solids_are_closed_look_outwards_and_fill_their_box(name: str) -> None:
    found = solid(SOLIDS[name])
    mesh = trimesh.Trimesh(found.points, found.faces, process=False)
    mesh.merge_vertices(merge_norm=True)
    mesh.update_faces(mesh.nondegenerate_faces())
    assert mesh.is_watertight
    assert mesh.volume > 0
    shown = SOLIDS[name]
    low = np.array([float(side) for side in shown.at])
    high = low + [float(side) for side in shown.size]
    assert np.allclose(found.points.min(axis=0), low, atol=0.002)
    assert np.allclose(found.points.max(axis=0), high, atol=0.002)
    assert np.allclose(np.linalg.norm(found.normals, axis=1), 1)
    # Every normal looks to the side its triangle looks to.
    corners = found.points[found.faces]
    facing = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    wide = np.linalg.norm(facing, axis=1) > 1e-3
    leaning = (facing * found.normals[found.faces[:, 0]]).sum(axis=1)
    assert (leaning[wide] > 0).all()


def test_letters_stand_upright_along_their_line() -> None:
    letters = tube((300, 10, 100), (0, 10, 50), 20, kind="text", text="Ada")
    found = solid(letters)
    bottom_left, bottom_right, _, top_left = found.points
    assert bottom_left[0] < bottom_right[0]
    assert top_left[2] > bottom_left[2]
    assert (found.points[:, 1] == 10).all()


@pytest.mark.parametrize("slug", ["refrigerator", "shelf", "bicycle-frame"])
def test_another_reader_finds_the_same_in_the_glb(slug: str) -> None:
    document = read_product(CATALOGUE / slug).offer
    model = Model.from_document(document)
    book = ShapeBook.from_document(flat_document(document))
    scope = scope_of(model, Engine(model).complete({}))
    parts, bounds = book.parts(scope), book.bounds(scope)
    content = model_glb(parts, bounds, name=slug, font=FONT)
    assert len(content) % 4 == 0
    scene = trimesh.load_scene(BytesIO(content), file_type="glb")
    assert set(scene.geometry) == {part.id for part in parts}
    solids = [p for p in parts if p.kind != "text"]
    low = np.min([[float(s) for s in p.at] for p in solids], axis=0)
    high = np.max(
        [[float(a + s) for a, s in zip(p.at, p.size, strict=True)] for p in solids], axis=0
    )
    middle = [float(bounds.width) / 2, float(bounds.depth) / 2]
    # Metres, y up, z towards the viewer, the middle of the plan at the origin.
    stated = [
        [low[0] - middle[0], low[2], middle[1] - high[1]],
        [high[0] - middle[0], high[2], middle[1] - low[1]],
    ]
    assert np.allclose(scene.bounds, np.array(stated) / 1000, atol=0.002)
    materials = {mesh.visual.material.name for mesh in scene.geometry.values()}
    assert {f"{p.material} {p.finish}" for p in solids} <= materials


def test_materials_of_the_glb_say_what_they_are() -> None:
    parts = [
        part(id="steel", material="steel", colour="#ffffff", finish="brushed"),
        part(id="lamp", material="glow", colour="#ffe2b0", finish="emissive"),
        part("text", id="name", material="ink", colour="#000000", finish="matt", text="给小明"),
        part("text", id="nothing", text=""),
    ]
    content = model_glb(parts, BOUNDS, name="all", font=FONT)
    length = int.from_bytes(content[12:16], "little")
    document = json.loads(content[20 : 20 + length])
    steel, lamp, ink = document["materials"]
    assert steel["pbrMetallicRoughness"] == {
        "baseColorFactor": [1.0, 1.0, 1.0, 1.0],
        "metallicFactor": FINISH["brushed"].metallic,
        "roughnessFactor": FINISH["brushed"].roughness,
    }
    assert lamp["emissiveFactor"][0] == 1.0
    assert ink["alphaMode"] == "BLEND"
    assert [node["name"] for node in document["nodes"]] == ["all", "steel", "lamp", "name"]
    view = document["bufferViews"][document["images"][0]["bufferView"]]
    start = 20 + length + 8 + view["byteOffset"]
    letters = Image.open(BytesIO(content[start : start + view["byteLength"]]))
    alpha = letters.getchannel("A")
    assert alpha.getextrema() == (0, 255)
    assert set(FINISH) == set(FINISHES)


def test_a_small_picture_shows_the_product_on_its_stage() -> None:
    red = part(size=(100, 60, 40), at=(0, 0, 0), colour="#b3312b", finish="gloss")
    ink = part("text", size=(80, 1, 20), at=(10, -1, 10), colour="#ffffff", finish="matt", text="A")
    png = picture_png([red, ink], BOUNDS, width=240, height=200, font=FONT)
    image = Image.open(BytesIO(png))
    assert image.size == (240, 200)
    pixels = np.asarray(image.convert("RGB")).astype(int)
    reddish = (pixels[:, :, 0] - pixels[:, :, 1] > 60).mean()
    assert 0.12 < reddish < 0.7
    assert pixels[2, 2].min() > 190  # the backdrop
    bare = picture_png([red], BOUNDS, width=240, height=200, font=FONT)
    assert bare != png
    alone = picture_png([red], BOUNDS, width=240, height=200, font=FONT, has_stage=False)
    seen = np.asarray(Image.open(BytesIO(alone)))
    assert seen.shape == (200, 240, 4)
    assert seen[2, 2, 3] == 0  # nothing but the product and its shadow
    assert 0.1 < (seen[:, :, 3] == 255).mean() < 0.7
    faint = (seen[:, :, 3] > 0) & (seen[:, :, 3] < 200)
    assert faint.mean() > 0.02
    assert seen[faint][:, :3].mean() < 60
    # What stands nearer hides what is behind it, in whatever order they come.
    inside = part(size=(80, 10, 30), at=(10, 45, 5), colour="#00ff00", finish="matt")
    one = picture_png([red, inside], BOUNDS, width=60, height=50, font=FONT)
    assert one == picture_png([inside, red], BOUNDS, width=60, height=50, font=FONT)
    assert one == picture_png([red], BOUNDS, width=60, height=50, font=FONT)


def test_the_browser_is_told_what_it_needs_and_no_more() -> None:
    letters = part("text", id="name", text="Ada", finish="matt")
    line = Outline("M0 0L1 1", 20.0, 33.33333, 14.0)
    shown = json.loads(parts_json([part(), letters], BOUNDS, {"Ada": line}))
    assert shown["bounds"] == [100, 60, 40]
    assert shown["materials"] == [
        {"colour": "#c49a6c", "finish": "wood"},
        {"colour": "#c49a6c", "finish": "matt"},
    ]
    plain, name = shown["parts"]
    assert plain == {
        "id": "one", "kind": "box", "size": [80, 40, 20], "at": [10, -5, 3], "material": 0
    }  # fmt: skip
    assert (name["path"], name["ink"]) == ("M0 0L1 1", [20.0, 33.333, 14.0])
