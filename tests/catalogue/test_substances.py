"""What the products of the catalogue are made of, as a passport names it."""

from pathlib import Path

import pytest

from design.compile import CompiledOffer, compiled_document
from design.selectors.presets import preset_choices
from tests.catalogue.folders import Product, read_product

CATALOGUE = Path(__file__).parents[2] / "catalogue"
MADE_OF = {
    "shelf": {
        "library": ["Walnut", "Brass", "Oak"],
        "sideboard": ["Oak", "Leather", "Cane"],
        "playroom": ["Birch", "Willow"],  # under its paint
    },
    "refrigerator": {
        "compact": ["Coated steel", "Door seal", "Dark plastic"],
        "family": ["Stainless steel", "Door seal", "Dark plastic", "Dark glass"],
    },
    "bicycle-frame": {"tourer": ["Steel"], "racer": ["Carbon", "Steel"]},
}


def compiled(slug: str) -> tuple[Product, CompiledOffer]:
    product = read_product(CATALOGUE / slug)
    return product, compiled_document(f"substances of {slug}", product.offer)


@pytest.mark.parametrize("slug", MADE_OF)
def test_what_is_ready_to_order_is_made_of_materials_alone(slug: str) -> None:
    product, offer = compiled(slug)
    presets = {preset["id"]: preset for preset in product.offer["presets"]}
    words = product.texts["en"]["materials"]
    made = {
        name: [
            words[material]
            for material in offer.substances(
                offer.engine.complete(preset_choices(offer, presets[name]))
            )
        ]
        for name in MADE_OF[slug]
    }
    assert made == MADE_OF[slug]


@pytest.mark.parametrize("slug", MADE_OF)
def test_every_material_has_a_word_and_what_only_draws_has_none(slug: str) -> None:
    product, offer = compiled(slug)
    known = offer.shape_book.materials
    materials = {name for name in known if known[name].made_of is None}
    worded = {code: set(texts["materials"]) for code, texts in product.texts.items()}
    assert worded == dict.fromkeys(("en", "zh-hans", "ar"), materials)
