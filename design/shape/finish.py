"""How a finish answers to light: what every 3D program asks of a material."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finish:
    """As in the metallic-roughness model of glTF; both from 0 to 1."""

    roughness: float
    metallic: float
    shines: bool = False


FINISH = {
    "matt": Finish(0.72, 0.0),
    "gloss": Finish(0.13, 0.0),
    "brushed": Finish(0.42, 0.85),
    "glass": Finish(0.04, 0.18),
    "metal": Finish(0.2, 1.0),
    "wood": Finish(0.62, 0.0),
    "woven": Finish(0.85, 0.0),
    "emissive": Finish(0.6, 0.0, shines=True),
}


def linear(colour: str) -> tuple[float, float, float]:
    """``#rrggbb`` as amounts of light."""
    red, green, blue = (_light(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return red, green, blue


def _light(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
