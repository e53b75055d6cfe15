"""A design as one binary glTF 2.0 file: metres, y up, one named node a part.

Written by hand: of glTF a solid of triangles needs a header, two chunks and four tables.
"""

import json
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .finish import FINISH, linear
from .letters import letters_png
from .part import Bounds, Part
from .solids import Floats, Solid, solid

FLOAT, UNSIGNED = 5126, 5125
VERTICES, INDICES = 34962, 34963


def model_glb(parts: Sequence[Part], bounds: Bounds, *, name: str, font: Path) -> bytes:
    """``parts`` on a floor at height 0, the middle of their plan at the origin.

    Args:
        font: The file of the typeface that letters are drawn with.
    """
    file = _File(name, font)
    middle = np.array([float(bounds.width) / 2, float(bounds.depth) / 2, 0.0])
    for part in parts:
        if part.kind != "text" or part.text:
            file.add(part, solid(part), middle)
    return file.packed()


class _File:
    def __init__(self, name: str, font: Path) -> None:
        self.font = font
        self.binary = bytearray()
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []
        self.meshes: list[dict[str, Any]] = []
        self.nodes: list[dict[str, Any]] = [{"name": name, "children": []}]
        self.materials: list[dict[str, Any]] = []
        self.images: list[dict[str, Any]] = []
        self.known: dict[tuple[str, ...], int] = {}

    def add(self, part: Part, found: Solid, middle: Floats) -> None:
        attributes = {
            "POSITION": self._vectors(_turned(found.points - middle) / 1000, is_place=True),
            "NORMAL": self._vectors(_turned(found.normals)),
        }
        if len(found.marks):
            attributes["TEXCOORD_0"] = self._vectors(found.marks)
        indices = self._add(
            found.faces.astype("<u4").tobytes(), INDICES, UNSIGNED, found.faces.size, "SCALAR"
        )
        primitive = {
            "attributes": attributes, "indices": indices, "material": self._material(part)
        }  # fmt: skip
        self.meshes.append({"name": part.id, "primitives": [primitive]})
        self.nodes[0]["children"].append(len(self.nodes))
        self.nodes.append({"name": part.id, "mesh": len(self.meshes) - 1})

    def _material(self, part: Part) -> int:
        key: tuple[str, ...] = (part.material, part.colour, part.finish)
        if part.kind == "text":
            key = (part.id, *key)
        if key not in self.known:
            self.known[key] = len(self.materials)
            self.materials.append(self._written_material(part))
        return self.known[key]

    def _written_material(self, part: Part) -> dict[str, Any]:
        finish = FINISH[part.finish]
        colour = [round(value, 5) for value in linear(part.colour)]
        surface: dict[str, Any] = {
            "baseColorFactor": [*colour, 1.0],
            "metallicFactor": finish.metallic,
            "roughnessFactor": finish.roughness,
        }
        written: dict[str, Any] = {
            "name": f"{part.material} {part.finish}",
            "pbrMetallicRoughness": surface,
        }
        if finish.shines:
            written["emissiveFactor"] = colour
        if part.kind == "text":
            self.images.append(
                {"mimeType": "image/png", "bufferView": self._view(letters_png(part, self.font))}
            )
            surface["baseColorTexture"] = {"index": len(self.images) - 1}
            written |= {"name": f"{part.id} {part.material}", "alphaMode": "BLEND"}
        return written

    def _vectors(self, rows: Floats, *, is_place: bool = False) -> int:
        values = np.ascontiguousarray(rows, dtype="<f4")
        kind = f"VEC{values.shape[1]}"
        accessor = self._add(values.tobytes(), VERTICES, FLOAT, len(values), kind)
        if is_place:
            ends = {"min": values.min(axis=0).tolist(), "max": values.max(axis=0).tolist()}
            self.accessors[accessor] |= ends
        return accessor

    def _add(self, content: bytes, target: int, component: int, count: int, kind: str) -> int:
        view = self._view(content)
        self.views[view]["target"] = target
        self.accessors.append(
            {"bufferView": view, "componentType": component, "count": count, "type": kind}
        )
        return len(self.accessors) - 1

    def _view(self, content: bytes) -> int:
        self.binary += b"\0" * (-len(self.binary) % 4)
        self.views.append({"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(content)})
        self.binary += content
        return len(self.views) - 1

    def packed(self) -> bytes:
        self.binary += b"\0" * (-len(self.binary) % 4)
        document: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "Cosmo"},
            "scene": 0,
            "scenes": [{"nodes": [0]}],
            "nodes": self.nodes,
            "meshes": self.meshes,
            "materials": self.materials,
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": [{"byteLength": len(self.binary)}],
        }
        if self.images:
            document["images"] = self.images
            document["textures"] = [{"source": index} for index in range(len(self.images))]
        text = json.dumps(document, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        total = 12 + 8 + len(text) + 8 + len(self.binary)
        return b"".join(
            [
                struct.pack("<4sII", b"glTF", 2, total),
                struct.pack("<I4s", len(text), b"JSON"),
                text,
                struct.pack("<I4s", len(self.binary), b"BIN\0"),
                bytes(self.binary),
            ]
        )


def _turned(rows: Floats) -> Floats:
    """From x right, y away, z up to x right, y up, z towards the viewer."""
    found: Floats = np.stack([rows[:, 0], rows[:, 2], -rows[:, 1]], axis=1)
    return found
