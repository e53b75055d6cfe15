"""What an answer takes along: other answers that a click on it would change too."""

from dataclasses import replace

from design.compile import CompiledOffer
from design.pricing import Designs
from design.rules import Selection
from design.selectors.answers import FeatureView, GroupView, OptionView
from design.selectors.texts import ProductTexts
from design.selectors.wording import inner_features, stated_features


def with_along(
    groups: tuple[GroupView, ...],
    compiled: CompiledOffer,
    texts: ProductTexts,
    selection: Selection,
    designs: Designs,
) -> tuple[GroupView, ...]:
    """The same questions, each answer with the names of the questions that it answers anew.

    What is inside a component comes and goes with it and is not named; nor is what does not arise
    in the present design.
    """
    stated = {f.id for f in stated_features(compiled, selection) if f.kind != "text"}

    def named(feature: FeatureView, option: OptionView) -> tuple[str, ...]:
        design = designs.get(feature.id, {}).get(option.id)
        if design is None or option.change is None:
            return ()
        changed = {name for name in stated if design[name] != selection[name]} - {feature.id}
        if changed:
            changed -= inner_features(compiled.model, feature.id)
        return tuple(texts.feature(f.id) for f in compiled.model.features if f.id in changed)

    def told(feature: FeatureView) -> FeatureView:
        return replace(
            feature,
            options=tuple(replace(one, along=named(feature, one)) for one in feature.options),
            inside=tuple(told(one) for one in feature.inside),
        )

    return tuple(replace(group, features=tuple(map(told, group.features))) for group in groups)
