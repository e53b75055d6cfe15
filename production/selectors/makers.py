"""Who can make an offer now."""

from collections.abc import Iterable

from production.models import Engineering


def makers_of(offer_ids: Iterable[int]) -> dict[int, list[Engineering]]:
    """The current engineerings of each offer with plant and offer; one statement.

    Documents are left out: they are large, and engines made from them are cached by hash.
    """
    found: dict[int, list[Engineering]] = {}
    rows = (
        Engineering.objects.filter(offer_id__in=set(offer_ids), is_current=True)
        .select_related("plant", "offer")
        .defer("document", "plant__document", "offer__document")
        .order_by("plant__code")
    )
    for engineering in rows:
        found.setdefault(engineering.offer_id, []).append(engineering)
    return found
