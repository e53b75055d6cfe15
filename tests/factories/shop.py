"""A stool that has something to decide: a rule, prices that differ, a preset and a text."""

import re
from html import unescape
from typing import Any

from design.models import Offer
from production.models import Plant
from tests.factories.documents import OFFER
from tests.factories.production import make_offer, make_plant

NAME = {
    "id": "name",
    "group": "body",
    "kind": "choice",
    "optional": True,
    "default": "none",
    "options": [{"id": "below"}],
}
STOOL: dict[str, Any] = {
    "features": [*OFFER["features"], NAME],
    "rules": [
        {"id": "R1", "never": "size == 'large' and colour == 'red'"},
        {"id": "R2", "when": "name != 'none'", "then": "engraving != ''"},
    ],
    "price": {
        "base": "100",
        "lines": [
            {"id": "large", "feature": "size", "when": "size == 'large'", "amount": "50"},
            {"id": "name", "feature": "name", "when": "name != 'none'", "amount": "9.90"},
        ],
    },
    "presets": [{"id": "bar", "choices": {"size": "large"}}],
}
STUDIO = "/products/stool/studio/"


def make_shop(plant: Plant | None = None, **changes: Any) -> Offer:
    """The stool on sale, with a plant that can make it."""
    return make_offer(plant or make_plant(), **{**STOOL, **changes})


def fields(page: str, action: str) -> dict[str, str]:
    """Hidden fields of the form that goes to ``action``, as a browser would send them."""
    form = next(f for f in re.findall(r"<form.*?</form>", page, re.DOTALL) if action in f)
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in hidden}


def studio_form(was: str = "", **changes: str) -> dict[str, str]:
    """What the stool's studio sends; answers that are not named stay as they start."""
    start = {"size": "small", "colour": "white", "engraving": "", "name": "none"}
    return {"was": was, "product": "stool", **start, **changes}
