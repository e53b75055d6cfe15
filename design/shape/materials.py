"""What parts look like, and what they are made of where that is another thing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cosmo.lib.expressions import (
    TEXT,
    Environment,
    Expression,
    ExpressionError,
    Reading,
    Scope,
    suggestion,
)
from design.rules import NONE


@dataclass(frozen=True, slots=True)
class Material:
    """A colour and how light plays on it.

    Attributes:
        made_of: Of what only draws (a coat, a tone in the shade, a light): gives the id of the
            material that such a part is made of, or ``none``. None where it is a material itself.
    """

    colour: str
    finish: str
    made_of: Expression | None = None


def read_materials(
    reading: Reading, shape: Mapping[str, Any], environment: Environment | None
) -> dict[str, Material]:
    return {
        name: Material(
            entry["colour"], entry["finish"], _made_of(reading, name, entry, environment)
        )
        for name, entry in shape["materials"].items()
    }


def _made_of(
    reading: Reading, name: str, entry: Mapping[str, Any], environment: Environment | None
) -> Expression | None:
    if "made_of" not in entry:
        return None
    path = ("shape", "materials", name, "made_of")
    return reading.expression(path, entry["made_of"], environment, TEXT)


def find_material(materials: Mapping[str, Material], name: str, source: str) -> Material:
    """The material that an expression, ``source``, gave the id of."""
    material = materials.get(name)
    if material is None:
        sentence = f"There is no material '{name}'.{suggestion(name, materials)}"
        raise ExpressionError("unknown_material", source, 1, sentence)
    return material


def substance(materials: Mapping[str, Material], name: str, scope: Scope) -> str:
    """The id of what a part that looks like ``name`` is made of; ``none`` where of nothing."""
    drawn = materials[name].made_of
    if drawn is None:
        return name
    made = drawn.evaluate_text(scope)
    if made != NONE and find_material(materials, made, drawn.source).made_of is not None:
        sentence = f"'{made}' only draws. Name a material that has no made_of, or 'none'."
        raise ExpressionError("drawn_material", drawn.source, 1, sentence)
    return made
