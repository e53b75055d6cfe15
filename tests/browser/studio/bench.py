"""A stool with something of everything the studio can show, in two languages."""

from datetime import timedelta
from typing import Any

from design.models import Offer
from design.services.catalogue import publish_product
from production.services.engineering import publish_engineering
from tests.factories.documents import ENGINEERING, OFFER
from tests.factories.production import MONDAY, make_factory, make_plant

STUDIO = "/products/stool/studio/"
# A small white stool leaves at 16:00, the last minute that is early enough for today's pick-up.
JUST_IN_TIME = MONDAY + timedelta(hours=7)
WOODS = (
    "alder", "ash", "beech", "birch", "cherry", "elm", "larch", "lime", "maple", "oak", "pear",
    "pine", "plum", "walnut",
)  # fmt: skip
NUMBERS = {"id": "reach", "group": "body", "kind": "parameter", "unit": "mm"}
BENCH: dict[str, Any] = {
    **OFFER,
    "groups": ["body", "surface", "yours"],
    "features": [
        OFFER["features"][0],
        {**NUMBERS, "min": 300, "max": 600, "step": 10, "default": 400},
        {**OFFER["features"][1], "group": "surface"},
        {
            "id": "wood",
            "group": "surface",
            "kind": "choice",
            "default": "oak",
            "options": [{"id": name, "values": {"price": 7}} for name in WOODS],
        },
        {
            "id": "name",
            "group": "yours",
            "kind": "choice",
            "optional": True,
            "default": "none",
            "options": [{"id": "below"}],
        },
        {**OFFER["features"][2], "group": "yours", "max_length": 12},
        {
            "id": "face",
            "group": "yours",
            "kind": "choice",
            "default": "serif",
            "options": [{"id": "sans"}, {"id": "serif"}, {"id": "script"}],
        },
    ],
    "rules": [
        {"id": "R1", "never": "size == 'large' and colour == 'red'"},
        {"id": "R2", "when": "name != 'none'", "then": "engraving != ''"},
        {"id": "R3", "when": "engraving != ''", "then": "name != 'none'"},
        {"id": "R4", "when": "colour == 'red'", "then": "reach <= 500"},
    ],
    "price": {
        "base": "100",
        "lines": [
            {"id": "large", "feature": "size", "when": "size == 'large'", "amount": "50"},
            {"id": "name", "feature": "name", "when": "name != 'none'", "amount": "9.90"},
        ],
    },
    "presets": [
        {"id": "bar", "choices": {"size": "large", "colour": "black"}},
        {"id": "child", "choices": {"colour": "red", "wood": "birch"}},
        {"id": "plain", "choices": {"wood": "pine"}},
    ],
    "shape": {
        **OFFER["shape"],
        "materials": {
            **OFFER["shape"]["materials"],
            "white": {"colour": "#f4f2ee", "finish": "matt"},
            "black": {"colour": "#1d1c1b", "finish": "matt"},
            "red": {"colour": "#a8321f", "finish": "matt"},
        },
    },
    "lettering": [
        {
            "feature": "engraving",
            "face": "face",
            "width": "120",
            "height": "12",
            "shrinks": True,
            "least_height": 8,
            "least_stroke": "0.3",
            "refused_words": ["Rival"],
        }
    ],
}
COLOURS = {"white": {"name": "Chalk white"}, "black": {"name": "Ink"}, "red": {"name": "Brick"}}
TEXTS: dict[str, dict[str, Any]] = {
    "en": {
        "format": "cosmo-texts/1",
        "language": "en",
        "product": {"name": "Stool", "tagline": "Sits", "description": "A stool."},
        "groups": {"body": "Body", "surface": "Surface", "yours": "Yours"},
        "features": {
            "size": {"name": "Size", "options": {"small": {"name": "Small"}}},
            "reach": {"name": "Reach"},
            "colour": {"name": "Colour", "options": COLOURS},
            "wood": {"name": "Wood"},
            "name": {"name": "Name"},
            "engraving": {"name": "Engraving"},
            "face": {"name": "Lettering"},
        },
        "rules": {
            "R1": "A large stool does not fit into the booth where brick is sprayed.",
            "R2": "A name needs words.",
            "R3": "Words need a place.",
            "R4": "Brick is sprayed up to a reach of 500 mm.",
        },
        "presets": {
            "bar": {"name": "Bar", "reason": "High enough to lean."},
            "child": {"name": "Child", "reason": "Low and bright."},
            "plain": {"name": "Plain", "reason": "Nothing but wood."},
        },
    }
}


def make_bench() -> Offer:
    """The stool on sale; a large one comes a day later than a small one."""
    offer = publish_product(organisation=make_factory(), offer_document=BENCH, texts=TEXTS).offer
    plant = make_plant(at=JUST_IN_TIME)
    publish_engineering(offer=offer, plant=plant, document={**ENGINEERING, "plant": plant.code})
    return offer
