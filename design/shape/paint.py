"""How a material looks from the front: gradients that hint at light, never louder than the shape.

The light comes from the upper left. Large surfaces share one light field over the whole product,
so that reflections run across door gaps as they do on a real front; slender parts are shaded
across their shorter side, like rods.
"""

from dataclasses import dataclass, field

from .colour import brightness, darker, lighter, mix
from .svg import Number, element

Stop = tuple[float, str, float]
"""Offset, colour, opacity."""


@dataclass(slots=True)
class Paints:
    """The ``<defs>`` of one picture; every paint is defined once, when first asked for.

    Attributes:
        prefix: Before every id, so that two pictures on a page do not share paints.
        left, top, width, height: Where the product stands, in the picture's millimetres.
    """

    prefix: str
    left: float
    top: float
    width: float
    height: float
    _defined: dict[str, str] = field(default_factory=dict)

    @property
    def definitions(self) -> str:
        return element("defs", *self._defined.values())

    def surface(self, colour: str, finish: str) -> str:
        """Paint of a large surface."""
        stops: tuple[Stop, ...]
        match finish:
            case "gloss":
                stops = (
                    (0, lighter(colour, 0.16), 1), (0.45, colour, 1), (1, darker(colour, 0.16), 1)
                )  # fmt: skip
            case "brushed" | "metal":
                stops = tuple(
                    (offset, mix(colour, tint, share), 1)
                    for offset, tint, share in (
                        (0, "#000000", 0.1), (0.14, "#ffffff", 0.26), (0.3, "#000000", 0.02),
                        (0.52, "#ffffff", 0.2), (0.74, "#000000", 0.08), (0.9, "#ffffff", 0.12),
                        (1, "#000000", 0.14),
                    )
                )  # fmt: skip
            case "glass":
                stops = (
                    (0, lighter(colour, 0.14), 1), (0.5, colour, 1), (1, darker(colour, 0.22), 1)
                )  # fmt: skip
            case _:
                stops = (
                    (0, lighter(colour, 0.07), 1), (0.4, colour, 1), (1, darker(colour, 0.07), 1)
                )  # fmt: skip
        key = f"s-{finish}-{colour[1:]}"
        across = {"x1": self.left, "y1": 0, "x2": self.left + self.width, "y2": 0}
        return self._linear(key, stops, gradientUnits="userSpaceOnUse", **across)

    def rod(self, colour: str, finish: str, *, upright: bool) -> str:
        """Paint of a slender part, shaded across its shorter side."""
        strength = 1.0 if finish in ("metal", "brushed", "gloss") else 0.45
        stops = (
            (0, darker(colour, 0.3 * strength), 1),
            (0.22, lighter(colour, 0.5 * strength), 1),
            (0.45, colour, 1),
            (1, darker(colour, 0.42 * strength), 1),
        )
        turned = {"x1": 0, "y1": 0, "x2": 1 if upright else 0, "y2": 0 if upright else 1}
        return self._linear(f"r{turned['x2']}-{finish}-{colour[1:]}", stops, **turned)

    def ball(self, colour: str, finish: str) -> str:
        """Paint of a round face: a knob seen from the front."""
        strength = 0.75 if finish in ("metal", "brushed", "gloss") else 0.35
        stops = (
            (0, lighter(colour, strength), 1),
            (0.5, colour, 1),
            (1, darker(colour, 0.45 * strength + 0.05), 1),
        )
        key = f"b-{finish}-{colour[1:]}"
        return self._radial(key, stops, cx=0.36, cy=0.32, r=0.75)

    def small_glass(self, colour: str) -> str:
        """Paint of a display or window: brighter at its top edge."""
        stops = (
            (0, lighter(colour, 0.2), 1), (0.5, lighter(colour, 0.04), 1), (1, colour, 1)
        )  # fmt: skip
        return self._linear(f"w-{colour[1:]}", stops, x1=0, y1=0, x2=0.25, y2=1)

    def reflection(self, strength: float) -> str:
        """Two slanted bands of light, as of a window, over the whole product."""
        faint = strength * 0.45
        stops = (
            (0.1, "#ffffff", 0), (0.16, "#ffffff", strength), (0.3, "#ffffff", strength * 0.5),
            (0.31, "#ffffff", 0), (0.36, "#ffffff", 0), (0.37, "#ffffff", faint),
            (0.42, "#ffffff", faint * 0.6), (0.43, "#ffffff", 0),
        )  # fmt: skip
        slant = {
            "x1": self.left, "y1": self.top,
            "x2": self.left + self.width * 1.1, "y2": self.top + self.height * 0.55,
        }  # fmt: skip
        key = f"glint-{round(strength * 100)}"
        return self._linear(key, stops, gradientUnits="userSpaceOnUse", **slant)

    def fall_off(self) -> str:
        """Light from above: a breath of white at the top, of black at the bottom."""
        stops = (
            (0, "#ffffff", 0.13), (0.35, "#ffffff", 0), (0.6, "#000000", 0), (1, "#000000", 0.13)
        )  # fmt: skip
        down = {"x1": 0, "y1": self.top, "x2": 0, "y2": self.top + self.height}
        return self._linear("fall", stops, gradientUnits="userSpaceOnUse", **down)

    def edge(self, colour: str) -> str:
        """The rim of a front: lit above, in shade below."""
        lit, shade = (0.75, 0.16) if brightness(colour) > 0.35 else (0.3, 0.4)
        stops = ((0, "#ffffff", lit), (0.25, "#ffffff", lit * 0.25), (1, "#000000", shade))
        return self._linear(f"edge-{round(lit * 100)}", stops, x1=0.1, y1=0, x2=0.2, y2=1)

    def grain(self, finish: str, colour: str) -> str | None:
        """The texture of brushed metal or wood, or None."""
        if finish == "brushed":
            hairs = ((0.6, "#ffffff", 0.16), (2.1, "#000000", 0.08), (3.7, "#ffffff", 0.08))
            lines = tuple(
                element(
                    "path", d=f"M{x} 0V60", stroke=tint, stroke_opacity=opacity, stroke_width=0.6
                )
                for x, tint, opacity in hairs
            )
            return self._pattern("brush", 4.6, 60, lines)
        if finish == "wood":
            grain = darker(colour, 0.35)
            lines = tuple(
                element(
                    "path",
                    d=f"M0 {y}C40 {y - 3} 70 {y + 4} 120 {y}S200 {y - 2} 240 {y}",
                    stroke=grain,
                    stroke_opacity=opacity,
                    stroke_width=1.4,
                    fill="none",
                )
                for y, opacity in ((5, 0.3), (13, 0.18), (19, 0.34), (29, 0.22))
            )
            return self._pattern(f"wood-{colour[1:]}", 240, 34, lines)
        return self._weave(colour) if finish == "woven" else None

    def _weave(self, colour: str) -> str:
        """Strands up, across and aslant, as in a cane seat: holes stay between them."""
        strands = (
            ("M3 0V16M7 0V16", lighter(colour, 0.25), 0.9),
            ("M0 3H16M0 7H16", lighter(colour, 0.18), 0.9),
            ("M0 16L16 0M-2 2L2 -2M14 18L18 14", darker(colour, 0.12), 0.8),
            ("M0 0L16 16M-2 14L2 18M14 -2L18 2", darker(colour, 0.12), 0.8),
        )
        ground = element("path", d="M0 0H16V16H0Z", fill=darker(colour, 0.42), fill_opacity=0.75)
        lines = (
            element("path", d=d, stroke=tint, stroke_opacity=opacity, stroke_width=1.7)
            for d, tint, opacity in strands
        )
        return self._pattern(f"weave-{colour[1:]}", 16, 16, (ground, *lines))

    def halo(self, colour: str) -> str:
        """The glow around something that shines."""
        stops = ((0, colour, 0.5), (0.5, colour, 0.16), (1, colour, 0))
        return self._radial(f"halo-{colour[1:]}", stops, cx=0.5, cy=0.5, r=0.5)

    def ground(self) -> str:
        """The shadow on the floor."""
        stops = ((0, "#000000", 0.42), (0.55, "#000000", 0.2), (1, "#000000", 0))
        return self._radial("ground", stops, cx=0.5, cy=0.5, r=0.5)

    def soft(self) -> str:
        """A filter that turns the outline of a part into its shadow."""
        blur = element("feGaussianBlur", stdDeviation=7)
        box = {"x": -0.6, "y": -0.6, "width": 2.2, "height": 2.2}
        return self._define("soft", "filter", (blur,), **box)

    def _linear(self, key: str, stops: tuple[Stop, ...], **attributes: str | Number) -> str:
        return self._define(key, "linearGradient", _stops(stops), **attributes)

    def _radial(self, key: str, stops: tuple[Stop, ...], **attributes: str | Number) -> str:
        return self._define(key, "radialGradient", _stops(stops), **attributes)

    def _pattern(self, key: str, width: float, height: float, content: tuple[str, ...]) -> str:
        size = {"width": width, "height": height}
        return self._define(key, "pattern", content, patternUnits="userSpaceOnUse", **size)

    def _define(
        self, key: str, kind: str, content: tuple[str, ...], **attributes: str | Number
    ) -> str:
        name = f"{self.prefix}-{key}"
        if key not in self._defined:
            self._defined[key] = element(kind, *content, id=name, **attributes)
        return f"url(#{name})"


def _stops(stops: tuple[Stop, ...]) -> tuple[str, ...]:
    return tuple(
        element(
            "stop",
            offset=offset,
            stop_color=colour,
            stop_opacity=None if opacity == 1 else opacity,
        )
        for offset, colour, opacity in stops
    )
