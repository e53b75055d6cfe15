"""Offers compiled without a database, the refrigerator first, and addresses over them."""

from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from django.http import QueryDict

from design.compile import CompiledOffer, compiled_document
from design.rules import Selection
from design.selectors.configured import Configured, complete_for_show, configure
from design.selectors.studio import state_address
from design.selectors.studio_state import StudioState, answer_pairs, read_state
from tests.catalogue.folders import read_product
from tests.factories.documents import OFFER

FOLDER = Path(__file__).parents[2] / "catalogue" / "refrigerator"


@cache
def fridge() -> CompiledOffer:
    return compiled_document("refrigerator-of-the-tests", read_product(FOLDER).offer)


@cache
def engraved_stool() -> CompiledOffer:
    """Where a name is asked for, it must be written."""
    name = {"id": "name", "group": "body", "kind": "choice", "optional": True, "default": "none"}
    features = [*OFFER["features"], {**name, "options": [{"id": "below"}, {"id": "front"}]}]
    rules = [
        {"id": "R1", "when": "name != 'none'", "then": "engraving != ''"},
        {"id": "R2", "when": "engraving != ''", "then": "name != 'none'"},
    ]
    document = {**OFFER, "features": features, "rules": rules}
    return compiled_document("engraved-stool-of-the-tests", document)


def read(address: str, of: CompiledOffer | None = None) -> StudioState:
    return read_state(of or fridge(), QueryDict(address))


def configured(state: StudioState, of: CompiledOffer | None = None) -> Configured:
    return configure(of or fridge(), state.choices, prefer=state.prefer)


def again(address: str, of: CompiledOffer | None = None) -> str:
    """The address that the page at ``address`` names itself by."""
    return state_address(of or fridge(), configured(read(address, of), of))


def form(address: str, of: CompiledOffer | None = None, /, **changes: object) -> str:
    """What the browser sends from the page at ``address`` with some answers changed."""
    start = read(address, of)
    shown, missing = complete_for_show(of or fridge(), start.choices, start.prefer)
    answers: dict[str, object] = {**shown, **({missing: ""} if missing else {}), **changes}
    pairs = [("was", again(address, of))]
    for feature in (of or fridge()).model.features:
        if feature.kind == "multi":
            pairs.append((feature.id, ""))  # the hidden marker
        value = answers[feature.id]
        if not (feature.kind == "multi" and value == ()):
            pairs += answer_pairs(feature, value)  # type: ignore[arg-type]
    return urlencode(pairs)


def selection_at(address: str) -> Selection:
    return configured(read(address)).selection
