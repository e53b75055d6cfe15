"""The lettering section of an offer: where a text is made, in which face, how large."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from cosmo.lib.expressions import BOOLEAN, NUMBER, TEXT, Expression, Reading, Scope, suggestion
from design.rules import Model, first_fault
from design.shape.measures import Measures, read_measures

from .faces import FACES


@dataclass(frozen=True, slots=True)
class Space:
    """Where one text is made, in one design. All in mm.

    Attributes:
        width: What the text may be wide.
        height: Of a capital; the greatest where letters shrink to fit.
        least_height, least_stroke: What can still be made.
    """

    feature: str
    face: str
    width: Decimal
    height: Decimal
    shrinks: bool
    least_height: Decimal
    least_stroke: Decimal


@dataclass(frozen=True, slots=True)
class SpaceRecipe:
    """One entry of ``lettering``: expressions that become a space for a selection."""

    feature: str
    when: Expression | None
    face: Expression
    width: Expression
    height: Expression
    shrinks: bool
    least_height: Decimal
    least_stroke: Decimal

    @property
    def names(self) -> frozenset[str]:
        own = self.face.names | self.width.names | self.height.names
        return own | (self.when.names if self.when else frozenset())

    def space(self, scope: Scope) -> Space | None:
        if self.when is not None and not self.when.evaluate_truth(scope):
            return None
        face = self.face.evaluate_text(scope)
        return Space(
            feature=self.feature,
            face=face if face in FACES else next(iter(FACES)),
            width=max(Decimal(0), self.width.evaluate_decimal(scope)),
            height=max(Decimal(0), self.height.evaluate_decimal(scope)),
            shrinks=self.shrinks,
            least_height=self.least_height,
            least_stroke=self.least_stroke,
        )


@dataclass(frozen=True, slots=True)
class LetteringBook:
    """Every place where something can be written, and the words this product refuses besides."""

    recipes: tuple[SpaceRecipe, ...]
    refused_words: Mapping[str, tuple[str, ...]]
    measures: Measures

    @classmethod
    def from_document(
        cls, document: Mapping[str, Any], model: Model | None = None
    ) -> "LetteringBook":
        """Read an offer document; with ``model`` every expression is also tried on its features.

        Raises:
            DocumentError: with every fault that was found.
        """
        measures, environment = read_measures(Reading(), document["shape"], model)
        reading = Reading()
        recipes, words = [], {}
        for index, entry in enumerate(document.get("lettering", ())):
            path = ("lettering", index)
            recipe = _read(reading, entry, path, model, environment)
            words[entry["feature"]] = tuple(entry.get("refused_words", ()))
            if recipe is None:
                continue
            recipes.append(recipe)
            if model is not None:
                evaluate = partial(_tried, recipe, measures)
                if fault := first_fault(model, measures.features(recipe.names), evaluate):
                    reading.note_error(path, fault)
        reading.finish()
        return cls(tuple(recipes), words, measures)

    def spaces(self, scope: Scope) -> tuple[Space, ...]:
        """Where this design is written on; at most one for a text."""
        found: dict[str, Space] = {}
        for recipe in self.recipes:
            if recipe.feature in found:
                continue
            space = recipe.space(self.measures.scope(scope, recipe.names))
            if space is not None:
                found[space.feature] = space
        return tuple(found.values())


def _tried(recipe: SpaceRecipe, measures: Measures, scope: Scope) -> Space | None:
    return recipe.space(measures.scope(scope, recipe.names))


def _read(
    reading: Reading,
    entry: Mapping[str, Any],
    path: Sequence[str | int],
    model: Model | None,
    environment: Any,
) -> SpaceRecipe | None:
    place = tuple(path)
    feature = entry["feature"]
    if model is not None and (feature not in model.by_id or model.by_id[feature].kind != "text"):
        texts = [one.id for one in model.features if one.kind == "text"]
        sentence = f"There is no text '{feature}'.{suggestion(feature, texts)}"
        reading.note((*place, "feature"), "unknown_feature", sentence)
    wanted = {"face": TEXT, "width": NUMBER, "height": NUMBER, "when": BOOLEAN}
    found = {
        key: reading.expression((*place, key), entry[key], environment, kind)
        for key, kind in wanted.items()
        if key in entry
    }
    if any(expression is None for expression in found.values()):
        return None
    face, width, height = found["face"], found["width"], found["height"]
    assert face is not None and width is not None and height is not None  # noqa: S101, PT018
    return SpaceRecipe(
        feature=feature,
        when=found.get("when"),
        face=face,
        width=width,
        height=height,
        shrinks=entry.get("shrinks", False),
        least_height=Decimal(str(entry["least_height"])),
        least_stroke=Decimal(str(entry["least_stroke"])),
    )
