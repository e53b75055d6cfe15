"""The shape section of one offer: which solids a selection consists of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from cosmo.lib.expressions import (
    BOOLEAN,
    NUMBER,
    TEXT,
    Environment,
    Expression,
    ExpressionError,
    Kind,
    Reading,
    Remembered,
    Scope,
)
from design.rules import NONE, Model, first_fault

from .materials import Material, find_material, read_materials, substance
from .measures import Measures, read_measures
from .part import FINISHES, FONTS, Axis, Bounds, Part, PartKind, Triple
from .tube import box_around

MAX_REPEAT = 200
SIDES = ("width", "depth", "height")
_THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class PartRecipe:
    """One entry of ``shape.parts``: expressions that become parts for a selection.

    Attributes:
        size, at: Three expressions each; of a part between two points ``at`` is one end, ``to``
            the other, and ``size`` is its diameter alone.
    """

    id: str
    kind: PartKind
    axis: Axis
    size: tuple[Expression, ...]
    at: tuple[Expression, ...]
    material: Expression
    to: tuple[Expression, ...] = ()
    when: Expression | None = None
    repeat: Expression | None = None
    finish: Expression | None = None
    radius: Expression | None = None
    text: Expression | None = None
    font: Expression | None = None

    @property
    def names(self) -> frozenset[str]:
        """The features and measures it depends on."""
        single = (
            self.material, self.when, self.repeat, self.finish, self.radius, self.text, self.font,
        )  # fmt: skip
        expressions = (*self.size, *self.at, *self.to, *single)
        names = frozenset[str]().union(*(e.names for e in expressions if e is not None))
        return names - {"i"}

    def parts(self, scope: Scope, materials: Mapping[str, Material]) -> list[Part]:
        """The parts of one selection; one without extent in some direction is not there."""
        if self.when is not None and not self.when.evaluate_truth(scope):
            return []
        if self.repeat is None:
            return self._copy(scope, materials, self.id)
        count = min(self.repeat.evaluate_whole(scope), MAX_REPEAT)
        return [
            part
            for number in range(count)
            for part in self._copy({**scope, "i": number}, materials, f"{self.id}-{number + 1}")
        ]

    def _copy(self, scope: Scope, materials: Mapping[str, Material], part_id: str) -> list[Part]:
        placed = self._placed(scope)
        if placed is None:
            return []
        name = self.material.evaluate_text(scope)
        material = find_material(materials, name, self.material.source)
        part = Part(
            id=part_id,
            kind=self.kind,
            axis=self.axis,
            **placed,
            material=name,
            colour=material.colour,
            finish=_one_of(self.finish, scope, FINISHES, material.finish),
            radius=_millimetres(self.radius, scope) if self.radius else Decimal(0),
            text=self.text.evaluate_text(scope) if self.text else "",
            font=_one_of(self.font, scope, FONTS, "sans"),
        )
        return [part]

    def _placed(self, scope: Scope) -> dict[str, Any] | None:
        """Where the part is, as ``Part`` takes it; None where it has no extent."""
        if not self.to:
            size = _triple(self.size, scope)
            return {"size": size, "at": _triple(self.at, scope)} if min(size) > 0 else None
        ends = (_triple(self.at, scope), _triple(self.to, scope))
        diameter = _millimetres(self.size[0], scope)
        if diameter <= 0 or ends[0] == ends[1]:
            return None
        at, size = box_around(*ends, diameter)
        return {"size": size, "at": at, "ends": ends, "diameter": diameter}


@dataclass(frozen=True, slots=True)
class ShapeBook:
    """Every solid a design of this offer can have.

    Attributes:
        outer: Three expressions: width, depth and height.
        frame: Width and height of the largest design, in mm; zero where each has its own frame.
        measures: Numbers that several parts share.
    """

    outer: tuple[Expression, ...]
    frame: tuple[Decimal, Decimal]
    materials: Mapping[str, Material]
    recipes: tuple[PartRecipe, ...]
    measures: Measures
    _parts: tuple[Remembered[list[Part]], ...] = field(init=False, compare=False, repr=False)
    _sides: Remembered[Triple] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        parts = tuple(
            Remembered(one.names, partial(one.parts, materials=self.materials))
            for one in self.recipes
        )
        sides = frozenset[str]().union(*(side.names for side in self.outer))
        object.__setattr__(self, "_parts", parts)
        object.__setattr__(self, "_sides", Remembered(sides, partial(_triple, self.outer)))

    @classmethod
    def from_document(cls, document: Mapping[str, Any], model: Model | None = None) -> "ShapeBook":
        """Read an offer document; with ``model`` every expression is also tried on its features.

        Raises:
            DocumentError: with every fault that was found.
        """
        shape = document["shape"]
        reading = Reading()
        measures, environment = read_measures(reading, shape, model)
        materials = read_materials(reading, shape, environment)
        reading.unique_ids(("shape", "parts"), shape["parts"], "Part")
        recipes = [
            _read_part(reading, entry, ("shape", "parts", index), environment)
            for index, entry in enumerate(shape["parts"])
        ]
        outer = tuple(
            side
            for key in SIDES
            if (
                side := reading.expression(
                    ("shape", "bounds", key), shape["bounds"][key], environment, NUMBER
                )
            )
            is not None
        )
        reading.finish()
        if model is not None:
            for key, side in zip(SIDES, outer, strict=True):
                _try(
                    reading,
                    ("shape", "bounds", key),
                    side.names,
                    side.evaluate_decimal,
                    measures,
                    model,
                )
            for name, material in materials.items():
                if material.made_of is not None:
                    _try(
                        reading,
                        ("shape", "materials", name, "made_of"),
                        material.made_of.names,
                        partial(substance, materials, name),
                        measures,
                        model,
                    )
            for index, recipe in enumerate(recipes):
                if recipe is not None:
                    evaluate = partial(recipe.parts, materials=materials)
                    _try(
                        reading, ("shape", "parts", index), recipe.names, evaluate, measures, model
                    )
        reading.finish()
        # Only the features count for the frame; reading the rules again would take longest of all.
        known = model or Model.from_document({**document, "rules": ()})
        width, _, height = outer
        return cls(
            outer=outer,
            frame=_frame(measures, known, shape, width, height),
            materials=materials,
            recipes=tuple(recipe for recipe in recipes if recipe is not None),
            measures=measures,
        )

    def parts(self, scope: Scope) -> tuple[Part, ...]:
        """The solids of a full selection, in the order of the document."""
        known = self.measures.scope(scope)
        return tuple(part for recipe in self._parts for part in recipe(known))

    def substances(self, scope: Scope) -> tuple[str, ...]:
        """Ids of what a full selection is made of, in the order of its parts, each once."""
        used = dict.fromkeys(part.material for part in self.parts(scope))
        made = dict.fromkeys(substance(self.materials, name, scope) for name in used)
        return tuple(name for name in made if name != NONE)

    def bounds(self, scope: Scope) -> Bounds:
        """The outer measures of a full selection."""
        width, depth, height = self._sides(self.measures.scope(scope))
        return Bounds(
            width=width,
            depth=depth,
            height=height,
            frame_width=max(width, self.frame[0]),
            frame_height=max(height, self.frame[1]),
        )


def _frame(
    measures: Measures,
    model: Model,
    shape: Mapping[str, Any],
    width: Expression,
    height: Expression,
) -> tuple[Decimal, Decimal]:
    if shape.get("frame") == "own":
        return (Decimal(0), Decimal(0))
    if not measures.features((*width.names, *height.names)) <= model.by_id.keys():
        return (Decimal(0), Decimal(0))  # only met beside an offer that is refused for its faults
    return (measures.largest(model, width), measures.largest(model, height))


def _millimetres(expression: Expression, scope: Scope) -> Decimal:
    value = Decimal(expression.evaluate_number(scope))
    return value if value == value.to_integral_value() else value.quantize(_THOUSANDTH)


def _triple(expressions: tuple[Expression, ...], scope: Scope) -> Triple:
    x, y, z = (_millimetres(expression, scope) for expression in expressions)
    return (x, y, z)


def _one_of(
    expression: Expression | None, scope: Scope, known: tuple[str, ...], otherwise: str
) -> str:
    if expression is None:
        return otherwise
    value = expression.evaluate_text(scope)
    if value not in known:
        sentence = f"'{value}' is not one of {', '.join(known)}."
        raise ExpressionError("unknown_value", expression.source, 1, sentence)
    return value


def _read_part(
    reading: Reading,
    entry: Mapping[str, Any],
    path: tuple[str | int, ...],
    environment: Environment | None,
) -> PartRecipe | None:
    before = len(reading.problems)
    copies = {**environment, "i": NUMBER} if environment is not None else None

    def read(key: str, kind: Kind, known: Environment | None = copies) -> Expression | None:
        if key not in entry:
            return None
        return reading.expression((*path, key), entry[key], known, kind)

    def read_triple(key: str) -> tuple[Expression, ...]:
        sides = [
            reading.expression((*path, key, side), source, copies, NUMBER)
            for side, source in enumerate(entry[key])
        ]
        return tuple(side for side in sides if side is not None)

    optional = {key: read(key, TEXT) for key in ("finish", "text", "font")}
    when, repeat = read("when", BOOLEAN, environment), read("repeat", NUMBER, environment)
    radius, material = read("radius", NUMBER), read("material", TEXT)
    size: tuple[Expression, ...]
    if "from" in entry:
        diameter = read("diameter", NUMBER)
        size = (diameter,) if diameter is not None else ()
        at, to = read_triple("from"), read_triple("to")
    else:
        size, at, to = read_triple("size"), read_triple("at"), ()
    if len(reading.problems) > before or material is None:
        return None
    return PartRecipe(
        id=entry["id"],
        kind=entry["kind"],
        axis=entry.get("axis", "z"),
        size=size,
        at=at,
        to=to,
        material=material,
        when=when,
        repeat=repeat,
        radius=radius,
        **optional,
    )


def _try(
    reading: Reading,
    path: tuple[str | int, ...],
    names: frozenset[str],
    evaluate: Callable[[Scope], object],
    measures: Measures,
    model: Model,
) -> None:
    fault = first_fault(
        model, measures.features(names), lambda scope: evaluate(measures.scope(scope, names))
    )
    if fault is not None:
        reading.note_error(path, fault)
