"""Who can make an offer now."""

from collections.abc import Iterable, Iterator

from cosmo.lib.joined import Joined
from design.models import Offer
from production.models import Engineering, Plant

_MAKERS = Joined(
    {"engineering": Engineering, "plant": Plant, "offer": Offer},
    {"plant": "plant.id = engineering.plant_id", "offer": "offer.id = engineering.offer_id"},
)


def makers_of(offer_ids: Iterable[int]) -> dict[int, list[Engineering]]:
    """The current engineerings of each offer with plant and offer; one statement.

    Documents are left out: they are large, and engines made from them are cached by hash. Every
    click and every hold asks this.
    """
    found: dict[int, list[Engineering]] = {}
    which = "engineering.is_current AND engineering.offer_id = ANY(%s)"
    for engineering in _engineerings(which, sorted(set(offer_ids))):
        found.setdefault(engineering.offer_id, []).append(engineering)
    return found


def engineerings_of(ids: Iterable[int]) -> dict[int, Engineering]:
    """These, read the same way."""
    return {one.pk: one for one in _engineerings("engineering.id = ANY(%s)", sorted(set(ids)))}


def _engineerings(which: str, ids: list[int]) -> Iterator[Engineering]:
    plants: dict[int, Plant] = {}
    for engineering, plant, offer in _MAKERS.where(f"{which} ORDER BY plant.code", [ids]):
        engineering.plant = plants.setdefault(plant.pk, plant)
        engineering.offer = offer
        yield engineering
